import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Answer, AttackClient } from '@originsign/testkit/attack-client';
import { fileArtifact, type ForgedRequest } from '@originsign/testkit/forged-request';
import { writePolicies } from '@originsign/testkit/signer';
import { attackSigner, PROJECT, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { tracesPlus } from './stored-facts.test.fixture.ts';

const RUN = { run_id: '7000000001' };
let bench: AttackedSigner;
let attacker: AttackClient;
/** A signed request with its limit used up, the token of its submission and the answer to it. */
let request: ForgedRequest;
let token: string;
let signed: Answer;
/** Seconds since 1970 at which the server takes the token no longer. */
let deadAt: number;

beforeAll(async () => {
  bench = await attackSigner();
  attacker = bench.attacker;
  const artifacts = [fileArtifact('a.bin', utf8('a')), fileArtifact('b.bin', utf8('b'))];
  request = attacker.forge({ policy: 'once', artifacts });
  // Beyond its end already, and within the minute that clocks may differ: nobody has to wait five minutes for it to die.
  const now = Math.floor(Date.now() / 1000);
  deadAt = now - 35 + 60;
  token = await bench.tokenOf(request, { ...RUN, ...lifetime(now) });
  signed = await attacker.settle(request, await attacker.submit(request, token));
});
afterAll(() => bench.stop());

function lifetime(now: number): Record<string, number> {
  return { nbf: now - 900, iat: now - 335, exp: now - 35 };
}

/** Sends the same request again: the answer must be the same to the byte, and nothing may be signed for it. */
async function expectSameAnswer(again: string): Promise<void> {
  const before = bench.traces();
  const answer = await attacker.submit(request, again);
  expect(answer.status).toBe(200);
  expect(Buffer.from(answer.body).equals(signed.body)).toBe(true);
  expect(bench.traces()).toEqual(before);
}

describe('a signed request that is sent again gives the same bytes', () => {
  test('with its own token', async () => {
    expect(signed.outcome).toBe('200 completed');
    await expectSameAnswer(token);
    const followed = await attacker.follow(request);
    expect(Buffer.from(followed.body).equals(signed.body)).toBe(true);
  });

  test('with any other token or none to speak of', async () => {
    const other = attacker.forge();
    for (const again of [await bench.tokenOf(request), await bench.tokenOf(other), 'x', '', 'a.b.c']) {
      await expectSameAnswer(again);
    }
  });

  test('with its limit used up', async () => {
    const next = await bench.submit({ policy: 'once' }, RUN);
    expect(next.answer.outcome).toBe('429 policy.limit');
    await expectSameAnswer(token);
  });

  test('after the answer was lost', async () => {
    const before = bench.traces();
    const lost = attacker.forge();
    const its = await bench.tokenOf(lost);
    await expect(attacker.submit(lost, its, { hangUp: true })).rejects.toThrow('hang up');
    const deadline = Date.now() + 60_000;
    while (bench.traces().RESULT === before.RESULT && Date.now() < deadline) {
      await new Promise((wake) => setTimeout(wake, 50));
    }
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
    const first = await attacker.settle(lost, await attacker.submit(lost, its));
    expect(first.outcome).toBe('200 completed');
    expect((await attacker.submit(lost, its)).body).toEqual(first.body);
    expect(bench.traces()).toEqual(tracesPlus(before, 1));
  });

  test('after a policy change that denies it, and a restart', async () => {
    const outcomes = async (policy: string): Promise<string> => {
      await bench.signer.halt();
      await writePolicies(join(bench.signer.directory, 'policies'), { 'projects/acme-app.yml': policy });
      await bench.signer.start();
      await expectSameAnswer(token);
      return (await bench.submit()).answer.outcome;
    };
    expect(await outcomes(PROJECT.replaceAll('refs/tags/v*', 'refs/tags/w*'))).toBe('403 policy.denied');
    expect(await outcomes(PROJECT.replace('project: acme-app', 'project: [broken'))).toBe('403 project.unknown');
    expect(await outcomes(PROJECT)).toBe('200 completed');
  });

  test('after its token has expired', async () => {
    await new Promise((wake) => setTimeout(wake, Math.max(0, deadAt * 1000 + 1000 - Date.now())));
    await expectSameAnswer(token);
    // A new request with a token of the very same times comes too late.
    const late = await bench.submit({}, lifetime(deadAt - 25));
    expect(late.answer.outcome).toBe('401 token.time');
  });
});
