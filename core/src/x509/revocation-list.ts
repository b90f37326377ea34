import { equalBytes } from '../encoding/bytes.ts';
import { Tag } from '../encoding/der.ts';
import {
  type DerCursor,
  derError,
  readDer,
  readDerTime,
  sequenceCursor,
  smallInteger,
  type DerValue,
} from '../encoding/der-reader.ts';
import { encodeHex } from '../encoding/hex.ts';
import { isOriginSignError } from '../errors/error.ts';
import { readExtensions, type Extension } from './certificate-extensions.ts';
import type { Certificate } from './certificate.ts';
import { Oid } from './oids.ts';
import { wholeBits } from './public-key.ts';
import { readSignatureScheme, verifiesWithScheme } from './signature-algorithm.ts';

/** A certificate revocation list, read but not yet believed: complete, for everything that its issuer signed. */
export interface RevocationList {
  /** What the issuer signed. */
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: Uint8Array;
  readonly signature: Uint8Array;
  /** DER Name. */
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  /** The issuer promises a newer list by then. */
  readonly nextUpdate: Date;
  /** Serial numbers as {@link revocationKey} writes them, with the time of the revocation. */
  readonly revoked: ReadonlyMap<string, Date>;
}

/** Largest list that is read. One entry takes some 40 bytes. */
export const MAX_REVOCATION_LIST = 8 * 1024 * 1024;

/** Extensions that change nothing about what the list says. */
const UNDERSTOOD: ReadonlySet<string> = new Set([Oid.crlNumber, Oid.authorityKeyIdentifier]);
const UNDERSTOOD_IN_ENTRIES: ReadonlySet<string> = new Set([Oid.reasonCode, Oid.invalidityDate]);

/**
 * Reads one DER CertificateList (RFC 5280 section 5). Throws `der.malformed`, and refuses by the same code what would leave
 * certificates out: lists without an end, delta lists, indirect lists and lists of one distribution point, and any critical
 * extension that is not understood, also on a single entry, where the RFC forbids to use the list at all.
 */
export function parseRevocationList(bytes: Uint8Array): RevocationList {
  if (bytes.length > MAX_REVOCATION_LIST) throw derError('a revocation list too large');
  const outer = sequenceCursor(readDer(bytes));
  const tbs = outer.take(Tag.sequence);
  const algorithm = outer.take(Tag.sequence);
  const signature = wholeBits(outer.take());
  outer.end();
  const { algorithm: inner, ...contents } = readTbs(tbs);
  if (!equalBytes(inner, algorithm.raw)) throw derError('two different signature algorithms');
  return { tbs: tbs.raw, signatureAlgorithm: algorithm.raw, signature, ...contents };
}

function readTbs(tbs: DerValue) {
  const parts = sequenceCursor(tbs);
  const version = parts.takeIf(Tag.integer);
  // OpenSSL writes version 1, which is left out, where it has no extensions to write.
  if (version !== undefined && smallInteger(version) !== 1) throw derError('a revocation list of unknown version');
  const algorithm = parts.take(Tag.sequence).raw;
  const issuer = parts.take(Tag.sequence).raw;
  const thisUpdate = readDerTime(parts.take());
  const end = parts.takeIf(Tag.utcTime) ?? parts.takeIf(Tag.generalizedTime);
  if (end === undefined) throw derError('a revocation list that never ends');
  const nextUpdate = readDerTime(end);
  if (nextUpdate <= thisUpdate) throw derError('a revocation list that ends before it begins');
  const revoked = readEntries(parts.takeIf(Tag.sequence), version !== undefined);
  const extensions = version === undefined ? undefined : parts.takeIf(0xa0);
  parts.end();
  checkExtensions(extensions === undefined ? [] : readExtensions(readDer(extensions.contents)));
  return { algorithm, issuer, thisUpdate, nextUpdate, revoked };
}

function readEntries(list: DerValue | undefined, mayHaveExtensions: boolean): ReadonlyMap<string, Date> {
  const revoked = new Map<string, Date>();
  for (const entry of list === undefined ? [] : sequenceCursor(list).rest()) {
    const parts = sequenceCursor(entry);
    const serial = revocationKey(parts.take(Tag.integer).contents);
    revoked.set(serial, readDerTime(parts.take()));
    checkEntryExtensions(parts, mayHaveExtensions);
  }
  return revoked;
}

function checkEntryExtensions(parts: DerCursor, mayHaveExtensions: boolean): void {
  const extensions = mayHaveExtensions ? parts.takeIf(Tag.sequence) : undefined;
  parts.end();
  if (extensions === undefined) return;
  const unknown = unknownCritical(readExtensions(extensions), UNDERSTOOD_IN_ENTRIES);
  // Among them the certificate issuer, by which an entry speaks of another authority's certificates.
  if (unknown !== undefined) throw derError(`an entry with the critical extension ${unknown}, which is not understood`);
}

function checkExtensions(extensions: readonly Extension[]): void {
  for (const { oid } of extensions) {
    // Both must be critical; whoever forgets that has still not made a complete list.
    if (oid === Oid.deltaCrlIndicator) throw derError('a delta list, which is of no use without its base');
    if (oid === Oid.issuingDistributionPoint) throw derError('a revocation list for some certificates only');
  }
  const unknown = unknownCritical(extensions, UNDERSTOOD);
  if (unknown !== undefined) throw derError(`the critical extension ${unknown}, which is not understood`);
}

function unknownCritical(extensions: readonly Extension[], understood: ReadonlySet<string>): string | undefined {
  return extensions.find(({ oid, critical }) => critical && !understood.has(oid))?.oid;
}

/** Serial number as lists and certificates are compared: authorities exist that pad it in one and not in the other. */
export function revocationKey(serialNumber: Uint8Array): string {
  let start = 0;
  while (start < serialNumber.length - 1 && isPadding(serialNumber[start], serialNumber[start + 1] ?? 0)) start += 1;
  return encodeHex(serialNumber.subarray(start));
}

function isPadding(octet: number | undefined, next: number): boolean {
  return (octet === 0 && next < 0x80) || (octet === 0xff && next >= 0x80);
}

/**
 * True where this authority issued and signed the list: the same name octet for octet, a key that may sign lists, and a
 * signature that verifies.
 */
export function isIssuedBy(list: RevocationList, authority: Certificate): boolean {
  if (!equalBytes(list.issuer, authority.subject)) return false;
  if (authority.keyUsage?.has('cRLSign') === false) return false;
  try {
    const scheme = readSignatureScheme(list.signatureAlgorithm);
    return verifiesWithScheme(authority.spki, scheme, list.tbs, list.signature);
  } catch (error) {
    if (isOriginSignError(error)) return false;
    throw error;
  }
}
