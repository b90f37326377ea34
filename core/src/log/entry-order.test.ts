import { describe, expect, test } from 'vitest';
import { REQUEST } from '@originsign/testkit/test-log';
import { encodeHex } from '../encoding/hex.ts';
import type { LogEntry } from './entries.ts';
import type { LogEntryBody } from './entry-bodies.ts';
import { EntryOrder } from './entry-order.ts';

const { requestId, artifacts } = REQUEST;
const leafOf = (index: number): Uint8Array => new Uint8Array(32).fill(index);
const at = (index: number): { index: number; leaf: string } => ({ index, leaf: encodeHex(leafOf(index)) });
const lease = { replica: 'a', until: '2026-11-22T09:20:00.000Z' };
const intent = (attempt: number, replaces?: number): LogEntryBody => ({
  type: 'INTENT',
  requestId,
  attempt,
  lease,
  artifacts,
  ...(replaces === undefined ? {} : { replaces: at(replaces) }),
});
const result = (index: number, changes: object = {}): LogEntryBody => ({
  type: 'RESULT',
  requestId,
  intent: at(index),
  artifacts,
  provenanceSha256: '00',
  ...changes,
});
const unknown = (index: number): LogEntryBody => ({ type: 'OUTCOME_UNKNOWN', requestId, intent: at(index) });
const failure = (index?: number): LogEntryBody => ({
  type: 'FAILURE',
  requestId,
  code: 'hsm.failed',
  ...(index === undefined ? {} : { intent: at(index) }),
});
const approval: LogEntryBody = {
  type: 'APPROVAL',
  requestId,
  decision: 'approve',
  approver: '00',
  statementSha256: '00',
  signatureSha256: '00',
  policyHash: '00',
  rosterHash: '00',
};
const cancel: LogEntryBody = { type: 'CANCEL', requestId };
const expiry: LogEntryBody = { type: 'EXPIRY', requestId };
const denial = { type: 'DENIAL', requestId, project: 'p', policy: 'p', code: 'policy.denied' } as LogEntryBody;

/** The first problem, with its index. */
function follow(bodies: readonly LogEntryBody[]): string | undefined {
  const order = new EntryOrder();
  for (const [index, body] of bodies.entries()) {
    const problem = order.problem(index, leafOf(index), body as LogEntry);
    if (problem !== undefined) return `${index} ${problem}`;
  }
  return undefined;
}

describe('the order of entries', () => {
  test.each<[string, LogEntryBody[]]>([
    ['a request that is signed', [REQUEST, intent(1), result(1)]],
    ['a request that is signed again after a crash', [REQUEST, intent(1), unknown(1), intent(2, 1), result(3)]],
    ['a request that fails before and after INTENT', [REQUEST, failure()]],
    ['a request that fails', [REQUEST, intent(1), failure(1)]],
    ['a request that expires', [REQUEST, intent(1), expiry]],
    ['a request that two people approve', [REQUEST, approval, approval, intent(3), result(3)]],
    ['a request that is cancelled while it waits', [REQUEST, cancel]],
    ['a denial, and the same request allowed later', [denial, denial, REQUEST, intent(1), result(3)]],
    [
      'entries that are about no request',
      [
        { type: 'START', version: '1', replica: 'a' },
        { type: 'STOP', replica: 'a' },
      ],
    ],
  ])('allows %s', (_, bodies) => {
    expect(follow(bodies)).toBeUndefined();
  });

  test.each<[string, LogEntryBody[], string]>([
    ['a second REQUEST', [REQUEST, REQUEST], '1 repeats a REQUEST'],
    ['an approval first', [approval], '0 is a APPROVAL without a REQUEST'],
    ['an approval after INTENT', [REQUEST, intent(1), approval], '2 is an APPROVAL after the INTENT of its request'],
    [
      'an approval after a cancellation',
      [REQUEST, cancel, approval],
      '2 is a APPROVAL after the CANCEL of its request',
    ],
    ['INTENT first', [intent(1)], '0 is a INTENT without a REQUEST'],
    ['RESULT without INTENT', [REQUEST, result(0)], '1 is a RESULT that does not name the last INTENT of its request'],
    [
      'RESULT of a replaced INTENT',
      [REQUEST, intent(1), unknown(1), intent(2, 1), result(1)],
      '4 is a RESULT that does not name the last INTENT of its request',
    ],
    [
      'RESULT that names the INTENT by another leaf',
      [REQUEST, intent(1), result(1, { intent: { index: 1, leaf: at(2).leaf } })],
      '2 is a RESULT that does not name the last INTENT of its request',
    ],
    ['two RESULTs', [REQUEST, intent(1), result(1), result(1)], '3 is a RESULT after the RESULT of its request'],
    ['a signature after a cancellation', [REQUEST, cancel, intent(1)], '2 is a INTENT after the CANCEL of its request'],
    [
      'a signature after a failure',
      [REQUEST, intent(1), failure(1), result(1)],
      '3 is a RESULT after the FAILURE of its request',
    ],
    [
      'a second INTENT that does not name the first',
      [REQUEST, intent(1), intent(2)],
      '2 is an INTENT that does not name the one that it takes the place of',
    ],
    [
      'a first INTENT that replaces one',
      [REQUEST, intent(1, 0)],
      '1 is an INTENT that does not name the one that it takes the place of',
    ],
    [
      'an attempt that does not count up',
      [REQUEST, intent(1), intent(1, 1)],
      '2 is an INTENT whose attempt does not count up',
    ],
    [
      'INTENT for more artifacts',
      [REQUEST, { ...intent(1), artifacts: { count: 2, root: '00' } } as LogEntryBody],
      '1 is an INTENT for another number of artifacts than its REQUEST',
    ],
    [
      'RESULT for fewer artifacts',
      [REQUEST, intent(1), result(1, { artifacts: { count: 0, root: '00' } })],
      '2 is a RESULT for another number of artifacts than its REQUEST',
    ],
    [
      'an unknown outcome of nothing',
      [REQUEST, unknown(0)],
      '1 is a OUTCOME_UNKNOWN that does not name the last INTENT of its request',
    ],
  ])('refuses %s', (_, bodies, problem) => {
    expect(follow(bodies)).toBe(problem);
  });
});
