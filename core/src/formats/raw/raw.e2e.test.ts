import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { pem } from '@originsign/testkit/pem';
import { makeTestKey } from '@originsign/testkit/test-authority';
import { startTimestampAuthority, type TimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { ensureTools } from '@originsign/testkit/tools';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyTimestampToken } from '../../x509/timestamp-token.ts';
import { bytesSource } from '../bytes-source.ts';
import { besideReader, signFile } from '../sign-file.test.fixture.ts';
import { raw } from './raw.ts';
import { keyHint } from './to-be-signed.ts';

const file = Buffer.from('firmware image');
const other = Buffer.from('another image');
let folder = '';
let timestamps: TimestampAuthority;

beforeAll(async () => {
  ensureTools(['openssl']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-raw-'));
  timestamps = await startTimestampAuthority();
});

afterAll(async () => {
  await timestamps.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs openssl on a file, a key and a signature that stand in files. */
async function openssl(content: Uint8Array, spki: Uint8Array, signature: Uint8Array, ed25519: boolean) {
  const [data, key, value] = [join(folder, 'data'), join(folder, 'key.pem'), join(folder, 'data.sig')] as const;
  await writeFile(data, content);
  await writeFile(key, pem('PUBLIC KEY', spki));
  await writeFile(value, signature);
  return ed25519
    ? runChild('openssl', ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', data, '-sigfile', value])
    : runChild('openssl', ['dgst', '-sha256', '-verify', key, '-signature', value, data]);
}

describe.each(['rsa-2048', 'rsa-3072', 'p-256', 'ed25519'] as const)('%s', (type) => {
  const key = makeTestKey(type);
  const options = type === 'ed25519' ? { message: 'content' } : {};

  test('a plain signature is accepted by openssl for its file and no other', async () => {
    const { beside } = await signFile(raw, file, { key }, { options });
    const signature = beside.get('.sig') ?? new Uint8Array();
    expect((await openssl(file, key.spki, signature, type === 'ed25519')).status).toBe(0);
    expect((await openssl(other, key.spki, signature, type === 'ed25519')).status).not.toBe(0);
  });
});

// The verifier of Sigstore in JavaScript digests before it verifies, so that it knows no Ed25519 over a message.
describe.each(['rsa-2048', 'rsa-3072', 'p-256'] as const)('%s', (type) => {
  const key = makeTestKey(type);

  test('a bundle is accepted by the verifier of Sigstore for its file, key and timestamp and no other', async () => {
    const signed = await signFile(raw, file, { key }, { options: { output: 'sigstore-bundle' }, timestamps });
    const text = Buffer.from(signed.beside.get('.sigstore.json') ?? '').toString('utf8');
    const bundle = bundleFromJSON(JSON.parse(text));
    const verifierFor = (spki: Uint8Array) => {
      const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
      const trust = toTrustMaterial(trustedRoot(), (hint) => {
        if (hint !== keyHint(key.spki)) throw new Error(`The key is not the one of the hint ${hint}.`);
        return { publicKey, validFor: () => true };
      });
      return new Verifier(trust, { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 1 });
    };
    expect(() => verifierFor(key.spki).verify(toSignedEntity(bundle, file))).not.toThrow();
    expect(() => verifierFor(key.spki).verify(toSignedEntity(bundle, other))).toThrow(/signature verification failed/);
    expect(() => verifierFor(makeTestKey('p-256').spki).verify(toSignedEntity(bundle, file))).toThrow(
      /signature verification failed/,
    );

    const verified = await raw.verify(bytesSource(file), besideReader(signed));
    const token = verified?.timestampToken ?? new Uint8Array();
    expect(verifyTimestampToken(token, signed.signature, [timestamps.root]).authority).toContain('Test Timestamps');
  });
});

type TrustedRoot = Parameters<typeof toTrustMaterial>[0];

function trustedRoot(): TrustedRoot {
  const certificates = [timestamps.certificate, timestamps.root].map((der) => ({ rawBytes: Buffer.from(der) }));
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [],
    ctlogs: [],
    certificateAuthorities: [],
    timestampAuthorities: [
      {
        subject: undefined,
        uri: timestamps.url,
        operator: '',
        certChain: { certificates },
        validFor: { start: new Date(0), end: new Date(Date.now() + 86_400_000) },
      },
    ],
  };
}
