import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { set, verify } from './verifier.test.fixture.ts';

/** The bytes with one bit flipped. */
function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

function bitOf(bytes: Uint8Array): fc.Arbitrary<number> {
  return fc.nat({ max: bytes.length * 8 - 1 });
}

describe('one flipped bit', () => {
  test('anywhere in a receipt is seen', async () => {
    await fc.assert(
      fc.asyncProperty(bitOf(set.receipt), async (bit) => {
        const report = await verify({ receipts: [flipBit(set.receipt, bit)] });
        expect(report.verified).toBe(false);
      }),
      { numRuns: 150 },
    );
  });

  test('anywhere in the signed file is seen', async () => {
    await fc.assert(
      fc.asyncProperty(bitOf(set.file), async (bit) => {
        expect((await verify({ content: flipBit(set.file, bit) })).verified).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test('anywhere in provenance is seen or makes the same statement', async () => {
    const honest = await verify();
    await fc.assert(
      fc.asyncProperty(bitOf(set.provenance), async (bit) => {
        const report = await verify({ provenances: [flipBit(set.provenance, bit)] });
        // The hint which key signed is outside of the signature, and decides nothing.
        expect(report.verified ? report : honest).toEqual(honest);
      }),
      { numRuns: 150 },
    );
  });
});
