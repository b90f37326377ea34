import { setTimeout as delay } from 'node:timers/promises';

/** Time and chance, as far as the client needs them. */
export interface Clock {
  now(): Date;
  /** Waits for so many milliseconds; rejects with the reason of the signal as soon as it is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** A number from 0 up to, and without, 1; for jitter alone. */
  random(): number;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => new Date(),
  random: () => Math.random(),
  async sleep(milliseconds, signal) {
    await delay(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};
