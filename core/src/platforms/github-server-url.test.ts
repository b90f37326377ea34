import { describe, expect, it } from 'vitest';
import { GITHUB_ACTIONS } from './github-actions.ts';
import { githubServerUrl } from './github-server-url.ts';

const of = (issuer: string, serverUrl?: string) =>
  githubServerUrl({ id: 'x', issuer, ...(serverUrl === undefined ? {} : { serverUrl }) });

describe('the web address behind an issuer', () => {
  it.each([
    ['https://token.actions.githubusercontent.com', 'https://github.com'],
    ['https://token.actions.githubusercontent.com/acme-corp', 'https://github.com'],
    ['https://token.actions.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://token.actions.acme.ghe.com/acme-corp', 'https://acme.ghe.com'],
    ['https://git.acme.example/_services/token', 'https://git.acme.example'],
    ['https://git.acme.example:8443/_services/token', 'https://git.acme.example:8443'],
    ['http://127.0.0.1:4000', 'https://github.com'],
    ['http://localhost:4000', 'https://github.com'],
  ])('%s', (issuer, url) => {
    expect(of(issuer)).toBe(url);
  });

  it.each([
    'https://token.actions.githubusercontent.com.evil.example',
    'https://token.actions.githubusercontent.com/a/b',
    'https://token.actions.evil.example',
    'https://token.actions.a.b.ghe.com',
    'https://git.acme.example/_services/token/more',
    'https://git.acme.example',
    'not a url',
  ])('is not known for %s, so the system must say it', (issuer) => {
    expect(of(issuer)).toBeUndefined();
    expect(GITHUB_ACTIONS.checkIssuer({ id: 'x', issuer })).toContain('serverUrl');
    expect(of(issuer, 'https://git.acme.example')).toBe('https://git.acme.example');
  });
});
