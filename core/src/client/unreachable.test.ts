import { describe, expect, it } from 'vitest';
import { AnswerTooLarge, unreachable, type FailedCall } from './unreachable.ts';

const url = 'https://sign.acme.example/v1/signing-requests';
const proxies = ['http://user:hunter2@proxy.acme.example:3128'];

function explain(error: unknown, more: Partial<FailedCall> = {}): string {
  const failure = unreachable({ url, error, wasAborted: false, timedOut: false, proxies: [], ...more });
  expect(failure.code).toBe('server.unreachable');
  return `${String(failure.details?.['reason'])}: ${failure.message} / ${failure.hint ?? ''}`;
}

const system = (code: string, more: object = {}): Error => Object.assign(new Error(`raw ${code}`), { code, ...more });
const tunnel = (status: number): Error =>
  Object.assign(new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`), { code: 'UND_ERR_ABORTED' });
const CA = 'give the private authority with ca-file, a PEM file';

describe('why there is no answer', () => {
  it.each([
    [system('ECONNREFUSED'), 'connection: No answer from sign.acme.example: nobody listens there (ECONNREFUSED).'],
    [system('ECONNRESET'), 'connection: No answer from sign.acme.example: the connection failed or broke off'],
    [system('ENOTFOUND'), 'name: No answer from sign.acme.example: its name cannot be resolved (ENOTFOUND).'],
    [system('UND_ERR_CONNECT_TIMEOUT'), 'timeout: No answer from sign.acme.example: it did not answer in time.'],
    [new AnswerTooLarge(), 'too_large: No answer from sign.acme.example: its answer is larger'],
    [new Error('odd'), 'connection: No answer from sign.acme.example: the connection failed or broke off.'],
    ['nothing', 'connection: No answer from sign.acme.example: the connection failed or broke off.'],
  ])('%s is told as %s', (error, told) => {
    expect(explain(error)).toContain(told);
  });

  it.each([
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted here', CA],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted here', CA],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for another name', 'give the URL by the name'],
    ['CERT_HAS_EXPIRED', 'its certificate has expired', 'the server needs a new one, if'],
    ['CERT_NOT_YET_VALID', 'its certificate is not valid yet', 'look at the clock of this machine'],
  ])('the certificate problem %s has its own sentence and its own hint', (code, what, hint) => {
    expect(explain(system(code))).toContain(`certificate: No answer from sign.acme.example: ${what} (${code}).`);
    expect(explain(system(code))).toContain(` / ${hint}`);
  });

  it('a call that was given up, or ran out of time, is told before what followed from it', () => {
    expect(explain(system('ECONNRESET'), { wasAborted: true })).toMatch(/^aborted: /);
    expect(explain(system('ECONNRESET'), { timedOut: true })).toMatch(/^timeout: /);
  });
});

describe('a proxy in between', () => {
  it.each([
    [tunnel(407), 'proxy_refused', 'wants a user name and a password (407)', 'put them into HTTPS_PROXY'],
    [tunnel(403), 'proxy_refused', 'does not let this machine connect there (403)', 'ask whoever runs the proxy'],
    [tunnel(502), 'proxy', 'answered with status 502', 'check HTTPS_PROXY and NO_PROXY'],
    [system('UND_ERR_ABORTED'), 'proxy', 'refused the connection', 'check HTTPS_PROXY and NO_PROXY'],
    [system('ENOTFOUND', { hostname: 'proxy.acme.example' }), 'proxy', 'cannot be reached (ENOTFOUND)', 'check HTTPS'],
    [
      new AggregateError([system('ECONNREFUSED', { port: 3128 })], 'all', {}),
      'proxy',
      'cannot be reached (ECONNREFUSED)',
      'check HTTPS_PROXY',
    ],
  ])('%s is told as %s: %s', (error, reason, what, hint) => {
    const told = explain(error, { proxies });
    expect(told).toContain(`${reason}: No answer from sign.acme.example: the proxy proxy.acme.example:3128 ${what}.`);
    expect(told).toContain(` / ${hint}`);
    expect(told).not.toMatch(/hunter2|user@/);
  });

  it('is not blamed for what happens behind it, or to a server that is reached without it', () => {
    expect(explain(system('ECONNREFUSED', { port: 443 }), { proxies })).toMatch(/^connection: /);
    expect(explain(system('ENOTFOUND', { hostname: 'sign.acme.example' }), { proxies })).toMatch(/^name: /);
    expect(explain(system('CERT_HAS_EXPIRED'), { proxies })).toMatch(/^certificate: /);
  });
});
