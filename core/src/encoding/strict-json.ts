import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { utf8Text } from './bytes.ts';
import type { Json, JsonObject } from './canonical-json.ts';

/** Limits of one document. */
export interface StrictJsonLimits {
  /** Deepest nesting of arrays and objects; 16 where left out. */
  readonly maxDepth?: number;
  /** Most values, of any kind and at any level; no limit where left out. Many small ones take far longer than one large one. */
  readonly maxValues?: number;
}

/** Keys that would reach the prototype of a plain object if somebody merged it. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const SPACE = /[ \t\n\r]*/y;

/**
 * Parses JSON (RFC 8259) that an attacker may have written. Refuses what `JSON.parse` lets pass: a key twice in an object
 * (`json.duplicate_key`), prototype keys (`json.forbidden_key`), deep nesting (`json.too_deep`), numbers that are not finite
 * and bytes that are not UTF-8 (`json.malformed`). Messages name the path, never the content.
 */
export function parseStrictJson(input: string | Uint8Array, limits: StrictJsonLimits = {}): Json {
  const text = typeof input === 'string' ? input : decodeText(input);
  if (!text.isWellFormed()) throw malformed('not well-formed Unicode', 0);
  const parser = new Parser(text, limits);
  return parser.document();
}

/** True where the value is an object and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8Text(bytes);
  } catch (cause) {
    throw new OriginSignError('json.malformed', 'The JSON is not UTF-8.', { cause });
  }
}

function malformed(what: string, offset: number): OriginSignError {
  return new OriginSignError('json.malformed', `The JSON is malformed at offset ${offset}: ${what}.`);
}

class Parser {
  readonly #text: string;
  readonly #maxDepth: number;
  readonly #path: (string | number)[] = [];
  #valuesLeft: number;
  #offset = 0;
  #depth = 0;

  constructor(text: string, { maxDepth = 16, maxValues = Infinity }: StrictJsonLimits) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#valuesLeft = maxValues;
  }

  document(): Json {
    const value = this.#value();
    this.#match(SPACE);
    if (this.#offset !== this.#text.length) throw malformed('text after the value', this.#offset);
    return value;
  }

  #value(): Json {
    if (this.#valuesLeft <= 0) throw malformed('more values than such a document has', this.#offset);
    this.#valuesLeft -= 1;
    this.#match(SPACE);
    switch (this.#text[this.#offset]) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): Json {
    this.#open();
    // A null prototype would surprise callers; the forbidden keys above make the plain object safe.
    const members: Record<string, Json> = {};
    if (!this.#closes('}')) {
      do {
        this.#match(SPACE);
        const key = this.#string();
        this.#checkKey(key, members);
        this.#match(SPACE);
        this.#expect(':');
        this.#path.push(key);
        members[key] = this.#value();
        this.#path.pop();
      } while (this.#continues('}'));
    }
    this.#depth -= 1;
    return members;
  }

  #array(): Json {
    this.#open();
    const items: Json[] = [];
    if (!this.#closes(']')) {
      do {
        this.#path.push(items.length);
        items.push(this.#value());
        this.#path.pop();
      } while (this.#continues(']'));
    }
    this.#depth -= 1;
    return items;
  }

  #open(): void {
    this.#offset += 1;
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) {
      throw new OriginSignError('json.too_deep', `The JSON nests deeper than ${this.#maxDepth} levels.`);
    }
  }

  #closes(bracket: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#offset] !== bracket) return false;
    this.#offset += 1;
    return true;
  }

  #continues(bracket: string): boolean {
    if (this.#closes(bracket)) return false;
    this.#expect(',');
    return true;
  }

  #checkKey(key: string, members: Record<string, Json>): void {
    if (FORBIDDEN_KEYS.has(key)) {
      throw new OriginSignError('json.forbidden_key', `The JSON has a key that is not allowed: ${this.#pathOf(key)}.`);
    }
    if (Object.hasOwn(members, key)) {
      const path = this.#pathOf(key);
      throw new OriginSignError('json.duplicate_key', `The JSON has a key twice: ${path}.`, { details: { path } });
    }
  }

  /** Only for errors: with long keys on the way, joining them for every key would take minutes. */
  #pathOf(key: string): string {
    return [...this.#path, key].join('.').slice(0, 200);
  }

  #string(): string {
    const token = this.#match(STRING);
    if (token === '') throw malformed('expected a string', this.#offset);
    const value = JSON.parse(token) as string;
    if (!value.isWellFormed()) throw malformed('a lone surrogate', this.#offset);
    return value;
  }

  #number(): number {
    const token = this.#match(NUMBER);
    if (token === '') throw malformed('expected a value', this.#offset);
    const value = Number(token);
    if (!Number.isFinite(value)) throw malformed('a number too large', this.#offset);
    return value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#offset)) throw malformed('expected a value', this.#offset);
    this.#offset += word.length;
    return value;
  }

  #expect(character: string): void {
    if (this.#text[this.#offset] !== character) throw malformed(`expected ${character}`, this.#offset);
    this.#offset += 1;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const token = pattern.exec(this.#text)?.[0] ?? '';
    this.#offset += token.length;
    return token;
  }
}

/** The parsed value, or `undefined` where the text is not strict JSON; other errors pass. */
export function tryStrictJson(input: string | Uint8Array, limits: StrictJsonLimits = {}): Json | undefined {
  try {
    return parseStrictJson(input, limits);
  } catch (error) {
    if (isOriginSignError(error)) return undefined;
    throw error;
  }
}
