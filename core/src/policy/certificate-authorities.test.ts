import { describe, expect, it } from 'vitest';
import { isAuthorityFile, parseAuthority } from './certificate-authorities.ts';
import { formatProblem } from './load-problem.ts';

const NODES = `version: 1
id: build-nodes
type: client-certificate
authorities: ca/nodes.pem
revocation: {crl: [https://pki.acme.example/nodes.crl]}
`;
const parse = (text: string, trial = false) => parseAuthority('nodes.yml', text, { trial });
const problems = (text: string, trial = false) =>
  parse(text, trial).problems.map((p) =>
    formatProblem(p)
      .replace('nodes.yml:', '')
      .replace(/; it has .*/, ''),
  );
const withRevocation = (text: string): string => NODES.replace(/revocation: .*/, `revocation: ${text}`);

describe('an authority of client certificates', () => {
  it.each([
    [NODES, { kind: 'crl-urls', urls: ['https://pki.acme.example/nodes.crl'] }],
    [
      withRevocation('{files: [crl/nodes.crl, crl/root.crl]}'),
      { kind: 'crl-files', paths: ['crl/nodes.crl', 'crl/root.crl'] },
    ],
    [withRevocation('{none: They live for an hour.}'), { kind: 'none', reason: 'They live for an hour.' }],
  ])('%#: loads with one way to learn of revocation', (text, revocation) => {
    expect(parse(text)).toEqual({
      problems: [],
      authority: { id: 'build-nodes', authorities: 'ca/nodes.pem', revocation, allowPrivateAddress: false },
    });
  });

  it('may be asked over http, because its lists are signed', () => {
    expect(problems(NODES.replace('https:', 'http:'))).toEqual([]);
  });

  it('may be on a private address where its file says so', () => {
    expect(parse(`${NODES}allowPrivateAddress: true\ndescription: Ours.\n`).authority?.allowPrivateAddress).toBe(true);
  });

  const once = '"revocation" takes exactly one of crl, files and none';
  it.each([
    [withRevocation('{}'), `5:13: ${once}`],
    [withRevocation('{none: x, files: [a.crl]}'), `5:13: ${once}`],
    [withRevocation('none'), '5:13: "revocation" must be a mapping, not text'],
    [withRevocation('{none: true}'), '5:20: "none" must be text, not the boolean true; put it in quotes: "true"'],
    [withRevocation('{crl: []}'), '5:19: "crl" must not be empty'],
    [withRevocation('{crl: [ldap://pki.acme.example/nodes.crl]}'), '5:20: "crl" must begin with https://'],
    [
      withRevocation('{crl: ["http://localhost/nodes.crl"]}'),
      '5:20: "crl" names this machine, which only a trial store accepts',
    ],
    [
      withRevocation('{files: [../nodes.crl]}'),
      '5:22: "files" must be a relative path below the policies, with "/" between its parts',
    ],
    [withRevocation('{ocsp: x}'), '5:14: "revocation" has no key "ocsp"'],
    [NODES.replace(/revocation.*\n/, ''), '1:1: a trusted build system lacks the key "revocation"'],
    [
      NODES.replace('ca/nodes.pem', '/etc/nodes.pem'),
      '4:14: "authorities" must be a relative path below the policies, with "/" between its parts',
    ],
    [
      NODES.replace('ca/nodes.pem', 'ca/../../nodes.pem'),
      '4:14: "authorities" must be a relative path below the policies, with "/" between its parts',
    ],
    [
      NODES.replace('build-nodes', 'Build'),
      '2:5: "id" must be lower-case letters, digits, ".", "_" or "-", at most 64 of them',
    ],
    [NODES.replace('version: 1', 'version: 2'), '1:10: "version" must be 1'],
    [`${NODES}issuer: https://x.example\n`, '6:1: a trusted build system has no key "issuer"'],
    [`${NODES}allowPrivateAddress: 1\n`, '6:22: "allowPrivateAddress" must be true or false'],
  ])('%#: is refused, and the problem is where it is', (text, problem) => {
    expect(problems(text)).toEqual(problem.endsWith('"ocsp"') ? [problem, `5:13: ${once}`] : [problem]);
    expect(parse(text)).not.toHaveProperty('authority');
  });

  it('is told from build systems by its type alone', () => {
    expect(isAuthorityFile(NODES)).toBe(true);
    for (const text of ['', 'type: [client-certificate]', 'type: github-actions', '- client-certificate', 'a: b: c']) {
      expect(isAuthorityFile(text)).toBe(false);
    }
  });
});
