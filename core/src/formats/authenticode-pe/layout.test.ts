import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../encoding/bytes.ts';
import { isOriginSignError } from '../../errors/error.ts';
import { bytesSource } from '../bytes-source.ts';
import { isPe, readPeLayout } from './layout.ts';
import { SECTION_AT, syntheticPe } from './synthetic-pe.test.fixture.ts';

test.each([
  [true, 64 + 24 + 112 + 32],
  [false, 64 + 24 + 96 + 32],
])('finds the parts that a signature changes (PE32+: %s)', async (wide, securityEntry) => {
  const file = syntheticPe({ wide, overlay: new Uint8Array(3) });
  expect(await readPeLayout(bytesSource(file))).toEqual({
    checksum: 64 + 24 + 64,
    securityEntry,
    dataEnd: SECTION_AT + 16 + 3,
    padding: 5,
  });
});

test('a certificate table at the end is not part of the data', async () => {
  const end = SECTION_AT + 16;
  const file = syntheticPe({ security: [end, 24], overlay: new Uint8Array(24) });
  expect(await readPeLayout(bytesSource(file))).toMatchObject({
    dataEnd: end,
    padding: 0,
    table: { offset: end, length: 24 },
  });
});

describe('refuses as format.malformed', () => {
  const end = SECTION_AT + 16;
  const change = (file: Uint8Array, offset: number, value: number) => {
    const copy = Uint8Array.from(file);
    new DataView(copy.buffer).setUint32(offset, value, true);
    return copy;
  };
  const plain = syntheticPe();
  const tail = new Uint8Array(64);
  test.each<[string, Uint8Array]>([
    ['an empty file', new Uint8Array()],
    [
      'a text',
      Buffer.from(
        'MZ is how this text begins, and it goes on for more than a hundred characters, so that there is a header.',
      ),
    ],
    ['a DOS program', change(plain, 64, 0)],
    ['a header far behind the end', change(plain, 60, 0xffffff00)],
    ['headers that overlap', change(plain, 60, 0)],
    ['a header at an odd place', change(concatBytes(plain.subarray(0, 66), plain.subarray(64)), 60, 66)],
    ['an optional header of another kind', change(plain, 64 + 24, 0x107)],
    ['an optional header without room', change(plain, 64 + 20, 64)],
    ['no entry for a signature', syntheticPe({ directories: 4 })],
    ['headers cut short', plain.subarray(0, 300)],
    ['a section cut short', plain.subarray(0, plain.length - 1)],
    ['a table behind the end', syntheticPe({ security: [end, 128], overlay: tail })],
    ['a table that wraps around', syntheticPe({ security: [0xfffffff8, 16], overlay: tail })],
    ['a table inside the headers', syntheticPe({ security: [8, end + 56], overlay: tail })],
    ['a table inside the section', syntheticPe({ security: [end - 8, 72], overlay: tail })],
    ['data behind the table', syntheticPe({ security: [end, 56], overlay: tail })],
    ['a table at an odd place', syntheticPe({ security: [end + 4, 60], overlay: tail })],
    ['a table without a length', syntheticPe({ security: [end, 0], overlay: tail })],
    ['a table without a place', syntheticPe({ security: [0, 64], overlay: tail })],
    ['a table too short for an entry', syntheticPe({ security: [end + 60, 4], overlay: tail })],
  ])('%s', async (_, file) => {
    await expect(readPeLayout(bytesSource(file))).rejects.toMatchObject({ code: 'format.malformed' });
  });
});

test('a file that is too large for 32-bit offsets is refused before it is read', async () => {
  const file = syntheticPe();
  const huge = { ...bytesSource(file), size: 0xffff_ffff };
  await expect(readPeLayout(huge)).rejects.toMatchObject({ code: 'format.too_large' });
});

test('recognises by content', async () => {
  expect(await isPe(bytesSource(syntheticPe()))).toBe(true);
  expect(await isPe(bytesSource(new Uint8Array(200)))).toBe(false);
  expect(await isPe(bytesSource(new Uint8Array(3)))).toBe(false);
});

test('headers of any content are read or refused as ours', async () => {
  const file = syntheticPe({ overlay: new Uint8Array(32) });
  const patch = fc.record({ offset: fc.nat(SECTION_AT - 4), value: fc.oneof(fc.nat(0xffff_ffff), fc.nat(1024)) });
  await fc.assert(
    fc.asyncProperty(fc.array(patch, { minLength: 1, maxLength: 4 }), async (patches) => {
      const changed = Uint8Array.from(file);
      for (const { offset, value } of patches) new DataView(changed.buffer).setUint32(offset, value, true);
      try {
        const { dataEnd, checksum, securityEntry, table } = await readPeLayout(bytesSource(changed));
        expect(checksum + 4).toBeLessThanOrEqual(securityEntry);
        expect(securityEntry + 8).toBeLessThanOrEqual(dataEnd);
        expect(dataEnd + (table?.length ?? 0)).toBe(changed.length);
      } catch (error) {
        if (!isOriginSignError(error, 'format.malformed')) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
