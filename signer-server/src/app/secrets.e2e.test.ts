import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { submissionBody } from '@originsign/testkit/attack-client';
import { attackSigner, flipped, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { filesBelow, findSecrets, secretsOf } from './secret-search.test.fixture.ts';
import { query } from './stored-facts.test.fixture.ts';

let bench: AttackedSigner;
beforeAll(async () => {
  bench = await attackSigner();
  await provoke();
});
afterAll(() => bench.stop());

/** Makes the server speak about tokens in every way that it knows: signed, denied, refused at each step, broken off. */
async function provoke(): Promise<void> {
  const { attacker } = bench;
  await bench.submit();
  await bench.submit({}, { ref: 'refs/heads/main' });
  await bench.submit({}, { repository_id: '1' });
  await bench.submit({}, { exp: 1 });
  await bench.submit({}, { jti: undefined });
  await bench.submit({}, { iss: 'https://evil.example' });
  await bench.submit({ policy: 'nowhere' });
  const request = attacker.forge();
  const token = await bench.tokenOf(request);
  await attacker.evaluate(request, token);
  const body = new TextDecoder().decode(submissionBody(request, token));
  // Tokens where none belongs: errors must not quote what they refuse.
  for (const text of [
    body.slice(0, -3),
    body.replace('{', `{"${token}":1,`),
    body.replace('"ci"', `"${token}":1,"ci"`),
    token,
  ]) {
    await attacker.submit(request, '', { body: utf8(text) });
  }
  for (const spelling of [`${token}.x`, token.replace(/\.[^.]*$/, ''), `Bearer ${token}`, ` ${token}`]) {
    await attacker.submit(request, spelling);
  }
  await attacker.submit(request, token, {
    headers: { authorization: `Bearer ${token}`, cookie: token, 'content-type': token },
  });
  for (const path of [
    `/v1/signing-requests/${token}`,
    `/${token}`,
    `/readyz?token=${token}`,
    `/errors/${token}`,
    `/log/tile/0/${token}`,
    `/%ff${token}`,
  ]) {
    await attacker.send({ path });
    await attacker.send({ method: 'POST', path, body: utf8(token), key: request.key });
  }
  await attacker.submit(request, flipped(token, token.length - 20));
  await attacker.submit(request, token, { hangUp: true }).catch(() => undefined);
}

test('the search finds each secret where it lies in the open', () => {
  const secrets = secretsOf(bench);
  for (const [path, name] of [
    ['softhsm/pin', 'PIN'],
    ['store.key', 'store key'],
  ] as const) {
    const text = readFileSync(join(bench.signer.directory, path));
    expect(secrets.some((secret) => secret.name === name && text.includes(secret.bytes))).toBe(true);
  }
  const planted = join(bench.signer.directory, 'planted.txt');
  for (const { bytes } of secrets) appendFileSync(planted, bytes);
  const found = findSecrets(bench).filter((place) => place.startsWith('planted'));
  writeFileSync(planted, '');
  expect(new Set(found)).toEqual(new Set(secrets.map(({ name }) => `planted.txt: ${name}`)));
});

test('no secret is printed, answered, or left in a file that is not for it', () => {
  expect(bench.tokens.length).toBeGreaterThan(7);
  expect(bench.attacker.answers.length).toBeGreaterThan(25);
  expect(filesBelow(bench.signer.directory)).toContain('store.sqlite');
  expect(findSecrets(bench)).toEqual([]);
});

test('evidence is kept, and sealed', () => {
  const rows = query<{ sealed: Uint8Array; disclose_after: string }>(
    bench.signer.directory,
    'select sealed, disclose_after from evidence',
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const { sealed, disclose_after } of rows) {
    // As long as a token, and no part of one.
    expect(sealed.length).toBeGreaterThan(1000);
    for (const { bytes } of secretsOf(bench)) expect(Buffer.from(sealed).includes(bytes)).toBe(false);
    expect(Date.parse(disclose_after)).toBeGreaterThan(Date.now() + 3_000_000);
  }
});

test('no secret stands in the command line or environment of the server and its signer processes', () => {
  const secrets = secretsOf(bench).filter(({ name }) => !name.startsWith('token') && !name.startsWith('one-use'));
  const family = processFamily(bench.signer.child.pid);
  expect(family.length).toBeGreaterThan(1);
  for (const pid of family) {
    for (const file of ['cmdline', 'environ']) {
      const text = readFileSync(`/proc/${pid}/${file}`);
      expect(secrets.filter(({ bytes }) => text.includes(bytes)).map(({ name }) => name)).toEqual([]);
    }
  }
});

test.each([
  ['log', 'export', 'exported'],
  ['trust', 'export'],
  ['keys', 'list'],
])('no secret is in what %s %s prints', async (...words) => {
  const outcome = await bench.signer.command(...words);
  const text = Buffer.from(outcome.stdout + outcome.stderr);
  expect(text.length).toBeGreaterThan(0);
  expect(secretsOf(bench).filter(({ bytes }) => text.includes(bytes))).toEqual([]);
  expect(findSecrets(bench)).toEqual([]);
});

test('what people say about themselves stays out of answers, log and provenance', async () => {
  const { answer } = await bench.submit({}, { actor: 'a-person-by-name', actor_id: '31337' });
  expect(answer.outcome).toBe('200 completed');
  const texts = [
    new TextDecoder().decode(answer.body),
    Buffer.from(
      String((answer.json as { provenance: { dsseEnvelope: { payload: string } } }).provenance.dsseEnvelope.payload),
      'base64',
    ).toString(),
    ...query<{ entry: Uint8Array }>(bench.signer.directory, 'select entry from log_entries').map(({ entry }) =>
      Buffer.from(entry).toString(),
    ),
    bench.signer.child.output(),
  ];
  for (const text of texts) expect(text).not.toMatch(/a-person-by-name|"31337"/);
});

/** The process and all its descendants. */
function processFamily(root: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
          .replace(/^.*\) /, '')
          .split(' ');
        return [{ pid: Number(name), parent: Number(fields[1]) }];
      } catch {
        return [];
      }
    });
  const children = (of: number): readonly number[] =>
    parents.filter(({ parent }) => parent === of).flatMap(({ pid }) => [pid, ...children(pid)]);
  return [root, ...children(root)];
}
