import { createHash, createPublicKey, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KEY_TYPES, keyTypeOf, type KeyType } from '@originsign/core/x509/key-type';
import { signatureDigest, verifySignature, type ToBeSigned } from '@originsign/core/x509/signature';
import { runChild } from '@originsign/testkit/child';
import { createTestToken, pkcs11Tool, testTokenOptions, type TestToken } from '@originsign/testkit/softhsm';
import { openHsm, type Hsm, type TokenKey } from './hsm.ts';

let token: TestToken;
let hsm: Hsm;
const keys = new Map<KeyType, TokenKey>();

beforeAll(async () => {
  token = await createTestToken();
  hsm = await openHsm({ tokens: [testTokenOptions(token, { processes: 2 })] });
  for (const type of KEY_TYPES) keys.set(type, await hsm.generate(`key-${type}`, type));
});
afterAll(async () => {
  await hsm.close();
  await token.remove();
});

function keyOf(type: KeyType): TokenKey {
  const key = keys.get(type);
  if (key === undefined) throw new Error(`There is no ${type} key.`);
  return key;
}

function message(text: string): ToBeSigned & { readonly kind: 'message' } {
  return { kind: 'message', bytes: new Uint8Array(Buffer.from(text)) };
}

describe.each(KEY_TYPES)('a key of the type %s', (type) => {
  test('makes signatures that node:crypto and our verifier accept, for this message alone', async () => {
    const key = keyOf(type);
    const signed = message('the message');
    const signature = await hsm.sign(key, signed);
    const publicKey = createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
    expect(verify(signatureDigest(type) ?? null, signed.bytes, publicKey, signature)).toBe(true);
    expect(verifySignature(key.spki, signed, signature)).toBe(true);
    expect(verifySignature(key.spki, message('another message'), signature)).toBe(false);
  });

  test('makes signatures that openssl accepts', async () => {
    const key = keyOf(type);
    const path = (name: string): string => join(token.directory, `${type}-${name}`);
    await writeFile(path('public.pem'), pem(key.spki));
    await writeFile(path('message'), 'for openssl');
    await writeFile(path('signature'), await hsm.sign(key, message('for openssl')));
    const files = ['-pubin', '-inkey', path('public.pem'), '-sigfile', path('signature'), '-in', path('message')];
    const digest = signatureDigest(type);
    const args = ['pkeyutl', '-verify', '-rawin', ...(digest === undefined ? [] : ['-digest', digest]), ...files];
    expect(await runChild('openssl', args)).toMatchObject({ status: 0, stdout: 'Signature Verified Successfully\n' });
  });

  test('is found by its label with the same id and public key', async () => {
    expect(await hsm.find(`key-${type}`)).toEqual(keyOf(type));
    expect(keyTypeOf(keyOf(type).spki)).toBe(type);
    expect(keyOf(type).id).toHaveLength(16);
  });

  test('cannot leave the token', async () => {
    const shown = await pkcs11Tool(token, '--list-objects', '--type', 'privkey', '--label', `key-${type}`);
    expect(shown).toMatch(/Access:\s+sensitive, always sensitive, never extract?able, local/);
    expect(shown).toMatch(/Usage:\s+sign\n/);
  });
});

test.each(['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256'] as const)(
  '%s signs a SHA-256 as it signs the message',
  async (type) => {
    const signed = message('known by its digest alone');
    const digest = new Uint8Array(createHash('sha256').update(signed.bytes).digest());
    const signature = await hsm.sign(keyOf(type), { kind: 'digest', digest });
    expect(verifySignature(keyOf(type).spki, signed, signature)).toBe(true);
  },
);

test.each(['p-384', 'ed25519'] as const)('%s refuses to sign a digest in place of the message', async (type) => {
  await expect(hsm.sign(keyOf(type), { kind: 'digest', digest: new Uint8Array(32) })).rejects.toMatchObject({
    code: 'format.key_type',
  });
});

test('Ed25519 signs a message of a mebibyte', async () => {
  const signed = { kind: 'message', bytes: new Uint8Array(1024 * 1024).fill(0x61) } as const;
  expect(verifySignature(keyOf('ed25519').spki, signed, await hsm.sign(keyOf('ed25519'), signed))).toBe(true);
});

test('200 signatures at once, of three key types over two processes with four sessions each, are each for their own message', async () => {
  const types = ['p-256', 'rsa-2048', 'ed25519'] as const;
  const jobs = Array.from({ length: 200 }, (_, index) => ({
    key: keyOf(types[index % 3] ?? 'p-256'),
    signed: message(`number ${index}`),
  }));
  const signatures = await Promise.all(jobs.map(({ key, signed }) => hsm.sign(key, signed)));
  const valid = jobs.filter(({ key, signed }, index) =>
    verifySignature(key.spki, signed, signatures[index] ?? new Uint8Array()),
  );
  expect(valid).toHaveLength(200);
  expect(new Set(hsm.pids).size).toBe(2);
});

test('a key is refused under another type, and the session is usable afterwards', async () => {
  const wrong = { ...keyOf('p-256'), type: 'rsa-3072' } as const;
  await expect(hsm.sign(wrong, message('x'))).rejects.toMatchObject({
    code: 'hsm.configuration',
    message: 'The key "key-p-256" is p-256 on the token, not rsa-3072.',
  });
  expect(await hsm.sign(keyOf('p-256'), message('x'))).toBeInstanceOf(Uint8Array);
});

test('a key is refused under another id or label', async () => {
  const key = keyOf('p-256');
  await expect(hsm.sign({ ...key, id: new Uint8Array(16) }, message('x'))).rejects.toMatchObject({
    code: 'key.unknown',
  });
  await expect(hsm.sign({ ...key, label: 'key-p-384' }, message('x'))).rejects.toMatchObject({ code: 'key.unknown' });
  expect(await hsm.find('no-such-key')).toBeUndefined();
});

test('a label is used once, whatever the type', async () => {
  await expect(hsm.generate('key-p-256', 'ed25519')).rejects.toMatchObject({ code: 'key.exists' });
  expect(await hsm.find('key-p-256')).toEqual(keyOf('p-256'));
});

test('a key is not generated on a token that is not configured', async () => {
  await expect(hsm.generate('elsewhere', 'p-256', 'no-such-token')).rejects.toMatchObject({ code: 'input.invalid' });
});

function pem(spki: Uint8Array): string {
  return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({
    format: 'pem',
    type: 'spki',
  }) as string;
}
