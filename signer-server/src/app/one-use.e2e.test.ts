import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import type { Answer, AttackClient } from '@originsign/testkit/attack-client';
import { attackerKey, fileArtifact, type ForgedRequest } from '@originsign/testkit/forged-request';
import { attackSigner, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { tracesPlus } from './stored-facts.test.fixture.ts';

const RUN = { run_id: '7000000001' };
let bench: AttackedSigner;
let attacker: AttackClient;

beforeAll(async () => {
  bench = await attackSigner();
  attacker = bench.attacker;
});
afterAll(() => bench.stop());

/** Submits all at once and waits for the final answers. */
function race(calls: readonly (readonly [ForgedRequest, string])[]): Promise<readonly Answer[]> {
  return Promise.all(
    calls.map(async ([request, token]) => attacker.settle(request, await attacker.submit(request, token))),
  );
}

function tally(answers: readonly Answer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { outcome } of answers) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

describe('one token', () => {
  test('signs one of two requests that race with it', async () => {
    const before = bench.traces();
    const requests = [attacker.forge(), attacker.forge()];
    // What a platform that reuses ids would hand out: the same jti for each of the two.
    const jti = randomUUID();
    const tokens = await Promise.all(requests.map((request) => bench.tokenOf(request, { jti })));
    const answers = await race(requests.map((request, index) => [request, tokens[index] ?? '']));
    expect(tally(answers)).toEqual({ '200 completed': 1, '409 token.replayed': 1 });
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });

  test('is used up for later requests', async () => {
    const jti = randomUUID();
    expect((await bench.submit({}, { jti })).answer.outcome).toBe('200 completed');
    const before = bench.traces();
    expect((await bench.submit({}, { jti })).answer.outcome).toBe('409 token.replayed');
    expect(bench.traces()).toEqual(before);
  });

  test('is not used up by a denial', async () => {
    const request = attacker.forge();
    const jti = randomUUID();
    const denied = await bench.tokenOf(request, { jti, ref: 'refs/heads/main' });
    expect((await attacker.submit(request, denied)).outcome).toBe('403 policy.denied');
    const allowed = await bench.tokenOf(request, { jti });
    const answer = await attacker.settle(request, await attacker.submit(request, allowed));
    expect(answer.outcome).toBe('200 completed');
  });

  test('is not used up by asking for a decision', async () => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    const before = bench.traces();
    for (let time = 0; time < 3; time++) {
      expect((await attacker.evaluate(request, token)).outcome).toBe('200 allow');
    }
    expect(bench.traces()).toEqual(before);
    expect((await attacker.settle(request, await attacker.submit(request, token))).outcome).toBe('200 completed');
  });

  test('has one spelling: fifteen others of its last character are refused', async () => {
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    // 256 bytes in 342 characters: the last one carries two bits, so that sixteen spellings decode to the same bytes.
    const value = alphabet.indexOf(token.slice(-1)) & 0b110000;
    const spellings = Array.from({ length: 16 }, (_, low) => token.slice(0, -1) + (alphabet[value | low] ?? ''));
    const signature = (text: string): string => Buffer.from(text.split('.')[2] ?? '', 'base64url').toString('hex');
    expect(new Set(spellings.map(signature)).size).toBe(1);
    expect(spellings).toContain(token);
    const before = bench.traces();
    for (const spelling of spellings.filter((one) => one !== token)) {
      expect((await attacker.submit(request, spelling)).outcome).toBe('401 token.malformed');
    }
    expect(bench.traces()).toEqual(before);
    expect((await attacker.settle(request, await attacker.submit(request, token))).outcome).toBe('200 completed');
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });
});

describe('one request', () => {
  test('that is sent twice at once is signed once and answered alike', async () => {
    const before = bench.traces();
    const request = attacker.forge();
    const token = await bench.tokenOf(request);
    const [first, second] = await race([
      [request, token],
      [request, token],
    ]);
    expect(first?.outcome).toBe('200 completed');
    expect(second?.body).toEqual(first?.body);
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });

  test('that is sent at once with eight tokens is signed once', async () => {
    const before = bench.traces();
    const request = attacker.forge();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => bench.tokenOf(request)));
    const answers = await race(tokens.map((token) => [request, token]));
    expect(tally(answers)).toEqual({ '200 completed': 8 });
    expect(new Set(answers.map(({ body }) => Buffer.from(body).toString('hex'))).size).toBe(1);
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });

  test('belongs to its key: nobody else reads or cancels it', async () => {
    const { request } = await bench.submit();
    const stranger = attackerKey();
    for (const changes of [
      { key: stranger },
      { key: stranger, signed: { keyId: request.key.keyId } },
      { headers: { signature: undefined } },
      { headers: { 'signature-input': undefined } },
      { headers: { 'content-digest': undefined } },
      { signed: { method: 'HEAD' } },
    ]) {
      expect((await attacker.follow(request, '', changes)).outcome).toBe('403 request.key');
      expect((await attacker.follow(request, '/cancel', changes)).outcome).toBe('403 request.key');
    }
    const taken = await attacker.submit(request, await bench.tokenOf(request), { key: stranger });
    expect(taken.outcome).toBe('403 request.key');
    expect((await attacker.follow(request)).outcome).toBe('200 completed');
    expect((await attacker.follow(request, '/cancel')).outcome).toBe('409 request.state');
  });

  test('cannot be read by a call that was signed for something else', async () => {
    const { request } = await bench.submit();
    const artifacts = [fileArtifact('other.bin', utf8('another file'))];
    const other = await bench.submit({ key: request.key, artifacts });
    expect(other.answer.outcome).toBe('200 completed');
    const { url } = bench.signer;
    const own = `${url}${SIGNING_REQUESTS_PATH}/${request.id}`;
    const attacks = [
      ['?wait=1', { uri: own }],
      ['?wait=1', { uri: `${own}?wait=2` }],
      ['', { uri: `${url}${SIGNING_REQUESTS_PATH}/${other.request.id}` }],
      ['', { uri: own.replace('https://localhost', 'https://evil.example') }],
      ['/cancel', { uri: own, method: 'GET' }],
      ['', { body: new Uint8Array([1]) }],
    ] as const;
    for (const [suffix, signed] of attacks) {
      expect((await attacker.follow(request, suffix, { signed })).outcome).toBe('403 request.key');
    }
    const created = Math.floor(Date.now() / 1000) - 301;
    expect((await attacker.follow(request, '', { signed: { created } })).outcome).toBe('401 request.clock');
  });

  test.each([
    ['another id', (id: string) => id.replace(/^./, (first) => (first === 'A' ? 'B' : 'A'))],
    ['its short form', (id: string) => id.slice(0, 12)],
    ['another spelling of the last character', (id: string) => `${id.slice(0, -1)}B`],
    ['padding', (id: string) => `${id}=`],
    ['a path', () => '..%2f..%2fhealthz'],
    ['a name of an object', () => '__proto__'],
  ])('is not found under %s', async (_name, respell) => {
    const { request } = await bench.submit();
    const answer = await attacker.follow({ ...request, id: respell(request.id) });
    expect(answer.outcome).toBe('404 request.not_found');
  });
});

describe('one request per run', () => {
  test('holds in later attempts and for another ref of the same run, and not for the next run', async () => {
    expect((await bench.submit({ policy: 'once' }, RUN)).answer.outcome).toBe('200 completed');
    const before = bench.traces();
    const { answer } = await bench.submit({ policy: 'once' }, { ...RUN, ref: 'refs/tags/v1.5.0' });
    expect(answer.outcome).toBe('429 policy.limit');
    const again = await bench.submit({ policy: 'once' }, { ...RUN, run_attempt: '2' });
    expect(again.answer.outcome).toBe('403 policy.denied');
    expect(bench.traces()).toEqual(before);
    expect((await bench.submit({ policy: 'once' })).answer.outcome).toBe('200 completed');
  });

  test('holds against fifty at once: one is signed, forty-nine are told why not', async () => {
    const before = bench.traces();
    const requests = Array.from({ length: 50 }, () => attacker.forge({ policy: 'once' }));
    const calls = await Promise.all(
      requests.map(async (request) => [request, await bench.tokenOf(request, { run_id: '7000000002' })] as const),
    );
    const answers = await race(calls);
    expect(tally(answers)).toEqual({ '200 completed': 1, '429 policy.limit': 49 });
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });
});

test('a request that cannot be finished is not signed anew for every poll, and nothing of it is released', async () => {
  const before = bench.traces();
  // The rule requires a timestamp, which bundles carry and for which this server has nobody to ask.
  const file = { ...fileArtifact('app.bin', utf8('never finished')), options: { output: 'sigstore-bundle' } };
  const request = attacker.forge({ policy: 'once', artifacts: [file] });
  expect((await attacker.submit(request, await bench.tokenOf(request))).outcome).toBe('202 signing');
  for (let poll = 0; poll < 40; poll++) {
    const answer = await attacker.follow(request);
    expect(answer.outcome).toBe('202 signing');
    expect(new TextDecoder().decode(answer.body)).not.toMatch(/"(?:block|receipt|provenance)"/);
  }
  const { INTENT, ...rest } = bench.traces();
  expect(INTENT - before.INTENT).toBeLessThan(10);
  expect(rest).toMatchObject({ RESULT: before.RESULT, signatures: before.signatures });
});
