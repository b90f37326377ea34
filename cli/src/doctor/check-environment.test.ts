import { describe, expect, test } from 'vitest';
import { checkPlatform, checkProxy } from './check-environment.ts';

describe('the proxy', () => {
  test.each([
    [{}, 'none'],
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'proxy:3128'],
    [{ https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' }, 'lower:1'],
    [{ HTTPS_PROXY: 'user:secret@proxy:3128' }, 'proxy:3128'],
    [{ HTTPS_PROXY: 'http://user:secret@[::1]:3128', NO_PROXY: '.acme.example' }, '[::1]:3128, not for .acme.example'],
    [{ HTTPS_PROXY: 'http://user:secret@' }, 'an address that is no URL'],
  ])('%j is shown as %s', (environment, text) => {
    expect(checkProxy(environment)).toEqual([{ state: 'ok', name: 'proxy', text }]);
  });
});

describe('the platform', () => {
  test('an empty endpoint is no permission', () => {
    const job = { GITHUB_ACTIONS: 'true', ACTIONS_ID_TOKEN_REQUEST_URL: '', ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' };
    expect(checkPlatform(job)).toMatchObject([{ state: 'ok' }, { state: 'fail', code: 'token.permission' }]);
  });
});
