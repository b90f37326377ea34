import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { startConnectProxy } from '@originsign/testkit/connect-proxy';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { clientCertificateOf, parseClientCertificate, type ClientCertificate } from './client-certificate.ts';
import {
  LEGACY_PFX,
  PFX,
  PFX_CERTIFICATE,
  PFX_PASSPHRASE,
  PFX_WITHOUT_KEY,
} from './client-certificate.test.fixture.ts';
import { createUndiciFetch } from './undici-fetch.ts';
import { unreachable } from './unreachable.ts';

const server = makeServerCertificate('localhost');
const node = makeServerCertificate('build-node');
const stranger = makeServerCertificate('stranger');
const encrypted = createPrivateKey(node.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct' })
  .toString();
const traditional = `-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,AAAA\n\nAAAA\n-----END EC PRIVATE KEY-----\n`;
const folder = mkdtempSync(join(tmpdir(), 'originsign-certificate-'));
const closers: (() => Promise<void>)[] = [];

function put(name: string, contents: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
}

const environmentOf = (certificate: string, key = '', passphrase = '') => ({
  ORIGINSIGN_CLIENT_CERTIFICATE: certificate,
  ORIGINSIGN_CLIENT_KEY: key,
  ORIGINSIGN_CLIENT_PASSPHRASE: passphrase,
});

/** Says whose certificate it was shown, and refuses calls without one unless `optional`. */
async function listen(optional: boolean): Promise<string> {
  const options = { cert: server.cert, key: server.key, ca: [node.ca, PFX_CERTIFICATE] };
  const https: Server = createServer(
    { ...options, requestCert: true, rejectUnauthorized: !optional },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.end((subject as typeof subject | undefined)?.CN ?? 'nobody');
    },
  );
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        https.close(() => resolve());
        https.closeAllConnections();
      }),
  );
  return `https://localhost:${(https.address() as AddressInfo).port}`;
}

let strict = '';
let optional = '';
beforeAll(async () => {
  strict = await listen(false);
  optional = await listen(true);
});
afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true });
});

function fetchWith(clientCertificate?: ClientCertificate, environment: Readonly<Record<string, string>> = {}) {
  const { fetch, close } = createUndiciFetch({
    environment,
    agent: 'originsign-test/1',
    authorities: [{ name: 'test', pem: server.ca }],
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  });
  closers.push(close);
  return fetch;
}

const GET = { method: 'GET', headers: {} } as const;
const CERTIFIED = { ...GET, showsCertificate: true } as const;

describe('the client certificate of the environment', () => {
  it.each([
    ['PEM files', () => environmentOf(put('c.pem', node.cert), put('k.pem', node.key)), 'Test TLS'],
    [
      'PEM with an encrypted key',
      () => environmentOf(put('c.pem', node.cert), put('e.pem', encrypted), 'correct'),
      'Test TLS',
    ],
    ['one PEM file', () => environmentOf(put('both.pem', node.key + node.cert)), 'Test TLS'],
    ['a PFX file', () => environmentOf(put('c.pfx', PFX), '', PFX_PASSPHRASE), 'Test build node'],
  ])('is shown to a server that wants one: %s', async (_what, environment, name) => {
    const certificate = clientCertificateOf(environment());
    const { body } = await fetchWith(certificate)(strict, CERTIFIED);
    expect(utf8Text(body)).toBe(name);
  });

  it('is shown to the signing server alone, with and without a proxy between', async () => {
    const certificate = { cert: node.cert, key: node.key };
    const fetch = fetchWith(certificate);
    expect(utf8Text((await fetch(optional, GET)).body)).toBe('nobody');
    expect(utf8Text((await fetch(optional, CERTIFIED)).body)).toBe('Test TLS');
    const proxy = await startConnectProxy({ tls: server });
    closers.push(proxy.close);
    const through = fetchWith(certificate, { HTTPS_PROXY: proxy.url });
    expect(utf8Text((await through(optional, CERTIFIED)).body)).toBe('Test TLS');
    expect(utf8Text((await through(optional, GET)).body)).toBe('nobody');
    expect(proxy.authorities).toHaveLength(2);
  });

  it.each([
    ['missed', undefined],
    ['distrusted', { cert: stranger.cert, key: stranger.key }],
  ])('is thought of where a server hangs up because it is %s', async (_what, certificate) => {
    await expect(fetchWith(certificate)(strict, CERTIFIED)).rejects.toMatchObject({
      code: 'server.unreachable',
      details: { reason: 'connection' },
      hint: expect.stringContaining('client certificate') as unknown,
    });
  });

  it.each([
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', /wants a client certificate/],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /does not trust the authority/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', /has expired/],
    ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', /was revoked/],
  ])('is named where a server sends the alert %s', (code, message) => {
    const error = Object.assign(new Error('alert'), { code });
    const call = { url: 'https://sign.acme.example/', error, wasAborted: false, timedOut: false, proxies: [] };
    expect(unreachable(call)).toMatchObject({
      details: { reason: 'client_certificate' },
      message: expect.stringMatching(message) as unknown,
      hint: expect.stringContaining('ORIGINSIGN_CLIENT_CERTIFICATE') as unknown,
    });
  });

  it('is none where nothing names one', () => {
    expect(clientCertificateOf({})).toBeUndefined();
    expect(clientCertificateOf(environmentOf(''))).toBeUndefined();
  });

  it.each([
    ['a missing file', () => environmentOf(join(folder, 'missing.pem')), 'input.file', /missing\.pem/],
    [
      'a missing key file',
      () => environmentOf(put('c.pem', node.cert), join(folder, 'missing.key')),
      'input.file',
      /missing\.key/,
    ],
    [
      'a key without a certificate',
      () => environmentOf('', put('k.pem', node.key)),
      'input.missing',
      /CERTIFICATE is missing/,
    ],
    ['a PEM without its key', () => environmentOf(put('c.pem', node.cert)), 'input.missing', /no private key/],
    [
      'a key that is no PEM',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', 'key')),
      'input.invalid',
      /not PEM/,
    ],
    [
      'a damaged key',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', node.key.replace('M', 'A'))),
      'input.invalid',
      /damaged/,
    ],
    [
      'a key without a certificate beside it',
      () => environmentOf(put('k.pem', node.key)),
      'input.invalid',
      /no certificate/,
    ],
    [
      'a damaged certificate',
      () => environmentOf(put('c.pem', node.cert.replace('MII', 'AAA')), put('k.pem', node.key)),
      'input.invalid',
      /damaged/,
    ],
    [
      'a key of another certificate',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', stranger.key)),
      'input.invalid',
      /not the one/,
    ],
    [
      'a key of another kind',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', ed25519())),
      'input.invalid',
      /not the one/,
    ],
    [
      'a wrong passphrase',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', encrypted), 'hunter2'),
      'input.invalid',
      /passphrase is not/,
    ],
    [
      'a missing passphrase',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', encrypted)),
      'input.missing',
      /needs a passphrase/,
    ],
    [
      'an old encrypted key without passphrase',
      () => environmentOf(put('c.pem', node.cert), put('k.pem', traditional)),
      'input.missing',
      /needs a passphrase/,
    ],
    [
      'a PFX with a wrong passphrase',
      () => environmentOf(put('c.pfx', PFX), '', 'hunter2'),
      'input.invalid',
      /passphrase is not/,
    ],
    ['a PFX without its passphrase', () => environmentOf(put('c.pfx', PFX)), 'input.missing', /needs a passphrase/],
    [
      'a PFX with old encryption',
      () => environmentOf(put('c.pfx', LEGACY_PFX), '', PFX_PASSPHRASE),
      'input.invalid',
      /OpenSSL refuses/,
    ],
    [
      'a PFX without a key',
      () => environmentOf(put('c.pfx', PFX_WITHOUT_KEY), '', PFX_PASSPHRASE),
      'input.invalid',
      /no private key/,
    ],
    [
      'a PFX beside a key',
      () => environmentOf(put('c.pfx', PFX), put('k.pem', node.key)),
      'input.invalid',
      /has its own key/,
    ],
    [
      'a damaged PFX',
      () => environmentOf(put('c.pfx', PFX.subarray(0, 500)), '', PFX_PASSPHRASE),
      'input.invalid',
      /damaged/,
    ],
    ['something else', () => environmentOf(put('c.txt', 'text')), 'input.invalid', /neither PEM nor/],
  ])('refuses %s', (_what, environment, code, message) => {
    const load = (): unknown => clientCertificateOf(environment());
    expect(load).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }));
    expect(load).not.toThrow(/hunter2|PRIVATE/);
  });

  it('names the field where the certificate is no file', () => {
    expect(() => parseClientCertificate({ name: 'of the connection', certificate: utf8('x') })).toThrow(
      'The client certificate "of the connection" cannot be used',
    );
  });
});

function ed25519(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
