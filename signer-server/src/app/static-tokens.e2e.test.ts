import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { runChild, type Outcome } from '@originsign/testkit/child';
import { fileArtifact, type Forgery } from '@originsign/testkit/forged-request';
import { attackPlatform, type AttackedPlatform } from './attacked-platform.test.fixture.ts';
import { member, textAt } from './attacked-signer.test.fixture.ts';
import { filesBelow, findSecrets } from './secret-search.test.fixture.ts';
import { query } from './stored-facts.test.fixture.ts';

const PROGRAM = resolve(import.meta.dirname, '../../dist/main.js');
const generate = (...words: readonly string[]): Promise<Outcome> =>
  runChild(process.execPath, [PROGRAM, 'tokens', 'generate', ...words], { env: process.env });
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const random = (): string => `ost_${randomBytes(32).toString('base64url')}`;
const TOKENS = { other: random(), expired: random(), away: random(), bare: random() } as const;
const entry = (name: keyof typeof TOKENS, project: string, expires = day(30)): string =>
  `  - {name: ${name}, sha256: "${sha256Hex(utf8(TOKENS[name]))}", project: ${project}, expires: "${expires}"}\n`;
const system = (id: string, addresses: string, tokens: string): string =>
  `version: 1\nid: ${id}\ntype: static-token\n${addresses}tokens:\n${tokens}`;
const project = (name: string, systems: string, repositories: string, rule: string): string =>
  `version: 1\nproject: ${name}\nowners: [group:team-acme]\ntrustedBuildSystems: [${systems}]\n` +
  `repositories: [${repositories}]\npolicies: {release: {keys: {raw: trial-raw}, allow: [${rule}]}}\n`;

let bench: AttackedPlatform;
/** What the command printed for a token and for the one that replaces it. */
let made: readonly Outcome[];
let packager: string;
let next: string;

beforeAll(async () => {
  made = await Promise.all(
    ['packager', 'next'].map((name) => generate(name, '--project', 'acme-app', '--expires', day(90))),
  );
  [packager = '', next = ''] = made.map(({ stdout }) => stdout.split('\n')[0] ?? '');
  const entries = made.map(({ stdout }) => `${stdout.split('\n').find((line) => line.startsWith('  - ')) ?? ''}\n`);
  const here = entries.join('') + entry('other', 'other-app') + entry('expired', 'acme-app', day(0));
  bench = await attackPlatform({
    policies: {
      'trusted-build-systems/here.yml': system('here', 'addresses: [127.0.0.0/8, "::1/128"]\n', here),
      'trusted-build-systems/away.yml': system('away', 'addresses: [192.0.2.0/24]\n', entry('away', 'acme-app')),
      'trusted-build-systems/bare.yml': system('bare', '', entry('bare', 'bare-app')),
      'projects/acme-app.yml': project(
        'acme-app',
        'here, away',
        '{system: here, id: packager}, {system: here, id: next}, {system: here, id: other}, {system: here, id: expired}, {system: away, id: away}',
        '{id: here, system: here, when: {static.token: {in: [packager, next, other, expired]}}}, {id: away, system: away, when: {static.token: {is: away}}}',
      ),
      'projects/bare-app.yml': project(
        'bare-app',
        'bare',
        '{id: bare}',
        '{id: bare, when: {static.token: {is: bare}}}',
      ),
    },
  });
});
afterAll(() => bench.stop());

let files = 0;
const requestOf = (forgery: Forgery = {}) => {
  files += 1;
  return bench.attacker.forge({ artifacts: [fileArtifact('app.bin', utf8(`file ${files}`))], ...forgery });
};

describe('a static token', () => {
  test('signs from a listed address, again and again, and so does its replacement beside it', async () => {
    for (const ci of [packager, packager, next]) {
      expect((await bench.submit(requestOf(), { ci })).outcome).toBe('200 completed');
    }
  });

  test('is what it is in the decision: a password', async () => {
    const answer = await bench.evaluate(requestOf(), { ci: packager });
    expect([answer.outcome, textAt(answer.json, 'binding')]).toEqual(['200 allow', 'bearer']);
    expect(member(answer.json, 'origin')).not.toHaveProperty('commit');
  });

  test.each<[string, string, () => string]>([
    ['that nobody knows', '401 token.static', random],
    ['that is expired', '401 token.static', () => TOKENS.expired],
    ['that counts at other addresses', '401 token.static', () => TOKENS.away],
    ['of another project', '403 project.unknown', () => TOKENS.other],
    ['cut short', '401 token.malformed', () => packager.slice(0, -1)],
    [
      'with a second spelling of its last character',
      '401 token.malformed',
      () => packager.slice(0, -1) + String.fromCharCode(packager.charCodeAt(packager.length - 1) + 1),
    ],
    ['with a space before it', '401 token.malformed', () => ` ${packager}`],
    ['in capitals', '401 token.malformed', () => packager.toUpperCase()],
  ])('%s signs nothing', async (_name, outcome, token) => {
    expect(await bench.refused(requestOf(), { ci: token() })).toBe(outcome);
  });

  test('is not its hash, which policy authors can read', async () => {
    const request = requestOf();
    const ci = `ost_${sha256Hex(utf8(packager))}`;
    const body = utf8(JSON.stringify({ envelope: request.envelope, tokens: { ci } }));
    expect((await bench.attacker.submit(request, '', { body })).outcome).toBe('401 token.malformed');
  });

  test('signs nothing beside a second token', async () => {
    const tokens = { ci: packager, serviceConnection: next };
    expect(await bench.refused(requestOf(), tokens)).toBe('400 request.malformed');
    expect(await bench.refused(requestOf(), { ci: 'a.b.c', serviceConnection: packager })).toBe('401 token.malformed');
  });

  test('signs nothing for another project than its own', async () => {
    expect(await bench.refused(requestOf({ project: 'bare-app' }), { ci: packager })).toBe('403 project.unknown');
  });

  test('alone is no rule: the project did not load', async () => {
    expect(await bench.refused(requestOf({ project: 'bare-app' }), { ci: TOKENS.bare })).toBe('403 project.unknown');
    expect(bench.signer.child.output()).toContain('the rule relies on a static token alone');
  });

  test('does not say why it is refused', async () => {
    const answers = await Promise.all(
      [random(), TOKENS.expired, TOKENS.away].map((ci) => bench.submit(requestOf(), { ci })),
    );
    const said = answers.map(({ json }) => [textAt(json, 'code'), textAt(json, 'detail'), textAt(json, 'hint')]);
    expect(new Set(said.map((words) => words.join('\n'))).size).toBe(1);
  });

  test('cannot say itself where it comes from', async () => {
    const request = requestOf();
    const body = utf8(JSON.stringify({ envelope: request.envelope, tokens: { ci: TOKENS.away } }));
    const before = bench.traces();
    for (const headers of [
      { 'x-forwarded-for': '192.0.2.10', 'x-real-ip': '192.0.2.10' },
      { forwarded: 'for=192.0.2.10', 'x-client-ip': '192.0.2.10' },
    ]) {
      expect((await bench.attacker.submit(request, '', { body, headers })).outcome).toBe('401 token.static');
    }
    expect(bench.traces()).toEqual(before);
  });
});

describe('no static token', () => {
  test('is printed, answered, or in any file', () => {
    const known = [packager, next, ...Object.values(TOKENS)];
    expect(known.filter((token) => !bench.tokens.includes(token))).toEqual([]);
    expect(findSecrets(bench)).toEqual([]);
    // The search would find it: the hash of the very token is where it belongs.
    const policy = readFileSync(join(bench.signer.directory, 'policies/trusted-build-systems/here.yml'), 'utf8');
    expect(policy).toContain(sha256Hex(utf8(packager)));
    expect(filesBelow(bench.signer.directory)).toContain('store.sqlite');
  });

  test('is kept as evidence, sealed or not: it is still good tomorrow', () => {
    expect(query(bench.signer.directory, 'select * from evidence')).toEqual([]);
    expect(query(bench.signer.directory, 'select * from used_tokens')).toEqual([]);
  });
});

test('the command prints a token once and what the server needs of it, and refuses what it cannot do', async () => {
  expect(made.map(({ stdout }) => stdout.split(/ost_[\w-]{43}/).length)).toEqual([2, 2]);
  expect(made[0]?.stdout).toContain(sha256Hex(utf8(packager)));
  const { status, stdout, stderr } = await generate('packager', '--project', 'acme-app', '--expires', '2026-01-31');
  expect([status, stdout, stderr]).toEqual([2, '', 'error: The date is past. [input.invalid]\n']);
});
