import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { describe, expect, test } from 'vitest';
import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import { utf8 } from '../../encoding/bytes.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { derOctetString } from '../../encoding/der.ts';
import { sha256, sha256Hex } from '../../encoding/sha256.ts';
import { encodeContentAttributes, encodeSignedAttributes } from '../../x509/cms-attributes.ts';
import { encodeSignedData } from '../../x509/cms-build.ts';
import { Oid } from '../../x509/oids.ts';
import { bytesSource } from '../bytes-source.ts';
import { besideReader, nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { verifiesUnder } from '../verifies-under.ts';
import { cmsDetached } from './cms-detached.ts';

const file = utf8('a document');
const authority = makeTestAuthority(makeTestKey('p-256'));
const publisher = authority.codeSigning(makeTestKey('p-256'));
const coveredDigest: CoveredDigest = { algorithm: 'sha256', value: sha256Hex(file) };
const verify = (bytes: Uint8Array, beside: ReadonlyMap<string, Uint8Array>) =>
  cmsDetached.verify(bytesSource(bytes), besideReader({ beside }));

test('a signature verifies for its file and tells its key', async () => {
  const { beside, bytes } = await signFile(cmsDetached, file, publisher);
  expect([...beside.keys()]).toEqual(['.p7s']);
  expect(Buffer.from(bytes).equals(file)).toBe(true);
  const signature = await verify(file, beside);
  expect(signature).toMatchObject({ format: 'cms-detached', coveredDigest });
  expect(signature && verifiesUnder(signature, publisher.key.spki)).toBe(true);
  expect(signature && verifiesUnder(signature, authority.key.spki)).toBe(false);
});

test('a signature of another file is refused', async () => {
  const { beside } = await signFile(cmsDetached, file, publisher);
  await expect(verify(utf8('another'), beside)).rejects.toMatchObject({ code: 'verify.digest' });
});

test('a file with nothing beside it is unsigned', async () => {
  expect(await cmsDetached.verify(bytesSource(file), nothingBeside)).toBeUndefined();
});

describe('a structure beside a file is refused', () => {
  const signedData = (contentType: string, content?: Uint8Array) => {
    const attributes = encodeSignedAttributes(encodeContentAttributes(contentType, sha256(file)));
    return encodeSignedData({
      version: 1,
      contentType,
      ...(content === undefined ? {} : { content }),
      certificates: [publisher.certificate],
      keyType: 'p-256',
      signedAttributes: attributes,
      signature: publisher.key.sign(attributes),
    });
  };
  test.each([
    ['that is empty', new Uint8Array(), 'der.malformed'],
    ['that is text', utf8('-----BEGIN PKCS7-----'), 'der.malformed'],
    ['that carries its content', signedData(Oid.data, derOctetString(file)), 'verify.signature'],
    ['of another type', signedData(Oid.timestampInfo), 'verify.signature'],
  ])('%s', async (_, bytes, code) => {
    await expect(verify(file, new Map([['.p7s', bytes]]))).rejects.toMatchObject({ code });
  });

  test('while the same structure done right is accepted', async () => {
    await expect(verify(file, new Map([['.p7s', signedData(Oid.data)]]))).resolves.toBeDefined();
  });
});

describe('the server refuses', () => {
  test.each<[string, CoveredDigest, JsonObject, JsonObject, string]>([
    ['an Authenticode digest', { ...coveredDigest, algorithm: 'authenticodeSha256' }, {}, {}, 'statement.digest'],
    ['inputs', coveredDigest, { content: '' }, {}, 'statement.inputs'],
    ['options', coveredDigest, {}, { output: 'signature' }, 'statement.options'],
  ])('%s', (_, digest, inputs, options, code) => {
    expect(() => {
      cmsDetached.checkInputs(digest, inputs, options);
    }).toThrowError(expect.objectContaining({ code }));
  });
});

test('the client refuses options before it reads', () => {
  expect(() => cmsDetached.digest(bytesSource(file), { detached: 'false' })).toThrowError(
    expect.objectContaining({ code: 'statement.options' }),
  );
});
