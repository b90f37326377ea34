import { isGithubActions } from '@originsign/core/client/ci/github-actions';
import type { Finding } from './finding.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Which CI platform this is, and whether the job may ask for identity tokens. */
export function checkPlatform(environment: Environment): readonly Finding[] {
  if (!isGithubActions(environment)) {
    const hint = 'origin comes from a CI job: policies can be tried with "originsign policy explain"';
    return [{ state: 'warn', name: 'platform', text: 'this is no CI job that can sign', hint }];
  }
  const platform: Finding = { state: 'ok', name: 'platform', text: 'a job of GitHub Actions' };
  const mayAsk =
    isSet(environment, 'ACTIONS_ID_TOKEN_REQUEST_URL') && isSet(environment, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN');
  if (mayAsk) return [platform, { state: 'ok', name: 'token', text: 'the job may ask for identity tokens' }];
  const hint = 'add "permissions: id-token: write" to the job; pull requests from forks never get tokens';
  const text = 'the job may not ask for identity tokens';
  return [platform, { state: 'fail', name: 'token', text, hint, code: 'token.permission' }];
}

/** Which proxy is used; its user name and password are never shown. */
export function checkProxy(environment: Environment): readonly Finding[] {
  const value = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const proxy = value('HTTPS_PROXY');
  if (proxy === '') return [{ state: 'ok', name: 'proxy', text: 'none' }];
  const exceptions = value('NO_PROXY') === '' ? '' : `, not for ${value('NO_PROXY')}`;
  return [{ state: 'ok', name: 'proxy', text: `${hostOf(proxy)}${exceptions}` }];
}

function hostOf(proxy: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(url) ? new URL(url).host : 'an address that is no URL';
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '') !== '';
}
