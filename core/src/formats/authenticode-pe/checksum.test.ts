import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PeChecksum } from './checksum.ts';

/** The algorithm as ImageHlp does it, word by word. */
function slowly(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) {
    sum += (bytes[index] ?? 0) + 256 * (bytes[index + 1] ?? 0);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return sum + bytes.length;
}

test('adding pieces of any length gives what adding word by word gives', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 }), (pieces) => {
      const checksum = new PeChecksum();
      for (const piece of pieces) checksum.update(piece);
      expect(checksum.value()).toBe(slowly(Buffer.concat(pieces)));
    }),
  );
});

test('carries go round for large pieces of large words', () => {
  const bytes = new Uint8Array(1024 * 1024).fill(0xff);
  const checksum = new PeChecksum();
  checksum.update(bytes);
  checksum.update(bytes.subarray(0, 5));
  expect(checksum.value()).toBe(slowly(new Uint8Array(1024 * 1024 + 5).fill(0xff)));
});
