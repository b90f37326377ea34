import { constants, privateEncrypt } from 'node:crypto';
import { makeTestKey, type TestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derInteger, derNull, derOctetString, derOid, derSequence } from '../encoding/der.ts';
import { readDer, sequenceCursor, unsignedBytes } from '../encoding/der-reader.ts';
import { utf8 } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';
import { KEY_TYPES, keyTypeOf, type KeyType } from './key-type.ts';
import { Oid } from './oids.ts';
import { signToBeSigned } from './sign-to-be-signed.test.fixture.ts';
import { canSign, sha256DigestInfo, verifySignature, type ToBeSigned } from './signature.ts';

const keys = new Map<KeyType, TestKey>(
  KEY_TYPES.filter((type) => type !== 'rsa-4096').map((type) => [type, makeTestKey(type)]),
);
const message = utf8('a message');
const asMessage: ToBeSigned = { kind: 'message', bytes: message };
const asDigest: ToBeSigned = { kind: 'digest', digest: sha256(message) };

function key(type: KeyType): TestKey {
  const found = keys.get(type);
  if (found === undefined) throw new Error(`no key of type ${type}`);
  return found;
}

describe.each([...keys.keys()])('%s', (type) => {
  const { spki } = key(type);

  test('is recognised by its SubjectPublicKeyInfo', () => {
    expect(keyTypeOf(spki)).toBe(type);
  });

  test('verifies a message that it signed and no other', () => {
    const signature = key(type).sign(message);
    expect(verifySignature(spki, asMessage, signature)).toBe(true);
    expect(verifySignature(spki, { kind: 'message', bytes: utf8('another') }, signature)).toBe(false);
  });

  test('refuses any signature with one bit changed', () => {
    const signature = key(type).sign(message);
    fc.assert(
      fc.property(fc.nat(signature.length * 8 - 1), (bit) => {
        const changed = Uint8Array.from(signature);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verifySignature(spki, asMessage, changed)).toBe(false);
        expect(verifySignature(spki, asDigest, changed)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });

  test('never throws for bytes that are no signature', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(verifySignature(spki, asMessage, bytes)).toBe(false);
        expect(verifySignature(spki, asDigest, bytes)).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(['rsa-2048', 'rsa-3072', 'p-256'] as const)('%s over a digest', (type) => {
  test('makes the same signature as over the message', () => {
    const signature = signToBeSigned(key(type), asDigest);
    expect(verifySignature(key(type).spki, asDigest, signature)).toBe(true);
    expect(verifySignature(key(type).spki, asMessage, signature)).toBe(true);
    expect(verifySignature(key(type).spki, asDigest, key(type).sign(message))).toBe(true);
  });

  test('refuses another digest', () => {
    const signature = signToBeSigned(key(type), asDigest);
    expect(verifySignature(key(type).spki, { kind: 'digest', digest: sha256(utf8('x')) }, signature)).toBe(false);
  });
});

test('P-384 and Ed25519 sign no SHA-256 without its message', () => {
  for (const type of ['p-384', 'ed25519'] as const) {
    expect(canSign(type, asDigest)).toBe(false);
    expect(verifySignature(key(type).spki, asDigest, key(type).sign(message))).toBe(false);
  }
  expect(canSign('rsa-2048', { kind: 'digest', digest: new Uint8Array(20) })).toBe(false);
});

describe('an RSA signature over a digest is refused', () => {
  const rsa = key('rsa-2048');
  const { digest } = asDigest as { digest: Uint8Array };
  const encrypt = (block: Uint8Array) =>
    privateEncrypt({ key: rsa.privateKey, padding: constants.RSA_PKCS1_PADDING }, block);

  test.each([
    ['the bare digest without DigestInfo', digest],
    ['a DigestInfo without the NULL', derSequence(derSequence(derOid(Oid.sha256)), derOctetString(digest))],
    [
      'the DigestInfo of another algorithm',
      derSequence(derSequence(derOid(Oid.sha384), derNull()), derOctetString(digest)),
    ],
    ['bytes behind the DigestInfo', Buffer.concat([sha256DigestInfo(digest), new Uint8Array(8)])],
  ])('over %s', (_, block) => {
    expect(verifySignature(rsa.spki, asDigest, encrypt(block))).toBe(false);
  });

  test('the same DigestInfo done right is accepted', () => {
    expect(verifySignature(rsa.spki, asDigest, encrypt(sha256DigestInfo(digest)))).toBe(true);
  });

  test('with leading or trailing zeros', () => {
    const signature = encrypt(sha256DigestInfo(digest));
    expect(verifySignature(rsa.spki, asDigest, Buffer.concat([new Uint8Array(1), signature]))).toBe(false);
    expect(verifySignature(rsa.spki, asDigest, Buffer.concat([signature, new Uint8Array(1)]))).toBe(false);
  });
});

test('the ECDSA twin with n - s verifies too, so that a signature value is no identity', () => {
  const p256 = key('p-256');
  const parts = sequenceCursor(readDer(p256.sign(message)));
  const r = unsignedBytes(parts.take());
  const s = BigInt(`0x${Buffer.from(unsignedBytes(parts.take())).toString('hex')}`);
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const twin = derSequence(derInteger(r), derInteger(order - s));
  expect(verifySignature(p256.spki, asMessage, twin)).toBe(true);
  expect(verifySignature(p256.spki, asDigest, twin)).toBe(true);
});
