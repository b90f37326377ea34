import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeOf } from '@originsign/testkit/error-code';
import { STATEMENT } from '../attestation/statement.test.fixture.ts';
import { encodeSigningRequest } from '../attestation/statement.ts';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { canonicalJson, type JsonObject } from '../encoding/canonical-json.ts';
import { approvedRequest, encodeApproval, MAX_APPROVAL, parseApproval, type ApprovalStatement } from './approval.ts';

const HASH = 'ab'.repeat(32);
const ORIGIN = { platform: 'github-actions', repository: { id: '1' } };
const REQUEST = approvedRequest(encodeSigningRequest(STATEMENT), ORIGIN);
const APPROVAL: ApprovalStatement = {
  ...REQUEST,
  decision: 'approve',
  rule: 'tag-build',
  policyHash: HASH,
  expires: '2026-11-22T10:14:03.000Z',
  reason: 'checked against the build of the 22nd',
};
const document = (): Record<string, unknown> =>
  JSON.parse(utf8Text(encodeApproval(APPROVAL))) as Record<string, unknown>;
const parseDocument = (value: unknown) => codeOf(() => parseApproval(utf8(canonicalJson(value as JsonObject))));

describe('an approval', () => {
  test('comes back from its bytes, which are canonical', () => {
    const bytes = encodeApproval(APPROVAL);
    expect(parseApproval(bytes)).toEqual(APPROVAL);
    expect(utf8Text(bytes)).toMatch(/^\{"artifacts":\{"count":2,"root":"[0-9a-f]{64}"\},"decision":"approve",/);
    const { reason: _reason, ...without } = APPROVAL;
    expect(parseApproval(encodeApproval(without))).toEqual(without);
  });

  test('names names, digests, claims, project and origin: with any of them changed it is another', () => {
    const [subject] = STATEMENT.subjects;
    const [artifact] = STATEMENT.artifacts;
    const changed = [
      { ...STATEMENT, subjects: [{ ...subject, name: 'dist/other.exe' }, STATEMENT.subjects[1]] },
      { ...STATEMENT, artifacts: [{ ...artifact, options: { level: 1 } }, STATEMENT.artifacts[1]] },
      { ...STATEMENT, artifacts: [{ ...artifact, claimed: { sha256: HASH, size: 11 } }, STATEMENT.artifacts[1]] },
    ] as (typeof STATEMENT)[];
    const roots = changed.map((one) => approvedRequest(encodeSigningRequest(one), ORIGIN).artifacts.root);
    expect(new Set([REQUEST.artifacts.root, ...roots]).size).toBe(4);
    const elsewhere = approvedRequest(encodeSigningRequest(STATEMENT), { ...ORIGIN, ref: 'refs/heads/main' });
    expect(elsewhere.originSha256).not.toBe(REQUEST.originSha256);
    expect(elsewhere.requestId).toBe(REQUEST.requestId);
  });

  test('is refused with each member removed, added or of another kind', () => {
    for (const member of Object.keys(document())) {
      const { [member]: _removed, ...rest } = document();
      if (member !== 'reason') expect(parseDocument(rest), member).toBe('approval.malformed');
      for (const value of [null, 1, '', [], {}, true]) {
        expect(parseDocument({ ...document(), [member]: value }), member).toBe('approval.malformed');
      }
    }
    expect(parseDocument({ ...document(), extra: 1 })).toBe('approval.malformed');
  });

  test.each<[string, Record<string, unknown>]>([
    ['another type', { type: 'https://originsign.dev/approval/v2' }],
    ['the type of a call', { type: 'https://originsign.dev/approver-call/v1' }],
    ['another decision', { decision: 'maybe' }],
    ['a short request id', { requestId: REQUEST.requestId.slice(0, 12) }],
    ['another spelling of the request id', { requestId: `${REQUEST.requestId.slice(0, -1)}B` }],
    ['a hash in upper case', { policyHash: HASH.toUpperCase() }],
    ['a negative count', { artifacts: { count: -1, root: HASH } }],
    ['a time without milliseconds', { expires: '2026-11-22T10:14:03Z' }],
    ['a day that does not exist', { expires: '2026-02-30T10:14:03.000Z' }],
    ['a reason of two lines', { reason: 'a\nb' }],
    ['a reason that turns text', { reason: 'a\u202eb' }],
    ['a long reason', { reason: 'a'.repeat(501) }],
  ])('is refused with %s', (_name, change) => {
    expect(parseDocument({ ...document(), ...change })).toBe('approval.malformed');
  });

  test('is refused in any other spelling', () => {
    const text = utf8Text(encodeApproval(APPROVAL));
    const pretty = JSON.stringify(JSON.parse(text), undefined, 1);
    for (const other of [` ${text}`, `${text}\n`, pretty, text.replace('approve', 'appro\\u0076e')]) {
      expect(codeOf(() => parseApproval(utf8(other)))).toBe('approval.malformed');
    }
    expect(codeOf(() => parseApproval(utf8(text.replace('{', '{"rule":"x",'))))).toBe('json.duplicate_key');
    expect(codeOf(() => parseApproval(new Uint8Array(MAX_APPROVAL + 1)))).toBe('approval.malformed');
  });

  test('of whatever bytes is refused and nothing else', () => {
    const refused = fc.property(fc.json(), (text) => {
      expect(codeOf(() => parseApproval(utf8(text)))).toMatch(/^(?:approval|json)\./);
    });
    fc.assert(refused, { numRuns: 200 });
  });
});
