import { derError, readDer, sequenceCursor } from '../encoding/der-reader.ts';

/** The names of a SubjectAltName that say which machine or workload it is. */
export interface AlternativeNames {
  /** In lower case: DNS does not tell them apart. */
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  /** IPv4 in dots, IPv6 as RFC 5952 writes it. */
  readonly addresses: readonly string[];
}

const MAX_NAMES = 200;

/** What a certificate without the extension has. */
export const NO_ALTERNATIVE_NAMES: AlternativeNames = { dnsNames: [], uris: [], addresses: [] };

/** Tags of GeneralName: `[2]`, `[6]` and `[7]`, whose values are read, and the others, which are passed over. */
const GeneralName = { dns: 0x82, uri: 0x86, address: 0x87 } as const;
const OTHERS: ReadonlySet<number> = new Set([0xa0, 0x81, 0xa3, 0xa4, 0xa5, 0x88]);

/** Reads a SubjectAltName (RFC 5280 section 4.2.1.6). Throws `der.malformed`, also for text that no name has. */
export function readAlternativeNames(bytes: Uint8Array): AlternativeNames {
  const values = sequenceCursor(readDer(bytes)).rest();
  if (values.length === 0 || values.length > MAX_NAMES) throw derError('a number of alternative names out of bounds');
  const names = { dnsNames: [] as string[], uris: [] as string[], addresses: [] as string[] };
  for (const { tag, contents } of values) {
    if (tag === GeneralName.dns) names.dnsNames.push(ia5Text(contents).toLowerCase());
    else if (tag === GeneralName.uri) names.uris.push(ia5Text(contents));
    else if (tag === GeneralName.address) names.addresses.push(addressText(contents));
    else if (!OTHERS.has(tag)) throw derError('an alternative name of no known kind');
  }
  return names;
}

/** Visible ASCII: a space, a NUL or a line break in a name has fooled those who compared it as a C string. */
function ia5Text(contents: Uint8Array): string {
  const text = Buffer.from(contents).toString('latin1');
  if (!/^[\x21-\x7e]+$/.test(text)) throw derError('an alternative name that is not visible ASCII');
  return text;
}

function addressText(octets: Uint8Array): string {
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) throw derError('an IP address of odd length');
  const groups = Array.from({ length: 8 }, (_, index) =>
    Buffer.from(octets)
      .readUInt16BE(index * 2)
      .toString(16),
  );
  // The URL parser writes the shortest form.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}
