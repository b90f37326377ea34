import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runChild } from '@originsign/testkit/child';
import { makeSshKey } from '@originsign/testkit/ssh-key';
import { ensureTools } from '@originsign/testkit/tools';
import { utf8 } from '../encoding/bytes.ts';
import { parseSshPublicKeyLine, SSH_KEY_TYPES } from './ssh-public-key.ts';
import { armorSshSignature, parseSshSignature, unarmorSshSignature, verifySshSignature } from './sshsig.ts';

const NAMESPACE = 'originsign-approval';
const MESSAGE = utf8('{"decision":"approve"}');
let folder: string;

beforeAll(async () => {
  ensureTools(['ssh-keygen']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-ssh-'));
  await writeFile(join(folder, 'message'), MESSAGE);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function sshKeygen(...args: readonly string[]): Promise<number | null> {
  const { status } = await runChild('sh', ['-c', 'ssh-keygen "$@" < message', 'sh', ...args], { cwd: folder });
  return status;
}

test.each([
  ['ed25519', []],
  ['ecdsa', ['-b', '256']],
  ['rsa', ['-b', '3072']],
])('what ssh-keygen signs with a key of the type %s verifies here', async (type, options) => {
  const path = join(folder, type);
  expect(await sshKeygen('-q', '-t', type, ...options, '-N', '', '-C', 'a test', '-f', path)).toBe(0);
  const { blob } = parseSshPublicKeyLine((await readFile(`${path}.pub`, 'utf8')).trimEnd());
  for (const hash of ['sha256', 'sha512']) {
    await writeFile(join(folder, 'signed'), MESSAGE);
    const words = ['-q', '-Y', 'sign', '-f', path, '-n', NAMESPACE, '-O', `hashalg=${hash}`, 'signed'];
    expect(await sshKeygen(...words)).toBe(0);
    const text = await readFile(join(folder, 'signed.sig'), 'utf8');
    await rm(join(folder, 'signed.sig'));
    const signature = parseSshSignature(unarmorSshSignature(text));
    expect(signature).toMatchObject({ key: { blob }, namespace: NAMESPACE, hash });
    expect(() => verifySshSignature(signature, NAMESPACE, MESSAGE)).not.toThrow();
    expect(armorSshSignature(unarmorSshSignature(text))).toBe(text);
  }
});

test.each(SSH_KEY_TYPES)('ssh-keygen and we agree about signatures of a key of the type %s', async (type) => {
  const key = makeSshKey(type);
  const other = makeSshKey(type);
  await writeFile(join(folder, 'allowed'), `ada ${key.line}\n`);
  const cases = [
    [key.sign(NAMESPACE, MESSAGE), true],
    [key.sign(NAMESPACE, MESSAGE, { hash: 'sha256' }), true],
    [key.sign('git', MESSAGE), false],
    [key.sign(NAMESPACE, utf8('{"decision":"deny"}')), false],
    [other.sign(NAMESPACE, MESSAGE, { blob: key.blob }), false],
  ] as const;
  for (const [bytes, good] of cases) {
    await writeFile(join(folder, 'sig'), armorSshSignature(bytes));
    const words = ['-q', '-Y', 'verify', '-f', 'allowed', '-I', 'ada', '-n', NAMESPACE, '-s', 'sig'];
    expect((await sshKeygen(...words)) === 0).toBe(good);
    const ours = () => verifySshSignature(parseSshSignature(bytes), NAMESPACE, MESSAGE);
    if (good) expect(ours).not.toThrow();
    else expect(ours).toThrow(expect.objectContaining({ code: 'ssh.signature' }));
  }
});
