import { createHash, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeHex } from '@originsign/core/encoding/hex';
import { KEY_TYPES, keyTypeOf, type KeyType } from '@originsign/core/x509/key-type';
import { verifySignature } from '@originsign/core/x509/signature';
import { KEY_MECHANISMS, mechanismInput } from './mechanisms.ts';
import { curveType, encodePublicKey } from './public-key-export.ts';

const MESSAGE = new Uint8Array(Buffer.from('the message'));
const SHA256 = new Uint8Array(createHash('sha256').update(MESSAGE).digest());
const message = { kind: 'message', bytes: MESSAGE } as const;
const digest = { kind: 'digest', digest: SHA256 } as const;

describe('what the token signs', () => {
  test('is DigestInfo and SHA-256 for RSA, also where the digest alone is known', () => {
    const expected = `3031300d060960864801650304020105000420${encodeHex(SHA256)}`;
    expect(encodeHex(mechanismInput('rsa-3072', message))).toBe(expected);
    expect(encodeHex(mechanismInput('rsa-3072', digest))).toBe(expected);
  });

  test('is the SHA-256 for P-256, the SHA-384 for P-384 and the message for Ed25519', () => {
    expect(mechanismInput('p-256', message)).toEqual(SHA256);
    expect(mechanismInput('p-256', digest)).toEqual(SHA256);
    expect(encodeHex(mechanismInput('p-384', message))).toBe(createHash('sha384').update(MESSAGE).digest('hex'));
    expect(mechanismInput('ed25519', message)).toEqual(MESSAGE);
  });

  test.each<readonly [KeyType, Uint8Array]>([
    ['p-384', SHA256],
    ['ed25519', SHA256],
    ['p-256', new Uint8Array(31)],
    ['rsa-2048', new Uint8Array(48)],
  ])('is refused for %s and a digest that it cannot sign', (type, bytes) => {
    expect(() => mechanismInput(type, { kind: 'digest', digest: bytes })).toThrow(
      expect.objectContaining({ code: 'format.key_type' }),
    );
  });
});

describe('what the token returned', () => {
  test.each([
    ['p-256', 32],
    ['p-384', 48],
  ] as const)('becomes DER for %s, whatever r and s are', (type, length) => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2 * length, maxLength: 2 * length }), (raw) => {
        const der = KEY_MECHANISMS[type].output(raw);
        // Read by hand: two INTEGERs in a SEQUENCE, minimal and not negative.
        const [r, s] = [der.subarray(4, 4 + (der[3] ?? 0)), der.subarray(6 + (der[3] ?? 0))];
        const value = (bytes: Uint8Array): bigint => BigInt(`0x0${encodeHex(bytes)}`);
        expect([der[0], der[1], der[2]]).toEqual([0x30, der.length - 2, 0x02]);
        expect([value(r), value(s)]).toEqual([value(raw.subarray(0, length)), value(raw.subarray(length))]);
        for (const number of [r, s]) {
          expect(number[0]).toBeLessThan(0x80);
          expect(number.length === 1 || number[0] !== 0 || (number[1] ?? 0) >= 0x80).toBe(true);
        }
      }),
    );
  });

  test('verifies after the conversion', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const raw = new Uint8Array(sign('sha384', MESSAGE, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
    expect(verifySignature(spkiOf(privateKey), message, KEY_MECHANISMS['p-384'].output(raw))).toBe(true);
  });

  test.each(KEY_TYPES)('of another length is refused for %s', (type) => {
    const mechanism = KEY_MECHANISMS[type];
    for (const length of [0, mechanism.signatureLength - 1, mechanism.signatureLength + 1]) {
      expect(() => mechanism.output(new Uint8Array(length))).toThrow(expect.objectContaining({ code: 'hsm.failed' }));
    }
  });
});

function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
}

function field(key: KeyObject, name: 'n' | 'e' | 'x' | 'y'): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' })[name] ?? '', 'base64url');
}

const NAMED_25519 = Buffer.from('130c656477617264733235353139', 'hex');
const OID_25519 = Buffer.from('06032b6570', 'hex');
const OID_P256 = Buffer.from('06082a8648ce3d030107', 'hex');
const OID_P384 = Buffer.from('06052b81040022', 'hex');

describe('an exported public key', () => {
  test('of an RSA key is the SubjectPublicKeyInfo that OpenSSL makes', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const [modulus, exponent] = [field(privateKey, 'n'), field(privateKey, 'e')];
    expect(encodeHex(encodePublicKey({ kind: 'rsa', modulus, exponent }))).toBe(encodeHex(spkiOf(privateKey)));
  });

  test.each([
    ['P-256', OID_P256],
    ['P-384', OID_P384],
  ])('of a %s key is the same, with the point wrapped or not', (namedCurve, parameters) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve });
    const point = Buffer.concat([Buffer.of(4), field(privateKey, 'x'), field(privateKey, 'y')]);
    const wrapped = Buffer.concat([Buffer.of(4, point.length), point]);
    for (const value of [point, wrapped]) {
      const spki = encodePublicKey({ kind: 'ec', parameters, point: value });
      expect(encodeHex(spki)).toBe(encodeHex(spkiOf(privateKey)));
      expect(keyTypeOf(spki)).toBe(curveType(parameters));
    }
  });

  test.each([
    ['name', NAMED_25519],
    ['identifier', OID_25519],
  ])('of an Ed25519 key is the same where the token has the curve by %s', (_form, parameters) => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const point = field(privateKey, 'x');
    for (const value of [point, Buffer.concat([Buffer.of(4, 32), point])]) {
      expect(encodeHex(encodePublicKey({ kind: 'ec', parameters, point: value }))).toBe(encodeHex(spkiOf(privateKey)));
    }
  });

  test.each([
    ['a point of the wrong length', { kind: 'ec', parameters: OID_P256, point: new Uint8Array(64) }],
    [
      'a point wrapped as something else',
      { kind: 'ec', parameters: NAMED_25519, point: Buffer.concat([Buffer.of(3, 32), new Uint8Array(32)]) },
    ],
    [
      'a curve that is not ours',
      { kind: 'ec', parameters: Buffer.from('06052b8104000a', 'hex'), point: new Uint8Array(65) },
    ],
    ['no curve at all', { kind: 'ec', parameters: new Uint8Array(), point: new Uint8Array(65) }],
  ] as const)('is refused for %s', (_case, attributes) => {
    expect(() => encodePublicKey(attributes)).toThrow(expect.objectContaining({ code: 'hsm.configuration' }));
  });
});
