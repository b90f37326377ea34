import { testNoteSigner } from '@originsign/testkit/test-log';
import { TestSigner } from '@originsign/testkit/test-signer';
import { describe, expect, test } from 'vitest';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE } from '../attestation/dsse.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { signNote } from '../log/signed-note.ts';
import {
  CONTENT,
  failures,
  other,
  rawSet,
  receiptExtra,
  set,
  SIGNED_AT,
  signer,
  skipped,
  text,
  trusting,
  verify,
  type Change,
} from './verifier.test.fixture.ts';

/** A whole signing service of somebody else, with the same names and its own keys. */
const stranger = new TestSigner();
/** The same file, signed there. */
const theirs = await stranger.sign('app.tgz', CONTENT, { format: 'cms-detached', time: SIGNED_AT });
const theirRaw = await stranger.sign('app.tgz', CONTENT, { format: 'raw', time: SIGNED_AT });
/** The same file, signed by us for a second time. */
const again = await signer.sign('app.tgz', CONTENT, { format: 'cms-detached', time: SIGNED_AT });

const NO_ORIGIN = ['binding', 'repository', 'project'];
const NO_RECEIPT = ['record', 'binding'];

/** Genuine bytes under the signature of a key that nobody pinned. */
async function resignedReceipt(): Promise<Change> {
  const whole = utf8Text(set.receipt);
  const at = whole.indexOf('\n\n') + 2;
  const note = whole.slice(at, whole.indexOf('\n\n', at) + 1);
  return { receipts: [utf8(whole.slice(0, at) + (await signNote(note, [testNoteSigner(signer.log.origin)])))] };
}

async function resignedProvenance(): Promise<Change> {
  const { dsseEnvelope } = JSON.parse(utf8Text(set.provenance)) as { dsseEnvelope: { payload: string } };
  const payload = decodeBase64(dsseEnvelope.payload);
  const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, undefined, (bytes) =>
    Promise.resolve(stranger.provenanceKey.sign(bytes)),
  );
  return { provenances: [provenance({ dsseEnvelope: envelope })] };
}

/** The receipt of another kind of entry of the same request, with a genuine proof. */
async function receiptOf(index: number): Promise<Change> {
  signer.log.records[index] ??= signer.log.records[2] ?? [];
  return { receipts: [utf8(await signer.log.receipt(index))] };
}

/** The bundle with other members; those that are undefined are gone. */
function provenance(members: object): Uint8Array {
  return text(set.provenance, (json) => JSON.stringify({ ...(JSON.parse(json) as object), ...members }));
}

const receiptLine = (pattern: RegExp): Change => ({ receipts: [text(set.receipt, (all) => all.replace(pattern, ''))] });
const theirTrust = stranger.trust();

type Row = readonly [what: string, Change | Promise<Change>, failed: readonly string[], notMade?: readonly string[]];

const SWAPPED: readonly Row[] = [
  [
    'receipt and provenance are of another request, and fit each other',
    { receipts: [other.receipt], provenances: [other.provenance] },
    ['record verify.not_in_receipt', 'binding verify.provenance'],
  ],
  [
    'receipt and provenance are of a second signing of the same file',
    { receipts: [again.receipt], provenances: [again.provenance] },
    ['record verify.not_in_receipt'],
  ],
  [
    'the receipt is of a second signing of the same file',
    { receipts: [again.receipt] },
    ['record verify.not_in_receipt', 'binding verify.provenance'],
  ],
  [
    'the provenance is of a second signing of the same file',
    { provenances: [again.provenance] },
    ['binding verify.provenance'],
  ],
  ['the signature is of a second signing of the same file', { beside: again.beside }, ['record verify.not_in_receipt']],
  ['the receipt is a valid one of the REQUEST', receiptOf(0), ['receipt verify.receipt'], NO_RECEIPT],
  ['the receipt is a valid one of the INTENT', receiptOf(1), ['receipt verify.receipt'], NO_RECEIPT],
  [
    'the entry is that of another request under the proof of this one',
    receiptExtra((extra) => extra.replaceAll(set.requestId, other.requestId)),
    ['receipt proof.invalid'],
    NO_RECEIPT,
  ],
  [
    'the file comes with a signature of another format, and proofs of this one',
    { beside: rawSet.beside },
    ['record verify.not_in_receipt'],
  ],
];

const STRANGE: readonly Row[] = [
  [
    'the file is signed under the certificate of somebody else',
    { beside: theirs.beside },
    ['timestamp verify.timestamp', 'signer verify.certificate'],
    ['record'],
  ],
  [
    'the file is signed by the bare key of somebody else',
    { set: rawSet, beside: theirRaw.beside },
    ['signer verify.signature'],
    ['record'],
  ],
  [
    'the receipt is of the log of somebody else',
    { receipts: [theirs.receipt] },
    ['receipt note.signature'],
    NO_RECEIPT,
  ],
  [
    'the checkpoint is signed by another key of the same name',
    resignedReceipt(),
    ['receipt note.signature'],
    NO_RECEIPT,
  ],
  [
    'the provenance is of somebody else',
    { provenances: [theirs.provenance] },
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  ['the provenance is signed by another key', resignedProvenance(), ['provenance verify.provenance'], NO_ORIGIN],
  [
    'everything is of somebody else',
    { set: theirs },
    [
      'timestamp verify.timestamp',
      'receipt note.signature',
      'signer verify.certificate',
      'provenance verify.provenance',
    ],
    ['record', 'binding', 'repository', 'project'],
  ],
  [
    'the whole trust file is of somebody else',
    { trust: theirTrust },
    [
      'timestamp verify.timestamp',
      'receipt note.signature',
      'signer verify.certificate',
      'provenance verify.provenance',
    ],
    ['record', 'binding', 'repository', 'project'],
  ],
  ...(['logs', 'provenanceKeys', 'signingRoots', 'timestampRoots'] as const).map((part): Row => {
    const failed = {
      logs: ['receipt note.signature'],
      provenanceKeys: ['provenance verify.provenance'],
      signingRoots: ['signer verify.certificate'],
      timestampRoots: ['timestamp verify.timestamp'],
    };
    const notMade = { logs: NO_RECEIPT, provenanceKeys: NO_ORIGIN, signingRoots: ['record'], timestampRoots: [] };
    return [
      `the ${part} of the trust file are of somebody else`,
      trusting(() => ({ [part]: theirTrust[part] })),
      failed[part],
      notMade[part],
    ];
  }),
  [
    'the trust file names another log than the key does',
    trusting(({ logs }) => ({ logs: logs.map((log) => ({ ...log, origin: 'sign.acme.example/other' })) })),
    ['receipt note.malformed'],
    NO_RECEIPT,
  ],
];

const REMOVED: readonly Row[] = [
  ['the receipt has no index', receiptLine(/index \d+\n/), ['receipt verify.receipt'], NO_RECEIPT],
  ['the receipt has no proof', receiptLine(/(?<=index \d+\n)[^]+?\n(?=\n)/), ['receipt proof.invalid'], NO_RECEIPT],
  ['the receipt has no checkpoint', receiptLine(/\n\n[^]*/), ['receipt verify.receipt'], NO_RECEIPT],
  ['the checkpoint has no signature', receiptLine(/— .*\n/), ['receipt note.malformed'], NO_RECEIPT],
  ['the receipt is cut', { receipts: [set.receipt.subarray(0, -3)] }, ['receipt note.malformed'], NO_RECEIPT],
  ['the receipt is empty', { receipts: [new Uint8Array()] }, ['receipt verify.receipt'], NO_RECEIPT],
  [
    'the receipt carries no records',
    receiptExtra((extra) => extra.replace(/"records":\[.*\]/, '"records":[]')),
    ['receipt verify.receipt'],
    NO_RECEIPT,
  ],
  [
    'the provenance has no envelope',
    { provenances: [provenance({ dsseEnvelope: undefined })] },
    ['provenance bundle.malformed'],
    NO_ORIGIN,
  ],
  [
    'the provenance has no signature',
    { provenances: [text(set.provenance, (json) => json.replace(/"signatures":\[.*?\]/, '"signatures":[]'))] },
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  [
    'the provenance says not which key signed',
    { provenances: [provenance({ verificationMaterial: {} })] },
    ['provenance bundle.malformed'],
    NO_ORIGIN,
  ],
  [
    'the provenance is of another payload type',
    { provenances: [text(set.provenance, (json) => json.replace('vnd.in-toto+json', 'json'))] },
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  [
    'the provenance is cut',
    { provenances: [set.provenance.subarray(0, -1)] },
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  ['the provenance is empty', { provenances: [new Uint8Array()] }, ['provenance verify.provenance'], NO_ORIGIN],
  [
    'receipt and provenance are exchanged',
    { receipts: [set.provenance], provenances: [set.receipt] },
    ['receipt verify.receipt', 'provenance verify.provenance'],
    ['record', ...NO_ORIGIN],
  ],
];

describe.each([
  ['swapped', SWAPPED],
  ['of somebody else', STRANGE],
  ['removed', REMOVED],
])('a part that is %s is refused', (_, rows) => {
  test.each(rows.map(([what, change, failed, notMade]) => [what, { change, failed, notMade }] as const))(
    'where %s',
    async (__, { change, failed, notMade = [] }) => {
      const report = await verify(await change);
      expect({ verified: report.verified, failed: failures(report), notMade: skipped(report) }).toEqual({
        verified: false,
        failed,
        notMade,
      });
    },
  );
});

test('what is refused here verifies whole, there', async () => {
  expect(await verify({ set: theirs, trust: theirTrust })).toMatchObject({ verified: true });
  expect(await verify({ set: again })).toMatchObject({ verified: true });
});
