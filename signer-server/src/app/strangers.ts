import { OriginSignError } from '@originsign/core/errors/error';

const WINDOW_MS = 60_000;
/** Distinct repositories that are remembered; beyond it the oldest window is dropped, so that memory stays bounded. */
const REMEMBERED = 10_000;

/** Refusals of one period, for the log. */
export interface StrangerCount {
  readonly since: Date;
  readonly refusals: number;
}

/**
 * Repositories with a genuine token that no project links. They learn nothing about projects, are slowed down one by one,
 * and are counted instead of logged each, so that a stranger cannot fill the log.
 */
export class Strangers {
  readonly #perMinute: number;
  readonly #windows = new Map<string, { start: number; count: number }>();
  #since: Date;
  #refusals = 0;

  constructor(now: Date, perMinute = 10) {
    this.#since = now;
    this.#perMinute = perMinute;
  }

  /** Counts a refusal and throws it: `project.unknown`, or `project.rate` once a repository insists. */
  refuse(system: string, repositoryId: string, now: Date): never {
    this.#refusals += 1;
    const count = this.#count(`${system}\n${repositoryId}`, now.getTime());
    if (count > this.#perMinute) {
      throw new OriginSignError('project.rate', 'This repository was refused too often within a minute.', {
        retryAfter: WINDOW_MS / 1000,
      });
    }
    throw new OriginSignError('project.unknown', 'This repository is not linked to a project of that name.');
  }

  /** Takes what was counted since the last call; `undefined` where nothing was. */
  take(now: Date): StrangerCount | undefined {
    if (this.#refusals === 0) return undefined;
    const taken = { since: this.#since, refusals: this.#refusals };
    this.#since = now;
    this.#refusals = 0;
    return taken;
  }

  #count(key: string, now: number): number {
    const window = this.#windows.get(key);
    if (window !== undefined && now - window.start < WINDOW_MS) {
      window.count += 1;
      return window.count;
    }
    this.#windows.delete(key);
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= REMEMBERED && oldest.done !== true) this.#windows.delete(oldest.value);
    this.#windows.set(key, { start: now, count: 1 });
    return 1;
  }
}
