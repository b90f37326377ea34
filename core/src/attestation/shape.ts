import type { Json, JsonObject } from '../encoding/canonical-json.ts';
import { isJsonObject } from '../encoding/strict-json.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { OriginSignError } from '../errors/error.ts';

/** Reads parsed JSON member by member and refuses everything that a document of one kind does not say. */
export interface ShapeReader {
  /** The error of this kind of document. `path` names the member, never its value. */
  fail(path: string, what: string): OriginSignError;
  /** An object with exactly the required members and, if they are there, the optional ones. */
  object(value: unknown, path: string, required: readonly string[], optional?: readonly string[]): JsonObject;
  /** A list of at least `min` and at most `max` items. */
  list(value: unknown, path: string, min: number, max: number): readonly Json[];
  /** A string that matches the pattern. */
  text(value: unknown, path: string, pattern: RegExp): string;
  /** Any JSON object, whatever is in it. */
  anyObject(value: unknown, path: string): JsonObject;
  /** An integer from 0 to 2^53 - 1. */
  count(value: unknown, path: string): number;
}

/** A reader whose errors carry `code` and call the document `name`. */
export function shapeReader(code: ErrorCode, name: string): ShapeReader {
  const fail = (path: string, what: string): OriginSignError =>
    new OriginSignError(code, `The ${name} is malformed at ${path}: ${what}.`, { details: { path } });

  const anyObject = (value: unknown, path: string): JsonObject => {
    if (!isJsonObject(value)) throw fail(path, 'expected an object');
    return value;
  };

  return {
    fail,
    anyObject,
    object(value, path, required, optional = []) {
      const object = anyObject(value, path);
      const missing = required.find((member) => !Object.hasOwn(object, member));
      if (missing !== undefined) throw fail(`${path}.${missing}`, 'the member is missing');
      const unknown = Object.keys(object).find((member) => !required.includes(member) && !optional.includes(member));
      if (unknown !== undefined) throw fail(path, 'a member is not known');
      return object;
    },
    list(value, path, min, max) {
      if (!Array.isArray(value)) throw fail(path, 'expected a list');
      if (value.length < min || value.length > max) throw fail(path, `expected ${min} to ${max} items`);
      return value as readonly Json[];
    },
    text(value, path, pattern) {
      if (typeof value !== 'string') throw fail(path, 'expected a string');
      if (!pattern.test(value)) throw fail(path, 'the text is not allowed');
      return value;
    },
    count(value, path) {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
        throw fail(path, 'expected a whole number that is not negative');
      }
      return value;
    },
  };
}
