import { OriginSignError } from '@originsign/core/errors/error';
import { RateWindow } from './rate-window.ts';

/** Refusals of one period, for the log. */
export interface StrangerCount {
  readonly since: Date;
  readonly refusals: number;
}

/** How often a repository may be refused within a minute before it is only told to slow down. */
const PER_MINUTE = { stranger: 10, linked: 30 } as const;

/**
 * Refusals that are counted instead of logged one by one. Repositories with a genuine token that no project links learn nothing
 * about projects; linked ones are logged one by one until they insist. Neither can fill the log.
 */
export class Strangers {
  readonly #windows = new RateWindow();
  #since: Date;
  #refusals = 0;

  constructor(now: Date) {
    this.#since = now;
  }

  /** Counts the refusal of an unlinked repository and throws it: `project.unknown`, or `project.rate` once it insists. */
  refuse(system: string, repositoryId: string, now: Date): never {
    this.#refusals += 1;
    if (this.#windows.count(JSON.stringify(['stranger', system, repositoryId]), now) > PER_MINUTE.stranger) {
      throw new OriginSignError('project.rate', 'This repository was refused too often within a minute.', {
        retryAfter: 60,
      });
    }
    throw new OriginSignError('project.unknown', 'This repository is not linked to a project of that name.');
  }

  /** Counts the denial of a linked repository. True where it is to be logged; one that insists is only counted. */
  isDenialToldOf(system: string, repositoryId: string, now: Date): boolean {
    if (this.#windows.count(JSON.stringify(['linked', system, repositoryId]), now) <= PER_MINUTE.linked) return true;
    this.#refusals += 1;
    return false;
  }

  /** Takes what was counted since the last call; `undefined` where nothing was. */
  take(now: Date): StrangerCount | undefined {
    if (this.#refusals === 0) return undefined;
    const taken = { since: this.#since, refusals: this.#refusals };
    this.#since = now;
    this.#refusals = 0;
    return taken;
  }
}
