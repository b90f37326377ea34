import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkStaticTokenText, STATIC_TOKEN } from './static-token.ts';

const text = (bytes: Uint8Array) => `ost_${Buffer.from(bytes).toString('base64url')}`;

describe('the text of a static token', () => {
  it('is 256 bits behind its prefix', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        expect(codeOf(() => checkStaticTokenText(text(bytes)))).toBe('accepted');
      }),
      { numRuns: 200 },
    );
  });

  const good = text(new Uint8Array(32).fill(7));
  it.each([
    ['no prefix', good.slice(4)],
    ['another prefix', good.replace('ost_', 'OST_')],
    ['31 bytes', text(new Uint8Array(31))],
    ['33 bytes', text(new Uint8Array(33))],
    ['padding', `${good}=`],
    ['a second spelling of the last character', `${good.slice(0, -1)}d`],
    ['the plain base64 alphabet', `${good.slice(0, -2)}+${good.slice(-1)}`],
    ['a line feed behind it', `${good}\n`],
    ['a space before it', ` ${good}`],
    ['a JWS', 'ost_eyJhbGciOiJub25lIn0.e30.AA'],
    ['nothing', ''],
  ])('is refused with %s', (_name, token) => {
    expect(codeOf(() => checkStaticTokenText(token))).toBe('token.malformed');
  });
});

describe('the claims and origin of a static token', () => {
  const claims = STATIC_TOKEN.parseClaims({ token: 'packager', address: '192.0.2.10' });
  const system = { id: 'legacy', issuer: 'urn:originsign:legacy' };

  it('are its name and where the call came from, and nothing about source or run', () => {
    expect(claims).toEqual({ 'static.token': 'packager', 'static.address': '192.0.2.10' });
    const origin = STATIC_TOKEN.origin(claims, system);
    expect(origin).toEqual({
      platform: 'static-token',
      system: 'legacy',
      repository: { uri: 'urn:originsign:static-token:legacy:packager', id: 'packager' },
      workflow: { uri: 'urn:originsign:trusted-build-system:legacy', path: 'legacy' },
      run: { id: 'packager', uri: 'urn:originsign:static-token:legacy:packager' },
    });
  });

  it.each([null, 'x', {}, { token: 'a' }, { address: 'b' }, { token: 1, address: 'b' }])(
    'are not made of %j',
    (payload) => {
      expect(codeOf(() => STATIC_TOKEN.parseClaims(payload))).toBe('token.claim_type');
    },
  );
});

describe('an allow rule for static tokens', () => {
  const alone = 'the rule relies on a static token alone, which whoever reads it once can use from anywhere';
  const check = (operator: string | undefined, isAddressBound: boolean) => {
    const expected = operator === 'absent' ? false : 'build-nodes';
    const conditions = operator === undefined ? [] : [{ claim: 'certificate.authority', operator, expected }];
    return STATIC_TOKEN.checkRule({ conditions, isAddressBound, hasConnector: false }).map(({ message }) => message);
  };

  it.each([
    [undefined, true, []],
    ['is', false, []],
    ['in', false, []],
    [undefined, false, [alone]],
    ['absent', false, [alone]],
    ['glob', false, [alone]],
  ])('with the authority by %s and addresses: %s', (operator, isAddressBound, problems) => {
    expect(check(operator, isAddressBound)).toEqual(problems);
  });
});
