import { generateKeyPairSync } from 'node:crypto';
import { makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../encoding/bytes.ts';
import { derBitString, derInteger, derNull, derOid, derSequence } from '../encoding/der.ts';
import { isOriginSignError } from '../errors/error.ts';
import { keyTypeOf } from './key-type.ts';
import { Oid } from './oids.ts';
import { parsePublicKey } from './public-key.ts';

function rsaSpki(modulus: Uint8Array, exponent: number, parameters = [derNull()]): Uint8Array {
  const key = derSequence(derInteger(modulus), derInteger(exponent));
  return derSequence(derSequence(derOid(Oid.rsaEncryption), ...parameters), derBitString(key));
}

function ecSpki(curve: string, point: Uint8Array): Uint8Array {
  return derSequence(derSequence(derOid(Oid.ecPublicKey), derOid(curve)), derBitString(point));
}

const modulus = (bytes: number) => new Uint8Array(bytes).fill(0xc5);
const point = (first: number, length: number) => Uint8Array.of(first, ...new Uint8Array(length - 1));

describe('a key that cannot be used is refused with its code', () => {
  test.each<[string, Uint8Array, string]>([
    ['RSA of 1,024 bits', rsaSpki(modulus(128), 65537), 'format.key_type'],
    ['RSA of 2,047 bits', rsaSpki(Uint8Array.of(0x7f, ...modulus(255)), 65537), 'format.key_type'],
    ['RSA of 16,384 bits', rsaSpki(modulus(2048), 65537), 'format.key_type'],
    ['RSA with exponent 1', rsaSpki(modulus(256), 1), 'format.key_type'],
    ['RSA with exponent 3', rsaSpki(modulus(256), 3), 'format.key_type'],
    ['RSA with an even exponent', rsaSpki(modulus(256), 65538), 'format.key_type'],
    ['RSA without the NULL', rsaSpki(modulus(256), 65537, []), 'format.key_type'],
    [
      'RSA-PSS',
      derSequence(derSequence(derOid('1.2.840.113549.1.1.10')), derBitString(point(4, 65))),
      'format.key_type',
    ],
    ['a compressed point', ecSpki(Oid.p256, point(2, 33)), 'format.key_type'],
    ['a point of another curve', ecSpki(Oid.p256, point(4, 97)), 'format.key_type'],
    ['secp256k1', ecSpki('1.3.132.0.10', point(4, 65)), 'format.key_type'],
    ['nothing', new Uint8Array(), 'der.malformed'],
    ['bytes behind the key', concatBytes(rsaSpki(modulus(256), 65537), Uint8Array.of(0)), 'der.malformed'],
  ])('%s', (_, spki, code) => {
    expect(() => parsePublicKey(spki)).toThrowError(expect.objectContaining({ code }));
  });
});

test('curves and sizes that only other people sign with are read but have no key type', () => {
  const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey.export({ format: 'der', type: 'spki' });
  expect(parsePublicKey(p521)).toMatchObject({ algorithm: 'ec', curve: 'p-521' });
  expect(() => keyTypeOf(p521)).toThrowError(expect.objectContaining({ code: 'format.key_type' }));
  expect(parsePublicKey(rsaSpki(modulus(1024), 65537))).toMatchObject({ algorithm: 'rsa', bits: 8192 });
});

test('damaged keys are refused as ours, never by a crash', () => {
  const { spki } = makeTestKey('p-256');
  fc.assert(
    fc.property(fc.nat(spki.length - 1), fc.nat(255), (index, octet) => {
      const damaged = Uint8Array.from(spki);
      damaged[index] = octet;
      try {
        parsePublicKey(damaged);
      } catch (error) {
        if (!isOriginSignError(error)) throw error;
      }
    }),
  );
});
