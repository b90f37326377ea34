import { codeOf, refusalOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { type StaticSystem, verifyStaticToken } from './static-token.ts';

const tokenOf = (byte: number): string => `ost_${Buffer.alloc(32, byte).toString('base64url')}`;
const [TOKEN, NEXT, OTHER] = [tokenOf(1), tokenOf(2), tokenOf(3)];
const EXPIRES = new Date('2027-01-31T00:00:00Z');
const NOW = new Date('2026-11-22T09:00:00Z');

const entry = (name: string, token: string, expires = EXPIRES) => ({
  name,
  sha256: sha256Hex(utf8(token)),
  project: 'acme-app',
  expires,
});
const LEGACY: StaticSystem = {
  id: 'legacy',
  addresses: ['192.0.2.0/24', '2001:db8::/32'],
  tokens: [entry('packager', TOKEN), entry('next', NEXT)],
};
const check = (text: string, { address = '192.0.2.10', now = NOW, systems = [LEGACY] } = {}) =>
  codeOf(() => verifyStaticToken(text, { address, now }, systems));

describe('a static token', () => {
  test('is found by its hash, with what it is for', () => {
    const call = { address: '192.0.2.10', now: NOW };
    expect(verifyStaticToken(NEXT, call, [LEGACY])).toEqual({
      system: 'legacy',
      name: 'next',
      project: 'acme-app',
      sha256: sha256Hex(utf8(NEXT)),
      expires: EXPIRES,
    });
    expect(verifyStaticToken(TOKEN, call, [LEGACY]).name).toBe('packager');
  });

  test.each(['192.0.2.0', '::ffff:192.0.2.10', '2001:db8::1'])('counts at %s', (address) => {
    expect(check(TOKEN, { address })).toBe('accepted');
  });

  test.each(['192.0.3.1', '::1', '127.0.0.1', '192.0.2.10:443', ''])('does not count at %j', (address) => {
    expect(check(TOKEN, { address })).toBe('token.static');
  });

  test('does not count where nobody knows the address, unless its system lists none', () => {
    expect(codeOf(() => verifyStaticToken(TOKEN, { address: undefined, now: NOW }, [LEGACY]))).toBe('token.static');
    const anywhere = { id: 'legacy', tokens: LEGACY.tokens };
    expect(codeOf(() => verifyStaticToken(TOKEN, { address: undefined, now: NOW }, [anywhere]))).toBe('accepted');
    expect(check(TOKEN, { systems: [{ ...LEGACY, addresses: [] }] })).toBe('token.static');
  });

  test('counts until its day begins, and not a moment longer', () => {
    expect(check(TOKEN, { now: new Date(EXPIRES.getTime() - 1) })).toBe('accepted');
    expect(check(TOKEN, { now: EXPIRES })).toBe('token.static');
  });

  test.each([OTHER, tokenOf(0)])('that nobody knows is refused: %#', (text) => {
    expect(check(text)).toBe('token.static');
    expect(check(TOKEN, { systems: [] })).toBe('token.static');
  });

  test.each(['', 'ost_', TOKEN.slice(0, -1), `${TOKEN}A`, ` ${TOKEN}`, `${TOKEN}\n`, sha256Hex(utf8(TOKEN))])(
    'that is none is refused before anything is compared: %j',
    (text) => {
      expect(check(text)).toBe('token.malformed');
    },
  );

  test('of two systems is one of neither, unless only one of them counts here', () => {
    const twin = { ...LEGACY, id: 'twin' };
    expect(check(TOKEN, { systems: [LEGACY, twin] })).toBe('token.static');
    expect(check(TOKEN, { systems: [LEGACY, { ...twin, addresses: ['198.51.100.0/24'] }] })).toBe('accepted');
  });

  test('is refused in the same words whatever is wrong, and none of them is the token', async () => {
    const refusals = await Promise.all(
      [
        { text: OTHER, address: '192.0.2.10', now: NOW },
        { text: TOKEN, address: '198.51.100.1', now: NOW },
        { text: TOKEN, address: '192.0.2.10', now: EXPIRES },
      ].map(({ text, ...call }) => refusalOf(() => verifyStaticToken(text, call, [LEGACY]))),
    );
    const said = refusals.map(({ message, hint, details }) => JSON.stringify([message, hint, details]));
    expect(new Set(said).size).toBe(1);
    expect(said.join()).not.toContain(TOKEN.slice(4));
    const malformed = await refusalOf(() => verifyStaticToken(`${TOKEN}A`, { address: '', now: NOW }, []));
    expect(JSON.stringify([malformed.message, malformed.hint, malformed.details])).not.toContain(TOKEN.slice(4));
  });
});
