import { describe, expect, it } from 'vitest';
import { PLATFORMS } from '../platforms/platforms.ts';
import { formatProblem } from './load-problem.ts';
import { parseSystem } from './systems.ts';

const GITHUB = 'version: 1\nid: github\ntype: github-actions\nissuer: https://token.actions.githubusercontent.com\n';
const parse = (text: string, trial = false) => parseSystem('github.yml', text, { trial });
const problems = (text: string, trial = false) =>
  parse(text, trial).problems.map((p) => formatProblem(p).replace('github.yml:', ''));
const withIssuer = (issuer: string) => GITHUB.replace('https://token.actions.githubusercontent.com', issuer);

describe('a trusted build system', () => {
  it('loads with its exact issuer', () => {
    expect(parse(GITHUB).system).toEqual({
      id: 'github',
      type: 'github-actions',
      issuer: 'https://token.actions.githubusercontent.com',
      allowPrivateAddress: false,
    });
  });

  it('loads with everything it can have', () => {
    const text =
      'version: 1\nid: ghes\ndescription: Our own.\ntype: github-actions\nissuer: https://git.acme.example/_services/token\n' +
      'jwksUri: https://git.acme.example/_services/token/.well-known/jwks\nallowPrivateAddress: true\nmaxTokenAge: 5m\n' +
      'serverUrl: https://git.acme.example\n';
    expect(parse(text).system).toEqual({
      id: 'ghes',
      type: 'github-actions',
      issuer: 'https://git.acme.example/_services/token',
      jwksUri: 'https://git.acme.example/_services/token/.well-known/jwks',
      allowPrivateAddress: true,
      maxTokenAge: 300,
      serverUrl: 'https://git.acme.example',
    });
    expect(parse(`${GITHUB}keysFile: keys/github.jwks.json\n`).system?.keysFile).toBe('keys/github.jwks.json');
  });

  it.each([
    ['http', 'http://token.actions.githubusercontent.com', 'must begin with https://'],
    ['loopback', 'https://127.0.0.1:8443', 'names this machine, which only a trial store accepts'],
    ['http on loopback', 'http://127.0.0.1:8080', 'names this machine, which only a trial store accepts'],
    ['localhost', 'http://localhost:8080', 'names this machine, which only a trial store accepts'],
    ['IPv6 loopback', 'https://[::1]', 'names this machine, which only a trial store accepts'],
    ['loopback in disguise', 'https://[::ffff:7f00:1]', 'names this machine, which only a trial store accepts'],
    ['loopback spelled otherwise', 'https://127.1', 'must be spelled https://127.0.0.1'],
    ['a trailing slash', 'https://token.actions.githubusercontent.com/', 'must not end in "/"'],
    [
      'an upper-case host',
      'https://Token.actions.githubusercontent.com',
      'must be spelled https://token.actions.githubusercontent.com',
    ],
    [
      'the default port',
      'https://token.actions.githubusercontent.com:443',
      'must be spelled https://token.actions.githubusercontent.com',
    ],
    [
      'a path that climbs',
      'https://git.acme.example/a/../_services/token',
      'must be spelled https://git.acme.example/_services/token',
    ],
    ['a user', 'https://x@token.actions.githubusercontent.com', 'must have no user, query or fragment'],
    ['a query', 'https://token.actions.githubusercontent.com?x', 'must have no user, query or fragment'],
    ['an empty fragment', '"https://token.actions.githubusercontent.com#"', 'must have no user, query or fragment'],
    ['a word', 'github', 'is not a URL'],
    ['another scheme', 'file:///etc/passwd', 'must begin with https://'],
  ])('is refused with an issuer that has %s', (_, issuer, message) => {
    expect(problems(withIssuer(issuer))).toEqual([`4:9: "issuer" ${message}`]);
  });

  it('is refused where the issuer is none of the forms of the platform', () => {
    expect(problems(withIssuer('https://token.actions.githubusercontent.com.evil.example'))).toEqual([
      '4:9: the issuer has none of the forms that GitHub uses, so serverUrl must say where its repositories are',
    ]);
  });

  it.each([
    ['version: 1', 'version: 2', '1:10: "version" must be 1'],
    [
      'type: github-actions',
      'type: github-action',
      '3:7: there is no platform "github-action"; did you mean "github-actions"?',
    ],
    [
      'type: github-actions',
      'type: constructor',
      `3:7: there is no platform "constructor"; there is ${[...Object.keys(PLATFORMS), 'client-certificate'].join(', ')}`,
    ],
    ['id: github', 'id: GitHub', '2:5: "id" must be lower-case letters, digits, ".", "_" or "-", at most 64 of them'],
    ['id: github\n', '', '1:1: a trusted build system lacks the key "id"'],
    [
      'version: 1',
      'version: 1\nissuers: []',
      '2:1: a trusted build system has no key "issuers"; did you mean "issuer"?',
    ],
    ['version: 1', 'version: 1\nallowPrivateAddress: "yes"', '2:22: "allowPrivateAddress" must be true or false'],
    [
      'version: 1',
      'version: 1\nmaxTokenAge: 600',
      '2:14: "maxTokenAge" must be text, not the number 600; put it in quotes: "600"',
    ],
    ['version: 1', 'version: 1\nmaxTokenAge: ten', '2:14: "maxTokenAge" must be a duration such as 10m or 300s'],
    ['version: 1', 'version: 1\nmaxTokenAge: 2h', '2:14: "maxTokenAge" must be at most 900s on this platform'],
    [
      'version: 1',
      'version: 1\nkeysFile: ../keys.json',
      '2:11: "keysFile" must be a relative path below the policies, with "/" between its parts',
    ],
    [
      'version: 1',
      'version: 1\nkeysFile: /etc/keys.json',
      '2:11: "keysFile" must be a relative path below the policies, with "/" between its parts',
    ],
    [
      'version: 1',
      'version: 1\njwksUri: https://x.example/k\nkeysFile: k.json',
      '3:1: jwksUri and keysFile exclude each other',
    ],
    ['version: 1', 'version: 1\njwksUri: http://x.example/k', '2:10: "jwksUri" must begin with https://'],
  ])('is refused where %j is %j', (old, text, problem) => {
    expect(problems(GITHUB.replace(old, text))).toEqual([problem]);
  });

  it('of a trial store may be on this machine, over http', () => {
    expect(parse(withIssuer('http://127.0.0.1:4000'), true).system?.issuer).toBe('http://127.0.0.1:4000');
    expect(parse(withIssuer('http://localhost:4000'), true).problems).toEqual([]);
    expect(problems(withIssuer('http://10.0.0.1:4000'), true)).toEqual(['4:9: "issuer" must begin with https://']);
  });
});
