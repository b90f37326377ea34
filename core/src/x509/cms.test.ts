import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import {
  der,
  derContext,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  Tag,
} from '../encoding/der.ts';
import { readDer, readDerAll } from '../encoding/der-reader.ts';
import { sha256 } from '../encoding/sha256.ts';
import { isOriginSignError } from '../errors/error.ts';
import { parseCertificate } from './certificate.ts';
import {
  encodeAttribute,
  encodeContentAttributes,
  encodeSignedAttributes,
  encodeSigningTime,
  retagAttributes,
} from './cms-attributes.ts';
import { encodeSignedData } from './cms-build.ts';
import { parseSignedData } from './cms-parse.ts';
import { verifySigner } from './cms-verify.ts';
import { Oid } from './oids.ts';
import { encodeSha256Algorithm, encodeSignatureAlgorithm } from './signature-algorithm.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
const signer = authority.codeSigning(makeTestKey('p-256'));
const other = authority.codeSigning(makeTestKey('p-256'));
const content = utf8('content');
const digest = sha256(content);
const attributes = encodeSignedAttributes(encodeContentAttributes(Oid.data, digest));

function signedData(signed = attributes, certificates = [signer.certificate]): Uint8Array {
  const [leaf, ...others] = certificates;
  return encodeSignedData({
    version: 1,
    contentType: Oid.data,
    certificates: [leaf ?? signer.certificate, ...others],
    keyType: 'p-256',
    signedAttributes: signed,
    signature: signer.key.sign(signed),
  });
}

const verify = (bytes: Uint8Array) => verifySigner(parseSignedData(bytes), () => digest);

test('a SignedData that was built is parsed and verified again', () => {
  const parsed = parseSignedData(signedData(attributes, [signer.certificate, other.certificate]));
  expect(parsed.contentType).toBe(Oid.data);
  expect(parsed.content).toBeUndefined();
  expect(parsed.certificates).toHaveLength(2);
  expect(Buffer.from(parsed.signer.signedAttributesBytes).equals(attributes)).toBe(true);
  expect(Buffer.from(verify(signedData()).der).equals(signer.certificate)).toBe(true);
});

describe('a signature is refused with its code', () => {
  const time = encodeSigningTime(new Date());
  const [type, value] = encodeContentAttributes(Oid.data, digest) as [Uint8Array, Uint8Array];
  test.each<[string, Uint8Array, string]>([
    [
      'over other content',
      signedData(encodeSignedAttributes(encodeContentAttributes(Oid.data, sha256(utf8('x'))))),
      'verify.digest',
    ],
    [
      'over another type',
      signedData(encodeSignedAttributes(encodeContentAttributes(Oid.signedData, digest))),
      'verify.signature',
    ],
    ['without a content type', signedData(encodeSignedAttributes([value, time])), 'verify.signature'],
    ['without a message digest', signedData(encodeSignedAttributes([type, time])), 'verify.signature'],
    [
      'with a message digest that is no octets',
      signedData(encodeSignedAttributes([type, encodeAttribute(Oid.messageDigest, derNull())])),
      'der.malformed',
    ],
    [
      'with an attribute twice',
      signedData(encodeSignedAttributes([type, value, encodeAttribute(Oid.messageDigest, derOctetString(sha256()))])),
      'der.malformed',
    ],
    [
      'with an attribute of two values',
      signedData(
        encodeSignedAttributes([type, value, derSequence(derOid(Oid.signingTime), derSetOf(derNull(), derInteger(1)))]),
      ),
      'der.malformed',
    ],
    [
      'with an attribute of no value',
      signedData(encodeSignedAttributes([type, value, derSequence(derOid(Oid.signingTime), derSetOf())])),
      'der.malformed',
    ],
  ])('%s', (_, bytes, code) => {
    expect(() => verify(bytes)).toThrowError(expect.objectContaining({ code }));
  });
});

/** The structure by hand, so that each part can be wrong on its own. */
function byHand(change: Record<string, Uint8Array | undefined>): Uint8Array {
  const { issuer, serialNumber } = parseCertificate(signer.certificate);
  const part = (name: string, usual: Uint8Array) => (name in change ? (change[name] ?? new Uint8Array()) : usual);
  const info = derSequence(
    part('signerVersion', derInteger(1)),
    part('identifier', derSequence(issuer, der(Tag.integer, serialNumber))),
    part('digestAlgorithm', encodeSha256Algorithm()),
    part('attributes', retagAttributes(attributes, 0xa0)),
    part('algorithm', encodeSignatureAlgorithm('p-256')),
    part('signature', derOctetString(signer.key.sign(attributes))),
    part('unsigned', new Uint8Array()),
  );
  const data = derSequence(
    part('version', derInteger(1)),
    derSetOf(encodeSha256Algorithm()),
    part('content', derSequence(derOid(Oid.data))),
    part('certificates', retagAttributes(derSetOf(signer.certificate), 0xa0)),
    part('signers', derSetOf(info)),
    part('more', new Uint8Array()),
  );
  return derSequence(part('type', derOid(Oid.signedData)), derContext(0, data));
}

test('the structure made by hand is the one that the builder makes', () => {
  expect(() => verify(byHand({}))).not.toThrow();
});

describe('a structure is refused with its code where', () => {
  const info = readDerAll(readDerAll(readDer(byHand({})).contents)[1]?.contents ?? digest);
  const one = readDerAll(info[0]?.contents ?? digest).at(-1)?.contents ?? digest;
  const sha1 = derSequence(derOid('1.3.14.3.2.26'), derNull());
  test.each<[string, Record<string, Uint8Array | undefined>, string]>([
    ['it is no SignedData', { type: derOid(Oid.data) }, 'der.malformed'],
    ['its version is unknown', { version: derInteger(2) }, 'der.malformed'],
    ['it has no signer', { signers: derSetOf() }, 'der.malformed'],
    ['it has two signers', { signers: der(Tag.set, one, one) }, 'der.malformed'],
    ['something follows the signers', { more: derNull() }, 'der.malformed'],
    ['the version of the signer is unknown', { signerVersion: derInteger(3) }, 'der.malformed'],
    ['there are no signed attributes', { attributes: undefined }, 'der.malformed'],
    ['the digest is SHA-1', { digestAlgorithm: sha1 }, 'format.unsupported'],
    [
      'the algorithm is ECDSA with SHA-1',
      { algorithm: derSequence(derOid('1.2.840.10045.4.1')) },
      'format.unsupported',
    ],
    [
      'the algorithm has parameters',
      { algorithm: derSequence(derOid(Oid.ecdsaWithSha256), derInteger(1)) },
      'format.unsupported',
    ],
    ['two digest algorithms are named', { algorithm: derSequence(derOid(Oid.ecdsaWithSha384)) }, 'verify.signature'],
    [
      'the algorithm is of another kind of key',
      { algorithm: derSequence(derOid(Oid.rsaEncryption), derNull()) },
      'verify.signature',
    ],
    ['the signature is of another key', { signature: derOctetString(other.key.sign(attributes)) }, 'verify.signature'],
    ['the signature is empty', { signature: derOctetString(new Uint8Array()) }, 'verify.signature'],
    ['there are no certificates', { certificates: undefined }, 'verify.signature'],
    [
      'the certificate is of another signer',
      { certificates: retagAttributes(derSetOf(other.certificate), 0xa0) },
      'verify.signature',
    ],
    [
      "the key identifier is nobody's",
      { signerVersion: derInteger(3), identifier: der(0x80, digest) },
      'verify.signature',
    ],
  ])('%s', (_, change, code) => {
    expect(() => verify(byHand(change))).toThrowError(expect.objectContaining({ code }));
  });
});

test('a signer may be named by the key identifier of its certificate', () => {
  const identifier = parseCertificate(signer.certificate).subjectKeyIdentifier ?? digest;
  expect(() => verify(byHand({ signerVersion: derInteger(3), identifier: der(0x80, identifier) }))).not.toThrow();
});

test('damage anywhere is refused as ours or leaves the signed attributes as they were', () => {
  const whole = signedData();
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const damaged = Uint8Array.from(whole);
      damaged[index] = (damaged[index] ?? 0) ^ change;
      try {
        verify(damaged);
        expect(Buffer.from(parseSignedData(damaged).signer.signedAttributesBytes).equals(attributes)).toBe(true);
      } catch (error) {
        if (!isOriginSignError(error)) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

test('random bytes are refused as ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => parseSignedData(bytes)).toThrowError(expect.objectContaining({ code: 'der.malformed' }));
    }),
  );
});
