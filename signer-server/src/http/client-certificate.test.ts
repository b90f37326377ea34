import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request, type AgentOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import {
  encodeAlternativeNames,
  makeCertificateAuthority,
  type NodeCertificateOptions,
} from '@originsign/testkit/certificate-authority';
import { pem } from '@originsign/testkit/pem';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import type { TestCertificate } from '@originsign/testkit/test-authority';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeOf } from '@originsign/testkit/error-code';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { encodeExtendedKeyUsage } from '@originsign/core/x509/certificate-builder';
import { Oid } from '@originsign/core/x509/oids';
import type { PresentedCertificate } from '../identity/client-certificate.ts';
import type { ReceivedCall } from '../identity/request-authentication.ts';
import type { CertificateSource } from './client-certificate.ts';
import { createListener } from './listener.ts';
import { createProxyCheck } from './proxy-check.ts';
import type { Tls } from './tls-options.ts';
import type { UseCases } from './use-cases.ts';

const PATH = '/v1/signing-requests';
const server = makeServerCertificate();
const root = makeCertificateAuthority('Acme Root');
const issuing = root.authority('Acme Nodes CA');
const node = issuing.issue();
const proxiesRoot = makeCertificateAuthority('Acme Proxies CA');
const proxy = (name: string, options: NodeCertificateOptions = {}, authority = proxiesRoot) =>
  authority.issue({ more: [encodeAlternativeNames({ dnsNames: [name] })], ...options });
const loadBalancer = proxy('lb.acme.example');

let calls: ReceivedCall[];
const submit = (call: ReceivedCall): Promise<never> => {
  calls.push(call);
  return Promise.reject(new Error('Far enough.'));
};
const never = (): never => {
  throw new Error('Not asked for here.');
};
const useCases: UseCases = {
  submit,
  follow: never,
  cancel: never,
  evaluate: never,
  listWaiting: never,
  showApprovals: never,
  approve: never,
  status: never,
  trust: never,
  logFile: never,
};
const listeners: FastifyInstance[] = [];

async function start(certificates: CertificateSource, clients?: Tls['clients']): Promise<number> {
  const http = createListener({
    serverUrl: 'https://sign.acme.example',
    useCases,
    checks: {},
    logger: pino({ enabled: false }),
    certificates,
    tls: { certificate: server.cert, key: server.key, ...(clients === undefined ? {} : { clients }) },
  });
  await http.listen({ host: '127.0.0.1', port: 0 });
  listeners.push(http);
  return (http.server.address() as AddressInfo).port;
}

let ports: { readonly none: number; readonly tls: number; readonly proxy: number };
beforeAll(async () => {
  const authorities = [proxiesRoot.certificate];
  const check = createProxyCheck({ authorities, names: ['lb.acme.example'] }, () => new Date());
  const ca = pem('CERTIFICATE', proxiesRoot.certificate);
  ports = {
    none: await start({ kind: 'none' }),
    tls: await start({ kind: 'tls' }, { kind: 'request' }),
    proxy: await start({ kind: 'proxy', check }, { kind: 'require', ca }),
  };
});
beforeEach(() => (calls = []));
afterAll(async () => {
  await Promise.all(listeners.map((http) => http.close()));
});

function credentials({ key, certificate }: TestCertificate, ...chain: readonly Uint8Array[]): AgentOptions {
  return {
    key: key.privateKey.export({ format: 'pem', type: 'pkcs8' }),
    cert: [certificate, ...chain].map((der) => pem('CERTIFICATE', der)).join(''),
  };
}

interface Asked {
  readonly agent?: AgentOptions | Agent;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly path?: string;
  readonly method?: string;
}

/** Status and code of the answer, or the code of the TLS error. */
async function ask(
  port: number,
  { agent = {}, headers = {}, path = PATH, method = 'POST' }: Asked = {},
): Promise<string> {
  const used = agent instanceof Agent ? agent : new Agent({ ...agent });
  const outgoing = request({ host: 'localhost', port, path, method, headers, agent: used, ca: server.ca });
  outgoing.end();
  try {
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    let text = '';
    for await (const part of answer.setEncoding('utf8')) text += String(part);
    const { code } = (text === '' ? {} : JSON.parse(text)) as { code?: string };
    return `${answer.statusCode} ${code ?? ''}`.trim();
  } catch (error) {
    return `no answer: ${(error as { code?: string }).code ?? String(error)}`;
  } finally {
    if (agent !== used) used.destroy();
  }
}

const REACHED = '500 internal.error';
const bytes = (certificate: PresentedCertificate | undefined) =>
  certificate && { ...certificate, leaf: encodeBase64(certificate.leaf), chain: certificate.chain.map(encodeBase64) };

describe('a listener that asks for certificates', () => {
  test('hands on what the client showed, with its chain in order', async () => {
    expect(await ask(ports.tls, { agent: credentials(node, issuing.certificate, root.certificate) })).toBe(REACHED);
    const chain = [issuing, root].map(({ certificate }) => encodeBase64(certificate));
    expect(bytes(calls[0]?.certificate)).toEqual({ leaf: encodeBase64(node.certificate), chain, via: 'tls' });
    expect(calls[0]?.remoteAddress).toBe('127.0.0.1');
  });

  test('lets clients in that show none', async () => {
    expect(await ask(ports.tls)).toBe(REACHED);
    expect(calls[0]).not.toHaveProperty('certificate');
  });

  test('hands on certificates that TLS would refuse: the check decides, and says why', async () => {
    const odd = makeCertificateAuthority().issue({ notAfter: new Date(Date.now() - 1000) });
    expect(await ask(ports.tls, { agent: credentials(odd) })).toBe(REACHED);
    const twice = issuing.issue({ more: [encodeExtendedKeyUsage(false, Oid.codeSigning)] });
    expect(await ask(ports.tls, { agent: credentials(twice) })).toBe(REACHED);
    expect(await ask(ports.tls, { agent: credentials(root) })).toBe(REACHED);
    expect(calls.map(({ certificate }) => encodeBase64(certificate?.leaf ?? new Uint8Array()))).toEqual(
      [odd, twice, root].map(({ certificate }) => encodeBase64(certificate)),
    );
  });

  test('shows it to every request of one connection', async () => {
    const agent = new Agent({ ...credentials(node, issuing.certificate), keepAlive: true, maxSockets: 1 });
    for (let round = 0; round < 3; round += 1) expect(await ask(ports.tls, { agent })).toBe(REACHED);
    agent.destroy();
    expect(new Set(calls.map(({ certificate }) => certificate?.chain.length))).toEqual(new Set([1]));
    expect(calls).toHaveLength(3);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes no session of %s, so that chain and key are shown again',
    async (version) => {
      const options = { ...credentials(node, issuing.certificate), minVersion: version, maxVersion: version } as const;
      const sessions: Buffer[] = [];
      const connected = async (session?: Buffer): Promise<boolean> => {
        const socket = connect({
          host: '127.0.0.1',
          port: ports.tls,
          servername: 'localhost',
          ca: server.ca,
          ...(options as object),
          ...(session === undefined ? {} : { session }),
        });
        socket.on('session', (made: Buffer) => sessions.push(made));
        await once(socket, 'secureConnect');
        const isReused = socket.isSessionReused();
        const offered = socket.getSession();
        if (offered !== undefined) sessions.push(offered);
        socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
        socket.resume();
        await once(socket, 'close');
        return isReused;
      };
      expect(await connected()).toBe(false);
      for (const session of [...sessions]) expect(await connected(session)).toBe(false);
      expect(sessions.length).toBeGreaterThan(1);
      expect(new Set(calls.map(({ certificate }) => certificate?.chain.length))).toEqual(new Set([1]));
    },
  );
});

describe('a forwarded certificate on a listener that is not for proxies is refused, never passed over', () => {
  const field = `:${encodeBase64(node.certificate)}:`;
  test.each<[string, 'none' | 'tls', Asked]>([
    ['a certificate', 'none', { headers: { 'Client-Cert': field } }],
    ['a certificate beside a real one', 'tls', { headers: { 'Client-Cert': field }, agent: credentials(node) }],
    ['a chain', 'tls', { headers: { 'client-cert-chain': field } }],
    ['an empty field', 'tls', { headers: { 'Client-Cert': '' } }],
    ['a field that is no certificate', 'none', { headers: { 'CLIENT-CERT': 'x' } }],
    ['two fields', 'none', { headers: { 'Client-Cert': ['x', 'y'] } }],
    ['on a page for everybody', 'none', { headers: { 'Client-Cert': field }, path: '/healthz', method: 'GET' }],
    ['on a path that does not exist', 'none', { headers: { 'Client-Cert': field }, path: '/nothing', method: 'GET' }],
    ['from a listed proxy', 'tls', { headers: { 'Client-Cert': field }, agent: credentials(loadBalancer) }],
  ])('%s', async (_, listener, asked) => {
    expect(await ask(ports[listener], asked)).toBe('403 certificate.forwarded');
    expect(calls).toEqual([]);
  });

  test('and a listener that does not ask for certificates sees none', async () => {
    expect(await ask(ports.none, { agent: credentials(node) })).toBe(REACHED);
    expect(calls[0]).not.toHaveProperty('certificate');
  });
});

describe('the listener for proxies', () => {
  const agent = credentials(loadBalancer);
  const field = (der: Uint8Array) => `:${encodeBase64(der)}:`;

  test('hands on what a listed proxy forwards', async () => {
    const headers = {
      'Client-Cert': field(node.certificate),
      'Client-Cert-Chain': [field(issuing.certificate), field(root.certificate)],
    };
    expect(await ask(ports.proxy, { agent, headers })).toBe(REACHED);
    const chain = [issuing, root].map(({ certificate }) => encodeBase64(certificate));
    expect(bytes(calls[0]?.certificate)).toEqual({ leaf: encodeBase64(node.certificate), chain, via: 'proxy' });
  });

  test('never takes the certificate of the proxy for that of the client', async () => {
    expect(await ask(ports.proxy, { agent })).toBe(REACHED);
    expect(calls[0]).not.toHaveProperty('certificate');
  });

  test('takes chains that are longer than Node takes headers by default', async () => {
    const long = Array<string>(10).fill(field(new Uint8Array(3000)));
    const headers = { 'Client-Cert': field(node.certificate), 'Client-Cert-Chain': long.join(', ') };
    expect(await ask(ports.proxy, { agent, headers })).toBe(REACHED);
    expect(calls[0]?.certificate?.chain).toHaveLength(10);
  });

  const rest = { headers: { 'Client-Cert': field(node.certificate) } };
  const foreign = makeCertificateAuthority('Acme Proxies CA');
  test.each<[string, Asked, RegExp]>([
    ['nobody', rest, /^no answer/],
    ['a node', { ...rest, agent: credentials(node, issuing.certificate) }, /^no answer/],
    [
      'a proxy of another authority of the same name',
      { ...rest, agent: credentials(proxy('lb.acme.example', {}, foreign)) },
      /^no answer/,
    ],
    [
      'a proxy whose certificate has expired',
      { ...rest, agent: credentials(proxy('lb.acme.example', { notAfter: new Date(Date.now() - 1000) })) },
      /^no answer/,
    ],
    [
      'a proxy with another name',
      { ...rest, agent: credentials(proxy('lb2.acme.example')) },
      /^403 certificate\.forwarded$/,
    ],
    [
      'a proxy with a wildcard',
      { ...rest, agent: credentials(proxy('*.acme.example')) },
      /^403 certificate\.forwarded$/,
    ],
    [
      'a proxy with the name as common name alone',
      { ...rest, agent: credentials(proxiesRoot.issue({ subject: [{ type: 'CN', value: 'lb.acme.example' }] })) },
      /^403 certificate\.forwarded$/,
    ],
    [
      'a proxy with another name that forwards nothing',
      { agent: credentials(proxy('lb2.acme.example')), path: '/healthz', method: 'GET' },
      /^403 certificate\.forwarded$/,
    ],
  ])('lets in no %s', async (_, asked, outcome) => {
    expect(await ask(ports.proxy, asked)).toMatch(outcome);
    expect(calls).toEqual([]);
  });
});

test('a proxy leads to an authority of the list by itself, whatever TLS thought of it and whatever it brings along', () => {
  const foreign = makeCertificateAuthority('Acme Proxies CA');
  const names = ['lb.acme.example'];
  const check = createProxyCheck({ authorities: [proxiesRoot.certificate], names }, () => new Date());
  const brought = proxy('lb.acme.example', {}, foreign);
  for (const chain of [[], [foreign.certificate], [proxiesRoot.certificate]]) {
    expect(codeOf(() => check({ leaf: brought.certificate, chain, via: 'tls' }))).toBe('certificate.forwarded');
  }
});

test('a proxy is on the list only as long as its certificate is valid, however old its connection', () => {
  let now = new Date();
  const { authorities, names } = { authorities: [proxiesRoot.certificate], names: ['lb.acme.example'] };
  const check = createProxyCheck({ authorities, names }, () => now);
  const presented = { leaf: loadBalancer.certificate, chain: [], via: 'tls' } as const;
  expect(() => check(presented)).not.toThrow();
  now = new Date(now.getTime() + 2 * 365 * 86_400_000);
  expect(() => check(presented)).toThrowError(expect.objectContaining({ code: 'certificate.forwarded' }));
  expect(() => check(undefined)).toThrowError(expect.objectContaining({ code: 'certificate.forwarded' }));
});
