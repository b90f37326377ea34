const WINDOW = 16;
const LIMIT_MILLISECONDS = 1;

/**
 * Decides whether a fast key type signs on the main thread. That is cheapest on a local token, but on a token across a network
 * every signature would stop the process; so it ends for good once even the fastest of the last 16 took a millisecond.
 */
export class BlockingGate {
  readonly #recent: number[] = [];
  #open = true;

  /** True while fast signatures may block. */
  get open(): boolean {
    return this.#open;
  }

  /** Takes the duration of one blocking signature in milliseconds. */
  record(milliseconds: number): void {
    this.#recent.push(milliseconds);
    if (this.#recent.length < WINDOW) return;
    if (Math.min(...this.#recent) >= LIMIT_MILLISECONDS) this.#open = false;
    this.#recent.shift();
  }
}
