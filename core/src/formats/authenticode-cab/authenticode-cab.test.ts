import { readFileSync } from 'node:fs';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../encoding/bytes.ts';
import { decodeHex, encodeHex } from '../../encoding/hex.ts';
import { sha256Hex } from '../../encoding/sha256.ts';
import { isOriginSignError } from '../../errors/error.ts';
import { CABINET, encodeIndirectData } from '../authenticode/spc.ts';
import { authenticodePe } from '../authenticode-pe/authenticode-pe.ts';
import { syntheticPe } from '../authenticode-pe/synthetic-pe.test.fixture.ts';
import { bytesSource } from '../bytes-source.ts';
import type { Source, VerifiedSignature } from '../format.ts';
import { apply, nothingBeside, signFile, signingKey } from '../sign-file.test.fixture.ts';
import { authenticodeCab } from './authenticode-cab.ts';
import { readCabLayout } from './layout.ts';
import { EMPTY_RESERVE, patched, syntheticCab, unsignedAgain } from './synthetic-cab.test.fixture.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
const publisher = authority.codeSigning(makeTestKey('p-256'));
const verify = (bytes: Uint8Array) => authenticodeCab.verify(bytesSource(bytes), nothingBeside);

const anyCab = fc
  .record({ folders: fc.integer({ min: 1, max: 5 }), data: fc.uint8Array({ maxLength: 40 }), set: fc.nat(0xffff) })
  .map(syntheticCab);

test('signing adds the reserve, moves the offsets, appends, and changes no other byte', async () => {
  await fc.assert(
    fc.asyncProperty(anyCab, async (file) => {
      const { bytes, coveredDigest } = await signFile(authenticodeCab, file, publisher);
      expect(Buffer.from(unsignedAgain(bytes)).equals(file)).toBe(true);
      expect((bytes.length - file.length - 24) % 8).toBe(0);
      expect((await verify(bytes))?.coveredDigest).toEqual({ algorithm: 'authenticodeSha256', value: coveredDigest });
    }),
    { numRuns: 25 },
  );
});

test('a cabinet with room for a signature is not moved', async () => {
  const file = syntheticCab({ reserve: EMPTY_RESERVE, folders: 2 });
  expect(await verify(file)).toBeUndefined();
  const { bytes } = await signFile(authenticodeCab, file, publisher);
  const place = patched(patched(bytes, 44, 0), 48, 0).subarray(0, file.length);
  expect(Buffer.from(place).equals(file)).toBe(true);
  expect(await verify(bytes)).toBeDefined();
});

test('signing again replaces the signature and keeps the digest', async () => {
  const file = syntheticCab({ folders: 3 });
  const first = await signFile(authenticodeCab, file, publisher);
  const second = await signFile(authenticodeCab, first.bytes, authority.codeSigning(makeTestKey('p-256')));
  expect(second.coveredDigest).toBe(first.coveredDigest);
  expect(Buffer.from(unsignedAgain(second.bytes)).equals(file)).toBe(true);
});

test('the digest is of the header with a reserve, the moved folders and the rest', async () => {
  const file = syntheticCab();
  const { head, body } = await readCabLayout(bytesSource(file));
  const covered = concatBytes(head.subarray(0, 4), head.subarray(8, 34), head.subarray(56), file.subarray(body.start));
  const digested = await authenticodeCab.digest(bytesSource(file), {});
  expect(digested).toEqual({
    coveredDigest: { algorithm: 'authenticodeSha256', value: sha256Hex(covered) },
    inputs: {},
    file: { sha256: sha256Hex(file), size: file.length },
  });
});

test('the published vectors', async () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../../../docs/formats/vectors/authenticode-cab.json', import.meta.url), 'utf8'),
  ) as Record<'cabinet' | 'head' | 'authenticodeSha256' | 'spcIndirectDataContent', string>;
  const source = bytesSource(decodeHex(vectors.cabinet));
  expect(encodeHex((await readCabLayout(source)).head)).toBe(vectors.head);
  expect((await authenticodeCab.digest(source, {})).coveredDigest.value).toBe(vectors.authenticodeSha256);
  const content = encodeIndirectData(CABINET, decodeHex(vectors.authenticodeSha256));
  expect(encodeHex(content)).toBe(vectors.spcIndirectDataContent);
});

describe('a cabinet is refused', () => {
  const good = syntheticCab({ folders: 2 });
  const reserve = (...bytes: readonly number[]) =>
    concatBytes(Uint8Array.from(bytes), EMPTY_RESERVE.subarray(bytes.length));
  test.each<[string, Uint8Array, string]>([
    ['that is empty', new Uint8Array(), 'format.malformed'],
    ['with other magic bytes', patched(good, 0, 0x6663736d), 'format.malformed'],
    ['with data in the first reserved field', patched(good, 4, 1), 'format.malformed'],
    ['of version 1.2', patched(good, 24, 2, 1), 'format.unsupported'],
    ['with an unknown flag', patched(good, 30, 8, 2), 'format.malformed'],
    ['with a predecessor', patched(good, 30, 1, 2), 'format.unsupported'],
    ['with a successor', patched(good, 30, 2, 2), 'format.unsupported'],
    ['with a number in a set', patched(good, 34, 1, 2), 'format.unsupported'],
    ['without folders', patched(good, 26, 0, 2), 'format.malformed'],
    ['with more folders than it is long', patched(good, 26, 0xffff, 2), 'format.malformed'],
    ['longer than it says', concatBytes(good, Uint8Array.of(0)), 'format.malformed'],
    ['shorter than it says', good.subarray(0, -1), 'format.malformed'],
    ['that says it is huge', patched(good, 8, 0xffff_ffff), 'format.malformed'],
    ['with a gap before its files', patched(good, 16, 53), 'format.malformed'],
    ['with files inside its folders', patched(good, 16, 44), 'format.malformed'],
    ['with a folder in the header', patched(good, 44, 8), 'format.malformed'],
    ['with a folder behind the end', patched(good, 44, good.length + 1), 'format.malformed'],
    ['with a reserve of another size', syntheticCab({ reserve: new Uint8Array(24) }), 'format.unsupported'],
    ['with a reserve in its folders', syntheticCab({ reserve: reserve(20, 0, 8) }), 'format.unsupported'],
    ['with a reserve in its data', syntheticCab({ reserve: reserve(20, 0, 0, 8) }), 'format.unsupported'],
    ['with a reserve of another maker', syntheticCab({ reserve: reserve(20, 0, 0, 0, 1) }), 'format.unsupported'],
    [
      'with data in the end of its reserve',
      patched(syntheticCab({ reserve: EMPTY_RESERVE }), 52, 1),
      'format.malformed',
    ],
    ['with a signature without length', patched(syntheticCab({ reserve: EMPTY_RESERVE }), 44, 90), 'format.malformed'],
    ['with a signature without place', patched(syntheticCab({ reserve: EMPTY_RESERVE }), 48, 90), 'format.malformed'],
    ['that announces a reserve and has none', patched(good, 30, 4, 2), 'format.unsupported'],
  ])('%s', async (_, bytes, code) => {
    await expect(authenticodeCab.digest(bytesSource(bytes), {})).rejects.toMatchObject({ code });
    await expect(authenticodeCab.embed(bytesSource(bytes), utf8('block'), {})).rejects.toMatchObject({ code });
    await expect(verify(bytes)).rejects.toMatchObject({ code });
  });

  test('of 4 GiB, before it is read', async () => {
    const start = syntheticCab();
    const source: Source = { size: 0xffff_ffff, read: (offset, length) => bytesSource(start).read(offset, length) };
    await expect(authenticodeCab.digest(source, {})).rejects.toMatchObject({ code: 'format.too_large' });
  });
});

describe('a signed cabinet is refused', () => {
  test.each<[string, (signed: Uint8Array) => Uint8Array, string]>([
    ['cut by a byte', (signed) => signed.subarray(0, -1), 'format.malformed'],
    ['cut before its signature', (signed) => signed.subarray(0, signed.length - 600), 'format.malformed'],
    ['with a byte behind its signature', (signed) => concatBytes(signed, Uint8Array.of(0)), 'format.malformed'],
    [
      'with eight zeros behind its signature',
      (signed) => {
        const length = new DataView(signed.buffer).getUint32(48, true);
        return concatBytes(patched(signed, 48, length + 8), new Uint8Array(8));
      },
      'verify.signature',
    ],
    ['whose signature stands elsewhere', (signed) => patched(signed, 44, 70), 'format.malformed'],
    ['with another set number', (signed) => patched(signed, 32, 7, 2), 'verify.digest'],
    ['with another file', (signed) => patched(signed, 70, 7, 1), 'verify.digest'],
    [
      'with a signature that is no DER',
      (signed) => signed.fill(0xff, new DataView(signed.buffer).getUint32(44, true)),
      'der.malformed',
    ],
  ])('%s', async (_, change, code) => {
    const { bytes } = await signFile(authenticodeCab, syntheticCab(), publisher);
    expect(await verify(bytes)).toBeDefined();
    await expect(verify(change(Uint8Array.from(bytes)))).rejects.toMatchObject({ code });
  });

  test('with the signature of a program that has its digest', async () => {
    const source = bytesSource(syntheticCab());
    const { coveredDigest } = await authenticodeCab.digest(source, {});
    const context = { coveredDigest, inputs: {}, options: {}, key: signingKey(publisher), signingTime: new Date() };
    const { structure, toBeSigned } = authenticodePe.toBeSigned(context);
    if (toBeSigned.kind !== 'message') throw new TypeError('Authenticode signs its attributes.');
    const block = authenticodePe.assemble(structure, context.key, publisher.key.sign(toBeSigned.bytes), undefined);
    const { bytes } = await apply(source, await authenticodeCab.embed(source, block, {}));
    await expect(verify(bytes)).rejects.toMatchObject({ code: 'der.malformed' });
    const { bytes: program } = await signFile(authenticodePe, syntheticPe(), publisher);
    await expect(verify(program)).rejects.toMatchObject({ code: 'format.malformed' });
  });
});

test('any changed byte is refused as ours or leaves the signature as it was, and the digest', async () => {
  const { bytes, signature, coveredDigest } = await signFile(authenticodeCab, syntheticCab({ folders: 2 }), publisher);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (index, change) => {
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ change;
      const outcome = await verify(changed).catch((error: unknown) => error);
      if (isOriginSignError(outcome)) return;
      const verified = outcome as VerifiedSignature;
      expect(Buffer.from(verified.signature).equals(signature)).toBe(true);
      expect(verified.coveredDigest.value).toBe(coveredDigest);
      // Only certificates that are not the signer's, and attributes nobody signed, may change.
      expect(index).toBeGreaterThan(new DataView(bytes.buffer).getUint32(44, true));
    }),
    { numRuns: 500 },
  );
});

test('whatever the bytes are, reading ends with a result or an error of ours', async () => {
  const { bytes } = await signFile(authenticodeCab, syntheticCab({ folders: 2 }), publisher);
  const change = fc.tuple(fc.nat(120), fc.nat(255));
  const mutated = fc
    .tuple(
      fc.constantFrom(bytes, syntheticCab(), syntheticCab({ reserve: EMPTY_RESERVE })),
      fc.array(change),
      fc.nat(40),
    )
    .map(([file, changes, cut]) => {
      const copy = Uint8Array.from(file.subarray(0, cut < 20 ? file.length : (file.length * cut) / 40));
      for (const [at, octet] of changes) if (at < copy.length) copy[at] = octet;
      return copy;
    });
  await fc.assert(
    fc.asyncProperty(mutated, async (file) => {
      const source = bytesSource(file);
      for (const work of [authenticodeCab.verify(source, nothingBeside), authenticodeCab.digest(source, {})]) {
        const outcome = await work.catch((error: unknown) => error);
        expect(outcome instanceof Error && !isOriginSignError(outcome) ? outcome : undefined).toBeUndefined();
      }
    }),
    { numRuns: 2500 },
  );
});
