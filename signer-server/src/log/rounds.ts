import { setImmediate } from 'node:timers/promises';
import { OriginSignError } from '@originsign/core/errors/error';

/** What a round reached. */
interface Covered {
  readonly size: number;
}

interface Waiter<T> {
  readonly size: number;
  readonly resolve: (covered: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Work that is expensive once and free for many: one round runs at a time and serves everyone who waited when it began.
 * Whoever comes while it runs is served by the next one.
 */
export class Rounds<T extends Covered> {
  readonly #work: () => Promise<T>;
  #waiting: Waiter<T>[] = [];
  #last: T | undefined;
  #running: Promise<void> | undefined;
  #stopped = false;

  /** `work` covers everything that was committed when it began. */
  constructor(work: () => Promise<T>) {
    this.#work = work;
  }

  /** Resolves with a round that covers `size`, which must be committed. Rejects with the error of the round that failed. */
  cover(size: number): Promise<T> {
    if (this.#last !== undefined && this.#last.size >= size) return Promise.resolve(this.#last);
    if (this.#stopped) return Promise.reject(new OriginSignError('server.shutting_down', 'The log is closing.'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ size, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Finishes what is under way; whoever comes later is refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      // One turn of the loop: requests that committed in the same turn share the round.
      await setImmediate();
      const served = this.#waiting;
      this.#waiting = [];
      await this.#serve(served);
    }
    this.#running = undefined;
  }

  async #serve(served: readonly Waiter<T>[]): Promise<void> {
    try {
      const covered = await this.#work();
      this.#last = covered;
      for (const { size, resolve, reject } of served) {
        if (size <= covered.size) resolve(covered);
        else reject(new TypeError(`The log has ${covered.size} entries; nobody can wait for ${size}.`));
      }
    } catch (error) {
      for (const { reject } of served) reject(error);
    }
  }
}
