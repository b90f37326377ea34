import {
  encodeExtension,
  makeCertificateAuthority,
  type RevocationListOptions,
} from '@originsign/testkit/certificate-authority';
import { codeOf } from '@originsign/testkit/error-code';
import { makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, equalBytes } from '../encoding/bytes.ts';
import { der, derBitString, derInteger, derNull, derOid, derSequence, Tag } from '../encoding/der.ts';
import { readDer, readDerAll } from '../encoding/der-reader.ts';
import { encodeBasicConstraints, encodeKeyUsage } from './certificate-builder.ts';
import { parseCertificate } from './certificate.ts';
import { Oid } from './oids.ts';
import { isIssuedBy, parseRevocationList, revocationKey } from './revocation-list.ts';
import { encodeSignatureAlgorithm } from './signature-algorithm.ts';

const authority = makeCertificateAuthority();
const other = makeCertificateAuthority('Acme Nodes CA');
const node = authority.issue();
const innocent = authority.issue();
const list = (options: RevocationListOptions = {}) =>
  authority.revocationList({ revoked: [node.certificate], ...options });
const issuer = parseCertificate(authority.certificate);
const keyOf = (certificate: Uint8Array) => revocationKey(parseCertificate(certificate).serialNumber);

test('says which certificates were revoked and how long it holds', () => {
  const thisUpdate = new Date('2026-11-22T09:00:00Z');
  const parsed = parseRevocationList(list({ thisUpdate }));
  expect([...parsed.revoked]).toEqual([[keyOf(node.certificate), thisUpdate]]);
  expect(parsed.revoked.has(keyOf(innocent.certificate))).toBe(false);
  expect(parsed.thisUpdate).toEqual(thisUpdate);
  expect(parsed.nextUpdate).toEqual(new Date('2026-11-23T10:00:00Z'));
  expect(isIssuedBy(parsed, issuer)).toBe(true);
});

test.each<[string, RevocationListOptions]>([
  ['without an entry', { revoked: [] }],
  ['of version 1, as OpenSSL writes it', { extensions: null }],
  ['of version 2 without extensions', { extensions: [] }],
  ['with a reason in its entries', { entryExtensions: [encodeExtension(Oid.reasonCode, false, derInteger(1))] }],
  ['with an unknown extension that is not critical', { extensions: [encodeExtension('1.2.3.4', false, derNull())] }],
])('reads a list %s', (_, options) => {
  expect(isIssuedBy(parseRevocationList(list(options)), issuer)).toBe(true);
});

describe('refuses a list', () => {
  const unknown = encodeExtension('1.2.3.4', true, derNull());
  const empty = derSequence();
  test.each<[string, () => Uint8Array, RegExp]>([
    ['that never ends', () => list({ nextUpdate: null }), /never ends/],
    ['that ends before it begins', () => list({ nextUpdate: new Date('2020-01-01') }), /ends before it begins/],
    ['of changes', () => list({ extensions: [encodeExtension(Oid.deltaCrlIndicator, true, derInteger(1))] }), /delta/],
    [
      'of changes that hides it',
      () => list({ extensions: [encodeExtension(Oid.deltaCrlIndicator, false, derInteger(1))] }),
      /delta/,
    ],
    [
      'of one distribution point',
      () => list({ extensions: [encodeExtension(Oid.issuingDistributionPoint, true, empty)] }),
      /some certificates only/,
    ],
    ['with an unknown critical extension', () => list({ extensions: [unknown] }), /1\.2\.3\.4/],
    ['with an extension twice', () => list({ extensions: [unknown, unknown] }), /an extension twice/],
    ['with an unknown critical extension in an entry', () => list({ entryExtensions: [unknown] }), /an entry with/],
    [
      'with entries of another authority',
      () => list({ entryExtensions: [encodeExtension('2.5.29.29', true, empty)] }),
      /an entry with the critical extension 2\.5\.29\.29/,
    ],
    [
      'of version 1 with extensions in its entries',
      () => list({ extensions: null, entryExtensions: [encodeExtension(Oid.reasonCode, false, derInteger(1))] }),
      /a value too many/,
    ],
    ['with bytes behind it', () => concatBytes(list(), Uint8Array.of(0)), /bytes after/],
    ['that is a certificate', () => authority.certificate, /malformed/],
    ['that is huge', () => new Uint8Array(9 * 1024 * 1024), /too large/],
  ])('%s', (_, make, reason) => {
    expect(() => parseRevocationList(make())).toThrowError(expect.objectContaining({ code: 'der.malformed' }));
    expect(() => parseRevocationList(make())).toThrowError(reason);
  });

  test('with two signature algorithms', () => {
    const [tbs] = readDerAll(readDer(list()).contents);
    const mixed = derSequence(
      tbs?.raw ?? derNull(),
      encodeSignatureAlgorithm('ed25519'),
      derBitString(Uint8Array.of(1)),
    );
    expect(() => parseRevocationList(mixed)).toThrowError(/two different signature algorithms/);
  });
});

describe('a list is not of the authority', () => {
  const key = makeTestKey('p-256');
  test.each<[string, Uint8Array, Uint8Array]>([
    ['that has the same name and another key', list(), other.certificate],
    ['that another key signed in its name', list({ signer: key }), authority.certificate],
    [
      'whose name it does not have',
      list({ issuer: parseCertificate(node.certificate).subject }),
      authority.certificate,
    ],
    [
      'whose key may not sign lists',
      list(),
      makeCertificateAuthority('Acme Nodes CA', {
        key: authority.key,
        extensions: [encodeBasicConstraints(true), encodeKeyUsage('keyCertSign')],
      }).certificate,
    ],
    ['with an algorithm that is not known', withAlgorithm(list()), authority.certificate],
  ])('%s', (_, bytes, certificate) => {
    expect(isIssuedBy(parseRevocationList(bytes), parseCertificate(certificate))).toBe(false);
  });

  /** SHA-1 with RSA in both places. */
  function withAlgorithm(bytes: Uint8Array): Uint8Array {
    const [ours, weak] = [encodeSignatureAlgorithm('p-256'), derSequence(derOid('1.2.840.113549.1.1.5'))];
    const [tbs, , signature] = readDerAll(readDer(bytes).contents);
    const parts = readDerAll(tbs?.contents ?? new Uint8Array()).map(({ raw }) => (equalBytes(raw, ours) ? weak : raw));
    return derSequence(derSequence(...parts), weak, signature?.raw ?? derNull());
  }
});

test('serial numbers are compared without the padding that some authorities add', () => {
  const hex = (text: string) => revocationKey(Buffer.from(text, 'hex'));
  expect(hex('0000007f')).toBe(hex('7f'));
  expect(hex('000080')).toBe('0080');
  expect(hex('0080')).not.toBe(hex('80'));
  expect(hex('ffff80')).toBe(hex('80'));
  expect(hex('00')).toBe('00');
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(3), (bytes, padding) => {
      const pad = new Uint8Array(padding).fill((bytes[0] ?? 0) >= 0x80 ? 0xff : 0);
      expect(revocationKey(concatBytes(pad, bytes))).toBe(revocationKey(bytes));
    }),
  );
});

test('a damaged list is refused as ours, or is not of its authority', () => {
  const bytes = list();
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const damaged = Uint8Array.from(bytes);
      damaged[index] = (damaged[index] ?? 0) ^ change;
      let isIssued = false;
      const code = codeOf(() => (isIssued = isIssuedBy(parseRevocationList(damaged), issuer)));
      expect(isIssued).toBe(false);
      expect(['accepted', 'der.malformed']).toContain(code);
    }),
    { numRuns: 300 },
  );
});

test('a list of twenty thousand entries is read', () => {
  const thisUpdate = der(Tag.utcTime, Buffer.from('261122090000Z'));
  const entries = [...Array(20_000).keys()].map((serial) => derSequence(derInteger(serial + 1), thisUpdate));
  const tbs = derSequence(
    derInteger(1),
    encodeSignatureAlgorithm('p-256'),
    authority.name,
    thisUpdate,
    der(Tag.utcTime, Buffer.from('261123090000Z')),
    derSequence(Buffer.concat(entries)),
  );
  const bytes = derSequence(tbs, encodeSignatureAlgorithm('p-256'), derBitString(authority.key.sign(tbs)));
  const parsed = parseRevocationList(bytes);
  expect(parsed.revoked.size).toBe(20_000);
  expect(parsed.revoked.has(revocationKey(Uint8Array.of(0x01, 0x00)))).toBe(true);
  expect(isIssuedBy(parsed, issuer)).toBe(true);
});
