import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { TestSigner } from '@originsign/testkit/test-signer';
import { createCliBench, serveFiles, type CliBench } from './cli.test.fixture.ts';

const signer = new TestSigner();
const { log } = signer;
let cli: CliBench;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
  cli = await createCliBench();
  const first = log.addRequest('first');
  for (let index = 0; index < 100; index += 1) log.addRequest(`request ${index}`);
  files = await log.files();
  await cli.write({
    'trust.json': JSON.stringify(signer.trust()),
    'kept.tlog-proof': await log.receipt(first),
    'late.tlog-proof': await log.receipt(log.addRequest('late')),
    ...inFolder('whole', files),
  });
});
afterAll(() => cli.close());

function inFolder(folder: string, contents: ReadonlyMap<string, Uint8Array>): Record<string, Uint8Array> {
  return Object.fromEntries([...contents].map(([path, bytes]) => [`${folder}/${path}`, bytes]));
}

function changed(path: string, at: number): Map<string, Uint8Array> {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`The log has no ${path}.`);
  return new Map(files).set(
    path,
    bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)),
  );
}

describe('originsign log verify', () => {
  test('checks a whole copy and what people kept of it', async () => {
    const { status, stdout, stderr } = await cli.run([
      'log',
      'verify',
      '--trust',
      'trust.json',
      '--directory',
      'whole',
      '--receipt',
      'kept.tlog-proof',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^verified {2}whole {2}sign\.acme\.example\/log\nsize {6}303 entries {2}root \S{44}\n/);
    expect(stdout).toMatch(/^entries {3}REQUEST 101, INTENT 101, RESULT 101\nkept {6}agrees with 1 kept proof\n$/m);
  });

  test.each([
    ['an entry was changed', () => changed('tile/entries/000', 5000), 'entry'],
    ['a tile was changed', () => changed('tile/0/000', 40), 'tile'],
    ['an upper tile was changed', () => changed('tile/1/000.p/1', 3), 'tile'],
    ['a tile is gone', () => without('tile/0/001.p/47'), 'missing'],
    ['the bundle of entries is gone', () => without('tile/entries/000'), 'missing'],
  ])('says what and where: %s', async (what, change, kind) => {
    const folder = what.replaceAll(' ', '-');
    await cli.write(inFolder(folder, change()));
    const { status, stdout, stderr } = await cli.run([
      'log',
      'verify',
      '--trust',
      'trust.json',
      '--directory',
      folder,
      '--json',
    ]);
    expect(status).toBe(1);
    const { error } = JSON.parse(stdout) as { error: { code: string; details: { kind: string } } };
    expect(error).toMatchObject({ code: 'verify.log', details: { kind } });
    expect(stderr).toMatch(/^error: .*(tile\/|[Ee]ntry \d+).*\[verify\.log\]$/m);
  });

  test('finds by a receipt that the end was cut off', async () => {
    const { status, stderr } = await cli.run([
      'log',
      'verify',
      '--trust',
      'trust.json',
      '--directory',
      'whole',
      '--receipt',
      'late.tlog-proof',
    ]);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: The log was cut off: it ends after 303 entries, but late\.tlog-proof proves that it had 306 \[verify\.log\]$/m,
    );
  });

  test('checks the hashes of a log behind a URL', async () => {
    const server = await serveFiles(new Map([...files].map(([path, bytes]) => [`/log/${path}`, bytes])));
    const { status, stdout } = await cli.run([
      'log',
      'verify',
      '--trust',
      'trust.json',
      '--url',
      `${server.url}/log`,
      '--receipt',
      'kept.tlog-proof',
    ]);
    await server.close();
    expect(status).toBe(0);
    expect(stdout).toMatch(/^entries {3}by their hashes alone$/m);
  });

  test('refuses a log that the trust file does not name', async () => {
    await cli.write({ 'stranger.json': JSON.stringify(new TestSigner().trust()) });
    const { status, stderr } = await cli.run(['log', 'verify', '--trust', 'stranger.json', '--directory', 'whole']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/\[note\.signature\]/);
  });

  test('says that there is no log', async () => {
    await cli.write({ 'empty/x': utf8('') });
    const { status, stderr } = await cli.run(['log', 'verify', '--trust', 'trust.json', '--directory', 'empty']);
    expect({ status, stderr: stderr.split('\n')[0] }).toEqual({
      status: 1,
      stderr: 'error: The log has no checkpoint [verify.log]',
    });
  });
});

function without(path: string): Map<string, Uint8Array> {
  if (!files.has(path)) throw new Error(`The log has no ${path}.`);
  return new Map([...files].filter(([name]) => name !== path));
}
