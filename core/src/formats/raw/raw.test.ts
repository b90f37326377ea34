import { makeTestKey } from '@originsign/testkit/test-authority';
import { describe, expect, test } from 'vitest';
import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import { utf8 } from '../../encoding/bytes.ts';
import { encodeBase64 } from '../../encoding/base64.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { sha256Hex } from '../../encoding/sha256.ts';
import { bytesSource } from '../bytes-source.ts';
import type { Source } from '../format.ts';
import { besideReader, nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { verifiesUnder } from '../verifies-under.ts';
import { MAX_CONTENT } from './options.ts';
import { raw } from './raw.ts';

const file = utf8('firmware');
const coveredDigest: CoveredDigest = { algorithm: 'sha256', value: sha256Hex(file) };
const p256 = makeTestKey('p-256');
const other = makeTestKey('p-256');
const ed25519 = makeTestKey('ed25519');

async function found(bytes: Uint8Array, beside: ReadonlyMap<string, Uint8Array>) {
  const signature = await raw.verify(bytesSource(bytes), besideReader({ beside }));
  if (signature === undefined) throw new Error('The file is unsigned.');
  return signature;
}

describe.each<[string, JsonObject, string]>([
  ['a plain signature', {}, '.sig'],
  ['a Sigstore bundle', { output: 'sigstore-bundle' }, '.sigstore.json'],
])('%s', (_, options, extension) => {
  test.each([p256, makeTestKey('rsa-2048'), ed25519])(
    'of a $type key verifies for this file and this key',
    async (key) => {
      const message = key.type === 'ed25519' ? { message: 'content' } : {};
      const { beside, coveredDigest: covered } = await signFile(
        raw,
        file,
        { key },
        { options: { ...options, ...message } },
      );
      expect([...beside.keys()]).toEqual([extension]);
      expect(covered).toBe(coveredDigest.value);
      const signature = await found(file, beside);
      expect(verifiesUnder(signature, key.spki)).toBe(true);
      expect(verifiesUnder(signature, other.spki)).toBe(false);
      expect(signature.coveredDigest).toEqual(coveredDigest);
    },
  );
});

test('a plain signature of another file does not verify', async () => {
  const { beside } = await signFile(raw, file, { key: p256 });
  expect(verifiesUnder(await found(utf8('other'), beside), p256.spki)).toBe(false);
});

test('a bundle of another file is refused before its key is known', async () => {
  const { beside } = await signFile(raw, file, { key: p256 }, { options: { output: 'sigstore-bundle' } });
  await expect(found(utf8('other'), beside)).rejects.toMatchObject({ code: 'verify.digest' });
});

test('an Ed25519 signature of a file too large to have been sent verifies under no key', async () => {
  const { beside } = await signFile(raw, file, { key: ed25519 }, { options: { message: 'content' } });
  const large = new Uint8Array(MAX_CONTENT + 1);
  expect(verifiesUnder(await found(large, beside), ed25519.spki)).toBe(false);
});

test('a bundle counts before a plain signature', async () => {
  const { beside } = await signFile(raw, file, { key: p256 }, { options: { output: 'sigstore-bundle' } });
  const both = new Map([...beside, ['.sig', utf8('something else')]]);
  expect(verifiesUnder(await found(file, both), p256.spki)).toBe(true);
});

test('a file with nothing beside it is unsigned', async () => {
  expect(await raw.verify(bytesSource(file), nothingBeside)).toBeUndefined();
});

describe('what stands beside is refused', () => {
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: 'x' } },
  };
  test.each<[string, string, Uint8Array, string]>([
    ['an empty signature', '.sig', new Uint8Array(), 'verify.signature'],
    ['a signature of 1,000 bytes', '.sig', new Uint8Array(1000), 'verify.signature'],
    ['a bundle that is no JSON', '.sigstore.json', utf8('{'), 'json.malformed'],
    ['a bundle without content', '.sigstore.json', utf8(JSON.stringify(bundle)), 'bundle.malformed'],
    [
      'a bundle that signs a statement',
      '.sigstore.json',
      utf8(
        JSON.stringify({
          ...bundle,
          dsseEnvelope: { payload: 'AA==', payloadType: 'a/b', signatures: [{ sig: 'AA==' }] },
        }),
      ),
      'verify.signature',
    ],
  ])('%s', async (_, extension, bytes, code) => {
    await expect(found(file, new Map([[extension, bytes]]))).rejects.toMatchObject({ code });
  });
});

describe('the server refuses', () => {
  const content = { content: encodeBase64(file) };
  const whole = { message: 'content' };
  test.each<[string, CoveredDigest, JsonObject, JsonObject, string]>([
    ['an Authenticode digest', { ...coveredDigest, algorithm: 'authenticodeSha256' }, {}, {}, 'statement.digest'],
    [
      'a digest in upper case',
      { ...coveredDigest, value: coveredDigest.value.toUpperCase() },
      {},
      {},
      'statement.digest',
    ],
    ['content that nobody asked for', coveredDigest, content, {}, 'statement.inputs'],
    ['content of another digest', { ...coveredDigest, value: sha256Hex() }, content, whole, 'statement.inputs'],
    ['no content', coveredDigest, {}, whole, 'statement.inputs'],
    ['content that is a number', coveredDigest, { content: 1 }, whole, 'statement.inputs'],
    ['content in base64url', coveredDigest, { content: '-_' }, whole, 'statement.inputs'],
    [
      'content larger than 1 MiB',
      coveredDigest,
      { content: encodeBase64(new Uint8Array(MAX_CONTENT + 1)) },
      whole,
      'statement.inputs',
    ],
    ['an unknown option', coveredDigest, {}, { digest: 'sha1' }, 'statement.options'],
    ['an unknown output', coveredDigest, {}, { output: 'minisign' }, 'statement.options'],
    ['an unknown kind of message', coveredDigest, {}, { message: 'prehash' }, 'statement.options'],
    ['an output that is no text', coveredDigest, {}, { output: ['signature'] }, 'statement.options'],
  ])('%s', (_, digest, inputs, options, code) => {
    expect(() => {
      raw.checkInputs(digest, inputs, options);
    }).toThrowError(expect.objectContaining({ code }));
  });

  test('an Ed25519 key without the content, and a P-384 key', () => {
    const context = { coveredDigest, inputs: {}, options: {}, signingTime: new Date() };
    for (const type of ['ed25519', 'p-384'] as const) {
      const key = { type, spki: ed25519.spki, certificates: [] };
      expect(() => raw.toBeSigned({ ...context, key })).toThrowError(
        expect.objectContaining({ code: 'format.key_type' }),
      );
    }
  });
});

test('a file of 1 MiB is sent whole and a larger one is refused before it is read', async () => {
  const options = { message: 'content' };
  const digested = await raw.digest(bytesSource(new Uint8Array(MAX_CONTENT)), options);
  expect(() => {
    raw.checkInputs(digested.coveredDigest, digested.inputs, options);
  }).not.toThrow();
  const large: Source = { size: MAX_CONTENT + 1, read: () => Promise.reject(new Error('read')) };
  await expect(raw.digest(large, options)).rejects.toMatchObject({ code: 'format.too_large' });
});

test('only a bundle has a place for a timestamp, and a plain signature does not lose one silently', () => {
  expect(raw.carriesTimestamp({})).toBe(false);
  expect(raw.carriesTimestamp({ output: 'sigstore-bundle' })).toBe(true);
  const key = { type: 'p-256', spki: p256.spki, certificates: [] } as const;
  const { structure } = raw.toBeSigned({ coveredDigest, inputs: {}, options: {}, key, signingTime: new Date() });
  expect(() => raw.assemble(structure, key, utf8('s'), utf8('t'))).toThrowError(TypeError);
});
