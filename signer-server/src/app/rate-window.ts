const WINDOW_MS = 60_000;
/** Keys that are remembered; beyond it the oldest window is dropped, so that memory stays bounded. */
const REMEMBERED = 10_000;

/** Counts events of each key within a minute. */
export class RateWindow {
  readonly #windows = new Map<string, { start: number; count: number }>();

  /** Counts one event and says how many there were within the minute that began with the first of them. */
  count(key: string, now: Date): number {
    const window = this.#windows.get(key);
    if (window !== undefined && now.getTime() - window.start < WINDOW_MS) {
      window.count += 1;
      return window.count;
    }
    this.#windows.delete(key);
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= REMEMBERED && oldest.done !== true) this.#windows.delete(oldest.value);
    this.#windows.set(key, { start: now.getTime(), count: 1 });
    return 1;
  }
}
