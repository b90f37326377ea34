import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gitWebAddress } from './git-address.ts';

test.each([
  'https://git.acme.example/team/app',
  'https://git.acme.example/team/app.git',
  'https://git.acme.example/team/app/',
  'https://git.acme.example:443/team/app.git',
  'https://GIT.acme.example/team/app.git',
  'https://svc:hunter2@git.acme.example/team/app.git',
  'ssh://git@git.acme.example/team/app.git',
  'ssh://git@git.acme.example:7999/team/app.git',
  'ssh://GIT.acme.example/team/app',
  'git+ssh://git@git.acme.example/team/app.git',
  'git@git.acme.example:team/app.git',
  'git.acme.example:team/app',
  'git@git.acme.example:/team/app.git',
])('%s is the same repository', (address) => {
  expect(gitWebAddress(address)).toBe('https://git.acme.example/team/app');
});

test.each([
  ['http://git.acme.example/team/app.git', 'http://git.acme.example/team/app'],
  ['https://git.acme.example:8443/team/app.git', 'https://git.acme.example:8443/team/app'],
  ['https://git.acme.example/team/app.git.git', 'https://git.acme.example/team/app.git'],
  ['https://git.acme.example/a%20b', 'https://git.acme.example/a%20b'],
  ['https://git.acme.example/Team/App', 'https://git.acme.example/Team/App'],
  ['git@ssh.dev.azure.com:v3/org/project/repo', 'https://ssh.dev.azure.com/v3/org/project/repo'],
])('%s stays another one than its neighbours: %s', (address, expected) => {
  expect(gitWebAddress(address)).toBe(expected);
});

test.each([
  '',
  'app',
  '/srv/git/app.git',
  './app.git',
  '../app.git',
  'C:/git/app.git',
  String.raw`C:\git\app.git`,
  'file:///srv/git/app.git',
  'git://git.acme.example/team/app.git',
  'https://git.acme.example',
  'https://git.acme.example/.git',
  'https://git.acme.example/team/app?ref=main',
  'https://git.acme.example/team/app#main',
  'https://git.acme.example/team/../evil',
  'https://git.acme.example/team/%2E%2e/evil',
  'https://git.acme.example/team/app\n',
  'https://git.acme.example/te am/app',
  String.raw`https://git.acme.example\team/app`,
  'ext::sh -c touch% /tmp/x',
  'https://',
])('%j names no repository of a server', (address) => {
  expect(gitWebAddress(address)).toBeUndefined();
});

test('its own result is what it makes of it, and a password is in none', () => {
  const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
  const address = fc
    .tuple(fc.constantFrom('https://', 'ssh://', 'http://'), fc.boolean(), part, part, part)
    .map(
      ([scheme, secret, host, owner, name]) =>
        `${scheme}${secret ? 'me:hunter2@' : ''}${host}.example/${owner}/${name}`,
    );
  fc.assert(
    fc.property(fc.oneof(address, fc.string()), (text) => {
      const web = gitWebAddress(text);
      fc.pre(web !== undefined);
      expect(web).not.toContain('hunter2');
      // One .git is taken off at a time, so a second one comes off the second time.
      if (!web.endsWith('.git')) expect(gitWebAddress(web)).toBe(web);
    }),
  );
});
