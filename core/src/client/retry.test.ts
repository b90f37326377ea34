import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OriginSignError } from '../errors/error.ts';
import type { Clock } from './clock.ts';
import type { SignEvent } from './events.ts';
import { backoffDelay, isPassing, withRetries } from './retry.ts';

/** A clock that moves when somebody sleeps on it. */
function steppingClock(random = 0.5): Clock & { slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => new Date(time),
    random: () => random,
    async sleep(milliseconds) {
      slept.push(milliseconds);
      time += milliseconds;
    },
  };
}

const overloaded = new OriginSignError('server.overloaded', 'Busy.');

async function run(failures: readonly unknown[], milliseconds = 60_000) {
  const clock = steppingClock();
  const events: SignEvent[] = [];
  const left = [...failures];
  const patience = { clock, milliseconds, events: (event: SignEvent) => events.push(event) };
  const result = await withRetries(patience, async (attempt) => {
    if (left.length > 0) throw left.shift();
    return attempt;
  }).catch((error: unknown) => error);
  return { result, slept: clock.slept, events };
}

describe('withRetries', () => {
  it('tries again what may pass, later each time, and tells', async () => {
    const { result, slept, events } = await run([overloaded, overloaded]);
    expect(result).toBe(3);
    expect(slept).toEqual([500, 1000]);
    expect(events).toMatchObject([
      { kind: 'retry', attempt: 1, delay: 500, reason: 'Busy.' },
      { kind: 'retry', attempt: 2, delay: 1000 },
    ]);
  });

  it('waits at least as long as the server asks', async () => {
    const { slept } = await run([new OriginSignError('hsm.busy', 'Full.', { retryAfter: 7 })]);
    expect(slept).toEqual([7500]);
  });

  it('does not begin a wait that its patience does not cover', async () => {
    const late = new OriginSignError('hsm.busy', 'Full.', { retryAfter: 3600 });
    const { result, slept } = await run([late]);
    expect(result).toBe(late);
    expect(slept).toEqual([]);
    expect((await run(Array<unknown>(1000).fill(overloaded), 10_000)).result).toBe(overloaded);
  });

  it('gives up at once on what does not pass', async () => {
    for (const error of [new TypeError('bug'), new OriginSignError('policy.denied', 'No.')]) {
      expect(await run([error])).toMatchObject({ result: error, slept: [] });
    }
  });
});

describe('isPassing', () => {
  it.each([
    ['server.unreachable', { reason: 'connection' }, true],
    ['server.unreachable', { reason: 'certificate' }, false],
    ['server.unreachable', { reason: 'aborted' }, false],
    ['server.unexpected', {}, false],
    ['server.unexpected', { passing: true }, true],
    ['policy.limit', {}, false],
    ['policy.denied', {}, false],
    ['policy.invalid', {}, false],
    ['internal.error', {}, true],
    ['server.overloaded', {}, true],
    ['issuer.keys_unavailable', {}, true],
  ] as const)('%s %j: %s', (code, details, expected) => {
    expect(isPassing(new OriginSignError(code, 'x', { details }))).toBe(expected);
  });
});

describe('backoffDelay', () => {
  it('stays within its range and never before Retry-After', () => {
    fc.assert(
      fc.property(
        fc.nat(2000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(600),
        (attempt, random, after) => {
          const delay = backoffDelay(attempt, random, after);
          expect(delay).toBeGreaterThanOrEqual(after * 1000);
          expect(delay).toBeLessThanOrEqual(after * 1000 + 15_000);
        },
      ),
    );
  });
});
