/** Work on requests that is under way in this process, so that each request is worked on once and anyone can wait for it. */
export class Progress {
  readonly #running = new Map<string, Promise<void>>();
  readonly #listeners = new Map<string, Set<() => void>>();
  #isOver = false;

  /** True where work on the request is under way here. */
  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** Starts the work unless it is under way. The promise never rejects: outcomes stand in the store. */
  start(id: string, work: () => Promise<void>): Promise<void> {
    const running = this.#running.get(id);
    if (running !== undefined) return running;
    const promise = work().finally(() => this.#running.delete(id));
    this.#running.set(id, promise);
    this.tell(id);
    return promise;
  }

  /** Resolves when the work ends, or after so many seconds. */
  async wait(id: string, seconds: number): Promise<void> {
    const running = this.#running.get(id);
    if (running === undefined || seconds === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const elapsed = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([running, elapsed]);
    clearTimeout(timer);
  }

  /** Resolves when work on the request begins, when {@link tell} speaks of it, or after so many seconds. */
  async news(id: string, seconds: number): Promise<void> {
    if (this.#running.has(id) || seconds === 0 || this.#isOver) return;
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, seconds * 1000);
      function done(): void {
        clearTimeout(timer);
        listeners.delete(done);
        resolve();
      }
      listeners.add(done);
    });
    if (listeners.size === 0) this.#listeners.delete(id);
  }

  /** Wakes everybody who waits for news of the request. */
  tell(id: string): void {
    for (const listener of this.#listeners.get(id) ?? []) listener();
  }

  /** Wakes everybody, and lets nobody wait for news any more: the process is to end. */
  letGo(): void {
    this.#isOver = true;
    for (const id of this.#listeners.keys()) this.tell(id);
  }

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}
