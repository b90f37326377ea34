import { utf8Text } from '../encoding/bytes.ts';
import { der, derOid, derSequence, derSetOf, derUtf8String, Tag } from '../encoding/der.ts';
import {
  type DerCursor,
  derError,
  oidText,
  readDer,
  readDerAll,
  sequenceCursor,
  type DerValue,
} from '../encoding/der-reader.ts';
import { encodeHex } from '../encoding/hex.ts';

/** Attribute types with a short name: those of RFC 4514 section 3 and the few others that certificates of publishers carry. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '1.2.840.113549.1.9.1': 'emailAddress',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
};

const TYPES: ReadonlyMap<string, string> = new Map(Object.entries(SHORT_NAMES).map(([oid, short]) => [short, oid]));

/** One attribute of a distinguished name, in the order that people read: most specific first. */
export interface NameAttribute {
  /** Short name (`CN`) or dotted object identifier. */
  readonly type: string;
  readonly value: string;
}

/**
 * Text of a DER Name as RFC 4514 writes it: reversed, joined by commas, `+` inside a relative name, whose attributes are in the
 * order of their texts. Values that are not a known string type appear as `#` and hexadecimal. Two names have the same text
 * only where they have the same attributes with the same characters, in whatever string types. Throws `der.malformed`.
 */
export function nameText(name: Uint8Array): string {
  return formatName(relativeNames(name).reverse());
}

/** The same text for attributes that were read elsewhere, most specific relative name first. */
export function formatName(names: readonly (readonly RawAttribute[])[]): string {
  return names.map((attributes) => attributes.map(attributeText).sort().join('+')).join(',');
}

/**
 * The values of all attributes with this short name, most specific first; `undefined` for each that is of no known string
 * type. Throws `der.malformed`.
 */
export function nameAttributes(name: Uint8Array, type: string): readonly (string | undefined)[] {
  const attributes = relativeNames(name).reverse().flat();
  return attributes.filter((attribute) => typeText(attribute.type) === type).map(({ value }) => nameString(value));
}

/** True where no value of the name has characters that people cannot see. Throws `der.malformed`. */
export function isVisibleName(name: Uint8Array): boolean {
  return relativeNames(name)
    .flat()
    .every(({ value }) => !hasInvisibleCharacters(nameString(value) ?? ''));
}

/** DER Name of the attributes, given most specific first; every value becomes a UTF8String, countries a PrintableString. */
export function encodeName(attributes: readonly NameAttribute[]): Uint8Array {
  const relative = [...attributes].reverse().map(({ type, value }) => {
    const text = type === 'C' ? der(Tag.printableString, Buffer.from(value, 'latin1')) : derUtf8String(value);
    return derSetOf(derSequence(derOid(TYPES.get(type) ?? type), text));
  });
  return derSequence(...relative);
}

/** An attribute as DER has it: dotted type, value of any type. */
export interface RawAttribute {
  readonly type: string;
  readonly value: DerValue;
}

function relativeNames(name: Uint8Array): RawAttribute[][] {
  return sequenceCursor(readDer(name))
    .rest()
    .map((set) => {
      if (set.tag !== Tag.set) throw derError('expected a SET in a name');
      const attributes = readDerAll(set.contents).map(readAttribute);
      if (attributes.length === 0) throw derError('an empty relative name');
      return attributes;
    });
}

function readAttribute(value: DerValue): RawAttribute {
  const parts: DerCursor = sequenceCursor(value);
  const attribute = { type: oidText(parts.take()), value: parts.take() };
  parts.end();
  return attribute;
}

function typeText(oid: string): string {
  return SHORT_NAMES[oid] ?? oid;
}

function attributeText({ type, value }: RawAttribute): string {
  const text = nameString(value);
  return `${typeText(type)}=${text === undefined ? `#${encodeHex(value.raw)}` : escapeText(text)}`;
}

/** The characters of a string type that names are made of; `undefined` for any other type. Throws `der.malformed`. */
export function nameString(value: DerValue): string | undefined {
  switch (value.tag) {
    case Tag.utf8String:
      return decodeUtf8(value.contents);
    case Tag.printableString:
    case Tag.ia5String:
      if (value.contents.some((octet) => octet >= 0x80)) throw derError('a string outside its alphabet');
      return Buffer.from(value.contents).toString('latin1');
    case Tag.bmpString:
      return bmpText(value.contents);
    default:
      return undefined;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8Text(bytes);
  } catch {
    throw derError('a UTF8String that is not UTF-8');
  }
}

/** UCS-2, in which Windows writes surrogate pairs too; a lone surrogate is no character and has no UTF-8. */
function bmpText(contents: Uint8Array): string {
  if (contents.length % 2 !== 0) throw derError('a BMPString of odd length');
  const text = Buffer.from(contents).swap16().toString('utf16le');
  if (/\p{Surrogate}/u.test(text)) throw derError('a BMPString with half a character');
  return text;
}

/** Characters that could forge a second line, or another order, in what people read. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/** True where a text has characters that people cannot see and that change what they see. */
export function hasInvisibleCharacters(text: string): boolean {
  return INVISIBLE.test(text);
}

/** RFC 4514 section 2.4; invisible characters are escaped too. */
function escapeText(text: string): string {
  const characters = Array.from(text);
  return characters
    .map((character, index) => {
      const isFirst = index === 0 && (character === ' ' || character === '#');
      const isLast = index === characters.length - 1 && character === ' ';
      if (isFirst || isLast || /[\\"+,;<>]/.test(character)) return `\\${character}`;
      return INVISIBLE.test(character) ? escapeOctets(character) : character;
    })
    .join('');
}

function escapeOctets(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('');
}
