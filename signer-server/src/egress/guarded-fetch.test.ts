import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { utf8Text } from '@originsign/core/encoding/bytes';
import { startConnectProxy, type ConnectProxy } from '@originsign/testkit/connect-proxy';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { EgressConfig } from './dispatchers.ts';
import { createGuardedFetch, type FetchOptions } from './guarded-fetch.ts';

const OPTIONS: FetchOptions = { maxBytes: 1000, timeout: 20_000, allowPrivate: true, allowHttp: true };
const certificate = makeServerCertificate('localhost');

/** Paths that the servers saw, with the body where there was one. */
const seen: string[] = [];
let respond: RequestListener = (_, response) => response.end('hello');

const listener: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    seen.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`.trim());
    respond(request, response);
  });
};

const plain = createServer(listener);
const tls = createTlsServer({ cert: certificate.cert, key: certificate.key }, listener);
let http = '';
let https = '';
const closers: (() => Promise<void>)[] = [];

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));

beforeAll(async () => {
  http = `http://localhost:${await listen(plain)}`;
  https = `https://localhost:${await listen(tls)}`;
});

beforeEach(() => {
  seen.length = 0;
  respond = (_, response) => response.end('hello');
});

afterAll(async () => {
  for (const close of closers) await close();
  for (const server of [plain, tls]) {
    server.close();
    server.closeAllConnections();
  }
});

function egress(config: EgressConfig = {}): ReturnType<typeof createGuardedFetch>['fetch'] {
  const { fetch, close } = createGuardedFetch(config);
  closers.push(close);
  return fetch;
}

test('gives back status, headers and body', async () => {
  respond = (_, response) => response.writeHead(404, { 'X-One': 'a', 'set-cookie': ['b', 'c'] }).end('not here');
  const answer = await egress()(`${http}/x`, OPTIONS);
  expect([answer.status, utf8Text(answer.body)]).toEqual([404, 'not here']);
  expect([answer.headers['x-one'], answer.headers['set-cookie']]).toEqual(['a', 'b, c']);
  expect(seen).toEqual(['GET /x']);
});

test('sends a body, and says that it takes no content coding', async () => {
  const headers: (string | undefined)[] = [];
  respond = (request, response) => {
    headers.push(request.headers['accept-encoding'], request.headers['content-type']);
    response.end();
  };
  const body = Buffer.from('query');
  const more = { 'content-type': 'application/timestamp-query', 'accept-encoding': 'gzip' };
  await egress()(http, { ...OPTIONS, method: 'POST', body, headers: more });
  expect(seen).toEqual(['POST / query']);
  expect(headers).toEqual(['identity', 'application/timestamp-query']);
});

test('reports a redirect where it was asked to, and follows it in no case', async () => {
  respond = (_, response) => response.writeHead(302, { location: `${http}/other` }).end('elsewhere');
  const answer = await egress()(`${http}/x`, { ...OPTIONS, redirects: 'report' });
  expect([answer.status, answer.headers['location'], utf8Text(answer.body)]).toEqual([
    302,
    `${http}/other`,
    'elsewhere',
  ]);
  expect(seen).toEqual(['GET /x']);
});

describe('refuses before anything is sent', () => {
  test.each<readonly [string, (http: string) => string, Partial<FetchOptions>]>([
    ['plain http where it is not allowed', (url) => url, { allowHttp: false }],
    ['loopback by name where it is not allowed', (url) => url, { allowPrivate: false }],
    ['loopback by address', (url) => url.replace('localhost', '127.0.0.1'), { allowPrivate: false }],
    ['loopback by a short address', (url) => url.replace('localhost', '127.1'), { allowPrivate: false }],
    ['loopback by a number', (url) => url.replace('localhost', '2130706433'), { allowPrivate: false }],
    ['loopback by an octal address', (url) => url.replace('localhost', '0177.0.0.1'), { allowPrivate: false }],
    ['loopback by IPv6', (url) => url.replace('localhost', '[::1]'), { allowPrivate: false }],
    ['loopback by IPv6 that carries IPv4', (url) => url.replace('localhost', '[::ffff:127.0.0.1]'), {}],
    ['a name below localhost', (url) => url.replace('localhost', 'x.localhost'), { allowPrivate: false }],
    ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/', {}],
    ['every address at once', (url) => url.replace('localhost', '0.0.0.0'), {}],
    ['a user in the URL', (url) => url.replace('localhost', 'user:secret@localhost'), {}],
    ['a file', () => 'file:///etc/passwd', {}],
    ['data', () => 'data:,x', {}],
    ['a name without scheme', () => 'localhost', {}],
    ['nothing', () => '', {}],
  ])('%s', async (_, urlOf, options) => {
    const refusal = await refusalOf(() => egress()(urlOf(http), { ...OPTIONS, ...options }));
    expect(refusal.code).toBe('egress.refused');
    expect(refusal.message).not.toContain('secret');
    expect(seen).toEqual([]);
  });

  test('a public name that leads to loopback', async () => {
    const fetch = egress({ resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) });
    const url = http.replace('localhost', 'rebound.example');
    expect(await codeOfAsync(() => fetch(url, { ...OPTIONS, allowPrivate: false }))).toBe('egress.refused');
    expect(seen).toEqual([]);
    expect(await codeOfAsync(() => fetch(url, OPTIONS))).toBe('accepted');
  });

  test('a private address over the connection of a call that might', async () => {
    const fetch = egress();
    await fetch(http, OPTIONS);
    expect(await codeOfAsync(() => fetch(http, { ...OPTIONS, allowPrivate: false }))).toBe('egress.refused');
    expect(seen).toHaveLength(1);
  });
});

describe('gives up on', () => {
  test.each<readonly [string, RequestListener, string]>([
    ['a redirect', (_, response) => response.writeHead(302, { location: `${http}/other` }).end(), 'egress.refused'],
    [
      'a redirect that keeps the method',
      (_, response) => response.writeHead(307, { location: '/other' }).end(),
      'egress.refused',
    ],
    ['a body that says it is too large', (_, response) => response.end('x'.repeat(1001)), 'egress.failed'],
    [
      'a body that turns out too large',
      (_, response) => void response.write('x'.repeat(600), () => response.end('x'.repeat(401))),
      'egress.failed',
    ],
    [
      'a compressed body',
      (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(100_000))),
      'egress.failed',
    ],
    [
      'an unknown coding',
      (_, response) => response.writeHead(200, { 'content-encoding': 'identity, x' }).end('x'),
      'egress.failed',
    ],
    [
      'headers of 20 kB',
      (_, response) => response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end(),
      'egress.failed',
    ],
    ['a connection that breaks', (request) => request.socket.destroy(), 'egress.failed'],
    [
      'a body that breaks off',
      (request, response) =>
        void response.writeHead(200, { 'content-length': 10 }).write('x', () => request.socket.destroy()),
      'egress.failed',
    ],
  ])('%s', async (_, listen_, code) => {
    respond = listen_;
    expect(await codeOfAsync(() => egress()(http, OPTIONS))).toBe(code);
    expect(seen).toEqual(['GET /']);
  });

  test.each<readonly [string, RequestListener]>([
    ['no answer', () => undefined],
    ['an answer that never ends', (_, response) => void response.write('x')],
  ])('%s, in the time it was given', async (_, listen_) => {
    respond = listen_;
    const refusal = await refusalOf(() => egress()(`${http}/path?token=secret`, { ...OPTIONS, timeout: 200 }));
    expect(refusal.code).toBe('egress.failed');
    expect(refusal.message).toMatch(/^The request to localhost:\d+ failed: no complete answer in time\.$/);
  });

  test('a port that nobody listens on, without naming more than the host', async () => {
    const free = createServer();
    const port = await listen(free);
    await new Promise((resolve) => free.close(resolve));
    const refusal = await refusalOf(() => egress()(`http://localhost:${port}/path?token=secret`, OPTIONS));
    expect(refusal.message).toBe(`The request to localhost:${port} failed: ECONNREFUSED.`);
  });

  test('takes a body of exactly the limit, with and without its length', async () => {
    for (const listen_ of [
      ((_, response) => response.end('x'.repeat(1000))) as RequestListener,
      ((_, response) => void response.write('x'.repeat(500), () => response.end('x'.repeat(500)))) as RequestListener,
    ]) {
      respond = listen_;
      expect((await egress()(http, OPTIONS)).body).toHaveLength(1000);
    }
  });
});

describe('TLS', () => {
  test('trusts the authority that is configured, and no other of its own making', async () => {
    expect((await egress({ ca: certificate.ca })(https, { ...OPTIONS, allowHttp: false })).status).toBe(200);
    expect(await codeOfAsync(() => egress()(https, OPTIONS))).toBe('egress.failed');
    expect(await codeOfAsync(() => egress({ ca: makeServerCertificate().ca })(https, OPTIONS))).toBe('egress.failed');
    expect(seen).toHaveLength(1);
  });

  test('wants the name that it asked for', async () => {
    const fetch = egress({
      ca: certificate.ca,
      resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    expect(await codeOfAsync(() => fetch(https.replace('localhost', 'other.example'), OPTIONS))).toBe('egress.failed');
    expect(seen).toEqual([]);
  });
});

describe('a proxy', () => {
  let proxy: ConnectProxy;
  const PUBLIC = 'https://ci.example';
  const named = makeServerCertificate('ci.example', 'localhost');
  const target = createTlsServer({ cert: named.cert, key: named.key }, listener);

  beforeAll(async () => {
    const port = await listen(target);
    proxy = await startConnectProxy({ credentials: 'user:secret', routes: { 'ci.example:443': `localhost:${port}` } });
  });
  afterAll(async () => {
    await proxy.close();
    target.close();
    target.closeAllConnections();
  });

  test('carries calls to public names, which it resolves', async () => {
    const fetch = egress({ proxy: proxy.url, ca: named.ca });
    expect((await fetch(`${PUBLIC}/keys`, { ...OPTIONS, allowPrivate: false, allowHttp: false })).status).toBe(200);
    expect(proxy.authorities).toEqual(['ci.example:443']);
    expect(seen).toEqual(['GET /keys']);
  });

  test('is not asked for addresses that may not be reached', async () => {
    const before = proxy.authorities.length;
    const fetch = egress({ proxy: proxy.url, ca: named.ca });
    for (const host of ['169.254.169.254', '10.0.0.1', 'localhost', 'a.localhost', '[::1]']) {
      expect(await codeOfAsync(() => fetch(`https://${host}/`, { ...OPTIONS, allowPrivate: false }))).toBe(
        'egress.refused',
      );
    }
    expect(proxy.authorities).toHaveLength(before);
  });

  test('is left out for the hosts that are named, whose addresses are checked again', async () => {
    const before = proxy.authorities.length;
    const config = { proxy: proxy.url, noProxy: '.internal.example,localhost', ca: named.ca };
    expect((await egress({ ...config })(http, OPTIONS)).status).toBe(200);
    const fetch = egress({ ...config, resolve: (_, done) => done(null, [{ address: '10.0.0.1', family: 4 }]) });
    const url = 'https://ci.internal.example/';
    expect(await codeOfAsync(() => fetch(url, { ...OPTIONS, allowPrivate: false }))).toBe('egress.refused');
    expect(proxy.authorities).toHaveLength(before);
  });

  test('that refuses is named by no secret', async () => {
    const wrong = proxy.url.replace('secret', 'hunter2');
    const refusal = await refusalOf(() => egress({ proxy: wrong, ca: named.ca })(`${PUBLIC}/?q=hunter3`, OPTIONS));
    expect(refusal.code).toBe('egress.failed');
    expect(refusal.message).not.toMatch(/hunter|user/);
  });

  test('of the environment is not used', async () => {
    const before = proxy.authorities.length;
    process.env['HTTP_PROXY'] = proxy.url;
    try {
      expect((await egress()(http, OPTIONS)).status).toBe(200);
    } finally {
      delete process.env['HTTP_PROXY'];
    }
    expect(proxy.authorities).toHaveLength(before);
  });
});
