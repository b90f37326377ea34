import { codeOf } from '@originsign/testkit/error-code';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { readForwardedCertificate, refuseForwardedCertificate } from './client-certificate-field.ts';

const read = (leaf?: string, chain?: string) =>
  readForwardedCertificate({
    ...(leaf === undefined ? {} : { 'client-cert': leaf }),
    ...(chain === undefined ? {} : { 'client-cert-chain': chain }),
  });

test('nothing forwarded is no certificate, and no forgery', () => {
  expect(read()).toBeUndefined();
  expect(codeOf(() => refuseForwardedCertificate({ 'client-certificate': 'x' }))).toBe('accepted');
});

test('any octets come through as they were sent', () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 60 });
  const spaces = fc.constantFrom('', ' ', '\t', '  ');
  fc.assert(
    fc.property(octets, fc.array(octets, { minLength: 1, maxLength: 10 }), spaces, (leaf, chain, space) => {
      const field = (bytes: Uint8Array) => `:${encodeBase64(bytes)}:`;
      const forwarded = read(`${space}${field(leaf)}`, chain.map(field).join(`${space},${space}`));
      expect(forwarded).toEqual({ leaf, chain, via: 'proxy' });
    }),
  );
});

describe('refuses', () => {
  const long = `:${encodeBase64(new Uint8Array(17_000))}:`;
  test.each<[string, string | undefined, string | undefined]>([
    ['a chain alone', undefined, ':AAAA:'],
    ['an empty field', '', undefined],
    ['an empty byte sequence', '::', undefined],
    ['base64 without colons', 'AAAA', undefined],
    ['one colon', ':AAAA', undefined],
    ['two values', ':AAAA:, :AAAA:', undefined],
    ['a parameter', ':AAAA:;a=1', undefined],
    ['a string', '"AAAA"', undefined],
    ['a token', 'AAAA:', undefined],
    ['base64url', ':__--:', undefined],
    ['missing padding', ':AA:', undefined],
    ['padding with bits in it', ':AB==:', undefined],
    ['spaces inside', ':AA AA:', undefined],
    ['PEM', '-----BEGIN CERTIFICATE-----', undefined],
    ['URL-encoded PEM', '-----BEGIN%20CERTIFICATE-----', undefined],
    ['a certificate too large', long, undefined],
    ['a chain with an empty item', ':AAAA:', ':AAAA:,,:AAAA:'],
    ['a chain with a comma at the end', ':AAAA:', ':AAAA:,'],
    ['an empty chain', ':AAAA:', ''],
    ['a chain with a parameter', ':AAAA:', ':AAAA:;q=1'],
    ['a chain with an inner list', ':AAAA:', '(:AAAA: :AAAA:)'],
    ['a chain with a certificate too large', ':AAAA:', long],
    ['a chain of eleven', ':AAAA:', Array(11).fill(':AAAA:').join(',')],
  ])('%s', (_, leaf, chain) => {
    expect(codeOf(() => read(leaf, chain))).toBe('certificate.forwarded');
  });
});
