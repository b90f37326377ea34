import type { Clock } from './clock.ts';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Goes on by so many milliseconds and runs what is due, in order. */
  advance(milliseconds: number): void;
  /** Actions that are still to come. */
  readonly pending: number;
}

/** Makes a clock at zero. */
export function manualClock(): ManualClock {
  let now = 0;
  let timers: { at: number; action: () => void }[] = [];
  return {
    now: () => now,
    after: (milliseconds, action) => {
      const timer = { at: now + milliseconds, action };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance: (milliseconds) => {
      const end = now + milliseconds;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at);
        if (next === undefined) break;
        timers = timers.filter((other) => other !== next);
        now = next.at;
        next.action();
      }
      now = end;
    },
    get pending() {
      return timers.length;
    },
  };
}
