import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contentDigest } from '@originsign/core/attestation/content-digest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { createAttackClient, submissionBody, type AttackClient } from '@originsign/testkit/attack-client';
import { attackerKey, fileArtifact, type ForgedRequest } from '@originsign/testkit/forged-request';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { attackSigner, PROJECT, systemFile, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { signingTraces, tracesPlus } from './stored-facts.test.fixture.ts';

const EVIL = 'https://evil.example';
let bench: AttackedSigner;
let attacker: AttackClient;
/** A request whose token was stolen before it was sent. */
let victim: ForgedRequest;
let stolen: string;

beforeAll(async () => {
  bench = await attackSigner();
  attacker = bench.attacker;
  victim = attacker.forge();
  stolen = await bench.tokenOf(victim);
});
afterAll(() => bench.stop());

/** Runs an attack, which must leave nothing behind. */
async function withoutTrace<T>(attack: () => Promise<T>): Promise<T> {
  const before = bench.traces();
  const result = await attack();
  expect(bench.traces()).toEqual(before);
  return result;
}

describe('a stolen token signs nothing', () => {
  test('with other digests', async () => {
    const artifacts = [fileArtifact('app.bin', utf8('malware'))];
    const other = attacker.forge({ key: victim.key, artifacts });
    const answer = await withoutTrace(() => attacker.submit(other, stolen));
    expect(answer.outcome).toBe('401 token.audience');
  });

  test('with the one-use key of the thief in an otherwise equal statement', async () => {
    const artifacts = [fileArtifact('app.bin', utf8(victim.key.keyId))];
    const other = attacker.forge({ artifacts });
    const answer = await withoutTrace(() => attacker.submit(other, stolen));
    expect(answer.outcome).toBe('401 token.audience');
  });

  test('with the very envelope of its job, sent by another key', async () => {
    const thief = attackerKey();
    expect((await withoutTrace(() => attacker.submit(victim, stolen, { key: thief }))).outcome).toBe(
      '401 request.signature',
    );
    const signed = { keyId: victim.key.keyId };
    const posing = await withoutTrace(() => attacker.submit(victim, stolen, { key: thief, signed }));
    expect(posing.outcome).toBe('401 request.signature');
  });

  test('with the envelope signed again by another key', async () => {
    const { privateKey } = attackerKey();
    const forged = attacker.forge({ key: victim.key, payload: () => victim.payload, signedBy: privateKey });
    expect(forged.id).toBe(victim.id);
    const answer = await withoutTrace(() => attacker.submit(forged, stolen));
    expect(answer.outcome).toBe('401 envelope.signature');
  });

  test('and its own job can still use it', async () => {
    const before = bench.traces();
    const answer = await attacker.settle(victim, await attacker.submit(victim, stolen));
    expect(answer.outcome).toBe('200 completed');
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });
});

describe('a token counts only for the URL of its request', () => {
  test.each<[string, (audience: string, id: string) => unknown]>([
    ["GitHub's default audience", () => 'https://github.com/acme'],
    ['the bare URL of the server', () => bench.signer.url],
    ['the collection of requests', () => bench.signer.url + SIGNING_REQUESTS_PATH],
    ['the request with a slash behind it', (audience) => `${audience}/`],
    ['the request in another case', (audience) => audience.replace('https', 'HTTPS')],
    ['the short id', (audience) => audience.slice(0, -31)],
    ['the path without the server', (_audience, id) => `${SIGNING_REQUESTS_PATH}/${id}`],
    ['the request twice', (audience) => [audience, audience]],
    ['the request and another', (audience) => [audience, 'https://github.com/acme']],
    ['no audience', () => undefined],
    ['an empty list', () => []],
    ['an object', (audience) => ({ audience })],
  ])('%s is refused', async (_name, audience) => {
    const request = attacker.forge();
    const token = await bench.mint(audience(request.audience, request.id));
    const answer = await withoutTrace(() => attacker.submit(request, token));
    expect(answer.outcome).toBe('401 token.audience');
  });

  test('a list with that URL alone is one', async () => {
    const request = attacker.forge();
    const token = await bench.mint([request.audience]);
    const answer = await attacker.settle(request, await attacker.submit(request, token));
    expect(answer.outcome).toBe('200 completed');
  });
});

describe('a token counts only in its time', () => {
  const seconds = Math.floor(Date.now() / 1000);
  test.each<[string, Record<string, unknown>]>([
    ['expired', { iat: seconds - 400, nbf: seconds - 1000, exp: seconds - 100 }],
    ['not valid yet', { nbf: seconds + 3600 }],
    ['made in the future', { iat: seconds + 3600, nbf: seconds, exp: seconds + 3900 }],
    ['made long ago and expiring tomorrow', { iat: seconds - 86_400, exp: seconds + 86_400 }],
    ['expiring before it was made', { exp: seconds - 10, iat: seconds }],
    ['without an end', { exp: undefined }],
    ['with an end as text', { exp: String(seconds + 300) }],
    ['with an end that is no whole number', { exp: seconds + 300.5 }],
    ['without a beginning', { iat: undefined }],
  ])('%s', async (_name, claims) => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request, claims);
    const answer = await withoutTrace(() => attacker.submit(request, token));
    expect(answer.outcome).toBe('401 token.time');
  });
});

describe('another server', () => {
  let second: Signer;
  let there: AttackClient;
  beforeAll(async () => {
    // It trusts the same issuer and has the same policies: only the URL differs.
    const policies = {
      'trusted-build-systems/github.yml': systemFile('github', bench.issuer.url),
      'projects/acme-app.yml': PROJECT,
    };
    second = await startSigner({ policies });
    there = await createAttackClient(second);
  });
  afterAll(async () => {
    there.close();
    await second.stop();
  });

  test('signs nothing for a request that was made for this one', async () => {
    const before = signingTraces(second.directory);
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    expect((await there.submit(request, token)).outcome).toBe('401 token.audience');
    // Even with a token for the other server, the statement names this one.
    const fitting = await bench.mint(`${second.url}${SIGNING_REQUESTS_PATH}/${request.id}`);
    expect((await there.submit(request, fitting)).outcome).toBe('403 statement.server');
    // Nor may the statement of the other server travel with a token for this one.
    const renamed = attacker.forge({ server: second.url });
    expect((await there.submit(renamed, await bench.tokenOf(renamed))).outcome).toBe('401 token.audience');
    expect(signingTraces(second.directory)).toEqual(before);
  });

  test('would have signed it if it had been made for there', async () => {
    const request = there.forge();
    const answer = await there.settle(request, await there.submit(request, await bench.tokenOf(request)));
    expect(answer.outcome).toBe('200 completed');
  });
});

describe('whoever stands between client and server', () => {
  test.each<[string, (body: string, second: string) => string, string]>([
    ['a body with one space more', (body) => body.replace('"tokens"', ' "tokens"'), '401 request.signature'],
    [
      'a second token',
      (body, second) => body.replace('}}', `,"serviceConnection":"${second}"}}`),
      '400 request.malformed',
    ],
    [
      'a token of another name',
      (body, second) => body.replace('}}', `,"other":"${second}"}}`),
      '400 request.malformed',
    ],
    ['a token given twice', (body, second) => body.replace('}}', `,"ci":"${second}"}}`), '400 json.duplicate_key'],
    [
      'another token of the same job',
      (body, second) => body.replace(/"ci":"[^"]*"/, `"ci":"${second}"`),
      '401 request.signature',
    ],
    ['a member in addition', (body) => body.replace('{', '{"admin":true,'), '400 request.malformed'],
  ])('cannot send %s', async (_name, edit, outcome) => {
    const request = attacker.forge();
    const honest = submissionBody(request, await bench.tokenOf(request));
    const second = await bench.tokenOf(request);
    const body = utf8(edit(new TextDecoder().decode(honest), second));
    expect(body).not.toEqual(honest);
    const answer = await withoutTrace(() => attacker.submit(request, '', { body, signed: { body: honest } }));
    expect(answer.outcome).toBe(outcome);
    // Nor with a digest that fits the edited body: the signature covers the digest.
    const digest = contentDigest(body);
    const again = await withoutTrace(() =>
      attacker.submit(request, '', { body, signed: { body: honest }, headers: { 'content-digest': digest } }),
    );
    expect(again.outcome).toBe(outcome);
  });

  test('has no effect with a forged host', async () => {
    for (const headers of [
      { host: 'evil.example' },
      { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', 'x-forwarded-for': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1;host=evil.example;proto=http' },
    ]) {
      const request = attacker.forge();
      const token = await bench.tokenOf(request);
      const answer = await attacker.settle(request, await attacker.submit(request, token, { headers }));
      expect(answer.outcome).toBe('200 completed');
      expect(new TextDecoder().decode(answer.body)).not.toContain('evil.example');
    }
  });

  test('cannot make a call count that was signed for another host', async () => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    for (const name of ['host', 'x-forwarded-host']) {
      const answer = await withoutTrace(() =>
        attacker.submit(request, token, {
          signed: { uri: EVIL + SIGNING_REQUESTS_PATH },
          headers: { [name]: 'evil.example' },
        }),
      );
      expect(answer.outcome).toBe('401 request.signature');
    }
  });

  test('cannot choose the host by an absolute request target', async () => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    for (const base of [EVIL, bench.signer.url]) {
      const uri = base + SIGNING_REQUESTS_PATH;
      const answer = await withoutTrace(() => attacker.submit(request, token, { target: uri, signed: { uri } }));
      expect(answer.outcome).toBe('400 request.malformed');
    }
  });

  test('cannot use a call for another path, query or method', async () => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    for (const [target, signed] of [
      [`${SIGNING_REQUESTS_PATH}?x=1`, {}],
      [SIGNING_REQUESTS_PATH, { uri: `${bench.signer.url}/v1/evaluations` }],
      [SIGNING_REQUESTS_PATH, { method: 'PUT' }],
    ] as const) {
      const answer = await withoutTrace(() => attacker.submit(request, token, { target, signed }));
      expect(answer.outcome).toBe('401 request.signature');
    }
  });

  test('cannot send a call outside of its five minutes', async () => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    const now = Math.floor(Date.now() / 1000);
    for (const created of [now - 400, now + 400]) {
      const answer = await withoutTrace(() => attacker.submit(request, token, { signed: { created } }));
      expect(answer.outcome).toBe('401 request.clock');
      // A client sets its clock by this.
      expect(Math.abs(Date.parse(answer.headers.date ?? '') / 1000 - now)).toBeLessThan(120);
    }
  });
});
