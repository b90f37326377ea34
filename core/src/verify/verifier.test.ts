import { describe, expect, test } from 'vitest';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { bytesSource } from '../formats/bytes-source.ts';
import { TRIAL_ORGANISATION } from '../x509/trial-organisation.ts';
import {
  CONTENT,
  EXPECTED,
  failures,
  flip,
  other,
  rawSet,
  retired,
  set,
  SIGNED_AT,
  signer,
  skipped,
  trusting,
  verify,
  YEARS_LATER,
} from './verifier.test.fixture.ts';
import { verifyFile } from './verifier.ts';

describe('a valid set', () => {
  test('verifies, with every check named', async () => {
    const report = await verify({
      expected: { ...EXPECTED, ref: 'refs/tags/v*', workflow: '.github/workflows/release.yml', policy: 'release' },
    });
    expect(report.checks.map(({ name, ok }) => (ok ? name : `not ${name}`))).toEqual([
      'trust',
      'signature',
      'timestamp',
      'receipt',
      'signer',
      'record',
      'provenance',
      'binding',
      'repository',
      'project',
      'ref',
      'workflow',
      'policy',
    ]);
    expect(report).toMatchObject({
      verified: true,
      format: 'cms-detached',
      coveredDigest: set.digested.coveredDigest,
      signer: { name: 'CN=Acme\\, Inc.,O=OriginSign Test' },
      timestamp: SIGNED_AT.toISOString(),
      log: { origin: 'sign.acme.example/log', index: 2 },
      requestId: set.requestId,
      project: 'acme-app',
      policy: 'release',
    });
  });

  test('verifies years later, because a trusted timestamp says when it was signed', async () => {
    expect(await verify({ now: YEARS_LATER })).toMatchObject({ verified: true });
  });

  test('does not verify years later without a timestamp', async () => {
    const bare = await signer.sign('bare.tgz', utf8('bare'), {
      format: 'cms-detached',
      time: SIGNED_AT,
      timestamp: false,
    });
    expect(await verify({ set: bare })).toMatchObject({ verified: true });
    expect(failures(await verify({ set: bare, now: YEARS_LATER }))).toEqual(['signer verify.certificate']);
  });

  test('of a bare key verifies after the key was retired, because the log says when it was used', async () => {
    expect(await verify({ set: rawSet, now: YEARS_LATER, trust: retired('2026-12-01T00:00:00Z') })).toMatchObject({
      verified: true,
      signer: { name: 'acme-raw' },
    });
  });

  test('is found among the proofs of other files and among files that are no proofs', async () => {
    const receipts = [utf8('no receipt'), other.receipt, set.receipt];
    const provenances = [utf8('{}'), other.provenance, set.provenance];
    expect(await verify({ receipts, provenances })).toMatchObject({ verified: true, requestId: set.requestId });
  });
});

describe('what is claimed', () => {
  test('is shown beside the covered digest and changes nothing', async () => {
    const lie = 'ab'.repeat(32);
    const lying = await signer.sign('lie.tgz', utf8('lie'), {
      format: 'cms-detached',
      time: SIGNED_AT,
      provenance: (honest) => ({
        ...honest,
        subjects: honest.subjects.map((subject) => ({ ...subject, claimed: { sha256: lie, size: 3 } })),
      }),
    });
    expect(await verify({ set: lying })).toMatchObject({
      verified: true,
      coveredDigest: lying.digested.coveredDigest,
      claimed: { sha256: lie, size: 3 },
    });
  });
});

describe('several failures', () => {
  test('are all reported where they do not depend on each other', async () => {
    const report = await verify({
      ...trusting(() => ({ trial: true })),
      content: flip(CONTENT, 3),
      receipts: [],
      provenances: [],
      expected: { ...EXPECTED, ref: 'refs/tags/v*' },
    });
    expect(failures(report)).toEqual([
      'trust verify.trial',
      'signature verify.digest',
      'receipt verify.receipt_missing',
      'provenance verify.provenance_missing',
    ]);
    expect(skipped(report)).toEqual(['timestamp', 'signer', 'record', 'binding', 'repository', 'project', 'ref']);
  });
});

describe('a trial store', () => {
  test('is known by its root alone', async () => {
    const subject = [{ type: 'O', value: TRIAL_ORGANISATION }] as const;
    const { certificate } = makeTestAuthority(makeTestKey('p-256'), { subject });
    const mixed = trusting(({ signingRoots }) => ({
      signingRoots: [...signingRoots, { certificate: encodeBase64(certificate) }],
    }));
    expect(failures(await verify(mixed))).toEqual(['trust verify.trial']);
    expect(await verify({ ...mixed, trial: true })).toMatchObject({ verified: true });
  });

  test('is good enough where that is asked for', async () => {
    expect(await verify({ ...trusting(() => ({ trial: true })), trial: true })).toMatchObject({ verified: true });
  });
});

describe('what is not about the file', () => {
  test('an expected ref that is no pattern is an input error', async () => {
    await expect(verify({ expected: { ...EXPECTED, ref: 'refs/tags/[v]' } })).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  test('a format that does not exist is an input error', async () => {
    const file = { source: bytesSource(CONTENT), beside: () => Promise.resolve(undefined), format: 'tar' };
    const input = { file, receipts: [], provenances: [], trust: signer.trust(), expected: EXPECTED, now: SIGNED_AT };
    await expect(verifyFile(input)).rejects.toMatchObject({ code: 'format.unknown' });
  });
});
