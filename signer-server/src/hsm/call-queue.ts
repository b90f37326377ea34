import { OriginSignError } from '@originsign/core/errors/error';
import type { Clock } from './clock.ts';
import type { Operation } from './messages.ts';

/** Something that performs operations: a signer process. */
export interface Worker {
  /** True where it can take one more now. */
  hasRoom(): boolean;
  /** Operations that it has. The least loaded worker gets the next one. */
  readonly load: number;
  call(operation: Operation): Promise<unknown>;
}

interface Waiting {
  readonly operation: Operation;
  readonly deadline: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How many operations may wait, and for how many milliseconds. */
export interface QueueBounds {
  readonly capacity: number;
  readonly wait: number;
}

/** Operations that wait for the next free signer process of one token, first come first served, each with a deadline. */
export class CallQueue {
  readonly #clock: Clock;
  readonly #bounds: QueueBounds;
  readonly #waiting: Waiting[] = [];
  readonly #workers = new Set<Worker>();
  #cancelTimer: (() => void) | undefined;
  #closed: OriginSignError | undefined;

  constructor(clock: Clock, bounds: QueueBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Operations that have not started yet. */
  get length(): number {
    return this.#waiting.length;
  }

  /**
   * Performs the operation when a worker has room. Rejects with `hsm.busy` where too many wait or its turn does not come in
   * time, with `hsm.unavailable` where there is no worker by then, and with what the worker rejects with.
   */
  submit(operation: Operation): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed !== undefined) return reject(this.#closed);
      const deadline = this.#clock.now() + this.#bounds.wait;
      this.#waiting.push({ operation, deadline, resolve, reject });
      this.#dispatch();
      if (this.#waiting.length > this.#bounds.capacity) this.#waiting.pop()?.reject(full(this.#bounds));
      this.#arm();
    });
  }

  /** Adds a worker that is ready. */
  add(worker: Worker): void {
    this.#workers.add(worker);
    this.#dispatch();
  }

  /** Removes a worker; what it was given is its own to reject. */
  remove(worker: Worker): void {
    this.#workers.delete(worker);
  }

  /** Rejects everything that waits and comes later. */
  close(reason: OriginSignError): void {
    this.#closed = reason;
    this.#cancelTimer?.();
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const worker = this.#freeWorker();
      if (worker === undefined) return;
      const next = this.#waiting.shift();
      if (next !== undefined) void this.#perform(worker, next);
    }
  }

  #freeWorker(): Worker | undefined {
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.hasRoom() && (best === undefined || worker.load < best.load)) best = worker;
    }
    return best;
  }

  async #perform(worker: Worker, { operation, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await worker.call(operation));
    } catch (error) {
      reject(error);
    } finally {
      this.#dispatch();
    }
  }

  /** One timer is enough: all wait equally long, so the first in line is the first to run out of time. */
  #arm(): void {
    const [head] = this.#waiting;
    if (head === undefined || this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#clock.after(Math.max(0, head.deadline - this.#clock.now()), () => {
      this.#cancelTimer = undefined;
      this.#expire();
      this.#arm();
    });
  }

  #expire(): void {
    const now = this.#clock.now();
    while (this.#waiting[0] !== undefined && this.#waiting[0].deadline <= now) {
      this.#waiting.shift()?.reject(this.#workers.size === 0 ? down() : late(this.#bounds));
    }
  }
}

function down(): OriginSignError {
  return new OriginSignError('hsm.unavailable', 'No signer process of the token is up.', { retryAfter: 5 });
}

function full(bounds: QueueBounds): OriginSignError {
  return new OriginSignError(
    'hsm.busy',
    `The HSM has ${bounds.capacity} operations waiting, which is as many as it takes.`,
    {
      retryAfter: retryAfter(bounds),
    },
  );
}

function late(bounds: QueueBounds): OriginSignError {
  return new OriginSignError('hsm.busy', 'The HSM did not get to the operation in time.', {
    retryAfter: retryAfter(bounds),
  });
}

/** A full queue is empty again after the longest wait at the latest. */
function retryAfter({ wait }: QueueBounds): number {
  return Math.min(30, Math.max(1, Math.ceil(wait / 1000)));
}
