import { readFileSync } from 'node:fs';
import { createPublicKey } from 'node:crypto';
import { makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../encoding/base64.ts';
import { concatBytes, equalBytes, utf8, utf8Text } from '../../encoding/bytes.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { encodeHex } from '../../encoding/hex.ts';
import { sha256Hex } from '../../encoding/sha256.ts';
import { isOriginSignError } from '../../errors/error.ts';
import { bytesSource } from '../bytes-source.ts';
import type { Source, VerifiedSignature } from '../format.ts';
import { raw } from '../raw/raw.ts';
import { MAX_CONTENT } from '../raw/options.ts';
import { besideReader, nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { verifiesUnder } from '../verifies-under.ts';
import { blake2b512 } from './digest.ts';
import { minisign } from './minisign.ts';
import { formatMinisign, globalMessage, minisignPublicKey, parseMinisign } from './signature-file.ts';

const file = utf8('a tarball');
const key = makeTestKey('ed25519');
const signingTime = new Date('2026-11-22T09:14:03Z');
const context = { signingTime, name: 'dist/app.tgz' };
const coveredDigest = { algorithm: 'blake2b512', value: encodeHex(blake2b512(file)) } as const;
const kinds = [
  ['hashed', {}],
  ['legacy', { legacy: true }],
] as const;
const verify = (bytes: Uint8Array, signature: Uint8Array) =>
  minisign.verify(bytesSource(bytes), besideReader({ beside: new Map([['.minisig', signature]]) }));

async function signed(options: JsonObject = {}): Promise<Uint8Array> {
  const { beside, bytes } = await signFile(minisign, file, { key }, { options, context });
  expect([...beside.keys()]).toEqual(['.minisig']);
  expect(equalBytes(bytes, file)).toBe(true);
  return beside.get('.minisig') ?? new Uint8Array();
}

async function accepted(bytes: Uint8Array, signature: Uint8Array, spki = key.spki): Promise<boolean> {
  const verified = await verify(bytes, signature);
  return verified !== undefined && verifiesUnder(verified, spki);
}

describe.each(kinds)('a %s signature', (kind, options) => {
  test('verifies for its file and its key, and for no other', async () => {
    const signature = await signed(options);
    expect(await verify(file, signature)).toMatchObject({ format: 'minisign', coveredDigest });
    expect(await accepted(file, signature)).toBe(true);
    expect(await accepted(utf8('another'), signature)).toBe(false);
    for (const type of ['ed25519', 'p-256', 'rsa-2048'] as const) {
      expect(await accepted(file, signature, makeTestKey(type).spki)).toBe(false);
    }
  });

  test('says time and name as minisign does, under a second signature', async () => {
    const { trustedComment, algorithm } = parseMinisign(await signed(options));
    const hashed = kind === 'hashed' ? '\thashed' : '';
    expect(trustedComment).toBe(`timestamp:1795338843\tfile:app.tgz${hashed}`);
    expect(algorithm).toBe(kind === 'hashed' ? 'ED' : 'Ed');
  });

  test('with another comment, another second signature or another kind is refused', async () => {
    const parts = parseMinisign(await signed(options));
    const other = parts.algorithm === 'ED' ? 'Ed' : 'ED';
    expect(await accepted(file, formatMinisign(parts))).toBe(true);
    expect(await accepted(file, formatMinisign({ ...parts, trustedComment: 'timestamp:1' }))).toBe(false);
    expect(await accepted(file, formatMinisign({ ...parts, globalSignature: parts.signature }))).toBe(false);
    expect(await accepted(file, formatMinisign({ ...parts, algorithm: other }))).toBe(false);
  });

  test('with any changed bit of its signatures is refused', async () => {
    const parts = parseMinisign(await signed(options));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('signature', 'globalSignature'), fc.nat(511), async (name, bit) => {
        const changed = Uint8Array.from(parts[name]);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(await accepted(file, formatMinisign({ ...parts, [name]: changed }))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

test('the published vectors, which minisign made', async () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../../../docs/formats/vectors/minisign.json', import.meta.url), 'utf8'),
  ) as Record<'file' | 'publicKey' | 'signature' | 'legacySignature', string>;
  const line = Buffer.from(vectors.publicKey.split('\n')[1] ?? '', 'base64');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: line.subarray(10).toString('base64url') };
  const spki = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  for (const text of [vectors.signature, vectors.legacySignature]) {
    expect(await accepted(utf8(vectors.file), utf8(text), spki)).toBe(true);
    expect(Buffer.from(parseMinisign(utf8(text)).keyId).equals(line.subarray(2, 10))).toBe(true);
  }
});

test('the public key file is that of the key, and only Ed25519 keys have one', () => {
  const [comment, line = ''] = minisignPublicKey(key.spki).split('\n');
  expect(comment).toMatch(/^untrusted comment: minisign public key [0-9A-F]{16}$/);
  expect(Buffer.from(line, 'base64').subarray(10).equals(key.spki.subarray(-32))).toBe(true);
  expect(() => minisignPublicKey(makeTestKey('p-256').spki)).toThrowError(
    expect.objectContaining({ code: 'format.key_type' }),
  );
});

test('a file with nothing beside it is unsigned', async () => {
  expect(await minisign.verify(bytesSource(file), nothingBeside)).toBeUndefined();
});

describe('a file beside is refused', () => {
  const lines = (change: (lines: string[]) => unknown) => (text: string) => {
    const all = text.split('\n');
    change(all);
    return all.join('\n');
  };
  test.each<[string, (text: string) => string]>([
    ['that is empty', () => ''],
    ['without its last line', lines((all) => all.splice(3, 1))],
    ['without a final line end', (text) => text.slice(0, -1)],
    ['with a line too many', (text) => `${text}more\n`],
    ['with carriage returns', (text) => text.replaceAll('\n', '\r\n')],
    ['with a terminal sequence in its comment', (text) => text.replace('timestamp', '\u001b[2Jtimestamp')],
    ['with a direction override in its comment', (text) => text.replace('timestamp', '\u202etimestamp')],
    ['without an untrusted comment', (text) => text.replace('untrusted comment: ', 'comment: ')],
    ['without a trusted comment', (text) => text.replace('\ntrusted comment: ', '\ncomment: ')],
    ['with a long comment', (text) => text.replace('timestamp:', `timestamp:${'1'.repeat(9000)}`)],
    ['of 20 KiB', (text) => text.replace('timestamp:', `timestamp:${'1'.repeat(20_000)}`)],
    ['with base64url', lines((all) => (all[1] = (all[1] ?? '').replace(/[A-Za-z]/, '-')))],
    ['with a short signature', lines((all) => (all[1] = (all[1] ?? '').slice(4)))],
    ['with a second spelling of its base64', lines((all) => (all[3] = (all[3] ?? '').replace(/.==$/, 'x==')))],
    ['of an unknown kind', lines((all) => (all[1] = `X${(all[1] ?? '').slice(1)}`))],
  ])('%s', async (_, change) => {
    const text = change(utf8Text(await signed()));
    await expect(verify(file, utf8(text))).rejects.toMatchObject({ code: 'verify.signature' });
  });

  test('that is not UTF-8', async () => {
    const bytes = concatBytes(Uint8Array.of(0xff), await signed());
    await expect(verify(file, bytes)).rejects.toMatchObject({ code: 'verify.signature' });
  });
});

describe('the server refuses', () => {
  const content = { content: encodeBase64(file) };
  const sha256 = { algorithm: 'sha256', value: sha256Hex(file) } as const;
  test.each<[string, typeof coveredDigest | typeof sha256, JsonObject, JsonObject, string]>([
    ['a SHA-256', sha256, {}, {}, 'statement.digest'],
    ['a short digest', { ...coveredDigest, value: coveredDigest.value.slice(2) }, {}, {}, 'statement.digest'],
    ['content that nobody asked for', coveredDigest, content, {}, 'statement.inputs'],
    ['no content', coveredDigest, {}, { legacy: true }, 'statement.inputs'],
    [
      'content of another digest',
      coveredDigest,
      { content: encodeBase64(key.spki) },
      { legacy: true },
      'statement.inputs',
    ],
    ['a comment', coveredDigest, { trustedComment: 'from your bank' }, {}, 'statement.inputs'],
    ['an unknown option', coveredDigest, {}, { trustedComment: 'from your bank' }, 'statement.options'],
    ['a legacy that is a text', coveredDigest, {}, { legacy: 'true' }, 'statement.options'],
  ])('%s', (_, digest, inputs, options, code) => {
    expect(() => {
      minisign.checkInputs(digest, inputs, options);
    }).toThrowError(expect.objectContaining({ code }));
  });

  test('keys that are not Ed25519', () => {
    for (const type of ['p-256', 'rsa-3072'] as const) {
      const other = { type, spki: key.spki, certificates: [] };
      const wanted = { coveredDigest, inputs: {}, options: {}, key: other, signingTime };
      expect(() => minisign.toBeSigned(wanted)).toThrowError(expect.objectContaining({ code: 'format.key_type' }));
    }
  });

  test('to finish a signature without the second one, or with a timestamp', () => {
    const signer = { type: 'ed25519', spki: key.spki, certificates: [] } as const;
    const { structure } = minisign.toBeSigned({ coveredDigest, inputs: {}, options: {}, key: signer, signingTime });
    const finished = minisign.second?.join(structure, new Uint8Array(64)) ?? structure;
    const signature = new Uint8Array(64);
    expect(() => minisign.assemble(structure, signer, signature, undefined)).toThrowError(TypeError);
    expect(() => minisign.assemble(finished, signer, signature, utf8('token'))).toThrowError(TypeError);
    expect(() => minisign.assemble(finished, signer, signature, undefined)).not.toThrow();
  });
});

test('a legacy signature of more than 1 MiB is refused before it is read, a hashed one is not', async () => {
  const large = bytesSource(new Uint8Array(MAX_CONTENT + 1));
  const unread: Source = { size: large.size, read: () => Promise.reject(new Error('read')) };
  await expect(minisign.digest(unread, { legacy: true })).rejects.toMatchObject({ code: 'format.too_large' });
  expect((await minisign.digest(large, {})).inputs).toEqual({});
  await expect(verify(new Uint8Array(MAX_CONTENT + 1), await signed({ legacy: true }))).rejects.toMatchObject({
    code: 'format.too_large',
  });
});

test('two raw signatures of the same key make a minisign signature: why a key for minisign should sign nothing else', async () => {
  const rawOver = async (content: Uint8Array) =>
    (await signFile(raw, content, { key }, { options: { message: 'content' } })).signature;
  const signature = await rawOver(blake2b512(file));
  const trustedComment = 'what the attacker likes';
  const globalSignature = await rawOver(globalMessage(signature, trustedComment));
  const parts = { ...parseMinisign(await signed()), signature, trustedComment, globalSignature };
  expect(await accepted(file, formatMinisign(parts))).toBe(true);
});

test('whatever lies beside a file, reading ends with a result or an error of ours', async () => {
  const good = await signed();
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  const any = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    fc.array(change, { maxLength: 8 }).map((changes) => {
      const copy = Uint8Array.from(good);
      for (const [at, octet] of changes) copy[at] = octet;
      return copy;
    }),
    fc.nat(good.length).map((length) => good.subarray(0, length)),
  );
  const honest = await verify(file, good);
  await fc.assert(
    fc.asyncProperty(any, async (bytes) => {
      const outcome = await verify(file, bytes).catch((error: unknown) => error);
      if (isOriginSignError(outcome, 'verify.signature')) return;
      const verified = outcome as VerifiedSignature;
      // Only the untrusted comment and the hint of the key are in neither signature.
      if (verifiesUnder(verified, key.spki)) expect(verified).toEqual(honest);
    }),
    { numRuns: 2500 },
  );
});
