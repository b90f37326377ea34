import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import type { SignedSetOptions } from '@originsign/testkit/test-signer';
import { testTimestamp } from '@originsign/testkit/test-timestamp';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import {
  CONTENT,
  failures,
  logKey,
  provenanceKey,
  SIGNED_AT,
  signer,
  trusting,
  verify,
} from './verifier.test.fixture.ts';

const DAY = 86_400_000;
const at = (days: number): Date => new Date(SIGNED_AT.getTime() + days * DAY);
const validity = (from: number, to: number) => ({ notBefore: at(from), notAfter: at(to) });

const sign = (change: Partial<SignedSetOptions> = {}) =>
  signer.sign('app.tgz', CONTENT, { format: 'cms-detached', time: SIGNED_AT, ...change });
const publisher = (from: number, to: number) => signer.root.codeSigning(makeTestKey('p-256'), validity(from, to));
const authority = (from: number, to: number) =>
  signer.timestampRoot.timestamping(makeTestKey('p-256'), validity(from, to));
const stampedAt = (days: number) => (signature: Uint8Array) => testTimestamp(signature, at(days), signer.timestamps);

describe('a certificate that expired', () => {
  const expiring = { publisher: publisher(-30, 1) };

  test('counts where a trusted timestamp says that it had not yet, for as long as the roots are trusted', async () => {
    const set = await sign(expiring);
    for (const now of [SIGNED_AT, at(2), at(3650)])
      expect(await verify({ set, now })).toMatchObject({ verified: true });
  });

  test('does not count once it is over where there is no timestamp, whatever the log says about the time', async () => {
    const set = await sign({ ...expiring, timestamp: false });
    expect(await verify({ set })).toMatchObject({ verified: true });
    expect(failures(await verify({ set, now: at(2) }))).toEqual(['signer verify.certificate']);
  });

  test.each<readonly [string, Partial<SignedSetOptions>]>([
    ['before it was signed', { publisher: publisher(-30, -1) }],
    ['before the time of the timestamp', { ...expiring, stamp: stampedAt(2) }],
    ['not, but is not valid yet', { publisher: publisher(1, 30) }],
    ['not, but was not valid yet by its timestamp', { publisher: publisher(-1, 30), stamp: stampedAt(-2) }],
  ])('%s is refused', async (_, change) => {
    expect(failures(await verify({ set: await sign(change) }))).toEqual(['signer verify.certificate']);
  });

  test('under a root that expired before the signature is refused', async () => {
    const root = makeTestAuthority(makeTestKey('p-256'), validity(-60, -1));
    const set = await sign({ publisher: root.codeSigning(makeTestKey('p-256'), validity(-30, 30)) });
    const trust = trusting(() => ({ signingRoots: [{ certificate: encodeBase64(root.certificate) }] }));
    expect(failures(await verify({ set, ...trust }))).toEqual(['signer verify.certificate']);
  });
});

describe('a certificate for something else', () => {
  test('does not sign files', async () => {
    const set = await sign({ publisher: signer.root.timestamping(makeTestKey('p-256'), validity(-30, 30)) });
    expect(failures(await verify({ set }))).toEqual(['signer verify.certificate']);
  });

  test('does not make timestamps', async () => {
    const strange = signer.timestampRoot.codeSigning(makeTestKey('p-256'), validity(-30, 30));
    const set = await sign({ stamp: (signature) => testTimestamp(signature, SIGNED_AT, strange) });
    expect(failures(await verify({ set }))).toEqual(['timestamp verify.timestamp']);
  });
});

describe('a timestamp', () => {
  const stranger = makeTestAuthority(makeTestKey('p-256'), validity(-30, 30)).timestamping(
    makeTestKey('p-256'),
    validity(-30, 30),
  );

  test.each<readonly [string, (signature: Uint8Array) => Uint8Array]>([
    ['over another signature', () => testTimestamp(utf8('another'), SIGNED_AT, signer.timestamps)],
    ['of an authority that nobody trusts', (signature) => testTimestamp(signature, SIGNED_AT, stranger)],
    ['of an authority that was over', (signature) => testTimestamp(signature, SIGNED_AT, authority(-30, -1))],
    ['of an authority that was not there yet', (signature) => testTimestamp(signature, SIGNED_AT, authority(1, 30))],
    [
      'with one byte changed',
      (signature) =>
        testTimestamp(signature, SIGNED_AT, signer.timestamps).map((byte, index, all) =>
          index === all.length - 5 ? byte ^ 1 : byte,
        ),
    ],
  ])('%s is refused, and not passed over', async (_, stamp) => {
    const set = await sign({ stamp });
    expect(failures(await verify({ set }))).toEqual(['timestamp verify.timestamp']);
  });

  test('does not carry a signature past the end of its certificate where it is refused itself', async () => {
    const set = await sign({
      publisher: publisher(-30, 1),
      stamp: (signature) => testTimestamp(signature, SIGNED_AT, stranger),
    });
    expect(failures(await verify({ set, now: at(2) }))).toEqual([
      'timestamp verify.timestamp',
      'signer verify.certificate',
    ]);
  });
});

describe('keys of the trust file', () => {
  const iso = (days: number): string => at(days).toISOString();

  test.each([
    ['a log key that was over', logKey({ validUntil: iso(-1) }), 'receipt verify.log_key'],
    ['a provenance key that came later', provenanceKey({ validFrom: iso(1) }), 'provenance verify.provenance'],
    ['a provenance key that was over', provenanceKey({ validUntil: iso(-1) }), 'provenance verify.provenance'],
  ])('%s is refused', async (_, change, failed) => {
    expect(failures(await verify(change))).toEqual([failed]);
  });

  test('of a log sign checkpoints over entries that are older than they', async () => {
    expect(await verify(logKey({ validFrom: iso(1) }))).toMatchObject({ verified: true });
  });

  test('that were retired after the act still vouch for it', async () => {
    const later = { validUntil: iso(1) };
    for (const change of [logKey(later), provenanceKey(later)]) {
      expect(await verify({ ...change, now: at(3650) })).toMatchObject({ verified: true });
    }
  });
});
