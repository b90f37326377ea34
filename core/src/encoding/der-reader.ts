import { OriginSignError } from '../errors/error.ts';
import { Tag } from './der.ts';

/** One value as it stands in the input. `raw` and `contents` are views into it: nothing is copied. */
export interface DerValue {
  /** Identifier octet (class, constructed bit, tag number below 31). */
  readonly tag: number;
  /** The whole value with identifier and length. */
  readonly raw: Uint8Array;
  /** The contents alone. */
  readonly contents: Uint8Array;
}

/** Why values are refused here is always the same to a caller. */
export function derError(what: string): OriginSignError {
  return new OriginSignError('der.malformed', `The DER is malformed: ${what}.`);
}

/** Reads one value that fills the input. Throws `der.malformed` (BER forms, wrong lengths, trailing bytes). */
export function readDer(bytes: Uint8Array): DerValue {
  const { value, end } = readAt(bytes, 0);
  if (end !== bytes.length) throw derError('bytes after the value');
  return value;
}

/** Reads the value at the start of the input and ignores what follows: `raw.length` says where that begins. */
export function readDerPrefix(bytes: Uint8Array): DerValue {
  return readAt(bytes, 0).value;
}

/** Reads contents that are a run of values, as in a SEQUENCE or SET. */
export function readDerAll(contents: Uint8Array): DerValue[] {
  const values: DerValue[] = [];
  for (let offset = 0; offset < contents.length;) {
    const { value, end } = readAt(contents, offset);
    values.push(value);
    offset = end;
  }
  return values;
}

function readAt(bytes: Uint8Array, start: number): { value: DerValue; end: number } {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined) throw derError('cut short');
  if ((tag & 0x1f) === 0x1f) throw derError('a tag number above 30');
  let offset = start + 2;
  let length = first;
  if (first >= 0x80) {
    const count = first & 0x7f;
    // Count 0 is BER's indefinite length; above 4 nothing real is that long.
    if (count === 0 || count > 4) throw derError('a length that DER does not allow');
    length = 0;
    for (let index = 0; index < count; index += 1) length = length * 256 + (bytes[offset + index] ?? 0);
    if (length < 0x80 || length < 256 ** (count - 1)) throw derError('a length that is not minimal');
    offset += count;
  }
  const end = offset + length;
  if (end > bytes.length) throw derError('cut short');
  return { value: { tag, raw: bytes.subarray(start, end), contents: bytes.subarray(offset, end) }, end };
}

/** A cursor over the values of a SEQUENCE or SET, for structures with optional parts. */
export class DerCursor {
  readonly #values: readonly DerValue[];
  #next = 0;

  constructor(contents: Uint8Array) {
    this.#values = readDerAll(contents);
  }

  /** The next value, which must be there and, if a tag is given, have it. */
  take(tag?: number): DerValue {
    const value = this.#values[this.#next];
    if (value === undefined) throw derError('a value is missing');
    if (tag !== undefined && value.tag !== tag) throw derError(`expected tag ${tag}, found ${value.tag}`);
    this.#next += 1;
    return value;
  }

  /** The next value where it has this tag. */
  takeIf(tag: number): DerValue | undefined {
    return this.#values[this.#next]?.tag === tag ? this.take() : undefined;
  }

  /** What is left, in order. */
  rest(): readonly DerValue[] {
    const rest = this.#values.slice(this.#next);
    this.#next = this.#values.length;
    return rest;
  }

  /** Throws where something is left. */
  end(): void {
    if (this.#next !== this.#values.length) throw derError('a value too many');
  }
}

/** A cursor over the parts of a SEQUENCE. */
export function sequenceCursor(value: DerValue): DerCursor {
  if (value.tag !== Tag.sequence) throw derError(`expected a SEQUENCE, found tag ${value.tag}`);
  return new DerCursor(value.contents);
}

/** Dotted form of an OBJECT IDENTIFIER. */
export function oidText(value: DerValue): string {
  if (value.tag !== Tag.objectIdentifier || value.contents.length === 0)
    throw derError('expected an OBJECT IDENTIFIER');
  // Real identifiers have at most some 30 octets; the arithmetic below takes time with the square of the length.
  if (value.contents.length > 128) throw derError('an OBJECT IDENTIFIER too long');
  const arcs: bigint[] = [];
  let arc = 0n;
  let started = false;
  for (const octet of value.contents) {
    if (!started && octet === 0x80) throw derError('an identifier arc that is not minimal');
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    started = octet >= 0x80;
    if (!started) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  if (started) throw derError('an identifier cut short');
  const head = arcs[0] ?? 0n;
  const first = head < 80n ? head / 40n : 2n;
  return [first, head - first * 40n, ...arcs.slice(1)].join('.');
}

/** Value of a non-negative INTEGER as unsigned big-endian bytes without leading zeros. */
export function unsignedBytes(value: DerValue): Uint8Array {
  const { contents } = value;
  if (value.tag !== Tag.integer || contents.length === 0) throw derError('expected an INTEGER');
  const [first = 0, second = 0] = contents;
  if (first >= 0x80) throw derError('a negative INTEGER');
  if (contents.length > 1 && first === 0 && second < 0x80) throw derError('an INTEGER that is not minimal');
  return first === 0 && contents.length > 1 ? contents.subarray(1) : contents;
}

/** Value of a small non-negative INTEGER. */
export function smallInteger(value: DerValue): number {
  const bytes = unsignedBytes(value);
  if (bytes.length > 6) throw derError('an INTEGER too large');
  return bytes.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** Time of a UTCTime (RFC 5280 century rule) or GeneralizedTime in UTC; fractions of seconds are read as RFC 3161 allows them. */
export function readDerTime(value: DerValue): Date {
  const text = Buffer.from(value.contents).toString('latin1');
  const utc = value.tag === Tag.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text) : null;
  const general =
    value.tag === Tag.generalizedTime ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(text) : null;
  const match = utc ?? general;
  if (match === null) throw derError('a time that is not UTC with seconds');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const fullYear = utc === null ? year : year < 50 ? 2000 + year : 1900 + year;
  const milliseconds = Number((general?.[7] ?? '.').slice(1, 4).padEnd(3, '0'));
  const time = new Date(Date.UTC(fullYear, month - 1, day, hour, minute, second, milliseconds));
  // Date.UTC rolls 31 February over into March and takes the year 50 for 1950.
  const exists =
    time.getUTCFullYear() === fullYear && time.getUTCMonth() === month - 1 && time.getUTCDate() === day && hour <= 23;
  if (!exists || minute > 59 || second > 59) throw derError('a time that does not exist');
  return time;
}
