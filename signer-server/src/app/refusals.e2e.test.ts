import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signRequest } from '@originsign/core/attestation/request-signature';
import { utf8 } from '@originsign/core/encoding/bytes';
import { isErrorCode } from '@originsign/core/errors/codes';
import { problemSchema } from '@originsign/core/protocol/problem';
import { SIGNING_REQUESTS_PATH } from '@originsign/core/protocol/limits';
import { submissionBody, type Answer } from '@originsign/testkit/attack-client';
import { attackSigner, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { BODY_CASES, ENVELOPE_CASES, SIGNATURE_CASES } from './call-refusals.test.fixture.ts';
import type { RefusalCase } from './refusal-case.test.fixture.ts';
import { logEntries } from './stored-facts.test.fixture.ts';
import { STATEMENT_CASES } from './statement-refusals.test.fixture.ts';
import { POLICY_CASES, TOKEN_CASES } from './token-refusals.test.fixture.ts';

let bench: AttackedSigner;
beforeAll(async () => {
  bench = await attackSigner();
});
afterAll(() => bench.stop());

/** Sends an honest submission with what the case changes. */
async function attempt(refusal: RefusalCase): Promise<Answer> {
  const request = bench.attacker.forge(refusal.forgery);
  const minted = await bench.tokenOf(request, refusal.claims);
  const honest = submissionBody(request, refusal.token?.(minted) ?? (refusal.token === undefined ? minted : null));
  const edited = refusal.body?.(new TextDecoder().decode(honest)) ?? honest;
  const body = typeof edited === 'string' ? utf8(edited) : edited;
  const fields = signRequest({
    method: 'POST',
    targetUri: bench.signer.url + SIGNING_REQUESTS_PATH,
    body,
    created: Math.floor(Date.now() / 1000),
    key: request.key.privateKey,
    keyId: request.key.keyId,
  });
  const headers = refusal.field === undefined ? {} : refusal.field({ ...fields });
  return bench.attacker.submit(request, '', { body, headers, ...refusal.call });
}

describe.each([
  ['token', TOKEN_CASES],
  ['statement', STATEMENT_CASES],
  ['envelope', ENVELOPE_CASES],
  ['request signature', SIGNATURE_CASES],
  ['body', BODY_CASES],
  ['policy', POLICY_CASES],
] as const)('a %s', (_what, cases) => {
  test.each(cases.map((refusal) => [refusal.name, refusal] as const))('with %s is refused', async (_name, refusal) => {
    const before = bench.traces();
    const answer = await attempt(refusal);
    expect(answer.outcome, new TextDecoder().decode(answer.body)).toBe(refusal.outcome);
    expect(bench.traces()).toEqual(before);
    // Every refusal is a problem of the documented shape, whose code has a page.
    const problem = problemSchema.parse(answer.json);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json(?:;|$)/);
    expect(problem.status).toBe(answer.status);
    expect(isErrorCode(problem.code)).toBe(true);
    expect(problem.type).toBe(`${bench.signer.url}/errors/${problem.code}`);
  });
});

test('the same submission without any change is signed', async () => {
  const before = bench.traces();
  const answer = await attempt({ name: 'nothing', outcome: '' });
  expect([200, 202]).toContain(answer.status);
  expect(bench.traces().REQUEST).toBe(before.REQUEST + 1);
});

test('a compressed body is refused', async () => {
  const before = bench.traces();
  const request = bench.attacker.forge();
  const body = new Uint8Array(gzipSync(submissionBody(request, await bench.tokenOf(request))));
  const answer = await bench.attacker.submit(request, '', { body, headers: { 'content-encoding': 'gzip' } });
  expect(answer.outcome).toBe('415 request.media_type');
  expect(bench.traces()).toEqual(before);
});

test('of all these only the denials of a linked repository are in the log one by one', () => {
  const denied = POLICY_CASES.map(({ outcome }) => outcome.slice(4)).filter((code) => code.startsWith('policy.'));
  const logged = logEntries(bench.signer.directory).filter(({ type }) => type === 'DENIAL');
  expect(logged.map(({ code }) => code)).toEqual(denied);
});

test('the server is still there', async () => {
  const { status } = await bench.attacker.send({ path: '/readyz' });
  expect(status).toBe(200);
});
