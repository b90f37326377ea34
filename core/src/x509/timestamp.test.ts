import { createHash, randomBytes } from 'node:crypto';
import { makeTestAuthority, makeTestKey, type TestCertificate } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import {
  der,
  derBoolean,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derUtf8String,
  Tag,
} from '../encoding/der.ts';
import { sha256 } from '../encoding/sha256.ts';
import { isOriginSignError } from '../errors/error.ts';
import { encodeAttribute, encodeContentAttributes, encodeSignedAttributes } from './cms-attributes.ts';
import { encodeSignedData } from './cms-build.ts';
import { Oid } from './oids.ts';
import { encodeSha256Algorithm } from './signature-algorithm.ts';
import { encodeSigningCertificate } from './signing-certificate.ts';
import { encodeTimestampRequest, encodeTimestampResponse, parseTimestampResponse } from './timestamp-protocol.ts';
import { statedTimestampTime, verifyTimestampToken, type TimestampExpectation } from './timestamp-token.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
const clock = authority.timestamping(makeTestKey('p-256'));
const publisher = authority.codeSigning(makeTestKey('p-256'));
const signature = utf8('a signature value');
const nonce = Uint8Array.of(0, 7, ...randomBytes(8));
const time = new Date(Math.floor(Date.now() / 1000) * 1000);

interface TokenParts {
  readonly imprint?: Uint8Array;
  readonly at?: Date;
  readonly version?: number;
  readonly withNonce?: Uint8Array | null;
  readonly extensions?: Uint8Array;
  readonly signer?: TestCertificate;
  readonly named?: Uint8Array | null;
  readonly contentType?: string;
  /** Attributes in the place of ESSCertIDv2. */
  readonly naming?: readonly Uint8Array[];
}

function generalizedTime(at: Date): Uint8Array {
  return der(Tag.generalizedTime, utf8(at.toISOString().replace(/[-:T]|\.000/g, '')));
}

/** A token as an authority makes it, unless told otherwise. */
function token(parts: TokenParts = {}): Uint8Array {
  const { imprint = sha256(signature), at = time, version = 1, withNonce = nonce, signer = clock } = parts;
  const { named = signer.certificate, contentType = Oid.timestampInfo } = parts;
  const info = derSequence(
    derInteger(version),
    derOid('1.2.3.4'),
    derSequence(encodeSha256Algorithm(), derOctetString(imprint)),
    derInteger(77),
    generalizedTime(at),
    derSequence(derInteger(1)),
    ...(withNonce === null ? [] : [derInteger(withNonce)]),
    ...(parts.extensions === undefined ? [] : [der(0xa1, parts.extensions)]),
  );
  const attributes = encodeSignedAttributes([
    ...encodeContentAttributes(contentType, sha256(info)),
    ...(parts.naming ?? (named === null ? [] : [encodeSigningCertificate(named)])),
  ]);
  return encodeSignedData({
    version: 3,
    contentType,
    content: derOctetString(info),
    certificates: [signer.certificate],
    keyType: 'p-256',
    signedAttributes: attributes,
    signature: signer.key.sign(attributes),
  });
}

test('a good token tells time, policy, serial number and authority', () => {
  const near = { now: new Date(time.getTime() + 1000), milliseconds: 5000 };
  expect(verifyTimestampToken(token(), signature, [authority.certificate], { nonce, near })).toEqual({
    time,
    policy: '1.2.3.4',
    serialNumber: '4d',
    authority: 'CN=Test Timestamps,O=OriginSign Test',
  });
  expect(statedTimestampTime(token())).toEqual(time);
});

test('without a request to compare with, the nonce does not matter', () => {
  expect(() => verifyTimestampToken(token({ withNonce: null }), signature, [authority.certificate])).not.toThrow();
});

test('extensions that are not critical are passed over', () => {
  const extensions = derSequence(derOid('1.2.3'), derOctetString(derNull()));
  expect(() => verifyTimestampToken(token({ extensions }), signature, [authority.certificate])).not.toThrow();
});

/** Names a certificate as RFC 2634 did, by SHA-1. */
function oldNaming(certificate: Uint8Array): Uint8Array {
  const hash = createHash('sha1').update(certificate).digest();
  return encodeAttribute(Oid.signingCertificate, derSequence(derSequence(derSequence(derOctetString(hash)))));
}

test('a certificate may be named in the older way, and where both are there both must be right', () => {
  const [old, wrong] = [oldNaming(clock.certificate), oldNaming(publisher.certificate)];
  const recent = encodeSigningCertificate(clock.certificate);
  const verify = (naming: readonly Uint8Array[]) =>
    verifyTimestampToken(token({ naming }), signature, [authority.certificate]);
  expect(() => verify([old])).not.toThrow();
  expect(() => verify([old, recent])).not.toThrow();
  expect(() => verify([wrong])).toThrowError(/does not name the certificate/);
  expect(() => verify([wrong, recent])).toThrowError(/does not name the certificate/);
  expect(() => verify([old, encodeSigningCertificate(publisher.certificate)])).toThrowError(/does not name/);
});

test('damage anywhere in a token is refused, or leaves what it says as it was', () => {
  const whole = token();
  const good = verifyTimestampToken(whole, signature, [authority.certificate]);
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const damaged = Uint8Array.from(whole);
      damaged[index] = (damaged[index] ?? 0) ^ change;
      try {
        expect(verifyTimestampToken(damaged, signature, [authority.certificate])).toEqual(good);
      } catch (error) {
        if (!isOriginSignError(error, 'verify.timestamp')) throw error;
      }
    }),
    { numRuns: 400 },
  );
});

describe('refuses a token', () => {
  const fresh: TimestampExpectation = { nonce, near: { now: time, milliseconds: 60_000 } };
  const critical = derSequence(derOid('1.2.3'), derBoolean(true), derOctetString(derNull()));
  const stranger = makeTestAuthority(makeTestKey('p-256'));
  const expired = authority.timestamping(clock.key, { notAfter: new Date(time.getTime() - 1000) });
  test.each<[string, TokenParts, RegExp]>([
    ['over something else', { imprint: sha256(utf8('x')) }, /for another signature/],
    ['with an imprint of the wrong length', { imprint: new Uint8Array(20) }, /for another signature/],
    ['with another nonce', { withNonce: randomBytes(8) }, /answers another request/],
    ['without a nonce', { withNonce: null }, /answers another request/],
    ['of an unknown version', { version: 2 }, /unknown version/],
    ['with a critical extension', { extensions: critical }, /critical extension/],
    ['from the past', { at: new Date(time.getTime() - 120_000) }, /too far from now/],
    ['from the future', { at: new Date(time.getTime() + 120_000) }, /too far from now/],
    ['of a publisher', { signer: publisher }, /not for timestamps alone/],
    [
      'of an authority with another root',
      { signer: stranger.timestamping(clock.key) },
      /is not signed by|does not lead/,
    ],
    ['of an authority whose certificate had expired', { signer: expired }, /is valid from/],
    ['that names no certificate', { named: null }, /does not name the certificate/],
    ['that names another certificate', { named: publisher.certificate }, /does not name the certificate/],
    ['that is no timestamp', { contentType: Oid.data }, /expected a timestamp/],
  ])('%s', (_, parts, reason) => {
    const verify = () => verifyTimestampToken(token(parts), signature, [authority.certificate], fresh);
    expect(verify).toThrowError(expect.objectContaining({ code: 'verify.timestamp' }));
    expect(verify).toThrowError(reason);
  });

  test('that is cut short', () => {
    expect(() => verifyTimestampToken(token().subarray(0, -1), signature, [authority.certificate])).toThrowError(
      expect.objectContaining({ code: 'verify.timestamp' }),
    );
  });
});

describe('a response', () => {
  test.each<[string, Uint8Array]>([
    ['that refuses', derSequence(derSequence(derInteger(2), derSequence(derUtf8String('no'))))],
    ['that refuses but carries a token', derSequence(derSequence(derInteger(2)), token())],
    ['that waits', derSequence(derSequence(derInteger(3)))],
    ['that grants without a token', derSequence(derSequence(derInteger(0)))],
    ['that is garbage', utf8('<html>')],
    ['that is empty', new Uint8Array()],
  ])('%s is refused', (_, bytes) => {
    expect(() => parseTimestampResponse(bytes)).toThrowError(expect.objectContaining({ code: 'timestamp.invalid' }));
  });

  test('that grants gives its token', () => {
    expect(Buffer.from(parseTimestampResponse(encodeTimestampResponse(token({ named: null })))).length).toBeGreaterThan(
      0,
    );
    const granted = token();
    expect(Buffer.from(parseTimestampResponse(encodeTimestampResponse(granted))).equals(granted)).toBe(true);
  });
});

test('a request without enough of a nonce is a mistake of the programmer', () => {
  expect(() => encodeTimestampRequest(sha256(signature), new Uint8Array(4))).toThrowError(TypeError);
  expect(() => encodeTimestampRequest(new Uint8Array(20), randomBytes(8))).toThrowError(TypeError);
});
