import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConnectProxy } from '@originsign/testkit/connect-proxy';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8Text } from '../encoding/bytes.ts';
import { createUndiciFetch } from './undici-fetch.ts';

const certificate = makeServerCertificate('localhost', 'sign.acme.example');
const folder = mkdtempSync(join(tmpdir(), 'originsign-fetch-'));
const caFile = join(folder, 'ca.pem');
const closers: (() => Promise<void>)[] = [];
let answer: (response: ServerResponse, path: string) => void = () => undefined;
let plain = '';
let secure = '';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  writeFileSync(caFile, certificate.ca);
  plain = `http://localhost:${await listen(createServer((request, response) => answer(response, request.url ?? '')))}`;
  const tls = createHttpsServer(certificate, (request, response) => answer(response, request.url ?? ''));
  secure = `https://localhost:${await listen(tls)}`;
});
afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true });
});

function fetchWith(environment: Readonly<Record<string, string>> = {}, file?: string) {
  const options = { environment, agent: 'originsign-test/1', ...(file === undefined ? {} : { caFile: file }) };
  const { fetch, close } = createUndiciFetch(options);
  closers.push(close);
  return fetch;
}

const hello = (response: ServerResponse): void => void response.writeHead(200, { 'x-a': ['1', '2'] }).end('hello');
const GET = { method: 'GET', headers: {} } as const;

describe('createUndiciFetch', () => {
  it('gives back status, headers in lower case and the body, and follows no redirect', async () => {
    answer = (response) => void response.writeHead(302, { Location: '/other' }).end('elsewhere');
    const { status, headers, body } = await fetchWith()(plain, GET);
    expect([status, headers['location'], utf8Text(body)]).toEqual([302, '/other', 'elsewhere']);
    answer = hello;
    expect((await fetchWith()(plain, GET)).headers['x-a']).toBe('1, 2');
  });

  it('trusts a private authority only where its file is given, and the system stays trusted beside it', async () => {
    answer = hello;
    await expect(fetchWith()(secure, GET)).rejects.toMatchObject({
      code: 'server.unreachable',
      details: { reason: 'certificate' },
      hint: expect.stringContaining('ca-file') as unknown,
    });
    expect((await fetchWith({}, caFile)(secure, GET)).status).toBe(200);
  });

  it('keeps NODE_EXTRA_CA_CERTS beside a given file', async () => {
    answer = hello;
    const other = join(folder, 'other.pem');
    writeFileSync(other, makeServerCertificate().ca);
    await expect(fetchWith({}, other)(secure, GET)).rejects.toMatchObject({ details: { reason: 'certificate' } });
    expect((await fetchWith({ NODE_EXTRA_CA_CERTS: caFile }, other)(secure, GET)).status).toBe(200);
  });

  it('tunnels through HTTPS_PROXY, with its password, and not where NO_PROXY says so', async () => {
    answer = hello;
    const proxy = await startConnectProxy({ credentials: 'user:password' });
    closers.push(proxy.close);
    const authority = secure.slice('https://'.length);
    expect((await fetchWith({ HTTPS_PROXY: proxy.url }, caFile)(secure, GET)).status).toBe(200);
    expect(proxy.authorities).toEqual([authority]);
    await fetchWith({ https_proxy: proxy.url, NO_PROXY: 'localhost' }, caFile)(secure, GET);
    expect(proxy.authorities).toEqual([authority]);
  });

  it('lets the proxy resolve names that this machine does not know', async () => {
    answer = hello;
    const routes = { 'sign.acme.example:443': secure.slice('https://'.length) };
    const proxy = await startConnectProxy({ routes, tls: certificate });
    closers.push(proxy.close);
    const fetch = fetchWith({ HTTPS_PROXY: proxy.url }, caFile);
    expect((await fetch('https://sign.acme.example/', GET)).status).toBe(200);
  });

  it('tells a refusing proxy apart and never repeats its password', async () => {
    const proxy = await startConnectProxy({ credentials: 'user:password' });
    closers.push(proxy.close);
    const wrong = proxy.url.replace('user:password', 'user:hunter2');
    const failure = await fetchWith({ HTTPS_PROXY: wrong }, caFile)(secure, GET).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'server.unreachable',
      details: { reason: 'proxy_refused' },
      message: expect.stringMatching(/the proxy localhost:\d+ wants a user name and a password \(407\)/) as unknown,
    });
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hunter2');
  });

  it.each([
    ['an answer that breaks off', (response: ServerResponse) => breakOff(response), 'connection'],
    ['no answer', (response: ServerResponse) => void response.destroy(), 'connection'],
    ['an answer that never comes', () => undefined, 'timeout'],
  ])('reports %s', async (_what, behaviour, reason) => {
    answer = behaviour;
    await expect(fetchWith()(plain, { ...GET, timeout: reason === 'timeout' ? 50 : 5000 })).rejects.toMatchObject({
      code: 'server.unreachable',
      details: { reason },
    });
  });

  it('reports a port where nobody listens, and a call that was given up', async () => {
    const port = await freeLoopbackPort();
    await expect(fetchWith()(`http://localhost:${port}`, GET)).rejects.toMatchObject({
      details: { reason: 'connection' },
      message: expect.stringContaining('ECONNREFUSED') as unknown,
    });
    const signal = AbortSignal.abort();
    await expect(fetchWith()(plain, { ...GET, signal })).rejects.toMatchObject({ details: { reason: 'aborted' } });
  });

  it.each([
    [{ HTTPS_PROXY: 'socks5://localhost:1' }, undefined, 'input.invalid'],
    [{ HTTPS_PROXY: 'http://user:secret word@[' }, undefined, 'input.invalid'],
    [{}, 'missing.pem', 'input.file'],
    [{}, 'empty.pem', 'input.invalid'],
    [{}, 'damaged.pem', 'input.invalid'],
  ])('refuses %j %s with %s', (environment, name, code) => {
    writeFileSync(join(folder, 'empty.pem'), 'nothing');
    writeFileSync(join(folder, 'damaged.pem'), certificate.ca.replace('MII', 'AAA').replace(/\n[A-Za-z]/, '\nA'));
    const file = name === undefined ? undefined : join(folder, name);
    expect(() => fetchWith(environment as Record<string, string>, file)).toThrow(expect.objectContaining({ code }));
    expect(() => fetchWith(environment as Record<string, string>, file)).not.toThrow(/secret/);
  });
});

function breakOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': '1000' });
  response.write('half', () => response.destroy());
}
