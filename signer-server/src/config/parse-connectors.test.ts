import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { isOriginSignError } from '@originsign/core/errors/error';
import { describe, expect, test } from 'vitest';
import { parseServerConfig } from './load-server-config.ts';
import type { ServerConfig } from './server-config.ts';

const TOKEN = '11d3b04fca6e94c1a0e24fd1b5a2c99e01';
const pemOf = (type: 'rsa' | 'ec'): string => {
  const { privateKey } =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};
const FILES: Readonly<Record<string, string>> = {
  'store.key': Buffer.alloc(32, 7).toString('base64'),
  pin: '4711',
  'jenkins-token': `${TOKEN}\n`,
  'short-token': 'x',
  'two-lines': `${TOKEN}\n${TOKEN}\n`,
  'app.pem': pemOf('rsa'),
  'ec.pem': pemOf('ec'),
  'damaged.pem': pemOf('rsa').replace('MII', 'AII'),
};

const REST = `version: 1
url: https://sign.acme.example
listen: {address: ":8443"}
store: {url: "sqlite:o.db", encryptionKey: {file: store.key}}
policies: {directory: policies}
hsm: {tokens: [{name: a, module: m.so, serial: "1", pin: {file: pin}}]}
log: {key: log-2026, highWaterMark: mark}
provenance: {key: provenance-2026}
`;
const JENKINS =
  'system: jenkins, url: "https://jenkins.acme.example", user: svc-originsign, token: {file: jenkins-token}';

function parse(connectors: string): ServerConfig {
  return parseServerConfig(`${REST}connectors: ${connectors}\n`, 'server.yml', {
    environment: { TOKEN },
    absolute: (path) => `/etc/originsign/${path}`,
    readText: (path) => {
      const content = FILES[path];
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return content;
    },
  });
}

function problems(connectors: string): unknown {
  try {
    parse(connectors);
  } catch (error) {
    if (isOriginSignError(error, 'config.invalid')) return error.details?.['problems'];
    throw error;
  }
  return [];
}

test('connectors have their defaults and their token wrapped', () => {
  const { connectors } = parse(`[{${JENKINS}}, {system: github, url: https://api.github.com, token: {env: TOKEN}}]`);
  expect(connectors.map(({ token, ...rest }) => ({ ...rest, token: token.reveal() }))).toEqual([
    {
      system: 'jenkins',
      url: 'https://jenkins.acme.example',
      user: 'svc-originsign',
      token: TOKEN,
      allowPrivateAddress: false,
      libraries: [],
    },
    {
      system: 'github',
      url: 'https://api.github.com',
      user: undefined,
      token: TOKEN,
      allowPrivateAddress: false,
      libraries: [],
    },
  ]);
  expect(`${inspect(connectors, { depth: 9 })} ${JSON.stringify(connectors)}`).not.toContain(TOKEN);
});

test('there need not be one', () => {
  expect(parse('[]').connectors).toEqual([]);
});

test.each([
  ['https://jenkins.acme.example/', 'https://jenkins.acme.example'],
  ['https://acme.example/jenkins/', 'https://acme.example/jenkins'],
  ['https://ghe.acme.example/api/v3', 'https://ghe.acme.example/api/v3'],
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
])('takes %s as the base of an API', (url, base) => {
  expect(parse(`[{system: x, url: "${url}", token: {env: TOKEN}}]`).connectors[0]?.url).toBe(base);
});

test('addresses of libraries get their one spelling', () => {
  const { connectors } = parse(
    `[{${JENKINS}, libraries: ["git@git.acme.example:ci/lib.git"], allowPrivateAddress: true}]`,
  );
  expect(connectors[0]).toMatchObject({ libraries: ['https://git.acme.example/ci/lib'], allowPrivateAddress: true });
});

test('the private key of a GitHub App is a token too', () => {
  const { connectors } = parse('[{system: gh, url: https://api.github.com, user: Iv23li, token: {file: app.pem}}]');
  expect(connectors[0]?.token.reveal()).toContain('PRIVATE KEY');
});

describe('refuses', () => {
  // One case a line.
  // prettier-ignore
  test.each<readonly [string, string, string]>([
    ['a token in the file itself', `[{system: x, url: https://x.example, token: ${TOKEN}}]`, '9:57 connectors[0].token: is a secret: supply it by {file: PATH} or {env: NAME}'],
    ['no token', '[{system: x, url: https://x.example}]', '9:14 connectors[0].token: is required'],
    ['a token of two lines', '[{system: x, url: https://x.example, token: {file: two-lines}}]', '9:57 connectors[0].token: is no token: expected one word of at least 8 characters'],
    ['a token too short', '[{system: x, url: https://x.example, token: {file: short-token}}]', '9:57 connectors[0].token: is no token: expected one word of at least 8 characters'],
    ['a key of another kind', '[{system: x, url: https://x.example, user: a, token: {file: ec.pem}}]', '9:66 connectors[0].token: is no RSA private key in PEM that can be read'],
    ['a damaged key', '[{system: x, url: https://x.example, user: a, token: {file: damaged.pem}}]', '9:66 connectors[0].token: is no RSA private key in PEM that can be read'],
    ['a key without the id of its app', '[{system: x, url: https://x.example, token: {file: app.pem}}]', '9:14 connectors[0].user: is required beside the private key of a GitHub App: its client id'],
    ['a user with a colon', '[{system: x, url: https://x.example, user: "a:b", token: {env: TOKEN}}]', '9:56 connectors[0].user: has a colon, which no user name of an API has'],
    ['plain http', '[{system: x, url: "http://x.example", token: {env: TOKEN}}]', '9:31 connectors[0].url: must start with https:// unless it is a loopback address: the credential goes with every call'],
    ['a file', '[{system: x, url: "file:///etc", token: {env: TOKEN}}]', '9:31 connectors[0].url: expected a URL with https://'],
    ['credentials in the URL', '[{system: x, url: "https://a:b@x.example", token: {env: TOKEN}}]', '9:31 connectors[0].url: must not have credentials: use user and token'],
    ['a query', '[{system: x, url: "https://x.example?a", token: {env: TOKEN}}]', '9:31 connectors[0].url: must not have a query or fragment'],
    ['a URL in another spelling', '[{system: x, url: "https://X.example/a/../b", token: {env: TOKEN}}]', '9:31 connectors[0].url: must be written as https://x.example/b'],
    ['a library that is a folder', `[{${JENKINS}, libraries: [/srv/lib.git]}]`, '9:133 connectors[0].libraries[0]: expected the address of a git repository'],
    ['two connectors of one system', `[{${JENKINS}}, {${JENKINS}}]`, '9:131 connectors[1].system: there are two connectors for the system "jenkins"'],
    ['a misspelt setting', `[{${JENKINS}, allowPrivateAdress: true}]`, '9:121 connectors[0].allowPrivateAdress: unknown setting, did you mean "allowPrivateAddress"?'],
  ])('%s', (_, connectors, expected) => {
    expect(problems(connectors)).toEqual([`server.yml:${expected}`]);
  });
});
