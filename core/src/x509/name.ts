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
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
};

const TYPES = Object.fromEntries(Object.entries(SHORT_NAMES).map(([oid, short]) => [short, oid]));

/** One attribute of a distinguished name, in the order that people read: most specific first. */
export interface NameAttribute {
  /** Short name (`CN`) or dotted object identifier. */
  readonly type: string;
  readonly value: string;
}

/**
 * Text of a DER Name as RFC 4514 writes it: reversed, joined by commas, `+` inside a relative name. Values that are not a
 * known string type appear as `#` and hexadecimal. Throws `der.malformed`.
 */
export function nameText(name: Uint8Array): string {
  return relativeNames(name)
    .reverse()
    .map((attributes) => attributes.map(attributeText).join('+'))
    .join(',');
}

/** The value of the most specific attribute with this short name, if there is one. Throws `der.malformed`. */
export function nameAttribute(name: Uint8Array, type: string): string | undefined {
  const attributes = relativeNames(name).reverse().flat();
  const value = attributes.find((attribute) => typeText(attribute.type) === type)?.value;
  return value === undefined ? undefined : stringOf(value);
}

/** DER Name of the attributes, given most specific first; every value becomes a UTF8String, countries a PrintableString. */
export function encodeName(attributes: readonly NameAttribute[]): Uint8Array {
  const relative = [...attributes].reverse().map(({ type, value }) => {
    const text = type === 'C' ? der(Tag.printableString, Buffer.from(value, 'latin1')) : derUtf8String(value);
    return derSetOf(derSequence(derOid(TYPES[type] ?? type), text));
  });
  return derSequence(...relative);
}

interface RawAttribute {
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
  const text = stringOf(value);
  return `${typeText(type)}=${text === undefined ? `#${encodeHex(value.raw)}` : escapeText(text)}`;
}

function stringOf(value: DerValue): string | undefined {
  switch (value.tag) {
    case Tag.utf8String:
      return decodeUtf8(value.contents);
    case Tag.printableString:
    case Tag.ia5String:
      if (value.contents.some((octet) => octet >= 0x80)) throw derError('a string outside its alphabet');
      return Buffer.from(value.contents).toString('latin1');
    case Tag.bmpString:
      if (value.contents.length % 2 !== 0) throw derError('a BMPString of odd length');
      return Buffer.from(value.contents).swap16().toString('utf16le');
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

/** RFC 4514 section 2.4; control characters are escaped too, so that a name cannot forge a second line in what people read. */
function escapeText(text: string): string {
  return text
    .replace(/[\\"+,;<>]/g, '\\$&')
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeOctets)
    .replace(/^[ #]/, '\\$&')
    .replace(/(?<!\\) $/, '\\ ');
}

function escapeOctets(character: string): string {
  return [...Buffer.from(character, 'utf8')].map((octet) => `\\${octet.toString(16).padStart(2, '0')}`).join('');
}
