import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isOriginSignError } from '@originsign/core/errors/error';
import { pem } from '@originsign/testkit/pem';
import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { loadServerConfig, parseServerConfig } from './load-server-config.ts';
import type { ServerConfig } from './server-config.ts';

const PIN = 'pin-4711-do-not-show';
const KEY_TEXT = Buffer.alloc(32, 7).toString('base64');
const CERTIFICATE = pem('CERTIFICATE', makeTestAuthority(makeTestKey('p-256')).certificate);
const PRIVATE_KEY = '-----BEGIN PRIVATE KEY-----\nsecret-key-bytes\n-----END PRIVATE KEY-----\n';
const FILES: Readonly<Record<string, string>> = {
  '/etc/originsign/luna-pin': `${PIN}\n`,
  '/etc/originsign/store.key': `${KEY_TEXT}\n`,
  '/etc/originsign/tls.crt': CERTIFICATE,
  '/etc/originsign/tls.key': PRIVATE_KEY,
  '/etc/originsign/roots.pem': CERTIFICATE,
  '/etc/originsign/ca.pem': CERTIFICATE,
  '/etc/originsign/empty': '\n',
  '/etc/originsign/damaged.pem': CERTIFICATE.replace('MII', 'AII'),
  '/etc/originsign/short.key': 'AAAA',
};
const ENVIRONMENT = { STORE: 'sqlite:data/originsign.db', PROXY: 'http://me:hunter2@proxy:3128', EMPTY: '', MANY: '8' };

const COMPLETE = `version: 1
url: https://sign.acme.example
listen: {address: "0.0.0.0:8443", certificate: tls.crt, key: {file: tls.key}}
store: {url: {env: STORE}, encryptionKey: {file: store.key}}
policies: {directory: policies}
hsm:
  tokens:
    - name: luna-a
      module: /usr/safenet/lunaclient/lib/libCryptoki2_64.so
      environment: {ChrystokiConfigurationPath: /etc/luna}
      serial: "1280780175"
      userType: user
      pin: {file: luna-pin}
      processes: 2
      sessions: {env: MANY}
log: {key: log-2026, highWaterMark: mark}
provenance: {key: provenance-2026}
timestamps: {urls: [https://tsa-a.acme.example, "http://tsa-b.acme.example/tsr"], timeout: 10s, roots: roots.pem}
egress: {proxy: {env: PROXY}, ca: ca.pem}
`;

const PROXIES =
  'proxyListen: {address: "10.0.0.1:8444", certificate: tls.crt, key: {file: tls.key}, proxies: {ca: ca.pem, names: [lb.acme.example]}}';

function parse(text: string): ServerConfig {
  const absolute = (path: string): string => (path.startsWith('/') ? path : `/etc/originsign/${path}`);
  return parseServerConfig(text, 'server.yml', {
    environment: ENVIRONMENT,
    absolute,
    readText: (path) => {
      const content = FILES[absolute(path)];
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return content;
    },
  });
}

function problems(text: string): unknown {
  try {
    parse(text);
  } catch (error) {
    if (isOriginSignError(error, 'config.invalid')) return error.details?.['problems'];
    throw error;
  }
  return [];
}

/** The complete configuration with one text replaced; fails where the text is not in it. */
function changed(from: string, to: string): string {
  expect(COMPLETE).toContain(from);
  return COMPLETE.replace(from, to);
}

describe('a complete configuration', () => {
  test('takes client certificates from TLS and from listed proxies only where that is configured', () => {
    expect(parse(COMPLETE)).toMatchObject({ listen: { clientCertificates: false }, proxyListen: undefined });
    const config = parse(changed('listen: {', `${PROXIES}\nlisten: {clientCertificates: request, `));
    expect(config.listen.clientCertificates).toBe(true);
    expect(config.proxyListen).toMatchObject({
      address: { host: '10.0.0.1', port: 8444 },
      proxies: { ca: CERTIFICATE, names: ['lb.acme.example'] },
    });
    expect(config.proxyListen?.tls.key.reveal()).toBe(PRIVATE_KEY.trimEnd());
  });

  test('is typed, with absolute paths, milliseconds and values from outside', () => {
    const config = parse(COMPLETE);
    expect(config.url).toBe('https://sign.acme.example');
    expect(config.listen.address).toEqual({ host: '0.0.0.0', port: 8443 });
    expect(config.listen.tls?.certificate).toBe(CERTIFICATE);
    expect(config.listen.tls?.key.reveal()).toBe(PRIVATE_KEY.trimEnd());
    expect(config.store).toMatchObject({ kind: 'sqlite', path: '/etc/originsign/data/originsign.db' });
    expect(config.store.encryptionKey.reveal()).toEqual(new Uint8Array(32).fill(7));
    expect(config.policies.directory).toBe('/etc/originsign/policies');
    const [token] = config.hsm.tokens;
    expect(token).toMatchObject({ name: 'luna-a', serial: '1280780175', userType: 'user', processes: 2, sessions: 8 });
    expect(token?.environment).toEqual({ ChrystokiConfigurationPath: '/etc/luna' });
    expect(token?.pin.reveal()).toBe(PIN);
    expect(config.admins).toBeUndefined();
    const { admins } = parse(changed('log: {', 'admins: {file: admins.yml}\nlog: {'));
    expect(admins).toEqual({ file: '/etc/originsign/admins.yml' });
    expect(config.log).toEqual({ key: 'log-2026', highWaterMark: '/etc/originsign/mark' });
    expect(config.timestamps).toMatchObject({ timeout: 10_000, allowPrivateAddress: false });
    expect(config.timestamps?.roots).toBe(CERTIFICATE);
    expect(config.egress.proxy?.reveal()).toBe('http://me:hunter2@proxy:3128/');
  });

  test('has defaults that listen for metrics on loopback alone', () => {
    const config = parse(changed('timestamps:', 'metrics: {}\nlimits: {}\ntimestamps:'));
    expect(config.metrics).toEqual({ address: { host: '127.0.0.1', port: 9464 } });
    expect(config.limits).toEqual({ hsmQueue: 4096, hsmWait: 30_000 });
  });

  test('may leave out timestamps, egress and TLS', () => {
    const text = COMPLETE.replace(/^(?:timestamps|egress):.*\n/gm, '').replace(
      ', certificate: tls.crt, key: {file: tls.key}',
      '',
    );
    const config = parse(text);
    expect(config.timestamps).toBeUndefined();
    expect(config.listen.tls).toBeUndefined();
    expect(config.egress).toEqual({ proxy: undefined, noProxy: undefined, ca: undefined });
  });

  test('prints without a secret in any of the usual ways', () => {
    const config = parse(COMPLETE);
    const printed = [JSON.stringify(config), inspect(config, { depth: 20 }), String(config.hsm.tokens[0]?.pin)].join(
      '\n',
    );
    for (const value of [PIN, KEY_TEXT, 'secret-key-bytes', 'hunter2']) expect(printed).not.toContain(value);
    expect(printed).toContain('[secret]');
  });

  test.each([
    ['http://localhost:8080'],
    ['http://127.0.0.1:8080'],
    ['http://[::1]:8080'],
    ['https://acme.example/signing'],
    ['https://sign.acme.example:8443'],
  ])('takes %s as its URL', (url) => {
    expect(parse(changed('https://sign.acme.example', url)).url).toBe(url);
  });

  test.each([
    ['"[::]:8443"', { host: '::', port: 8443 }],
    ['":0"', { host: '::', port: 0 }],
    ['"localhost:65535"', { host: 'localhost', port: 65_535 }],
  ])('takes %s as an address to listen on', (address, expected) => {
    expect(parse(changed('"0.0.0.0:8443"', address)).listen.address).toEqual(expected);
  });

  test.each([
    ['sqlite:/var/lib/o.db', '/var/lib/o.db'],
    ['sqlite:///var/lib/o.db', '/var/lib/o.db'],
    ['sqlite:o.db', '/etc/originsign/o.db'],
  ])('takes %s as a store', (url, path) => {
    expect(parse(changed('{env: STORE}', url)).store.path).toBe(path);
  });

  test('takes a vendor-defined user type', () => {
    expect(parse(changed('userType: user', 'userType: 0x80000001')).hsm.tokens[0]?.userType).toBe(0x8000_0001);
  });
});

const SECRET = 'is a secret: supply it by {file: PATH} or {env: NAME}';
const USER_TYPE = 'expected "user" or the number of a vendor-defined user type (0x80000000 and above)';
const LISTEN = 'expected an address such as 0.0.0.0:8443, [::]:8443 or localhost:8443';
const NAME = 'expected lower-case letters, digits, ".", "_" and "-", at most 63 and not starting with a sign';

describe('refuses with line and column', () => {
  // One case a line.
  // prettier-ignore
  test.each<readonly [string, string, string, string]>([
    ['another version', 'version: 1', 'version: 2', '1:10 version: this version of the server reads version 1'],
    ['a version as text', 'version: 1', 'version: "1"', '1:10 version: this version of the server reads version 1'],
    ['no version', 'version: 1', '', '1:1 version: is required'],
    ['a misspelt section', 'provenance:', 'provenence:', '17:1 provenence: unknown setting, did you mean "provenance"?'],
    ['a misspelt setting', 'processes:', 'proceses:', '14:7 hsm.tokens[0].proceses: unknown setting, did you mean "processes"?'],
    ['a misspelt required setting', 'serial:', 'seriel:', '11:7 hsm.tokens[0].seriel: unknown setting, did you mean "serial"?'],
    ['a setting that nothing is near', 'policies: {directory: policies}', 'policies: {directory: policies, q: 1}', '5:33 policies.q: unknown setting, known here: directory'],
    ['a key twice', 'version: 1', 'version: 1\nversion: 1', '2:1 This is not YAML: Map keys must be unique.'],
    ['text that is not YAML', 'listen: {', 'listen: {{', '4:1 This is not YAML: Flow map in block collection must be sufficiently indented and end with a }.'],
    ['an alias', 'policies: {directory: policies}', 'policies: {directory: *x}', '5:23 Aliases are not allowed here.'],
    ['an anchor', 'url: https', 'url: &x https', '2:9 Anchors and tags are not allowed here.'],
    ['a tag', 'url: https', 'url: !!str https', '2:12 Anchors and tags are not allowed here.'],
    ['plain http', 'https://sign.acme.example', 'http://sign.acme.example', '2:6 url: must start with https:// unless it is a loopback address'],
    ['http that only looks like loopback', 'https://sign.acme.example', 'http://127.0.0.1.acme.example', '2:6 url: must start with https:// unless it is a loopback address'],
    ['a URL with a slash at the end', 'https://sign.acme.example', 'https://sign.acme.example/', '2:6 url: must be written as https://sign.acme.example'],
    ['a URL in capitals', 'https://sign.acme.example', 'https://Sign.acme.example', '2:6 url: must be written as https://sign.acme.example'],
    ['a URL with credentials', 'https://sign.acme.example', 'https://a:b@sign.acme.example', '2:6 url: must not have credentials'],
    ['a URL with a query', 'https://sign.acme.example', 'https://sign.acme.example?x', '2:6 url: must not have a query or fragment'],
    ['a URL of another kind', 'https://sign.acme.example', 'ftp://sign.acme.example', '2:6 url: expected a URL with https:// or http://'],
    ['an address without a port', '"0.0.0.0:8443"', '"0.0.0.0"', `3:19 listen.address: ${LISTEN}`],
    ['a port that does not exist', '"0.0.0.0:8443"', '"0.0.0.0:70000"', `3:19 listen.address: ${LISTEN}`],
    ['a number as address', '"0.0.0.0:8443"', '8443', '3:19 listen.address: expected text; quote it: "8443"'],
    ['a certificate without a key', ', key: {file: tls.key}', '', '3:9 listen.key: is required beside a certificate'],
    ['a certificate that is not there', 'tls.crt', 'none.crt', '3:48 listen.certificate: the file none.crt cannot be read (ENOENT)'],
    ['a key where the certificate belongs', 'tls.crt', 'tls.key', '3:48 listen.certificate: has no PEM block of the kind that belongs here'],
    ['a variable that is not set', 'STORE', 'NOT_SET', '4:14 store.url: the environment variable NOT_SET is not set'],
    ['a variable of the prototype', 'STORE', 'constructor', '4:14 store.url: the environment variable constructor is not set'],
    ['an empty variable', 'STORE', 'EMPTY', '4:14 store.url: the environment variable EMPTY is not set'],
    ['a file that is not there', 'luna-pin', 'none', '13:12 hsm.tokens[0].pin: the file none cannot be read (ENOENT)'],
    ['an empty file', 'luna-pin', 'empty', '13:12 hsm.tokens[0].pin: the file empty is empty'],
    ['env and file at once', '{file: luna-pin}', '{file: luna-pin, env: X}', '13:12 hsm.tokens[0].pin: expected one value, {env: NAME} or {file: PATH}'],
    ['another source', '{file: luna-pin}', '{url: luna-pin}', '13:12 hsm.tokens[0].pin: expected one value, {env: NAME} or {file: PATH}'],
    ['a PIN in the file itself', '{file: luna-pin}', PIN, `13:12 hsm.tokens[0].pin: ${SECRET}`],
    ['a store key in the file itself', '{file: store.key}', KEY_TEXT, `4:43 store.encryptionKey: ${SECRET}`],
    ['a store key of another length', 'store.key', 'short.key', '4:43 store.encryptionKey: expected 32 bytes in base64'],
    ['PostgreSQL', '{env: STORE}', 'postgres://u:hunter2@db/x', '4:14 store.url: PostgreSQL is not supported by this version yet: use sqlite:PATH'],
    ['a database in memory', '{env: STORE}', '"sqlite::memory:"', '4:14 store.url: expected sqlite:PATH'],
    ['a database on a host', '{env: STORE}', '"sqlite://host/x"', '4:14 store.url: expected sqlite:PATH'],
    ['certificates asked for without TLS', ', certificate: tls.crt, key: {file: tls.key}', ', clientCertificates: request', '3:55 listen.clientCertificates: needs certificate and key: only who ends TLS can ask for one'],
    ['certificates demanded', 'listen: {', 'listen: {clientCertificates: require, ', '3:30 listen.clientCertificates: expected request, or leave it out'],
    ['certificates switched on', 'listen: {', 'listen: {clientCertificates: true, ', '3:30 listen.clientCertificates: expected request, or leave it out'],
    ['proxies without TLS', 'listen: {', `${PROXIES.replace(', certificate: tls.crt, key: {file: tls.key}', '')}\nlisten: {`, '3:14 proxyListen.certificate: is required: proxies are known by mutual TLS alone'],
    ['proxies without names', 'listen: {', `${PROXIES.replace('[lb.acme.example]', '[]')}\nlisten: {`, '3:114 proxyListen.proxies.names: needs at least one name that a certificate of a proxy has'],
    ['any proxy of a domain', 'listen: {', `${PROXIES.replace('lb.acme', '"*.acme"').replace('.example]', ']')}\nlisten: {`, '3:115 proxyListen.proxies.names[0]: expected a DNS name in lower case, without wildcards'],
    ['proxies without an authority', 'listen: {', `${PROXIES.replace('ca: ca.pem, ', '')}\nlisten: {`, '3:94 proxyListen.proxies.ca: is required'],
    ['no token', /hsm:\n[^]*?(?=log:)/.exec(COMPLETE)?.[0] ?? '', 'hsm: {tokens: []}\n', '6:15 hsm.tokens: needs at least one token'],
    ['a token without a name', 'name: luna-a\n      module', 'module', '8:7 hsm.tokens[0].name: is required'],
    ['two tokens of one name', 'log: {', '    - {name: luna-a, module: m, serial: "1", pin: {file: luna-pin}}\nlog: {', '16:14 hsm.tokens[1].name: there are two tokens named "luna-a"'],
    ['a serial that YAML made a number', '"1280780175"', '0012', '11:15 hsm.tokens[0].serial: expected text; quote it: "12"'],
    ['a serial too long', '"1280780175"', '"12807801751280780"', '11:15 hsm.tokens[0].serial: expected at most 16 characters, as the module reports the serial number'],
    ['an unknown user type', 'userType: user', 'userType: root', `12:17 hsm.tokens[0].userType: ${USER_TYPE}`],
    ['the security officer', 'userType: user', 'userType: 0', `12:17 hsm.tokens[0].userType: ${USER_TYPE}`],
    ['no process', 'processes: 2', 'processes: 0', '14:18 hsm.tokens[0].processes: expected a whole number from 1 to 16'],
    ['a number as text', 'processes: 2', 'processes: "2"', '14:18 hsm.tokens[0].processes: expected a whole number from 1 to 16'],
    ['a variable of Node', 'ChrystokiConfigurationPath', 'NODE_OPTIONS', '10:21 hsm.tokens[0].environment.NODE_OPTIONS: changes Node itself and is not for the module'],
    ['a variable with a blank', 'ChrystokiConfigurationPath', '"A B"', '10:21 hsm.tokens[0].environment: "A B" is not a name that is allowed here'],
    ['a key name in capitals', 'log-2026', 'Log', `16:12 log.key: ${NAME}`],
    ['a setting without a value', 'provenance: {key: provenance-2026}', 'provenance: {key: }', '17:19 provenance.key: has no value'],
    ['a section without settings', 'provenance: {key: provenance-2026}', 'provenance:', '17:12 provenance: expected a map of settings'],
    ['no timestamp URL', '[https://tsa-a.acme.example, "http://tsa-b.acme.example/tsr"]', '[]', '18:20 timestamps.urls: needs at least one URL'],
    ['one URL instead of a list', '[https://tsa-a.acme.example, "http://tsa-b.acme.example/tsr"]', 'https://tsa-a.acme.example', '18:20 timestamps.urls: expected a list'],
    ['timestamps without roots', ', roots: roots.pem', '', '18:13 timestamps.roots: is required'],
    ['damaged roots', 'roots: roots.pem', 'roots: damaged.pem', '18:104 timestamps.roots: has a certificate that cannot be read'],
    ['a duration without a unit', 'timeout: 10s', 'timeout: 10', '18:92 timestamps.timeout: expected a duration such as 10s, 5m or 2h'],
    ['a duration out of range', 'timeout: 10s', 'timeout: 10m', '18:92 timestamps.timeout: expected a duration from 100ms to 2m'],
    ['proxy credentials in the file itself', '{env: PROXY}', 'http://me:hunter2@proxy:3128', '19:17 egress.proxy: has credentials: supply it by {file: PATH} or {env: NAME}'],
    ['a roster without a file', 'log: {', 'admins: {}\nlog: {', '16:9 admins.file: is required'],
    ['a roster in the file itself', 'log: {', 'admins: {file: a.yml, people: []}\nlog: {', '16:23 admins.people: unknown setting, known here: file'],
    ['a queue smaller than one request', 'log: {', 'limits: {hsmQueue: 1000}\nlog: {', '16:20 limits.hsmQueue: expected a whole number from 1024 to 1000000'],
    ['a word for a switch', 'log: {', 'metrics: {enabled: maybe}\nlog: {', '16:20 metrics.enabled: expected true or false'],
  ])('%s', (_case, from, to, expected) => {
    expect(problems(changed(from, to))).toEqual([`server.yml:${expected}`]);
  });

  test('an empty file and a list', () => {
    expect(problems('')).toEqual(['server.yml:1:1 expected a map of settings']);
    expect(problems('- version: 1')).toEqual(['server.yml:1:1 expected a map of settings']);
  });

  test('all sections in one run, in the order of the file', () => {
    const text = changed('version: 1', 'version: 3')
      .replace('processes: 2', 'processes: x')
      .replace('timeout: 10s', 'timeout: 5h');
    expect(String(problems(text)).replaceAll(/:\d+ [^,]*/g, '')).toBe('server.yml:1,server.yml:14,server.yml:18');
  });

  test('without a value that came from outside in the message', () => {
    const wrong = COMPLETE.replace('name: luna-a', 'name: {env: PROXY}').replace(
      'timeout: 10s',
      'timeout: {env: PROXY}',
    );
    const printed = inspect(problems(wrong));
    expect(printed).toContain('hsm.tokens[0].name');
    expect(printed).not.toContain('hunter2');
  });

  test('a file that cannot be read, naming it', () => {
    expect(() => loadServerConfig('/nonexistent/server.yml', {})).toThrow(
      expect.objectContaining({
        code: 'config.invalid',
        message: 'The configuration /nonexistent/server.yml cannot be read.',
      }),
    );
  });
});
