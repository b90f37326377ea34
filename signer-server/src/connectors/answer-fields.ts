import type { Json, JsonObject } from '@originsign/core/encoding/canonical-json';
import { isJsonObject } from '@originsign/core/encoding/strict-json';
import type { OriginSignError } from '@originsign/core/errors/error';

/** Longest text that a fact may be; policies compare none that is longer. */
const MAX_TEXT = 4096;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/**
 * Reads the fields of an answer that facts are made of. Other fields are passed over, so that a newer API does no harm; one of
 * another type than documented ends the lookup with the error that `malformed` makes of its name.
 */
export class AnswerFields {
  readonly #value: JsonObject;
  readonly #malformed: (field: string) => OriginSignError;

  constructor(value: Json | undefined, malformed: (field: string) => OriginSignError) {
    if (!isJsonObject(value)) throw malformed('the answer');
    this.#value = value;
    this.#malformed = malformed;
  }

  /** Text without control characters, which could forge lines in logs and terminals. */
  text(name: string): string {
    return this.optionalText(name) ?? this.#fail(name);
  }

  /** As `text`; `undefined` where the field is missing, null or empty. */
  optionalText(name: string): string | undefined {
    const value = this.#read(name);
    if (value === undefined || value === '') return undefined;
    return typeof value === 'string' && value.length <= MAX_TEXT && !CONTROL.test(value) ? value : this.#fail(name);
  }

  /** A whole number that JavaScript holds exactly: a longer id could be mistaken for its neighbour. */
  integer(name: string): number {
    return this.optionalInteger(name) ?? this.#fail(name);
  }

  optionalInteger(name: string): number | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : this.#fail(name);
  }

  flag(name: string): boolean {
    return this.optionalFlag(name) ?? this.#fail(name);
  }

  optionalFlag(name: string): boolean | undefined {
    const value = this.#read(name);
    if (value === undefined) return undefined;
    return typeof value === 'boolean' ? value : this.#fail(name);
  }

  object(name: string): AnswerFields {
    return this.optionalObject(name) ?? this.#fail(name);
  }

  optionalObject(name: string): AnswerFields | undefined {
    const value = this.#read(name);
    return value === undefined ? undefined : this.#nested(value, name);
  }

  /** The objects in a list; empty where the field is missing or null. */
  objects(name: string): readonly AnswerFields[] {
    return this.#list(name).map((item) => this.#nested(item, name));
  }

  /** The texts in a list; empty where the field is missing or null. */
  texts(name: string): readonly string[] {
    return this.#list(name).map((item) =>
      typeof item === 'string' && item.length <= MAX_TEXT && !CONTROL.test(item) ? item : this.#fail(name),
    );
  }

  #list(name: string): readonly Json[] {
    const value = this.#read(name);
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly Json[]) : this.#fail(name);
  }

  #nested(value: Json, name: string): AnswerFields {
    return new AnswerFields(value, (field) => this.#malformed(field === 'the answer' ? name : `${name}.${field}`));
  }

  #read(name: string): Json | undefined {
    const value = Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
    return value === null ? undefined : value;
  }

  #fail(name: string): never {
    throw this.#malformed(name);
  }
}
