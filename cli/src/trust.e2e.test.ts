import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatVerifierKey } from '@originsign/core/log/note-key';
import { parseTrustFile, trustFingerprint, type TrustFile } from '@originsign/core/protocol/trust-file';
import { testNoteSigner } from '@originsign/testkit/test-log';
import { TestSigner } from '@originsign/testkit/test-signer';
import { createCliBench, serveFiles, trustNote, type CliBench } from './cli.test.fixture.ts';

const signer = new TestSigner();
const offered = new Map<string, string>();
let cli: CliBench;
let server: Awaited<ReturnType<typeof serveFiles>>;
let first: TrustFile;

beforeAll(async () => {
  cli = await createCliBench();
  server = await serveFiles(offered);
  first = { ...signer.trust(), server: server.url };
  await offer(first);
});
afterAll(async () => {
  await server.close();
  await cli.close();
});

async function offer(trust: TrustFile, by = signer.log.signer): Promise<void> {
  offered.set('/v1/trust', await trustNote(trust, by));
}

async function written(name: string): Promise<TrustFile> {
  return parseTrustFile(await readFile(join(cli.folder, name)));
}

describe('originsign trust export', () => {
  const exported = (name: string, fingerprint: string) =>
    cli.run(['trust', 'export', '--server', server.url, '--fingerprint', fingerprint, '-o', name]);

  test('writes the file whose fingerprint was read on the host', async () => {
    await offer(first);
    const { status, stdout } = await exported('trust.json', trustFingerprint(first));
    expect(status).toBe(0);
    expect(stdout).toBe(`written   trust.json  serial 1
pinned    ${trustFingerprint(first)}
server    ${server.url}
log       sign.acme.example/log  1 key
`);
    expect(await written('trust.json')).toEqual(first);
  });

  test('writes nothing under another fingerprint, and does not show the one it saw', async () => {
    const { status, stdout, stderr } = await exported('other.json', `SHA256:${'A'.repeat(43)}`);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .*\[trust\.fingerprint\]\nhint: compare with what/m);
    expect(stderr).not.toContain(trustFingerprint(first));
    await expect(written('other.json')).rejects.toThrow('ENOENT');
  });

  test('does not replace a file that is there', async () => {
    await cli.write({ 'mine.json': 'mine' });
    const { status, stderr } = await exported('mine.json', trustFingerprint(first));
    expect(status).toBe(2);
    expect(stderr).toMatch(/There is a file "DIR\/mine\.json" already \[input\.file\]/);
    expect(await readFile(join(cli.folder, 'mine.json'), 'utf8')).toBe('mine');
  });

  test.each(['SHA256:abc', 'abc', ''])('takes no fingerprint of another form: "%s"', async (fingerprint) => {
    expect(await exported('x.json', fingerprint)).toMatchObject({ status: 2 });
  });

  test('wants a fingerprint', async () => {
    const { status, stderr } = await cli.run(['trust', 'export', '--server', server.url]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/--fingerprint.*\[input\.missing\]/);
  });
});

describe('originsign trust update', () => {
  const next = testNoteSigner(signer.log.origin);
  const update = () => cli.run(['trust', 'update', '--trust', 'pinned.json', '--json']);
  const pin = () => cli.write({ 'pinned.json': JSON.stringify(first) });
  const rotated = (): TrustFile => {
    const key = { vkey: formatVerifierKey(next.key), validFrom: '2026-01-01T00:00:00Z', fromSize: 0 };
    return { ...first, serial: 2, logs: [{ origin: signer.log.origin, keys: [key] }] };
  };

  test('takes a newer file that a pinned key signed', async () => {
    await pin();
    await offer(rotated());
    const { status, stdout } = await update();
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ updated: true, serial: 2, from: 1 });
    expect(await written('pinned.json')).toEqual(rotated());
  });

  test('changes nothing where the server offers the same', async () => {
    await pin();
    await offer(first);
    const { status, stdout } = await update();
    expect({ status, updated: (JSON.parse(stdout) as { updated: boolean }).updated }).toEqual({
      status: 0,
      updated: false,
    });
  });

  test.each([
    ['a key that is not pinned signed it', () => offer(rotated(), next), 'trust.not_newer', 1],
    ['it is older', () => offer({ ...rotated(), serial: 1 }), 'trust.not_newer', 1],
    ['it turns a production store into a trial', () => offer({ ...rotated(), trial: true }), 'trial.forbidden', 2],
    ['the server has none', () => Promise.resolve(void offered.delete('/v1/trust')), 'server.unexpected', 5],
  ])('keeps the pinned file where %s', async (_, offerThis, code, exit) => {
    await pin();
    await offerThis();
    const { status, stdout } = await update();
    expect(status).toBe(exit);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
    expect(await written('pinned.json')).toEqual(first);
  });
});
