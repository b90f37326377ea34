import { readFileSync } from 'node:fs';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../encoding/base64.ts';
import { concatBytes, equalBytes, utf8 } from '../../encoding/bytes.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import {
  derContext,
  derContextPrimitive,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
} from '../../encoding/der.ts';
import { decodeHex, encodeHex } from '../../encoding/hex.ts';
import { sha256, sha256Hex } from '../../encoding/sha256.ts';
import { isOriginSignError } from '../../errors/error.ts';
import { parseCertificate } from '../../x509/certificate.ts';
import { Oid } from '../../x509/oids.ts';
import { encodeSha256Algorithm, encodeSignatureAlgorithm } from '../../x509/signature-algorithm.ts';
import { bytesSource } from '../bytes-source.ts';
import type { VerifiedSignature } from '../format.ts';
import { nothingBeside, signFile } from '../sign-file.test.fixture.ts';
import { verifiesUnder } from '../verifies-under.ts';
import { linuxModule } from './linux-module.ts';
import { encodeModuleSignature, readModuleSignature, subjectKeyIdentifier } from './signature-block.ts';
import { syntheticModule } from './synthetic-module.test.fixture.ts';
import { encodeTrailer } from './trailer.ts';

const key = makeTestKey('p-256');
const { certificate } = makeTestAuthority(makeTestKey('p-256')).codeSigning(key);
const module = syntheticModule();
const coveredDigest = { algorithm: 'linuxModuleSha256', value: sha256Hex(module) } as const;
const verify = (bytes: Uint8Array) => linuxModule.verify(bytesSource(bytes), nothingBeside);
const accepted = async (bytes: Uint8Array, spki = key.spki) => {
  const verified = await verify(bytes);
  return verified !== undefined && verifiesUnder(verified, spki);
};

const anyModule = fc
  .record({ wide: fc.boolean(), little: fc.boolean(), data: fc.uint8Array({ maxLength: 60 }) })
  .map(syntheticModule);

test('signing appends and changes no byte of the module', async () => {
  await fc.assert(
    fc.asyncProperty(anyModule, async (file) => {
      const { bytes, coveredDigest: covered } = await signFile(linuxModule, file, { key });
      expect(equalBytes(bytes.subarray(0, file.length), file)).toBe(true);
      expect(covered).toBe(sha256Hex(file));
      expect(Buffer.from(bytes.subarray(-28)).toString()).toBe('~Module signature appended~\n');
      expect(await accepted(bytes)).toBe(true);
      expect(await accepted(bytes, makeTestKey('p-256').spki)).toBe(false);
    }),
    { numRuns: 20 },
  );
});

test('signing again replaces the signature', async () => {
  const first = await signFile(linuxModule, module, { key });
  const other = makeTestKey('rsa-2048');
  const second = await signFile(linuxModule, first.bytes, { key: other });
  expect(second.coveredDigest).toBe(first.coveredDigest);
  expect(equalBytes(second.bytes.subarray(0, module.length), module)).toBe(true);
  expect(await accepted(second.bytes, other.spki)).toBe(true);
  expect(await accepted(second.bytes)).toBe(false);
});

test('the key is named by its identifier, or by issuer and serial number of a certificate', async () => {
  const { serialNumber, issuer } = parseCertificate(certificate);
  const named = Buffer.from((await signFile(linuxModule, module, { key })).bytes);
  expect(named.includes(Buffer.from(derContextPrimitive(0, subjectKeyIdentifier(key.spki))))).toBe(true);
  const options = { certificate: encodeBase64(certificate) };
  const { bytes } = await signFile(linuxModule, module, { key }, { options });
  expect(Buffer.from(bytes).includes(Buffer.from(concatBytes(issuer, derInteger(serialNumber))))).toBe(true);
  expect(await accepted(bytes)).toBe(true);
});

test('only kernel modules are recognised', async () => {
  const recognised = (file: Uint8Array) => linuxModule.recognise(bytesSource(file));
  expect(await recognised(module)).toBe(true);
  for (const other of [
    new Uint8Array(),
    utf8('\u007fELF'),
    module.subarray(0, -1),
    syntheticModule({ type: 2 }),
    syntheticModule({ section: '.gnu.linkonce.this_modules' }),
    syntheticModule({ section: '.text' }),
    module.fill.call(Uint8Array.from(module), 0xff, 40, 48),
  ]) {
    expect(await recognised(other)).toBe(false);
    await expect(linuxModule.digest(bytesSource(other), {})).rejects.toMatchObject({ code: 'format.malformed' });
    await expect(verify(other)).rejects.toMatchObject({ code: 'format.malformed' });
  }
});

test('a module without a trailer is unsigned', async () => {
  expect(await verify(module)).toBeUndefined();
});

test('the published vectors', async () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../../../docs/formats/vectors/linux-module.json', import.meta.url), 'utf8'),
  ) as Record<'module' | 'linuxModuleSha256' | 'spki' | 'signedModule', string>;
  const [unsigned, signed] = [decodeHex(vectors.module), decodeHex(vectors.signedModule)];
  const spki = decodeHex(vectors.spki);
  expect((await linuxModule.digest(bytesSource(unsigned), {})).coveredDigest.value).toBe(vectors.linuxModuleSha256);
  const verified = await verify(signed);
  expect(verified && verifiesUnder(verified, spki)).toBe(true);
  const signer = { keyIdentifier: subjectKeyIdentifier(spki) };
  const block = encodeModuleSignature(signer, 'p-256', verified?.signature ?? new Uint8Array());
  expect(encodeHex(concatBytes(unsigned, encodeTrailer(block)))).toBe(vectors.signedModule);
});

describe('a trailer is refused', () => {
  const changed = (at: number, octet: number) => (signed: Uint8Array) => {
    const copy = Uint8Array.from(signed);
    copy[copy.length - 40 + at] = octet;
    return copy;
  };
  test.each<[string, (signed: Uint8Array) => Uint8Array, string]>([
    ['of the PGP kind', changed(2, 0), 'format.unsupported'],
    ['of the X.509 kind', changed(2, 1), 'format.unsupported'],
    ['with an algorithm', changed(0, 1), 'format.malformed'],
    ['with a hash', changed(1, 4), 'format.malformed'],
    ['with the length of a name', changed(3, 1), 'format.malformed'],
    ['with the length of a key identifier', changed(4, 1), 'format.malformed'],
    ['with data in its padding', changed(7, 1), 'format.malformed'],
    ['longer than the file', changed(8, 1), 'format.malformed'],
    [
      'of a signature without bytes',
      (signed) => concatBytes(signed.subarray(0, module.length), encodeTrailer(new Uint8Array())),
      'format.malformed',
    ],
    ['one byte longer than its signature', (signed) => changed(11, (signed.at(-29) ?? 0) + 1)(signed), 'der.malformed'],
    [
      'one byte shorter than its signature',
      (signed) => changed(11, (signed.at(-29) ?? 0) - 1)(signed),
      'der.malformed',
    ],
    ['inside of another', (signed) => concatBytes(signed, encodeTrailer(new Uint8Array(9))), 'format.unsupported'],
    ['of 70 KiB', () => concatBytes(module, encodeTrailer(new Uint8Array(70_000))), 'format.too_large'],
    ['with text as its signature', () => concatBytes(module, encodeTrailer(utf8('PGP'))), 'der.malformed'],
  ])('%s', async (_, change, code) => {
    const { bytes } = await signFile(linuxModule, module, { key });
    await expect(verify(change(bytes))).rejects.toMatchObject({ code });
  });
});

describe('a structure is refused', () => {
  const algorithm = encodeSha256Algorithm();
  const signature = key.sign(module);
  const sha1 = derSequence(derOid('1.3.14.3.2.26'), derNull());
  const data = derSequence(derOid(Oid.data));
  const named = derContextPrimitive(0, subjectKeyIdentifier(key.spki));
  const signer = (...parts: readonly Uint8Array[]) => derSequence(...parts);
  const ecdsa = encodeSignatureAlgorithm('p-256');
  const good = signer(derInteger(3), named, algorithm, ecdsa, derOctetString(signature));
  const structure = (version: number, content: Uint8Array, ...signers: readonly Uint8Array[]) =>
    derSequence(
      derOid(Oid.signedData),
      derContext(0, derSequence(derInteger(version), derSetOf(algorithm), content, derSetOf(...signers))),
    );
  const attributes = derContext(0, derSequence(derOid(Oid.contentType), derSetOf(derOid(Oid.data))));
  test.each<[string, Uint8Array, string]>([
    ['without a signer', structure(3, data), 'der.malformed'],
    ['with two signers', structure(3, data, good, good), 'der.malformed'],
    [
      'with content',
      structure(3, derSequence(derOid(Oid.data), derContext(0, derOctetString(module))), good),
      'verify.signature',
    ],
    ['of other content', structure(3, derSequence(derOid(Oid.timestampInfo)), good), 'verify.signature'],
    ['of version 2', structure(2, data, good), 'der.malformed'],
    ['whose versions do not fit', structure(1, data, good), 'der.malformed'],
    [
      'with signed attributes',
      structure(3, data, signer(derInteger(3), named, algorithm, attributes, ecdsa, derOctetString(signature))),
      'verify.signature',
    ],
    [
      'with SHA-1',
      structure(3, data, signer(derInteger(3), named, sha1, ecdsa, derOctetString(signature))),
      'format.unsupported',
    ],
    [
      'with two digests',
      structure(
        3,
        data,
        signer(derInteger(3), named, algorithm, derSequence(derOid(Oid.ecdsaWithSha384)), derOctetString(signature)),
      ),
      'format.unsupported',
    ],
    [
      'without an identifier',
      structure(3, data, signer(derInteger(3), algorithm, ecdsa, derOctetString(signature))),
      'der.malformed',
    ],
    ['of another kind', derSequence(derOid(Oid.data)), 'der.malformed'],
  ])('%s', (_, bytes, code) => {
    expect(() => readModuleSignature(bytes)).toThrowError(expect.objectContaining({ code }));
  });

  test('while the same done right is read', () => {
    expect(equalBytes(readModuleSignature(structure(3, data, good)), signature)).toBe(true);
  });
});

describe('the server refuses', () => {
  const other = makeTestAuthority(makeTestKey('p-256')).certificate;
  test.each<[string, { algorithm: 'linuxModuleSha256' | 'sha256'; value: string }, JsonObject, JsonObject, string]>([
    ['the digest of a file', { ...coveredDigest, algorithm: 'sha256' }, {}, {}, 'statement.digest'],
    ['inputs', coveredDigest, { content: '' }, {}, 'statement.inputs'],
    ['an unknown option', coveredDigest, {}, { hash: 'sha512' }, 'statement.options'],
    ['a certificate that is a number', coveredDigest, {}, { certificate: 1 }, 'statement.options'],
    ['a certificate that is none', coveredDigest, {}, { certificate: 'AAAA' }, 'statement.options'],
    ['a certificate in another base64', coveredDigest, {}, { certificate: '-_-_' }, 'statement.options'],
    ['a certificate of 20 KB', coveredDigest, {}, { certificate: 'A'.repeat(20_000) }, 'statement.options'],
  ])('%s', (_, digest, inputs, options, code) => {
    expect(() => {
      linuxModule.checkInputs(digest, inputs, options);
    }).toThrowError(expect.objectContaining({ code }));
  });

  test('Ed25519 and P-384 keys, and the certificate of another key', () => {
    const context = { coveredDigest, inputs: {}, signingTime: new Date() };
    for (const type of ['ed25519', 'p-384'] as const) {
      const wrong = { type, spki: key.spki, certificates: [] };
      expect(() => linuxModule.toBeSigned({ ...context, options: {}, key: wrong })).toThrowError(
        expect.objectContaining({ code: 'format.key_type' }),
      );
    }
    const right = { type: 'p-256', spki: key.spki, certificates: [] } as const;
    const options = { certificate: encodeBase64(other) };
    expect(() => linuxModule.toBeSigned({ ...context, options, key: right })).toThrowError(
      expect.objectContaining({ code: 'statement.options' }),
    );
  });
});

test('what is signed is the digest of the module: the same bytes as a raw signature of it', () => {
  const signer = { type: 'p-256', spki: key.spki, certificates: [] } as const;
  const context = { coveredDigest, inputs: {}, options: {}, key: signer, signingTime: new Date() };
  expect(linuxModule.toBeSigned(context).toBeSigned).toEqual({ kind: 'digest', digest: sha256(module) });
});

test('any changed byte is refused, or changes only how the key is named', async () => {
  const { bytes, signature } = await signFile(linuxModule, module, { key });
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (index, change) => {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ change;
      const outcome = await verify(changed).catch((error: unknown) => error);
      if (outcome === undefined || isOriginSignError(outcome)) return;
      const verified = outcome as VerifiedSignature;
      if (!verifiesUnder(verified, key.spki)) return;
      expect(equalBytes(verified.signature, signature)).toBe(true);
      expect(index).toBeGreaterThanOrEqual(module.length);
    }),
    { numRuns: 500 },
  );
});

test('whatever the bytes are, reading ends with a result or an error of ours', async () => {
  const { bytes } = await signFile(linuxModule, module, { key });
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
  const mutated = fc
    .tuple(
      fc.constantFrom(bytes, module, syntheticModule({ wide: false, little: false })),
      fc.array(change),
      fc.nat(40),
    )
    .map(([file, changes, cut]) => {
      const copy = Uint8Array.from(file.subarray(0, cut < 30 ? file.length : (file.length * cut) / 40));
      for (const [at, octet] of changes) if (at < copy.length) copy[at] = octet;
      return copy;
    });
  await fc.assert(
    fc.asyncProperty(mutated, async (file) => {
      const source = bytesSource(file);
      for (const work of [linuxModule.recognise(source), verify(file), linuxModule.digest(source, {})]) {
        const outcome = await work.catch((error: unknown) => error);
        expect(outcome instanceof Error && !isOriginSignError(outcome) ? outcome : undefined).toBeUndefined();
      }
    }),
    { numRuns: 2500 },
  );
});
