import { makeCertificateAuthority, type RevocationListOptions } from '@originsign/testkit/certificate-authority';
import { codeOfAsync, refusalOf } from '@originsign/testkit/error-code';
import { makeTestKey } from '@originsign/testkit/test-authority';
import { beforeEach, describe, expect, test } from 'vitest';
import { OriginSignError } from '@originsign/core/errors/error';
import { parseCertificate } from '@originsign/core/x509/certificate';
import type { Chain } from '@originsign/core/x509/chain';
import {
  COOLDOWN,
  createRevocationCheck,
  FILE_LIFETIME,
  HARD_LIFETIME,
  SOFT_LIFETIME,
  type Revocation,
  type RevocationCheck,
} from './certificate-revocation.ts';

const HOUR = 3_600_000;
const START = new Date('2026-11-22T09:00:00Z').getTime();
const times = { notBefore: new Date(START - 9 * HOUR), notAfter: new Date(START + 9000 * HOUR) };
const root = makeCertificateAuthority('Acme Root', times);
const issuing = root.authority('Acme Nodes CA', times);
const node = issuing.issue(times).certificate;
const namesake = makeCertificateAuthority('Acme Root').authority('Acme Nodes CA');

const chain: Chain = [node, issuing.certificate].map(parseCertificate);
const wholeChain: Chain = [node, issuing.certificate, root.certificate].map(parseCertificate);
const URL_1 = 'http://pki.acme.example/nodes.crl';
const URL_2 = 'http://pki.acme.example/root.crl';
const urls: Revocation = { kind: 'crl-urls', urls: [URL_1] };
const bothUrls: Revocation = { kind: 'crl-urls', urls: [URL_1, URL_2] };

let clock: number;
let served: Map<string, Uint8Array | Error | number>;
let fetched: string[];
let failures: string[];
let check: RevocationCheck;

/** A list of the issuing authority that holds for a week, from an hour ago. */
function listed(options: RevocationListOptions = {}, authority = issuing): Uint8Array {
  const thisUpdate = options.thisUpdate ?? new Date(clock - HOUR);
  return authority.revocationList({ thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + 168 * HOUR), ...options });
}

async function serve(source: string): Promise<Uint8Array> {
  fetched.push(source);
  const answer = served.get(source) ?? new OriginSignError('egress.failed', 'The request to pki.acme.example failed.');
  // So that calls can overlap, as they do on a network.
  await new Promise((resolve) => setImmediate(resolve));
  if (answer instanceof Error) throw answer;
  return typeof answer === 'number' ? new Uint8Array() : answer;
}

beforeEach(() => {
  clock = START;
  served = new Map();
  fetched = [];
  failures = [];
  check = createRevocationCheck({
    fetch: async (url, options) => {
      expect(options).toMatchObject({ allowPrivate: true, allowHttp: true });
      const body = await serve(url);
      const answer = served.get(url);
      return { status: typeof answer === 'number' ? answer : 200, body };
    },
    readFile: serve,
    now: () => new Date(clock),
    onFailure: (source) => failures.push(source),
  });
});

const rules = (revocation: Revocation) => ({ revocation, allowPrivateAddress: true });
const code = (revocation: Revocation = urls, certificates: Chain = chain): Promise<string> =>
  codeOfAsync(() => check(certificates, rules(revocation)));

describe('a certificate that is not revoked', () => {
  test('passes under the list of its own issuer', async () => {
    served.set(URL_1, listed());
    expect(await code()).toBe('accepted');
  });

  test('passes under a list in PEM', async () => {
    const lines = Buffer.from(listed()).toString('base64').replace(/.{64}/g, '$&\n');
    served.set(URL_1, Buffer.from(`-----BEGIN X509 CRL-----\n${lines}\n-----END X509 CRL-----\n`));
    expect(await code()).toBe('accepted');
  });

  test('passes without any list where the operator wants none', async () => {
    expect(await code({ kind: 'none' })).toBe('accepted');
    expect(fetched).toEqual([]);
  });

  test('needs a list of every authority below the root', async () => {
    served.set(URL_1, listed());
    expect(await code(bothUrls, wholeChain)).toBe('certificate.revocation_unavailable');
    served.set(URL_2, listed({}, root));
    clock += COOLDOWN;
    expect(await code(bothUrls, wholeChain)).toBe('accepted');
  });

  test('passes under the list of an authority with a new key beside that of the old one', async () => {
    served.set(URL_1, listed({}, namesake)).set(URL_2, listed());
    expect(await code(bothUrls)).toBe('accepted');
  });
});

describe('revoked', () => {
  test('is the node', async () => {
    served.set(URL_1, listed({ revoked: [node] }));
    const refusal = await refusalOf(() => check(chain, rules(urls)));
    expect(refusal.code).toBe('certificate.revoked');
    expect(refusal.message).toBe(
      'The certificate CN=build-07,OU=Build Nodes,O=Acme was revoked at 2026-11-22T08:00:00.000Z.',
    );
  });

  test('is the node whose entry begins in the future: its authority has said no', async () => {
    served.set(URL_1, listed({ revoked: [node], revokedAt: new Date(START + 5 * HOUR) }));
    expect(await code()).toBe('certificate.revoked');
  });

  test('is an authority above the node', async () => {
    served.set(URL_1, listed()).set(URL_2, listed({ revoked: [issuing.certificate] }, root));
    expect(await code(bothUrls, wholeChain)).toBe('certificate.revoked');
  });

  test('stays so when somebody sends an older list', async () => {
    const old = listed({ thisUpdate: new Date(START - 5 * HOUR) });
    served.set(URL_1, listed({ revoked: [node] }));
    expect(await code()).toBe('certificate.revoked');
    served.set(URL_1, old);
    clock += SOFT_LIFETIME;
    expect(await code()).toBe('certificate.revoked');
  });
});

describe('without a current list by the issuer there is no permission:', () => {
  const week = 168 * HOUR;
  test.each<[string, () => Uint8Array | Error | number]>([
    ['unreachable', () => new OriginSignError('egress.failed', 'The request to pki.acme.example failed.')],
    ['an error page', () => 404],
    ['no list', () => new Uint8Array(9)],
    ['a certificate in PEM', () => Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
    ['expired', () => listed({ thisUpdate: new Date(START - week) })],
    ['from the future', () => listed({ thisUpdate: new Date(START + 6 * 60_000) })],
    ['signed by another authority of the same name', () => listed({}, namesake)],
    ['signed by another key', () => listed({ signer: makeTestKey('p-256') })],
    ['in the name of another authority', () => listed({ issuer: root.name })],
    ['without an end', () => listed({ nextUpdate: null })],
  ])('%s', async (_, answer) => {
    served.set(URL_1, answer());
    const refusal = await refusalOf(() => check(chain, rules(urls)));
    expect(refusal.code).toBe('certificate.revocation_unavailable');
    expect(refusal.status).toBe(503);
    expect(refusal.retryAfter).toBe(COOLDOWN / 1000);
  });

  test('no source at all', async () => {
    expect(await code({ kind: 'crl-urls', urls: [] })).toBe('certificate.revocation_unavailable');
  });

  test('the reason is told to the operator', async () => {
    await code();
    expect(failures).toEqual([URL_1]);
  });
});

describe('the cache', () => {
  test('fetches a list once for many calls at a time, and again after its soft lifetime', async () => {
    served.set(URL_1, listed());
    expect(await Promise.all([code(), code(), code()])).toEqual(['accepted', 'accepted', 'accepted']);
    clock += SOFT_LIFETIME - 1;
    expect(await code()).toBe('accepted');
    expect(fetched).toHaveLength(1);
    clock += 1;
    expect(await code()).toBe('accepted');
    expect(fetched).toHaveLength(2);
  });

  test('fetches at once when the list ends', async () => {
    served.set(URL_1, listed({ nextUpdate: new Date(START + 60_000) }));
    expect(await code()).toBe('accepted');
    clock += 60_000;
    expect(await code()).toBe('certificate.revocation_unavailable');
    expect(fetched).toHaveLength(2);
    served.set(URL_1, listed());
    clock += COOLDOWN;
    expect(await code()).toBe('accepted');
  });

  test('goes on with a list that holds while the server of lists is away, for a day at most', async () => {
    served.set(URL_1, listed());
    expect(await code()).toBe('accepted');
    served.delete(URL_1);
    clock += HARD_LIFETIME - 1;
    expect(await code()).toBe('accepted');
    clock += COOLDOWN;
    expect(await code()).toBe('certificate.revocation_unavailable');
  });

  test('asks an unreachable server once per cooldown', async () => {
    expect(await code()).toBe('certificate.revocation_unavailable');
    clock += COOLDOWN - 1;
    const refusal = await refusalOf(() => check(chain, rules(urls)));
    expect(refusal.retryAfter).toBe(1);
    expect(fetched).toHaveLength(1);
    clock += 1;
    await code();
    expect(fetched).toHaveLength(2);
  });

  test('keeps a good list when somebody sends one that another key signed', async () => {
    served.set(URL_1, listed());
    expect(await code()).toBe('accepted');
    served.set(URL_1, listed({ signer: makeTestKey('p-256'), revoked: [node] }));
    clock += SOFT_LIFETIME;
    expect(await code()).toBe('accepted');
    clock += HARD_LIFETIME;
    expect(await code()).toBe('certificate.revocation_unavailable');
  });

  test('sees a changed file within a minute', async () => {
    const files: Revocation = { kind: 'crl-files', paths: ['nodes.crl'] };
    served.set('nodes.crl', listed());
    expect(await code(files)).toBe('accepted');
    served.set('nodes.crl', listed({ revoked: [node], thisUpdate: new Date(START) }));
    clock += FILE_LIFETIME;
    expect(await code(files)).toBe('certificate.revoked');
  });

  test('trusts nothing from after a clock that was set back', async () => {
    served.set(URL_1, listed());
    expect(await code()).toBe('accepted');
    clock -= 1;
    served.delete(URL_1);
    expect(await code()).toBe('certificate.revocation_unavailable');
  });
});
