const FIRST = 100;
const LONGEST = 30_000;

/** Milliseconds before the next try: 100, 200, 400 and so on up to half a minute. `failures` counts from 1. */
export function restartDelay(failures: number): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20));
}
