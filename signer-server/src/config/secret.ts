import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A value that must not reach a log, an error or a JSON document: it prints as `[secret]` wherever it is printed. */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, at the one place that needs it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
