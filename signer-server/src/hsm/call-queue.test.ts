import { describe, expect, test } from 'vitest';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { CallQueue, type Worker } from './call-queue.ts';
import { manualClock } from './manual-clock.test.fixture.ts';
import type { Operation } from './messages.ts';

const check: Operation = { name: 'check' };

function find(label: string): Operation {
  return { name: 'find', label };
}

/** A worker with so much room, whose calls end when the test says so. */
class StubWorker implements Worker {
  readonly calls: { operation: Operation; resolve: (value: unknown) => void; reject: (error: unknown) => void }[] = [];
  #room: number;
  load = 0;

  constructor(room: number) {
    this.#room = room;
  }

  hasRoom(): boolean {
    return this.load < this.#room;
  }

  call(operation: Operation): Promise<unknown> {
    this.load += 1;
    return new Promise((resolve, reject) => {
      const end = <T>(settle: (value: T) => void): ((value: T) => void) => {
        return (value) => {
          this.load -= 1;
          settle(value);
        };
      };
      this.calls.push({ operation, resolve: end(resolve), reject: end(reject) });
    });
  }
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'done',
    (error: unknown) => (isOriginSignError(error) ? error.code : error),
  );
}

/** Lets settled promises run their course. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a queue', () => {
  test('gives operations to a worker in order, as it gets room', async () => {
    const queue = new CallQueue(manualClock(), { capacity: 10, wait: 1000 });
    const worker = new StubWorker(2);
    queue.add(worker);
    const results = ['a', 'b', 'c', 'd'].map((label) => queue.submit(find(label)));
    expect(worker.calls.map(({ operation }) => operation)).toEqual([find('a'), find('b')]);
    worker.calls[1]?.resolve('b is done');
    await settled();
    expect(worker.calls.map(({ operation }) => operation)).toEqual([find('a'), find('b'), find('c')]);
    expect(await results[1]).toBe('b is done');
    expect(queue.length).toBe(1);
  });

  test('prefers the worker with least to do', () => {
    const queue = new CallQueue(manualClock(), { capacity: 10, wait: 1000 });
    const [busy, idle] = [new StubWorker(5), new StubWorker(5)];
    busy.load = 3;
    queue.add(busy);
    queue.add(idle);
    void queue.submit(check);
    void queue.submit(check);
    expect([busy.calls.length, idle.calls.length]).toEqual([0, 2]);
  });

  test('starts what waited as soon as there is a worker', () => {
    const queue = new CallQueue(manualClock(), { capacity: 10, wait: 1000 });
    void queue.submit(check);
    expect(queue.length).toBe(1);
    const worker = new StubWorker(1);
    queue.add(worker);
    expect([queue.length, worker.calls.length]).toEqual([0, 1]);
  });

  test('passes on what a worker rejects with, and goes on', async () => {
    const queue = new CallQueue(manualClock(), { capacity: 10, wait: 1000 });
    const worker = new StubWorker(1);
    queue.add(worker);
    const [first, second] = [codeOf(queue.submit(find('a'))), queue.submit(find('b'))];
    worker.calls[0]?.reject(new OriginSignError('key.unknown', 'x'));
    expect(await first).toBe('key.unknown');
    worker.calls[1]?.resolve(1);
    expect(await second).toBe(1);
  });

  test('gives nothing to a worker that was removed', () => {
    const queue = new CallQueue(manualClock(), { capacity: 10, wait: 1000 });
    const worker = new StubWorker(1);
    queue.add(worker);
    queue.remove(worker);
    void queue.submit(check);
    expect([queue.length, worker.calls.length]).toEqual([1, 0]);
  });

  test('refuses with hsm.busy what comes when it is full, and keeps what it has', async () => {
    const queue = new CallQueue(manualClock(), { capacity: 2, wait: 5000 });
    void queue.submit(find('a'));
    void queue.submit(find('b'));
    await expect(queue.submit(find('c'))).rejects.toMatchObject({ code: 'hsm.busy', retryAfter: 5 });
    const worker = new StubWorker(9);
    queue.add(worker);
    expect(worker.calls.map(({ operation }) => operation)).toEqual([find('a'), find('b')]);
  });
});

describe('the deadline of an operation', () => {
  test('ends its wait with hsm.busy while workers are at work', async () => {
    const clock = manualClock();
    const queue = new CallQueue(clock, { capacity: 10, wait: 1000 });
    const worker = new StubWorker(1);
    queue.add(worker);
    const running = codeOf(queue.submit(find('a')));
    const early = codeOf(queue.submit(find('b')));
    clock.advance(600);
    const late = codeOf(queue.submit(find('c')));
    clock.advance(400);
    expect(await early).toBe('hsm.busy');
    expect(queue.length).toBe(1);
    worker.calls[0]?.resolve(undefined);
    expect(await running).toBe('done');
    worker.calls[1]?.resolve(undefined);
    expect(await late).toBe('done');
    clock.advance(10_000);
    expect(worker.calls.map(({ operation }) => operation)).toEqual([find('a'), find('c')]);
  });

  test('ends its wait with hsm.unavailable while there is no worker', async () => {
    const clock = manualClock();
    const queue = new CallQueue(clock, { capacity: 10, wait: 1000 });
    const waiting = [codeOf(queue.submit(check)), codeOf(queue.submit(check))];
    clock.advance(999);
    expect(queue.length).toBe(2);
    clock.advance(1);
    expect(await Promise.all(waiting)).toEqual(['hsm.unavailable', 'hsm.unavailable']);
  });

  test('does not matter once it has started', async () => {
    const clock = manualClock();
    const queue = new CallQueue(clock, { capacity: 10, wait: 1000 });
    const worker = new StubWorker(1);
    queue.add(worker);
    const result = codeOf(queue.submit(check));
    clock.advance(5000);
    worker.calls[0]?.resolve(undefined);
    expect(await result).toBe('done');
  });
});

test('closing rejects what waits and what comes, and leaves what runs alone', async () => {
  const clock = manualClock();
  const queue = new CallQueue(clock, { capacity: 10, wait: 1000 });
  const worker = new StubWorker(1);
  queue.add(worker);
  const [running, waiting] = [codeOf(queue.submit(check)), codeOf(queue.submit(check))];
  queue.close(new OriginSignError('hsm.unavailable', 'closed'));
  expect(await waiting).toBe('hsm.unavailable');
  expect(await codeOf(queue.submit(check))).toBe('hsm.unavailable');
  worker.calls[0]?.resolve(undefined);
  expect(await running).toBe('done');
  expect(clock.pending).toBe(0);
});
