import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import type { Answer } from '@originsign/testkit/attack-client';
import { attackSigner, PROJECT, type AttackedSigner } from './attacked-signer.test.fixture.ts';
import { logEntries } from './stored-facts.test.fixture.ts';

const OTHER = PROJECT.replace('project: acme-app', 'project: other-app').replace('771245825', '4242');
let bench: AttackedSigner;
beforeAll(async () => {
  bench = await attackSigner({ policies: { 'projects/other-app.yml': OTHER } });
});
afterAll(() => bench.stop());

function isRefused({ outcome }: Answer): boolean {
  return outcome === '403 project.unknown' || outcome === '429 project.rate';
}

/** Everything of an answer that does not belong to this one call. */
function comparable({ status, headers, json }: Answer): unknown {
  const { 'x-request-id': _id, date: _date, ...fields } = headers;
  const { requestId: _requestId, ...body } = json as JsonObject;
  return { status, fields, body };
}

test('a repository that is not linked cannot tell whether a project is there, nor whether it has a policy', async () => {
  const before = bench.traces();
  const stranger = { repository_id: '1001' };
  const { answer: first } = await bench.submit({ project: 'acme-app' }, stranger);
  expect(first.outcome).toBe('403 project.unknown');
  for (const [project, policy] of [
    ['no-such-app', 'release'],
    ['acme-app', 'no-such-policy'],
    ['other-app', 'release'],
  ] as const) {
    const { answer } = await bench.submit({ project, policy }, stranger);
    expect(comparable(answer)).toEqual(comparable(first));
  }
  // Nor does a decision alone say more, or the format, or a branch that no rule would allow.
  for (const claims of [stranger, { ...stranger, ref: 'refs/heads/main' }]) {
    const request = bench.attacker.forge({ project: 'acme-app' });
    const answer = await bench.attacker.evaluate(request, await bench.tokenOf(request, claims));
    expect(comparable(answer)).toEqual(comparable(first));
  }
  expect(bench.traces()).toEqual(before);
});

test('being linked to one project says nothing about another', async () => {
  const { answer: there } = await bench.submit({ project: 'other-app' });
  const { answer: nowhere } = await bench.submit({ project: 'no-such-app' });
  expect(there.outcome).toBe('403 project.unknown');
  expect(comparable(there)).toEqual(comparable(nowhere));
});

test('a stranger who insists is slowed down, alone, and is counted in the log and not named', async () => {
  const outcomes: string[] = [];
  let last: Answer | undefined;
  for (let call = 0; call < 12; call++) {
    const { answer } = await bench.submit({}, { repository_id: '1002' });
    outcomes.push(answer.outcome);
    last = answer;
  }
  expect(outcomes).toEqual([
    ...Array<string>(10).fill('403 project.unknown'),
    ...Array<string>(2).fill('429 project.rate'),
  ]);
  expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
  expect((await bench.submit({}, { repository_id: '1003' })).answer.outcome).toBe('403 project.unknown');
  expect((await bench.submit()).answer.outcome).toBe('200 completed');

  const entries = logEntries(bench.signer.directory);
  expect(entries.filter(({ type }) => type === 'DENIAL')).toEqual([]);
  await bench.signer.halt();
  const ended = logEntries(bench.signer.directory);
  const counted = ended.filter(({ type }) => type === 'REFUSALS').map(({ count }) => Number(count));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(bench.attacker.answers.filter(isRefused).length);
  const text = JSON.stringify(ended);
  for (const id of ['"1001"', '"1002"', '"1003"']) expect(text).not.toContain(id);
});
