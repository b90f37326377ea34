import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAttackClient, type AttackClient } from '@originsign/testkit/attack-client';
import { encodeAlternativeNames, makeCertificateAuthority } from '@originsign/testkit/certificate-authority';
import {
  makeOpensslAuthority,
  MICROSOFT_EXTENSIONS,
  TEMPLATE_ID,
  type OpensslAuthority,
  type OpensslCertificate,
} from '@originsign/testkit/certificate-authority-openssl';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { pem } from '@originsign/testkit/pem';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemFile } from './attacked-signer.test.fixture.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (milliseconds: number) => new Date(Date.now() + milliseconds);
const microsoft = { extensions: MICROSOFT_EXTENSIONS };

const PROJECT = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {raw: trial-raw}
    allow:
      - id: build-node
        when:
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {is: push}
          github.workflow_path: {is: .github/workflows/release.yml}
          certificate.authority: {is: build-nodes}
          certificate.template_id: {is: "${TEMPLATE_ID}"}
          certificate.template_major_version: {gte: 100}
          certificate.subject_ou: {is: Build Nodes}
          certificate.san_dns: {glob: "*.acme.example"}
          certificate.age: {lte: ${7 * 86_400}}
          certificate.lifetime: {lte: ${31 * 86_400}}
`;

const proxies = makeCertificateAuthority('Acme Proxies CA');
const proxyOf = (name: string) => {
  const { key, certificate } = proxies.issue({ more: [encodeAlternativeNames({ dnsNames: [name] })] });
  const pkcs8 = key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { cert: pem('CERTIFICATE', certificate), key: pkcs8 };
};

let folder: string;
let issuer: GithubIssuer;
let signer: Signer;
let proxyPort: number;
let proxyCa: string;
let authorities: Record<'nodes' | 'namesake' | 'lab' | 'stale' | 'swapped' | 'remote', OpensslAuthority>;
const clients: AttackClient[] = [];
let runs = 1_000;

/** The trusted build systems that certificates may lead to, with their files. */
async function authorityFiles(closedPort: number): Promise<Record<string, string>> {
  const { nodes, lab, stale, swapped, remote } = authorities;
  const system = (id: string, revocation: string): string =>
    `{version: 1, id: ${id}, type: client-certificate, authorities: ca/${id}.pem, revocation: ${revocation}, allowPrivateAddress: true}\n`;
  return {
    'trusted-build-systems/build-nodes.yml': system('build-nodes', '{files: [ca/build-nodes.crl]}'),
    'trusted-build-systems/lab.yml': system('lab', '{none: "machines of the lab are thrown away every night"}'),
    'trusted-build-systems/stale.yml': system('stale', '{files: [ca/stale.crl]}'),
    'trusted-build-systems/swapped.yml': system('swapped', '{files: [ca/swapped.crl]}'),
    'trusted-build-systems/remote.yml': system('remote', `{crl: ["http://127.0.0.1:${closedPort}/nodes.crl"]}`),
    'ca/build-nodes.pem': nodes.certificate,
    'ca/build-nodes.crl': await nodes.revocationList(),
    'ca/lab.pem': lab.certificate,
    'ca/stale.pem': stale.certificate,
    'ca/stale.crl': await stale.revocationList(at(-2 * DAY)),
    'ca/swapped.pem': swapped.certificate,
    'ca/swapped.crl': await nodes.revocationList(),
    'ca/remote.pem': remote.certificate,
  };
}

let revoked: OpensslCertificate;

beforeAll(async () => {
  ensureTools(['openssl']);
  folder = await mkdtemp(join(tmpdir(), 'originsign-nodes-'));
  const make = (name: string, subject?: string) => makeOpensslAuthority(join(folder, name), subject);
  const names = ['nodes', 'namesake', 'lab', 'stale', 'swapped', 'remote'] as const;
  const subjects: Partial<Record<string, string>> = {
    lab: '/O=Acme/CN=Acme Lab CA',
    stale: '/O=Acme/CN=Acme Stale CA',
  };
  const made = await Promise.all(names.map(async (name) => [name, await make(name, subjects[name])] as const));
  authorities = Object.fromEntries(made) as typeof authorities;
  revoked = await authorities.nodes.issue(microsoft);
  await authorities.nodes.revoke(revoked);

  issuer = await startGithubIssuer();
  proxyPort = await freeLoopbackPort();
  const proxyTls = makeServerCertificate();
  proxyCa = join(folder, 'proxy-server-ca.pem');
  const files = join(folder, 'proxy');
  await mkdir(files);
  await Promise.all([
    writeFile(proxyCa, proxyTls.ca),
    writeFile(join(files, 'tls.crt'), proxyTls.cert),
    writeFile(join(files, 'tls.key'), proxyTls.key),
    writeFile(join(files, 'proxies.pem'), pem('CERTIFICATE', proxies.certificate)),
  ]);
  const proxyListen = `proxyListen:
  address: "127.0.0.1:${proxyPort}"
  certificate: ${files}/tls.crt
  key: {file: ${files}/tls.key}
  proxies: {ca: ${files}/proxies.pem, names: [lb.acme.example]}
`;
  signer = await startSigner({
    policies: {
      'trusted-build-systems/github.yml': systemFile('github', issuer.url),
      'projects/acme-app.yml': PROJECT,
      ...(await authorityFiles(await freeLoopbackPort())),
    },
    configure: (text) => proxyListen + text.replace(/^listen:\n/m, 'listen:\n  clientCertificates: request\n'),
  });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await signer.stop();
  await issuer.close();
  await rm(folder, { recursive: true, force: true });
});

interface Way {
  readonly headers?: Readonly<Record<string, string>>;
  /** Certificate of a proxy: then the call goes to the listener for proxies. */
  readonly proxy?: { readonly cert: string; readonly key: string };
}

/** What becomes of an honest request of an honest job that comes with this certificate. */
async function ask(certificate?: { readonly cert: string; readonly key: string }, way: Way = {}): Promise<string> {
  const client = await createAttackClient({
    url: signer.url,
    caPath: way.proxy === undefined ? signer.caPath : proxyCa,
    ...(way.proxy === undefined ? {} : { port: proxyPort }),
    ...((way.proxy ?? certificate) === undefined ? {} : { client: (way.proxy ?? certificate) as OpensslCertificate }),
  });
  clients.push(client);
  const request = client.forge();
  const token = await issuer.mint(request.audience, { claims: { run_id: String((runs += 1)) } });
  const answer = await client.submit(request, token, {
    ...(way.headers === undefined ? {} : { headers: way.headers }),
  });
  const { outcome } = answer.status === 202 ? await client.settle(request, answer) : answer;
  return outcome;
}

/** The failed conditions of a denial. */
async function denial(certificate?: OpensslCertificate): Promise<readonly string[]> {
  const client = await createAttackClient({
    url: signer.url,
    caPath: signer.caPath,
    ...(certificate === undefined ? {} : { client: certificate }),
  });
  clients.push(client);
  const request = client.forge();
  const token = await issuer.mint(request.audience, { claims: { run_id: String((runs += 1)) } });
  const { json } = await client.evaluate(request, token);
  const trace = (json as { trace?: { rules: { conditions: { claim: string; passed: boolean }[] }[] } }).trace;
  return (trace?.rules[0]?.conditions ?? []).filter(({ passed }) => !passed).map(({ claim }) => claim);
}

const field = ({ cert }: OpensslCertificate): string => `:${cert.replace(/-----[^-]+-----|\s/g, '')}:`;

describe('a job is signed for', () => {
  test('on a node with the right template, not revoked, freshly issued', async () => {
    expect(await ask(await authorities.nodes.issue(microsoft))).toBe('200 completed');
  });

  test('whose certificate a listed proxy forwards', async () => {
    const node = await authorities.nodes.issue(microsoft);
    const way = { proxy: proxyOf('lb.acme.example'), headers: { 'client-cert': field(node) } };
    expect(await ask(undefined, way)).toBe('200 completed');
  });
});

describe('CI identity without the right node is refused:', () => {
  type Case = readonly [string, string, () => Promise<OpensslCertificate | undefined>];
  const issue = (name: keyof typeof authorities, node: Parameters<OpensslAuthority['issue']>[0]) => async () =>
    authorities[name].issue(node);
  const profile = (use: string) => `basicConstraints = CA:false\nextendedKeyUsage = ${use}\n`;
  test.each<Case>([
    [
      'the right template from another authority of the same name',
      '401 certificate.untrusted',
      issue('namesake', microsoft),
    ],
    [
      'expired',
      '401 certificate.expired',
      issue('nodes', { ...microsoft, notBefore: at(-3 * DAY), notAfter: at(-HOUR) }),
    ],
    [
      'not valid yet',
      '401 certificate.expired',
      issue('nodes', { ...microsoft, notBefore: at(DAY), notAfter: at(2 * DAY) }),
    ],
    ['revoked', '401 certificate.revoked', async () => Promise.resolve(revoked)],
    ['a revocation list that has ended', '503 certificate.revocation_unavailable', issue('stale', microsoft)],
    ['a revocation list of another authority', '503 certificate.revocation_unavailable', issue('swapped', microsoft)],
    ['a revocation list that cannot be reached', '503 certificate.revocation_unavailable', issue('remote', microsoft)],
    ['a server certificate', '401 certificate.usage', issue('nodes', { ...microsoft, profile: profile('serverAuth') })],
    [
      'an authority',
      '401 certificate.usage',
      issue('nodes', { profile: 'basicConstraints = CA:true\nextendedKeyUsage = clientAuth' }),
    ],
    [
      'a template that is none',
      '401 certificate.malformed',
      issue('nodes', { extensions: '1.3.6.1.4.1.311.21.7 = ASN1:UTF8String:template' }),
    ],
  ])('%s', async (_, outcome, certificate) => {
    expect(await ask(await certificate())).toBe(outcome);
  });

  test.each<[string, readonly string[], () => Promise<OpensslCertificate | undefined>]>([
    ['the right template from another trusted authority', ['certificate.authority'], issue('lab', microsoft)],
    [
      'another template',
      ['certificate.template_id'],
      issue('nodes', { extensions: '1.3.6.1.4.1.311.21.7 = ASN1:SEQUENCE:other' }),
    ],
    ['no template', ['certificate.template_id', 'certificate.template_major_version'], issue('nodes', {})],
    ['another unit', ['certificate.subject_ou'], issue('nodes', { ...microsoft, subject: '/O=Acme/OU=Offices/CN=x' })],
    [
      'a unit inside the common name',
      ['certificate.subject_ou'],
      issue('nodes', { ...microsoft, subject: '/O=Acme/CN=x,OU=Build Nodes' }),
    ],
    [
      'issued weeks ago',
      ['certificate.age'],
      issue('nodes', { ...microsoft, notBefore: at(-9 * DAY), notAfter: at(DAY) }),
    ],
    ['valid for a year', ['certificate.lifetime'], issue('nodes', { ...microsoft, notAfter: at(365 * DAY) })],
  ])('%s', async (_, claims, certificate) => {
    const shown = await certificate();
    expect(await denial(shown)).toEqual(claims);
    expect(await ask(shown)).toBe('403 policy.denied');
  });

  test('no certificate at all', async () => {
    expect(await ask()).toBe('403 policy.denied');
  });
});

describe('a forwarded certificate counts from listed proxies alone:', () => {
  test.each<[string, string, () => Promise<Way>]>([
    [
      'forged on the public listener',
      '403 certificate.forwarded',
      async () => ({ headers: { 'client-cert': field(await authorities.nodes.issue(microsoft)) } }),
    ],
    [
      'from a proxy that is not on the list',
      '403 certificate.forwarded',
      async () => ({
        proxy: proxyOf('lb2.acme.example'),
        headers: { 'client-cert': field(await authorities.nodes.issue(microsoft)) },
      }),
    ],
    [
      'revoked',
      '401 certificate.revoked',
      () => Promise.resolve({ proxy: proxyOf('lb.acme.example'), headers: { 'client-cert': field(revoked) } }),
    ],
    [
      'in URL-encoded PEM',
      '403 certificate.forwarded',
      () =>
        Promise.resolve({
          proxy: proxyOf('lb.acme.example'),
          headers: { 'client-cert': encodeURIComponent(revoked.cert) },
        }),
    ],
  ])('%s', async (_, outcome, way) => {
    expect(await ask(undefined, await way())).toBe(outcome);
  });

  test('a node is no proxy', async () => {
    const node = await authorities.nodes.issue(microsoft);
    await expect(ask(undefined, { proxy: node, headers: { 'client-cert': field(node) } })).rejects.toThrow(
      /ECONNRESET|alert|socket|EPIPE/i,
    );
  });
});
