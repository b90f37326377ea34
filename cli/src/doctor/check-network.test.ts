import { describe, expect, test } from 'vitest';
import { checkAuthorities, checkProxy } from './check-network.ts';

describe('the proxy', () => {
  test.each([
    [{}, 'none'],
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'proxy:3128'],
    [{ https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' }, 'lower:1'],
    [{ HTTPS_PROXY: 'user:secret@proxy:3128' }, 'proxy:3128'],
    [{ HTTPS_PROXY: 'http://user:secret@[::1]:3128', NO_PROXY: '.acme.example' }, '[::1]:3128, not for .acme.example'],
    [{ HTTPS_PROXY: 'http://user:secret@' }, 'an address that is no URL'],
  ])('%j is shown as %s', (environment, text) => {
    expect(checkProxy(environment)).toEqual({ state: 'ok', name: 'proxy', text });
  });
});

describe('the authorities', () => {
  test.each([
    [undefined, {}, 'the usual authorities'],
    ['ca.pem', {}, 'the usual authorities and ca.pem'],
    [undefined, { NODE_EXTRA_CA_CERTS: '/etc/acme.pem' }, 'the usual authorities and /etc/acme.pem'],
    ['ca.pem', { NODE_EXTRA_CA_CERTS: '/etc/acme.pem' }, 'the usual authorities and ca.pem, /etc/acme.pem'],
  ])('of %s and %j are %s', (file, environment, text) => {
    expect(checkAuthorities(file, environment).text).toBe(text);
  });
});
