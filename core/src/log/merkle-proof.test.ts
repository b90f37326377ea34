import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryNodes } from '@originsign/testkit/test-log';
import { concatBytes, utf8 } from '../encoding/bytes.ts';
import { decodeHex, encodeHex } from '../encoding/hex.ts';
import { sha256 } from '../encoding/sha256.ts';
import { frontierOf, frontierRoot, frontierWidth, rootOf } from './frontier.ts';
import { leafHash } from './merkle-hash.ts';
import { proveConsistency, proveInclusion, verifyConsistency, verifyInclusion } from './merkle-proof.ts';
import { rootAtSize, splitPoint } from './tree-nodes.ts';

/** The eight inputs that Certificate Transparency implementations share, and the roots of their first 0 to 8. */
const INPUTS = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const INCLUSION = [
  { index: 0, size: 1, proof: [] },
  {
    index: 0,
    size: 8,
    proof: [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  },
  {
    index: 5,
    size: 8,
    proof: [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  { index: 2, size: 3, proof: ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'] },
  {
    index: 1,
    size: 5,
    proof: [
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];
const CONSISTENCY = [
  { oldSize: 1, size: 1, proof: [] },
  { oldSize: 1, size: 8, proof: INCLUSION[1]?.proof ?? [] },
  {
    oldSize: 6,
    size: 8,
    proof: [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  },
  {
    oldSize: 2,
    size: 5,
    proof: [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  },
];
const LEAVES = INPUTS.map((input) => leafHash(decodeHex(input)));

/** RFC 6962 section 2.1 word by word, in another shape than the code under test. */
function naiveRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return sha256(concatBytes(Uint8Array.of(1), naiveRoot(leaves.slice(0, split)), naiveRoot(leaves.slice(split))));
}

/** RFC 6962 section 2.1.1, likewise. */
function naivePath(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return index < split
    ? [...naivePath(index, leaves.slice(0, split)), naiveRoot(leaves.slice(split))]
    : [...naivePath(index - split, leaves.slice(split)), naiveRoot(leaves.slice(0, split))];
}

const manyLeaves = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, n) => leafHash(utf8(`leaf ${n}`)));
const MANY = manyLeaves(300);
const size = fc.integer({ min: 1, max: MANY.length });

describe('roots', () => {
  test.each(ROOTS.map((root, count) => ({ count, root })))(
    'of $count leaves is the published one',
    ({ count, root }) => {
      expect(encodeHex(rootOf(LEAVES.slice(0, count)))).toBe(root);
    },
  );

  test('equals the recursive definition at every size', () => {
    for (let count = 0; count <= 130; count += 1) {
      const frontier = frontierOf(MANY.slice(0, count));
      expect(encodeHex(frontierRoot(frontier))).toBe(encodeHex(naiveRoot(MANY.slice(0, count))));
      expect(frontier.hashes).toHaveLength(frontierWidth(count));
    }
  });

  test('of any earlier size come out of the nodes of a later tree', async () => {
    for (const count of [0, 1, 2, 3, 64, 255, 256, 257, 300]) {
      expect(encodeHex(await rootAtSize(memoryNodes(MANY), count))).toBe(encodeHex(naiveRoot(MANY.slice(0, count))));
    }
  });

  test('are split at the largest power of two below the size, beyond 32 bits too', () => {
    expect([2, 3, 4, 5, 2 ** 40, 2 ** 40 + 1].map(splitPoint)).toEqual([1, 2, 2, 4, 2 ** 39, 2 ** 40]);
  });
});

describe('inclusion proofs', () => {
  test.each(INCLUSION)('of leaf $index in $size is the published one', async ({ index, size: count, proof }) => {
    const made = await proveInclusion(memoryNodes(LEAVES), index, count);
    expect(made.map(encodeHex)).toEqual(proof);
    const leaf = LEAVES[index] as Uint8Array;
    verifyInclusion({ index, size: count, leaf, root: decodeHex(ROOTS[count] ?? ''), proof: made });
  });

  test('equal the recursive definition and verify', async () => {
    await fc.assert(
      fc.asyncProperty(size, fc.nat(), async (count, seed) => {
        const index = seed % count;
        const proof = await proveInclusion(memoryNodes(MANY), index, count);
        expect(proof.map(encodeHex)).toEqual(naivePath(index, MANY.slice(0, count)).map(encodeHex));
        const leaf = MANY[index] as Uint8Array;
        verifyInclusion({ index, size: count, leaf, root: naiveRoot(MANY.slice(0, count)), proof });
      }),
      { numRuns: 60 },
    );
  });

  test('verify only at their own index and size, with every hash in place', async () => {
    for (const [index, count] of [
      [0, 8],
      [5, 8],
      [6, 7],
      [2, 3],
      [7, 8],
      [4, 5],
    ] as const) {
      const leaf = LEAVES[index] as Uint8Array;
      const root = naiveRoot(LEAVES.slice(0, count));
      const proof = await proveInclusion(memoryNodes(LEAVES), index, count);
      const good = { index, size: count, leaf, root, proof };
      verifyInclusion(good);
      for (const bad of [
        ...alterations(proof).map((altered) => ({ ...good, proof: altered })),
        { ...good, leaf: flip(leaf, 3) },
        { ...good, leaf: leaf.subarray(1) },
        { ...good, root: flip(root, 200) },
        ...[-1, index - 1, index + 1, count, 0.5, Number.NaN, 2 ** 53].map((other) => ({ ...good, index: other })),
        ...[0, -1, 2 ** 53, Number.NaN].map((other) => ({ ...good, size: other })),
      ]) {
        expect(() => verifyInclusion(bad), JSON.stringify({ ...bad, leaf: '', root: '' })).toThrow(
          expect.objectContaining({ code: 'proof.invalid' }),
        );
      }
    }
  });

  test('do not verify an inner node as a leaf', async () => {
    // The prefix bytes prevent it: a proof cut short leads to a node, and no entry hashes to a node.
    const root = naiveRoot(LEAVES);
    const proof = await proveInclusion(memoryNodes(LEAVES), 0, 8);
    const node = naiveRoot(LEAVES.slice(0, 2));
    const left = LEAVES[0] as Uint8Array;
    const right = LEAVES[1] as Uint8Array;
    expect(encodeHex(leafHash(concatBytes(left, right)))).not.toBe(encodeHex(node));
    expect(() => verifyInclusion({ index: 0, size: 8, leaf: node, root, proof: proof.slice(1) })).toThrow(
      expect.objectContaining({ code: 'proof.invalid' }),
    );
  });

  test('of a leaf outside of the tree is a mistake of the caller', () => {
    expect(() => proveInclusion(memoryNodes(LEAVES), 8, 8)).toThrow(TypeError);
    expect(() => proveConsistency(memoryNodes(LEAVES), 9, 8)).toThrow(TypeError);
  });
});

describe('consistency proofs', () => {
  test.each(CONSISTENCY)('from $oldSize to $size is the published one', async ({ oldSize, size: count, proof }) => {
    const made = await proveConsistency(memoryNodes(LEAVES), oldSize, count);
    expect(made.map(encodeHex)).toEqual(proof);
  });

  test('verify for every pair of sizes', async () => {
    for (let count = 0; count <= 40; count += 1) {
      for (let oldSize = 0; oldSize <= count; oldSize += 1) {
        const proof = await proveConsistency(memoryNodes(MANY), oldSize, count);
        const oldRoot = naiveRoot(MANY.slice(0, oldSize));
        const claim = { oldSize, oldRoot, size: count, root: naiveRoot(MANY.slice(0, count)), proof };
        expect(() => verifyConsistency(claim), `${oldSize} to ${count}`).not.toThrow();
      }
    }
  });

  test('refuse another root, another size and any altered hash', async () => {
    for (const [oldSize, count] of [
      [1, 8],
      [6, 8],
      [2, 5],
      [4, 8],
      [3, 7],
      [7, 8],
      [4, 4],
      [0, 4],
    ] as const) {
      const proof = await proveConsistency(memoryNodes(LEAVES), oldSize, count);
      const oldRoot = naiveRoot(LEAVES.slice(0, oldSize));
      const root = naiveRoot(LEAVES.slice(0, count));
      const good = { oldSize, oldRoot, size: count, root, proof };
      verifyConsistency(good);
      for (const bad of [
        ...alterations(proof).map((altered) => ({ ...good, proof: altered })),
        { ...good, oldRoot: flip(oldRoot, 0) },
        ...(oldSize === 0 ? [] : [{ ...good, root: flip(root, 0) }]),
        { ...good, root: root.subarray(1) },
        { ...good, oldSize: count + 1 },
        { ...good, oldSize: -1 },
        { ...good, size: Number.NaN },
      ]) {
        expect(() => verifyConsistency(bad), JSON.stringify(bad)).toThrow(
          expect.objectContaining({ code: 'proof.invalid' }),
        );
      }
    }
  });

  test('refuse a tree that forgot an entry', async () => {
    const forked = [...MANY.slice(0, 5), ...MANY.slice(6, 21)];
    for (const oldSize of [6, 7, 8, 13, 16]) {
      const proof = await proveConsistency(memoryNodes(forked), oldSize, 20);
      const oldRoot = naiveRoot(MANY.slice(0, oldSize));
      const root = naiveRoot(forked.slice(0, 20));
      expect(() => verifyConsistency({ oldSize, oldRoot, size: 20, root, proof })).toThrow(
        expect.objectContaining({ code: 'proof.invalid' }),
      );
    }
  });
});

function flip(hash: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Every proof one step away: a bit flipped, a hash dropped, doubled, moved, cut or added. */
function alterations(proof: readonly Uint8Array[]): Uint8Array[][] {
  return [
    [...proof, leafHash(utf8('more'))],
    ...proof.flatMap((hash, at) => [
      proof.with(at, flip(hash, 77)),
      proof.with(at, hash.subarray(1)),
      proof.filter((_, other) => other !== at),
      [...proof.slice(0, at), hash, ...proof.slice(at)],
      ...(at === 0 ? [] : [proof.with(at, proof[at - 1] as Uint8Array).with(at - 1, hash)]),
    ]),
  ];
}
