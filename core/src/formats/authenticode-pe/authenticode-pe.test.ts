import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../../encoding/bytes.ts';
import { derContext, derNull, derOctetString, derOid, derSequence } from '../../encoding/der.ts';
import { readDer, readDerAll, readDerPrefix } from '../../encoding/der-reader.ts';
import { sha256, sha256Hex } from '../../encoding/sha256.ts';
import { isOriginSignError } from '../../errors/error.ts';
import { encodeAttribute, encodeContentAttributes, encodeSignedAttributes } from '../../x509/cms-attributes.ts';
import { encodeSignedData } from '../../x509/cms-build.ts';
import { Oid } from '../../x509/oids.ts';
import { encodeIndirectData, PE_IMAGE, SpcOid } from '../authenticode/spc.ts';
import { bytesSource } from '../bytes-source.ts';
import type { VerifiedSignature } from '../format.ts';
import { apply, nothingBeside, signFile, signingKey } from '../sign-file.test.fixture.ts';
import { authenticodePe } from './authenticode-pe.ts';
import { encodeCertificateTable } from './certificate-table.ts';
import { readPeLayout } from './layout.ts';
import { SECTION_AT, syntheticPe } from './synthetic-pe.test.fixture.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
const publisher = authority.codeSigning(makeTestKey('p-256'));
const verify = (bytes: Uint8Array) => authenticodePe.verify(bytesSource(bytes), nothingBeside);

const anyPe = fc
  .record({
    wide: fc.boolean(),
    header: fc.nat(40).map((words) => 64 + words * 4),
    section: fc.uint8Array({ minLength: 1, maxLength: 40 }),
    overlay: fc.uint8Array({ maxLength: 40 }),
  })
  .map(syntheticPe);

test('signing changes checksum, directory entry and what follows the data, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(anyPe, async (file) => {
      const { bytes, coveredDigest } = await signFile(authenticodePe, file, publisher);
      const { checksum, securityEntry, dataEnd, padding } = await readPeLayout(bytesSource(file));
      expect(Buffer.from(bytes.subarray(0, checksum)).equals(file.subarray(0, checksum))).toBe(true);
      const between = [checksum + 4, securityEntry] as const;
      expect(Buffer.from(bytes.subarray(...between)).equals(file.subarray(...between))).toBe(true);
      const behind = [securityEntry + 8, dataEnd] as const;
      expect(Buffer.from(bytes.subarray(...behind)).equals(file.subarray(...behind))).toBe(true);
      expect([...bytes.subarray(dataEnd, dataEnd + padding)]).toEqual(Array<number>(padding).fill(0));
      expect(bytes.length % 8).toBe(0);
      expect((await verify(bytes))?.coveredDigest.value).toBe(coveredDigest);
    }),
    { numRuns: 25 },
  );
});

test('signing again keeps the digest and the length', async () => {
  const first = await signFile(authenticodePe, syntheticPe({ overlay: utf8('installer data') }), publisher);
  const second = await signFile(authenticodePe, first.bytes, publisher);
  expect(second.coveredDigest).toBe(first.coveredDigest);
  expect(Math.abs(second.bytes.length - first.bytes.length)).toBeLessThanOrEqual(8);
  expect((await verify(second.bytes))?.coveredDigest.value).toBe(first.coveredDigest);
});

test('the digest leaves out checksum, entry and table, and pads with zeros', async () => {
  const file = syntheticPe({ overlay: new Uint8Array(3).fill(7) });
  const { checksum, securityEntry } = await readPeLayout(bytesSource(file));
  const { coveredDigest, inputs, file: claimed } = await authenticodePe.digest(bytesSource(file), {});
  const covered = concatBytes(
    file.subarray(0, checksum),
    file.subarray(checksum + 4, securityEntry),
    file.subarray(securityEntry + 8),
    new Uint8Array(5),
  );
  expect(coveredDigest).toEqual({ algorithm: 'authenticodeSha256', value: sha256Hex(covered) });
  expect(claimed).toEqual({ sha256: sha256Hex(file), size: file.length });
  expect(inputs).toEqual({});
});

test('a file without a certificate table is unsigned', async () => {
  expect(await verify(syntheticPe())).toBeUndefined();
});

test('any changed byte of the image is refused, also in the padding', async () => {
  const { bytes } = await signFile(authenticodePe, syntheticPe({ overlay: new Uint8Array(5) }), publisher);
  const { checksum, dataEnd } = await readPeLayout(bytesSource(bytes));
  await fc.assert(
    fc.asyncProperty(fc.nat(dataEnd - 1), fc.integer({ min: 1, max: 255 }), async (index, change) => {
      fc.pre(index < checksum || index >= checksum + 4);
      const changed = Uint8Array.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ change;
      const outcome = await verify(changed).catch((error: unknown) => error);
      expect(isOriginSignError(outcome)).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('any changed byte of the table is refused as ours or leaves the signature as it was', async () => {
  const { bytes, signature } = await signFile(authenticodePe, syntheticPe(), publisher);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: SECTION_AT + 16, max: bytes.length - 1 }), fc.nat(255), async (index, octet) => {
      const changed = Uint8Array.from(bytes);
      changed[index] = octet;
      const outcome = await verify(changed).catch((error: unknown) => error);
      if (isOriginSignError(outcome)) return;
      expect(Buffer.from((outcome as VerifiedSignature).signature).equals(signature)).toBe(true);
    }),
    { numRuns: 200 },
  );
});

describe('a certificate table is refused', () => {
  /** A file whose table is exactly these bytes. */
  async function withTable(table: Uint8Array): Promise<Uint8Array> {
    const file = syntheticPe();
    return syntheticPe({ security: [file.length, table.length], overlay: table });
  }

  async function goodBlock(): Promise<Uint8Array> {
    const { bytes } = await signFile(authenticodePe, syntheticPe(), publisher);
    // The padding after it is zeros, and so may be the end of the signature in it.
    return readDerPrefix(bytes.subarray(SECTION_AT + 16 + 8)).raw;
  }

  const patched = (table: Uint8Array, offset: number, value: number) => {
    const copy = Uint8Array.from(table);
    new DataView(copy.buffer).setUint16(offset, value, true);
    return copy;
  };

  test.each<[string, (block: Uint8Array) => Uint8Array, string]>([
    ['of revision 1', (block) => patched(encodeCertificateTable(block), 4, 0x0100), 'verify.signature'],
    ['of type X.509', (block) => patched(encodeCertificateTable(block), 6, 1), 'verify.signature'],
    [
      'with a second entry',
      (block) => concatBytes(encodeCertificateTable(block), encodeCertificateTable(block)),
      'verify.signature',
    ],
    ['with a length of zero', (block) => patched(encodeCertificateTable(block), 0, 0), 'verify.signature'],
    [
      'with data in the padding',
      (block) => encodeCertificateTable(concatBytes(block, utf8('evil'))),
      'verify.signature',
    ],
    [
      'with long padding',
      (block) => encodeCertificateTable(concatBytes(block, new Uint8Array(16))),
      'verify.signature',
    ],
    ['that holds no DER', () => encodeCertificateTable(new Uint8Array(40).fill(0xff)), 'verify.signature'],
    ['that holds other DER', () => encodeCertificateTable(derSequence(derNull())), 'der.malformed'],
    ['that is huge', () => encodeCertificateTable(new Uint8Array(1024 * 1024)), 'format.too_large'],
  ])('%s', async (_, table, code) => {
    await expect(verify(await withTable(table(await goodBlock())))).rejects.toMatchObject({ code });
  });

  test('while the same table done right is accepted', async () => {
    await expect(verify(await withTable(encodeCertificateTable(await goodBlock())))).resolves.toBeDefined();
  });
});

describe('a signed structure is refused', () => {
  async function withStructure(contentType: string, content: Uint8Array | undefined, messageDigest?: Uint8Array) {
    const octets = content === undefined ? new Uint8Array() : readDer(content).contents;
    const attributes = encodeSignedAttributes(encodeContentAttributes(contentType, messageDigest ?? sha256(octets)));
    const block = encodeSignedData({
      version: 1,
      contentType,
      ...(content === undefined ? {} : { content }),
      certificates: [publisher.certificate],
      keyType: 'p-256',
      signedAttributes: attributes,
      signature: publisher.key.sign(attributes),
    });
    const source = bytesSource(syntheticPe());
    return (await apply(source, await authenticodePe.embed(source, block, {}))).bytes;
  }

  const digest = sha256(utf8('of another image'));
  const sha1 = derSequence(derOid('1.3.14.3.2.26'), derNull());
  const [data = derNull()] = readDerAll(readDer(encodeIndirectData(PE_IMAGE, digest)).contents).map(({ raw }) => raw);
  test.each<[string, string, Uint8Array | undefined, Uint8Array | undefined, string]>([
    ['of another image', SpcOid.indirectData, encodeIndirectData(PE_IMAGE, digest), undefined, 'verify.digest'],
    [
      'whose message digest is of something else',
      SpcOid.indirectData,
      encodeIndirectData(PE_IMAGE, digest),
      digest,
      'verify.digest',
    ],
    ['of plain data', Oid.data, derOctetString(digest), undefined, 'verify.signature'],
    ['without content', SpcOid.indirectData, undefined, undefined, 'verify.signature'],
    [
      'with SHA-1',
      SpcOid.indirectData,
      derSequence(data, derSequence(sha1, derOctetString(digest.subarray(0, 20)))),
      undefined,
      'format.unsupported',
    ],
    [
      'of an MSI file',
      SpcOid.indirectData,
      derSequence(
        derSequence(derOid('1.3.6.1.4.1.311.2.1.30'), derSequence()),
        derSequence(sha1, derOctetString(digest)),
      ),
      undefined,
      'der.malformed',
    ],
    ['that is no structure', SpcOid.indirectData, derSequence(derContext(0)), undefined, 'der.malformed'],
  ])('%s', async (_, contentType, content, messageDigest, code) => {
    await expect(verify(await withStructure(contentType, content, messageDigest))).rejects.toMatchObject({ code });
  });
});

test('a nested signature is reported and not believed', async () => {
  const file = syntheticPe();
  const source = bytesSource(file);
  const key = signingKey(publisher);
  const { coveredDigest } = await authenticodePe.digest(source, {});
  const prepared = authenticodePe.toBeSigned({ coveredDigest, inputs: {}, options: {}, key, signingTime: new Date() });
  if (prepared.toBeSigned.kind !== 'message') throw new Error('Expected a message.');
  const [content, attributes] = readDerAll(readDer(prepared.structure).contents);
  const block = encodeSignedData({
    version: 1,
    contentType: SpcOid.indirectData,
    content: content?.raw ?? derNull(),
    certificates: [publisher.certificate],
    keyType: 'p-256',
    signedAttributes: attributes?.raw ?? derNull(),
    signature: publisher.key.sign(prepared.toBeSigned.bytes),
    unsignedAttributes: [encodeAttribute(SpcOid.nestedSignature, derSequence(derNull()))],
  });
  const { bytes } = await apply(source, await authenticodePe.embed(source, block, {}));
  expect((await verify(bytes))?.notes).toHaveLength(1);
});
