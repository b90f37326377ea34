import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import {
  changed,
  CONTENT,
  EXPECTED,
  failures,
  flip,
  keyPurpose,
  logKey,
  other,
  provenanceKey,
  provenancePayload,
  rawSet,
  receipt,
  receiptExtra,
  retired,
  set,
  SIGNED_AT,
  signer,
  skipped,
  strangerKey,
  strangerLog,
  strangerRoot,
  text,
  trialLog,
  trusting,
  verify,
  type Change,
} from './verifier.test.fixture.ts';

type Matrix = readonly (readonly [
  what: string,
  change: () => Change,
  failed: readonly string[],
  skipped?: readonly string[],
])[];

const FROM_SIGNATURE = ['timestamp', 'signer', 'record', 'binding'];
const NO_ORIGIN = ['binding', 'repository', 'project'];

const MATRIX: Matrix = [
  ['the file was changed', () => ({ content: flip(CONTENT, 0) }), ['signature verify.digest'], FROM_SIGNATURE],
  ['the file was cut', () => ({ content: CONTENT.subarray(1) }), ['signature verify.digest'], FROM_SIGNATURE],
  ['the signature is gone', () => ({ beside: new Map() }), ['signature verify.unsigned'], FROM_SIGNATURE],
  [
    'the signature is that of another file',
    () => ({ beside: other.beside }),
    ['signature verify.digest'],
    FROM_SIGNATURE,
  ],
  [
    'the signature is no CMS',
    () => ({ beside: new Map([['.p7s', utf8('x')]]) }),
    ['signature verify.signature'],
    FROM_SIGNATURE,
  ],
  [
    'the root is not trusted',
    () => trusting(() => ({ signingRoots: [{ certificate: strangerRoot() }] })),
    ['signer verify.certificate'],
    ['record'],
  ],
  ['no root is trusted', () => trusting(() => ({ signingRoots: [] })), ['signer verify.certificate'], ['record']],
  [
    'a timestamp root signs code',
    () => trusting((trust) => ({ signingRoots: trust.timestampRoots })),
    ['signer verify.certificate'],
    ['record'],
  ],
  [
    'the authority of the timestamp is not trusted',
    () => trusting(() => ({ timestampRoots: [{ certificate: strangerRoot() }] })),
    ['timestamp verify.timestamp'],
  ],
  [
    'the root of the publisher is trusted for timestamps',
    () => trusting((trust) => ({ timestampRoots: trust.signingRoots })),
    ['timestamp verify.timestamp'],
  ],
  ['there is no receipt', () => ({ receipts: [] }), ['receipt verify.receipt_missing'], ['record', 'binding']],
  [
    'the receipt is of another request',
    () => ({ receipts: [other.receipt] }),
    ['record verify.not_in_receipt', 'binding verify.provenance'],
  ],
  ['the receipt is no receipt', () => ({ receipts: [utf8('x')] }), ['receipt verify.receipt'], ['record', 'binding']],
  [
    'the log is not trusted',
    () => trusting(() => ({ logs: [strangerLog()] })),
    ['receipt note.signature'],
    ['record', 'binding'],
  ],
  [
    'the log key was over when the entry was made',
    () => logKey({ validUntil: '2026-11-22T09:00:00Z' }),
    ['receipt verify.log_key'],
    ['record', 'binding'],
  ],
  [
    'the log key is for larger sizes',
    () => logKey({ fromSize: 1000 }),
    ['receipt verify.log_key'],
    ['record', 'binding'],
  ],
  ['the log key is for smaller sizes', () => logKey({ toSize: 1 }), ['receipt verify.log_key'], ['record', 'binding']],
  [
    'the index is another',
    () => receipt((line) => line.replace(/index \d+/, 'index 1')),
    ['receipt proof.invalid'],
    ['record', 'binding'],
  ],
  [
    'a hash of the proof was dropped',
    () => receipt((line) => line.replace(/(index \d+\n)[^\n]+\n/, '$1')),
    ['receipt proof.invalid'],
    ['record', 'binding'],
  ],
  [
    'a hash of the proof is there twice',
    () => receipt((line) => line.replace(/(index \d+\n)([^\n]+\n)/, '$1$2$2')),
    ['receipt proof.invalid'],
    ['record', 'binding'],
  ],
  [
    'the checkpoint has another size',
    () =>
      receipt((line) =>
        line.replace(/(\/log\n)(\d+)/, (_, origin: string, size: string) => `${origin}${Number(size) + 1}`),
      ),
    ['receipt note.signature'],
    ['record', 'binding'],
  ],
  [
    'a record of the receipt was changed',
    () => receiptExtra((extra) => extra.replace('"name":"app.tgz"', '"name":"APP.tgz"')),
    ['receipt verify.receipt'],
    ['record', 'binding'],
  ],
  [
    'the entry of the receipt was changed',
    () => receiptExtra((extra) => extra.replace(/\\"v\\":1/, '\\"v\\":2')),
    ['receipt proof.invalid'],
    ['record', 'binding'],
  ],
  [
    'the receipt carries no entry',
    () => receipt((line) => line.replace(/extra [^\n]*\n/, '')),
    ['receipt verify.receipt'],
    ['record', 'binding'],
  ],
  ['there is no provenance', () => ({ provenances: [] }), ['provenance verify.provenance_missing'], NO_ORIGIN],
  ['the provenance is no bundle', () => ({ provenances: [utf8('{}')] }), ['provenance bundle.malformed'], NO_ORIGIN],
  [
    'the provenance key is not trusted',
    () =>
      trusting((trust) => ({ provenanceKeys: trust.provenanceKeys.map((key) => ({ ...key, spki: strangerKey() })) })),
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  [
    'the provenance key was over',
    () => provenanceKey({ validUntil: '2026-11-22T09:00:00Z' }),
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  [
    'the provenance key was not yet in use',
    () => provenanceKey({ validFrom: '2026-11-23T00:00:00Z' }),
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  ['the provenance is of another request', () => ({ provenances: [other.provenance] }), ['binding verify.provenance']],
  [
    'the provenance was changed',
    () => ({ provenances: [provenancePayload((json) => json.replace('refs/tags/v1.4.0', 'refs/tags/v9.9.9'))] }),
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  [
    'the provenance has a key twice',
    () => ({ provenances: [text(set.provenance, (json) => json.replace('{', '{"mediaType":"x",'))] }),
    ['provenance verify.provenance'],
    NO_ORIGIN,
  ],
  [
    'the repository is another',
    () => ({ expected: { ...EXPECTED, repository: 'https://github.com/acme/App' } }),
    ['repository verify.expectation'],
  ],
  [
    'the repository is longer',
    () => ({ expected: { ...EXPECTED, repository: 'https://github.com/acme/app-2' } }),
    ['repository verify.expectation'],
  ],
  ['the project is another', () => ({ expected: { ...EXPECTED, project: 'acme' } }), ['project verify.expectation']],
  ['the ref does not match', () => ({ expected: { ...EXPECTED, ref: 'refs/heads/**' } }), ['ref verify.expectation']],
  [
    'a star of the ref would have to cross a slash',
    () => ({ expected: { ...EXPECTED, ref: 'refs/*' } }),
    ['ref verify.expectation'],
  ],
  [
    'the workflow is another',
    () => ({ expected: { ...EXPECTED, workflow: '.github/workflows/test.yml' } }),
    ['workflow verify.expectation'],
  ],
  ['the policy is another', () => ({ expected: { ...EXPECTED, policy: 'test' } }), ['policy verify.expectation']],
  ['the trust file is of a trial store', () => trusting(() => ({ trial: true })), ['trust verify.trial']],
  [
    'the log is one of a trial store',
    () => ({ trust: trialLog() }),
    ['trust verify.trial', 'receipt note.signature'],
    ['record', 'binding'],
  ],
  [
    'a bare signature was changed',
    () => ({ set: rawSet, beside: changed(rawSet.beside) }),
    ['signer verify.signature'],
    ['record'],
  ],
  [
    'a bare key is not trusted',
    () => ({ set: rawSet, ...trusting(() => ({ signingKeys: [] })) }),
    ['signer verify.signature'],
    ['record'],
  ],
  [
    'a bare key has another purpose',
    () => ({ set: rawSet, ...keyPurpose('provenance') }),
    ['signer verify.signature'],
    ['record'],
  ],
  [
    'a bare key was over when it was used',
    () => ({ set: rawSet, trust: retired('2026-11-01T00:00:00Z') }),
    ['signer verify.signature'],
    ['record'],
  ],
  [
    'the receipt is of the same file in another format',
    () => ({ receipts: [rawSet.receipt], provenances: [set.provenance] }),
    ['record verify.not_in_receipt', 'binding verify.provenance'],
  ],
];

describe('a valid set with one change does not verify', () => {
  test.each(MATRIX.map(([what, change, failed, notMade]) => [what, { change, failed, notMade }] as const))(
    'where %s',
    async (_, { change, failed, notMade = [] }) => {
      const report = await verify(change());
      expect(report.verified).toBe(false);
      expect(failures(report)).toEqual(failed);
      expect(skipped(report)).toEqual(notMade);
    },
  );

  test.each([
    ['format', { format: 'raw' }],
    ['digest', { coveredDigest: { sha256: '00'.repeat(32) } }],
    ['kind of digest', { coveredDigest: { authenticodeSha256: '00'.repeat(32) } }],
    ['key', { key: { label: 'acme-2026', spkiSha256: '00'.repeat(32) } }],
  ])('where the log has the signature under another %s', async (_, record) => {
    const logged = await signer.sign('app.tgz', CONTENT, { format: 'cms-detached', time: SIGNED_AT, record });
    expect(failures(await verify({ set: logged }))).toEqual(['record verify.not_in_receipt']);
  });

  test('where provenance speaks of another digest', async () => {
    const signed = await signer.sign('app.tgz', CONTENT, {
      format: 'cms-detached',
      time: SIGNED_AT,
      provenance: (honest) => ({
        ...honest,
        subjects: [{ name: 'app.tgz', coveredDigest: { algorithm: 'sha256', value: '00'.repeat(32) } }],
      }),
    });
    expect(failures(await verify({ set: signed }))).toEqual(['binding verify.provenance']);
  });

  test('where provenance names another request', async () => {
    const signed = await signer.sign('app.tgz', CONTENT, {
      format: 'cms-detached',
      time: SIGNED_AT,
      provenance: (honest) => ({ ...honest, request: { ...honest.request, id: other.requestId } }),
    });
    expect(failures(await verify({ set: signed }))).toEqual(['binding verify.provenance']);
  });

  test('where a workflow file of the expected path lies in another repository', async () => {
    const uri = 'https://github.com/evil/app/.github/workflows/release.yml@refs/tags/v1.4.0';
    const signed = await signer.sign('app.tgz', CONTENT, {
      format: 'cms-detached',
      time: SIGNED_AT,
      provenance: (honest) => ({
        ...honest,
        origin: { ...honest.origin, workflow: { ...honest.origin.workflow, uri } },
      }),
    });
    const workflow = '.github/workflows/release.yml';
    expect(failures(await verify({ set: signed, expected: { ...EXPECTED, workflow } }))).toEqual([
      'workflow verify.expectation',
    ]);
    expect(await verify({ set: signed, expected: { ...EXPECTED, workflow: uri } })).toMatchObject({ verified: true });
  });
});
