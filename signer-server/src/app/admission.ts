import { OriginSignError } from '@originsign/core/errors/error';

/** A place among the signatures that may be under way at once. */
export interface Place {
  release(): void;
}

/**
 * Bounds the signatures that are promised to the HSM. A place is taken before anything is written, so that an overloaded
 * server refuses at the door, with nothing consumed and nothing to clean up.
 */
export class Admission {
  readonly #capacity: number;
  #taken = 0;

  /** `capacity` counts signatures. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Signatures under way. */
  get taken(): number {
    return this.#taken;
  }

  /** Takes places for `count` signatures. Throws `hsm.busy` where they do not fit; one request alone always fits. */
  reserve(count: number): Place {
    if (this.#taken > 0 && this.#taken + count > this.#capacity) {
      throw new OriginSignError('hsm.busy', 'The server has as many signatures under way as it takes.', {
        retryAfter: 2,
      });
    }
    this.#taken += count;
    let held = true;
    return {
      release: () => {
        if (held) this.#taken -= count;
        held = false;
      },
    };
  }
}
