import { describe, expect, test } from 'vitest';
import { codeOf } from '@originsign/testkit/error-code';
import { makeSshKey } from '@originsign/testkit/ssh-key';
import {
  APPROVER_CALL_NAMESPACE,
  approverCallMessage,
  formatApproverAuthorization,
  verifyApproverCall,
} from './approver-call.ts';

const CALL = { method: 'GET', url: 'https://sign.acme.example/v1/signing-requests' };
const NOW = new Date('2026-11-22T09:14:03.000Z');
const CREATED = Math.floor(NOW.getTime() / 1000);
const key = makeSshKey('ssh-ed25519');

function field(call = CALL, created = CREATED, namespace = APPROVER_CALL_NAMESPACE): string {
  return formatApproverAuthorization(created, key.sign(namespace, approverCallMessage(call, created)));
}
const refusal = (text: string | undefined, call = CALL) => codeOf(() => verifyApproverCall(call, text, NOW));

describe('the call of an approver', () => {
  test('names its key', () => {
    expect(verifyApproverCall(CALL, field(), NOW).blob).toEqual(key.blob);
    for (const skew of [-120, 120]) expect(refusal(field(CALL, CREATED + skew))).toBe('accepted');
  });

  test.each<[string, string | undefined]>([
    ['no field', undefined],
    ['another scheme', 'Bearer abc'],
    ['another method', field({ ...CALL, method: 'POST' })],
    ['another path', field({ ...CALL, url: `${CALL.url}/x` })],
    ['another server', field({ ...CALL, url: CALL.url.replace('sign.', 'evil.') })],
    ['another time than was signed', field().replace(String(CREATED), String(CREATED + 1))],
    ['the namespace of approvals', field(CALL, CREATED, 'originsign-approval')],
    ['a signature that is cut', field().replace(/.{8}"$/, '"')],
    ['base64 that is not canonical', field().replace(/"$/, '="')],
    ['two values', `${field()}, ${field()}`],
    ['a space more', field().replace(' created', '  created')],
  ])('is refused with %s', (_name, text) => {
    expect(refusal(text)).toBe('approval.call');
  });

  test('is refused two minutes later and before', () => {
    for (const skew of [-121, 121, 86_400]) expect(refusal(field(CALL, CREATED + skew))).toBe('request.clock');
  });
});
