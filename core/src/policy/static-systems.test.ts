import { describe, expect, it } from 'vitest';
import { formatProblem } from './load-problem.ts';
import { parseSystem } from './systems.ts';

const [ONE, TWO] = ['a'.repeat(64), '0'.repeat(64)];
const LEGACY = `version: 1
id: legacy
type: static-token
addresses: [192.0.2.0/24, "2001:db8::/32"]
tokens:
  - {name: packager, sha256: ${ONE}, project: acme-app, expires: "2027-01-31"}
  - {name: next, sha256: "${TWO}", project: acme-app, expires: "2027-02-28"}
`;
const parse = (text: string) => parseSystem('legacy.yml', text, { trial: false });
const problems = (text: string) => parse(text).problems.map((p) => formatProblem(p).replace('legacy.yml:', ''));

describe('a build system with static tokens', () => {
  it('loads, and two tokens at a time let one be replaced', () => {
    expect(parse(LEGACY)).toEqual({
      problems: [],
      system: {
        id: 'legacy',
        type: 'static-token',
        issuer: 'urn:originsign:legacy',
        allowPrivateAddress: false,
        addresses: ['192.0.2.0/24', '2001:db8::/32'],
        tokens: [
          { name: 'packager', sha256: ONE, project: 'acme-app', expires: new Date('2027-01-31T00:00:00Z') },
          { name: 'next', sha256: TWO, project: 'acme-app', expires: new Date('2027-02-28T00:00:00Z') },
        ],
      },
    });
    const withoutAddresses = parse(LEGACY.replace(/addresses:.*\n/, 'description: Ours.\n'));
    expect(withoutAddresses.problems).toEqual([]);
    expect(withoutAddresses.system).not.toHaveProperty('addresses');
  });

  it.each<[string | RegExp, string, string]>([
    ['version: 1', 'version: 2', '1:10: "version" must be 1'],
    [/tokens:[^]*/, '', '1:1: a trusted build system lacks the key "tokens"'],
    [/tokens:[^]*/, 'tokens: []\n', '5:9: "tokens" must not be empty'],
    ['id: legacy', 'id: Legacy', '2:5: "id" must be lower-case letters, digits, ".", "_" or "-", at most 64 of them'],
    ['id: legacy', 'id: legacy\nissuer: https://x.example', '3:1: a trusted build system has no key "issuer"'],
    ['id: legacy', 'id: legacy\nconnector: true', '3:1: a trusted build system has no key "connector"'],
    ['192.0.2.0/24', '192.0.2.0', '4:13: "192.0.2.0" is not a network such as 192.0.2.0/24 or 2001:db8::/32'],
    ...['0.0.0.0/0', '128.0.0.0/1', '::/0', '2000::/3', '::ffff:0.0.0.0/96', '::ffff:128.0.0.0/97'].map(
      (network): [string, string, string] => [
        '192.0.2.0/24',
        `"${network}"`,
        `4:13: "${network}" is a good part of all addresses; list your networks, or leave "addresses" out`,
      ],
    ),
    ['192.0.2.0/24', '192.0.2.0/33', '4:13: "192.0.2.0/33" is not a network such as 192.0.2.0/24 or 2001:db8::/32'],
    [
      '192.0.2.0/24',
      'build.acme.example',
      '4:13: "build.acme.example" is not a network such as 192.0.2.0/24 or 2001:db8::/32',
    ],
    [/\[192.*\]/, '[]', '4:12: "addresses" must not be empty'],
    [', project: acme-app, expires: "2027-01-31"', ', expires: "2027-01-31"', '6:5: a token lacks the key "project"'],
    [', expires: "2027-01-31"', '', '6:5: a token lacks the key "expires"'],
    ['name: packager', 'name: packager, token: secret', '6:22: a token has no key "token"'],
    [
      ONE,
      ONE.toUpperCase(),
      '6:30: "sha256" must be 64 characters of lower-case hexadecimal; originsign-server tokens generate prints the entry',
    ],
    [
      ONE,
      ONE.slice(1),
      '6:30: "sha256" must be 64 characters of lower-case hexadecimal; originsign-server tokens generate prints the entry',
    ],
    [`"${TWO}"`, ONE, '7:5: two tokens have the same hash'],
    ['"2027-01-31"', '"2027-02-30"', '6:124: "expires" must be a date in quotes, as in "2027-01-31"'],
    ['"2027-01-31"', '"2027-01-31T12:00:00Z"', '6:124: "expires" must be a date in quotes, as in "2027-01-31"'],
    ['"2027-01-31"', 'never', '6:124: "expires" must be a date in quotes, as in "2027-01-31"'],
  ])('is refused where %s is %j', (old, text, problem) => {
    expect(problems(LEGACY.replace(old, text)).map((line) => line.replace(/; it has .*/, ''))).toEqual([problem]);
  });

  it('takes a date without quotes, which is text in YAML 1.2', () => {
    expect(problems(LEGACY.replace('"2027-01-31"', '2027-01-31'))).toEqual([]);
  });
});

describe('addresses of any build system', () => {
  const github = 'version: 1\nid: github\ntype: github-actions\nissuer: https://token.actions.githubusercontent.com\n';
  it('are read and judged alike', () => {
    expect(parse(`${github}addresses: [10.0.0.0/8]\n`).system?.addresses).toEqual(['10.0.0.0/8']);
    expect(problems(`${github}addresses: [10.0.0.1]\n`)).toEqual([
      '5:13: "10.0.0.1" is not a network such as 192.0.2.0/24 or 2001:db8::/32',
    ]);
  });
});

describe('what only some platforms have', () => {
  const azure =
    'version: 1\nid: azure\ntype: azure-devops\nissuer: https://vstoken.dev.azure.com/0ca3ddd9-f0b0-4635-a98c-5866526961b6\n';
  const jenkins = 'version: 1\nid: jenkins\ntype: jenkins\nissuer: https://jenkins.acme.example/oidc\n';

  it.each([
    [azure, 'serviceConnectionIssuer: https://login.microsoftonline.com/x/v2.0\nconnector: true\n', []],
    [jenkins, 'connector: true\nserverUrl: https://jenkins.acme.example\n', []],
    [jenkins, 'serviceConnectionIssuer: https://x.example\n', ['5:1: the platform jenkins has no service connections']],
    [jenkins, 'connector: "yes"\n', ['5:12: "connector" must be true or false']],
    [jenkins, 'tokens: []\n', ['5:1: a trusted build system has no key "tokens"']],
    [jenkins, 'maxTokenAge: 2h\n', ['5:14: "maxTokenAge" must be at most 3900s on this platform']],
    [
      azure,
      'serviceConnectionIssuer: http://x.example\n',
      ['5:26: "serviceConnectionIssuer" must begin with https://'],
    ],
    [
      azure.replace('0ca3ddd9-f0b0-4635-a98c-5866526961b6', 'acme'),
      '',
      ['4:9: the issuer must end in the GUID of the organization'],
    ],
    [jenkins.replace('/oidc', '/'), '', ['4:9: "issuer" must not end in "/"']],
    [
      jenkins.replace('/oidc', '/id'),
      '',
      [
        '4:9: the issuer is not <root>/oidc nor <root>/oidc/job/<folder>, so serverUrl must say where the controller is',
      ],
    ],
  ])('%#: is refused elsewhere', (file, more, expected) => {
    expect(problems(file + more).map((line) => line.replace(/; it has .*/, ''))).toEqual(expected);
  });
});
