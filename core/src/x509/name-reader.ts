import { utf8, utf8Text } from '../encoding/bytes.ts';
import { decodeHex } from '../encoding/hex.ts';
import { derUtf8String } from '../encoding/der.ts';
import { oidText, readDer, type DerValue } from '../encoding/der-reader.ts';
import { derOid } from '../encoding/der.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { formatName, hasInvisibleCharacters, nameString, type RawAttribute } from './name.ts';

/** Keywords that people and tools write, in capitals: those of RFC 4514 section 3, of OpenSSL and of Windows. */
const KEYWORDS: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  S: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  T: '2.5.4.12',
  TITLE: '2.5.4.12',
  G: '2.5.4.42',
  GN: '2.5.4.42',
  E: '1.2.840.113549.1.9.1',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
  UID: '0.9.2342.19200300.100.1.1',
  DC: '0.9.2342.19200300.100.1.25',
};

/** Longest name that is looked at, in characters. */
const MAX_LENGTH = 2048;

/**
 * Reads a distinguished name as people write it and gives its one canonical text, which is what `nameText` makes of a
 * certificate's name: so a policy and a certificate are compared by what the DER says. Takes RFC 4514, most specific first, with
 * spaces around `,`, `+` and `=`, keywords in any case, `OID.` before dotted types, and values in quotes as Windows writes
 * them. Throws `input.invalid` that says what is wrong.
 */
export function canonicalName(text: string): string {
  if (text.length > MAX_LENGTH) throw invalid(`is longer than ${MAX_LENGTH} characters`);
  if (text.startsWith('/')) throw invalid('is in the form /C=…/CN=…', 'write it most specific first: CN=…,C=…');
  return formatName(new NameReader(text).read());
}

class NameReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): RawAttribute[][] {
    const names: RawAttribute[][] = [];
    do {
      const attributes: RawAttribute[] = [];
      do attributes.push(this.#attribute());
      while (this.#takeIf('+'));
      names.push(attributes);
    } while (this.#takeIf(','));
    const left = this.#text[this.#at];
    if (left !== undefined) throw invalid(`has ${JSON.stringify(left)} where "," or "+" must stand`);
    return names;
  }

  #attribute(): RawAttribute {
    this.#skipSpaces();
    const [written = ''] = /^[^=,+;"\\<>#\s]*/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += written.length;
    this.#skipSpaces();
    if (written === '' || !this.#takeIf('=')) throw invalid('has a part that is not written TYPE=value');
    const type = attributeType(written);
    this.#skipSpaces();
    const value = this.#value();
    this.#skipSpaces();
    return { type, value };
  }

  #value(): DerValue {
    if (this.#takeIf('#')) return this.#hexValue();
    const text = this.#takeIf('"') ? this.#quoted() : this.#plain();
    if (hasInvisibleCharacters(text)) throw invalid('has a control or direction character');
    return readDer(derUtf8String(text));
  }

  /** RFC 4514 section 2.4: the DER of a value whose type is not known. */
  #hexValue(): DerValue {
    const [digits = ''] = /^[0-9A-Fa-f]*/.exec(this.#text.slice(this.#at)) ?? [];
    this.#at += digits.length;
    try {
      const value = readDer(decodeHex(digits.toLowerCase()));
      const known = nameString(value);
      if (known !== undefined && hasInvisibleCharacters(known)) throw invalid('has a control or direction character');
      return value;
    } catch (error) {
      if (isOriginSignError(error, 'input.invalid')) throw error;
      throw invalid('has a value after "#" that is not DER in hexadecimal');
    }
  }

  #plain(): string {
    const octets: number[] = [];
    let length = 0;
    for (;;) {
      const character = this.#next();
      if (character === undefined || character === ',' || character === '+') break;
      if (/["#;<>]/.test(character) && !(character === '#' && octets.length > 0)) throw unescaped(character);
      this.#at += character.length;
      octets.push(...(character === '\\' ? this.#escaped() : utf8(character)));
      // Spaces at the end belong to the value only where they are escaped.
      if (character !== ' ') length = octets.length;
    }
    return decoded(octets.slice(0, length));
  }

  #quoted(): string {
    const octets: number[] = [];
    for (;;) {
      const character = this.#next();
      if (character === undefined) throw invalid('has a quote that is not closed');
      this.#at += character.length;
      if (character === '"' && !this.#takeIf('"')) break;
      octets.push(...(character === '\\' ? this.#escaped() : utf8(character)));
    }
    return decoded(octets);
  }

  /** What stands behind a backslash: one octet in hexadecimal, or a character that would mean something without it. */
  #escaped(): Uint8Array {
    const [, pair] = /^([0-9A-Fa-f]{2})/.exec(this.#text.slice(this.#at, this.#at + 2)) ?? [];
    const character = pair ?? this.#next() ?? '';
    if (pair === undefined && !/^[ "#+,;<=>\\]$/.test(character)) {
      throw invalid('has a backslash before a character that needs none');
    }
    this.#at += character.length;
    return pair === undefined ? utf8(character) : Uint8Array.of(Number.parseInt(pair, 16));
  }

  #next(): string | undefined {
    const point = this.#text.codePointAt(this.#at);
    return point === undefined ? undefined : String.fromCodePoint(point);
  }

  #takeIf(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipSpaces(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }
}

function attributeType(written: string): string {
  const capitals = written.toUpperCase();
  const dotted = capitals.startsWith('OID.') ? capitals.slice(4) : capitals;
  if (/^[012](?:\.(?:0|[1-9]\d*))+$/.test(dotted) && dotted.length <= 128) {
    try {
      return oidText(readDer(derOid(dotted)));
    } catch {
      throw invalid(`has the type ${written}, which is no object identifier`);
    }
  }
  const oid = Object.hasOwn(KEYWORDS, capitals) ? KEYWORDS[capitals] : undefined;
  if (oid !== undefined) return oid;
  const hint = `known are ${Object.keys(KEYWORDS).join(', ')}; write others as object identifiers: 2.5.4.15=…`;
  throw invalid(`has the type ${JSON.stringify(written)}, which is not known`, hint);
}

function decoded(octets: readonly number[]): string {
  try {
    return utf8Text(Uint8Array.from(octets));
  } catch {
    throw invalid('has octets that are not UTF-8');
  }
}

function unescaped(character: string): OriginSignError {
  return invalid(`has ${character} inside a value`, `write \\${character}`);
}

function invalid(what: string, hint?: string): OriginSignError {
  const message = `The distinguished name ${what}.`;
  return new OriginSignError('input.invalid', message, { hint: hint ?? 'write CN=build-07,OU=Build Nodes,O=Acme' });
}
