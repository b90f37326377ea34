import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { testNoteSigner } from '@originsign/testkit/test-log';
import { TestSigner, type SignedSet } from '@originsign/testkit/test-signer';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { bytesSource } from '../formats/bytes-source.ts';
import { formatVerifierKey } from '../log/note-key.ts';
import type { TrustFile } from '../protocol/trust-file.ts';
import type { VerificationReport } from './report.ts';
import { verifyFile, type VerificationInput } from './verifier.ts';

export const SIGNED_AT = new Date('2026-11-22T09:14:03Z');
export const YEARS_LATER = new Date('2036-11-22T09:14:03Z');
export const CONTENT = utf8('a release of the app');
export const EXPECTED = { repository: 'https://github.com/acme/app', project: 'acme-app' };

export const signer = new TestSigner();
const cms = { format: 'cms-detached', time: SIGNED_AT };
/** The valid set that tests change. */
export const set = await signer.sign('app.tgz', CONTENT, cms);
/** Another valid set by the same keys. */
export const other = await signer.sign('other.tgz', utf8('another release'), cms);
/** The same file with a bare signature. */
export const rawSet = await signer.sign('app.tgz', CONTENT, { format: 'raw', time: SIGNED_AT });

export interface Change extends Partial<Omit<VerificationInput, 'file'>> {
  readonly set?: SignedSet;
  readonly content?: Uint8Array;
  readonly beside?: ReadonlyMap<string, Uint8Array>;
}

export function verify(change: Change = {}): Promise<VerificationReport> {
  const { set: from = set, content = from.file, beside = from.beside, ...rest } = change;
  return verifyFile({
    file: { source: bytesSource(content), beside: (extension) => Promise.resolve(beside.get(extension)) },
    receipts: [from.receipt],
    provenances: [from.provenance],
    trust: signer.trust(),
    expected: EXPECTED,
    now: SIGNED_AT,
    ...rest,
  });
}

/** `name code` of every check that failed for a reason of its own. */
export function failures({ checks }: VerificationReport): string[] {
  return checks.flatMap(({ name, code }) => (code === undefined ? [] : [`${name} ${code}`]));
}

export function skipped({ checks }: VerificationReport): string[] {
  return checks.flatMap(({ name, ok, code }) => (!ok && code === undefined ? [name] : []));
}

export function retired(validUntil: string): TrustFile {
  const trust = signer.trust();
  return { ...trust, signingKeys: trust.signingKeys.map((key) => ({ ...key, validUntil })) };
}

export const flip = (bytes: Uint8Array, at: number): Uint8Array =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));
export const text = (bytes: Uint8Array, change: (text: string) => string): Uint8Array => utf8(change(utf8Text(bytes)));
export const trusting = (change: (trust: TrustFile) => Partial<TrustFile>): Change => {
  const trust = signer.trust();
  return { trust: { ...trust, ...change(trust) } };
};
export const strangerKey = () => encodeBase64(makeTestKey('p-256').spki);
export const strangerRoot = () => encodeBase64(makeTestAuthority(makeTestKey('p-256')).certificate);
export function logKey(change: object): Change {
  return trusting((trust) => ({
    logs: trust.logs.map((log) => ({ ...log, keys: log.keys.map((key) => ({ ...key, ...change })) })),
  }));
}

export function provenanceKey(change: object): Change {
  return trusting((trust) => ({ provenanceKeys: trust.provenanceKeys.map((key) => ({ ...key, ...change })) }));
}

export function keyPurpose(purpose: string): Change {
  return trusting((trust) => ({ signingKeys: trust.signingKeys.map((key) => ({ ...key, purpose })) }));
}

export function strangerLog(): TrustFile['logs'][number] {
  const { key } = testNoteSigner(signer.log.origin);
  return {
    origin: signer.log.origin,
    keys: [{ vkey: formatVerifierKey(key), validFrom: '2026-01-01T00:00:00Z', fromSize: 0 }],
  };
}

export function receipt(change: (text: string) => string): Change {
  return { receipts: [text(set.receipt, change)] };
}

export function receiptExtra(change: (extra: string) => string): Change {
  return receipt((whole) =>
    whole.replace(/extra (\S+)/, (_, extra: string) => {
      return `extra ${encodeBase64(text(decodeBase64(extra), change))}`;
    }),
  );
}

export function provenancePayload(change: (json: string) => string): Uint8Array {
  return text(set.provenance, (json) =>
    json.replace(/"payload":"([^"]+)"/, (_, payload: string) => {
      return `"payload":"${encodeBase64(text(decodeBase64(payload), change))}"`;
    }),
  );
}

export function changed(beside: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, Uint8Array> {
  return new Map([...beside].map(([extension, bytes]) => [extension, flip(bytes, bytes.length - 1)]));
}

/** Another log of a trial store, in a file from which somebody took the mark. */
export function trialLog(): TrustFile {
  const origin = 'sign.acme.example/trial';
  const vkey = formatVerifierKey(testNoteSigner(origin).key);
  return { ...signer.trust(), logs: [{ origin, keys: [{ vkey, validFrom: '2026-01-01T00:00:00Z', fromSize: 0 }] }] };
}
