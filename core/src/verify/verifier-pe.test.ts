import { describe, expect, test } from 'vitest';
import { concatBytes } from '../encoding/bytes.ts';
import { SECTION_AT, syntheticPe } from '../formats/authenticode-pe/synthetic-pe.test.fixture.ts';
import { failures, flip, set, SIGNED_AT, signer, verify, YEARS_LATER, type Change } from './verifier.test.fixture.ts';

const UNSIGNED = syntheticPe({ section: new Uint8Array(64).fill(0x90) });
/** Where a PE32+ image with its header at 64 names its certificate table. */
const SECURITY_AT = 64 + 24 + 112 + 32;
const pe = { format: 'authenticode-pe', time: SIGNED_AT };
const program = await signer.sign('app.exe', UNSIGNED, pe);
const tool = await signer.sign('tool.exe', syntheticPe({ section: new Uint8Array(64).fill(0xcc) }), pe);
/** Where the table begins: the padded end of the image. */
const TABLE_AT = new DataView(program.file.buffer, program.file.byteOffset).getUint32(SECURITY_AT, true);

const NOT_MADE = ['timestamp', 'signer', 'record', 'binding'];
const table = (file: Uint8Array): Uint8Array => file.subarray(TABLE_AT);

/** The image as if its table had this many bytes more. */
function withTable(file: Uint8Array, bytes: Uint8Array): Uint8Array {
  const changed = concatBytes(file.subarray(0, TABLE_AT), bytes);
  new DataView(changed.buffer).setUint32(SECURITY_AT + 4, bytes.length, true);
  return changed;
}

/** The whole table with `extra` behind its signature, inside the one entry. */
function padded(extra: Uint8Array): Uint8Array {
  const bytes = concatBytes(table(program.file), extra);
  new DataView(bytes.buffer).setUint32(0, bytes.length, true);
  return bytes;
}

type Row = readonly [what: string, change: Change, failed: readonly string[], notMade?: readonly string[]];

const MATRIX: readonly Row[] = [
  ['its code was changed', { content: flip(program.file, SECTION_AT) }, ['signature verify.digest'], NOT_MADE],
  ['its header was changed', { content: flip(program.file, 2) }, ['signature verify.digest'], NOT_MADE],
  ['its signature was taken out', { content: UNSIGNED }, ['signature verify.unsigned'], NOT_MADE],
  [
    'its header names no table any more',
    { content: program.file.map((byte, at) => (at >= SECURITY_AT && at < SECURITY_AT + 8 ? 0 : byte)) },
    ['signature verify.unsigned'],
    NOT_MADE,
  ],
  [
    'it carries the signature of another program',
    { content: withTable(program.file, table(tool.file)) },
    ['signature verify.digest'],
    NOT_MADE,
  ],
  [
    'it is another program, signed by the same publisher, with proofs of this one',
    { content: tool.file },
    ['record verify.not_in_receipt', 'binding verify.provenance'],
  ],
  [
    'data hides behind its signature',
    { content: withTable(program.file, padded(new Uint8Array(16).fill(0x41))) },
    ['signature verify.signature'],
    NOT_MADE,
  ],
  [
    'it carries two signatures',
    { content: withTable(program.file, concatBytes(table(program.file), table(program.file))) },
    ['signature verify.signature'],
    NOT_MADE,
  ],
  [
    'data was appended to the file',
    { content: concatBytes(program.file, new Uint8Array(8)) },
    ['signature verify.signature'],
    NOT_MADE,
  ],
  ['it was cut', { content: program.file.subarray(0, -8) }, ['signature verify.signature'], NOT_MADE],
  [
    'its signature value was changed',
    { content: flip(program.file, TABLE_AT + 800) },
    ['signature verify.signature'],
    NOT_MADE,
  ],
  [
    'its proofs are of a detached signature',
    { receipts: [set.receipt], provenances: [set.provenance] },
    ['record verify.not_in_receipt', 'binding verify.provenance'],
  ],
];

describe('a signed program with one change does not verify', () => {
  test.each(MATRIX.map(([what, change, failed, notMade = []]) => [what, { change, failed, notMade }] as const))(
    'where %s',
    async (_, { change, failed, notMade }) => {
      const report = await verify({ set: program, ...change });
      expect(report.verified).toBe(false);
      expect(failures(report)).toEqual(failed);
      expect(report.checks.filter(({ ok, code }) => !ok && code === undefined).map(({ name }) => name)).toEqual(
        notMade,
      );
    },
  );

  test('and the program as it was signed does, years after its certificate expired', async () => {
    expect(await verify({ set: program, now: YEARS_LATER })).toMatchObject({ verified: true });
    expect(withTable(program.file, table(program.file))).toEqual(program.file);
  });
});
