/** Work on requests that is under way in this process, so that each request is worked on once and anyone can wait for it. */
export class Progress {
  readonly #running = new Map<string, Promise<void>>();

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

  /** Resolves when nothing is under way. */
  async drain(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running.values());
  }
}
