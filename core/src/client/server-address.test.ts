import { describe, expect, it } from 'vitest';
import { parseServerAddress } from './server-address.ts';

describe('parseServerAddress', () => {
  it.each([
    ['https://sign.acme.example', 'https://sign.acme.example'],
    [' https://Sign.ACME.example/ ', 'https://sign.acme.example'],
    ['https://sign.acme.example:443/signer//', 'https://sign.acme.example/signer'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:1/', 'http://localhost:1'],
    ['http://[::1]:8443', 'http://[::1]:8443'],
  ])('spells %j as %j', (text, expected) => {
    expect(parseServerAddress(text)).toBe(expected);
  });

  it.each([
    '',
    'sign.acme.example',
    'http://sign.acme.example',
    'http://127.0.0.1.acme.example',
    'ftp://sign.acme.example',
    'https://user:secret@sign.acme.example',
    'https://sign.acme.example/?a=b',
    'https://sign.acme.example/#a',
    `https://sign.acme.example/${'a'.repeat(300)}`,
  ])('refuses %j without repeating what may be a secret', (text) => {
    expect(() => parseServerAddress(text)).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    expect(() => parseServerAddress(text)).not.toThrow(/secret/);
  });
});
