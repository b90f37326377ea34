import {
  encodeAlternativeNames,
  encodeCertificateTemplate,
  encodeCertificateTemplateName,
  encodeExtension,
  makeCertificateAuthority,
  type NodeCertificateOptions,
} from '@originsign/testkit/certificate-authority';
import { refusalOf } from '@originsign/testkit/error-code';
import { makeTestKey } from '@originsign/testkit/test-authority';
import { describe, expect, test } from 'vitest';
import { derNull, derSequence } from '@originsign/core/encoding/der';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { certificateClaims } from '@originsign/core/platforms/client-certificate';
import {
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
} from '@originsign/core/x509/certificate-builder';
import { Oid } from '@originsign/core/x509/oids';
import {
  createCertificateCheck,
  type CertificateAuthority,
  type PresentedCertificate,
  type VerifiedCertificate,
} from './client-certificate.ts';

const TEMPLATE = '1.3.6.1.4.1.311.21.8.12098447.6180393.14634415.5193281.15236209.141.7654321.1234567';
const now = new Date();
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);
const root = makeCertificateAuthority('Acme Root');
const issuing = root.authority('Acme Nodes CA');
const stranger = makeCertificateAuthority('Acme Root').authority('Acme Nodes CA');
const NONE = { revocation: { kind: 'none' }, allowPrivateAddress: false } as const;
const trusted: CertificateAuthority = { id: 'build-nodes', certificates: [root.certificate], ...NONE };
const clientUse = encodeExtendedKeyUsage(false, Oid.clientAuthentication);
const template = encodeCertificateTemplate(TEMPLATE, 100, 7);

function check(
  leaf: Uint8Array,
  change: { readonly chain?: readonly Uint8Array[]; readonly authorities?: readonly CertificateAuthority[] } = {},
): Promise<VerifiedCertificate> {
  const presented: PresentedCertificate = { leaf, chain: change.chain ?? [issuing.certificate], via: 'tls' };
  const unused = () => Promise.reject(new Error('Nothing may be fetched here.'));
  const authorities = () => change.authorities ?? [trusted];
  return createCertificateCheck({ authorities, fetch: unused, readFile: unused, now: () => now })(presented);
}
const node = (options: NodeCertificateOptions = {}) => issuing.issue(options).certificate;

test('gives what policies may ask', async () => {
  const key = makeTestKey('p-256');
  const leaf = node({
    key,
    serialNumber: Uint8Array.of(0x9a, 0x0b),
    notBefore: later(-2),
    notAfter: later(46),
    more: [
      template,
      encodeCertificateTemplateName('Machine'),
      encodeAlternativeNames({
        dnsNames: ['Build-07.acme.example'],
        uris: ['spiffe://acme.example/build'],
        addresses: [Uint8Array.of(10, 0, 0, 7)],
      }),
    ],
  });
  const verified = await check(leaf);
  expect(verified).toMatchObject({ authority: 'build-nodes', via: 'tls', leaf });
  expect(certificateClaims(verified.facts, verified.authority, now)).toEqual({
    'certificate.authority': 'build-nodes',
    'certificate.subject': 'CN=build-07,OU=Build Nodes,O=Acme',
    'certificate.subject_cn': 'build-07',
    'certificate.subject_ou': ['Build Nodes'],
    'certificate.issuer': 'CN=Acme Nodes CA,O=Acme',
    'certificate.issuer_key_sha256': sha256Hex(issuing.key.spki),
    'certificate.san_dns': ['build-07.acme.example'],
    'certificate.san_uri': ['spiffe://acme.example/build'],
    'certificate.san_ip': ['10.0.0.7'],
    'certificate.eku': [Oid.clientAuthentication],
    'certificate.template_id': TEMPLATE,
    'certificate.template_major_version': 100,
    'certificate.template_minor_version': 7,
    'certificate.template_name': 'Machine',
    // X.509 times have no fractions of seconds.
    'certificate.age': Math.ceil((now.getTime() - Math.floor(later(-2).getTime() / 1000) * 1000) / 1000),
    'certificate.lifetime': 48 * 3600,
    'certificate.serial': '9a0b',
    'certificate.key_sha256': sha256Hex(key.spki),
  });
});

test('says nothing of what the certificate does not say', async () => {
  const { facts } = await check(node({ subject: [] }));
  const claims = certificateClaims(facts, 'build-nodes', now);
  expect(Object.keys(claims).sort()).toEqual([
    'certificate.age',
    'certificate.authority',
    'certificate.eku',
    'certificate.issuer',
    'certificate.issuer_key_sha256',
    'certificate.key_sha256',
    'certificate.lifetime',
    'certificate.serial',
  ]);
});

test('of two common names neither counts', async () => {
  const subject = ['build-07', 'admin'].map((value) => ({ type: 'CN', value }));
  const { facts } = await check(node({ subject }));
  expect(facts.commonName).toBeUndefined();
  expect(facts.subject).toBe('CN=build-07,CN=admin');
});

describe('trust', () => {
  test('an issuing authority alone in its file is trusted as it stands', async () => {
    const alone = { ...trusted, certificates: [issuing.certificate] };
    await expect(check(node(), { chain: [], authorities: [alone] })).resolves.toMatchObject({
      authority: 'build-nodes',
    });
  });

  test('an intermediate in the file need not be sent', async () => {
    const both = { ...trusted, certificates: [issuing.certificate, root.certificate] };
    await expect(check(node(), { chain: [], authorities: [both] })).resolves.toMatchObject({
      authority: 'build-nodes',
    });
  });

  test('each authority vouches for its own', async () => {
    const other = { id: 'others', certificates: [stranger.certificate], ...NONE };
    const authorities = [other, trusted];
    await expect(check(node(), { authorities })).resolves.toMatchObject({ authority: 'build-nodes' });
    await expect(check(stranger.issue().certificate, { authorities })).resolves.toMatchObject({ authority: 'others' });
  });
});

describe('refuses', () => {
  type Case = [string, string, () => Promise<VerifiedCertificate>, RegExp?];
  const expired = root.authority('Acme Nodes CA', { key: issuing.key, notBefore: later(-9), notAfter: later(-1) });
  const unused = { ...trusted, id: 'aaa' };
  test.each<Case>([
    [
      'the right template from another authority',
      'certificate.untrusted',
      () => check(stranger.issue({ more: [template] }).certificate),
    ],
    [
      'the same with its own chain',
      'certificate.untrusted',
      () => check(stranger.issue({ more: [template] }).certificate, { chain: [stranger.certificate] }),
    ],
    ['a certificate without its chain', 'certificate.untrusted', () => check(node(), { chain: [] })],
    [
      'a certificate that signs itself',
      'certificate.untrusted',
      () => check(makeCertificateAuthority('x', { extensions: [clientUse] }).certificate),
    ],
    ['an expired one', 'certificate.expired', () => check(node({ notBefore: later(-9), notAfter: later(-1) }))],
    ['one that is not valid yet', 'certificate.expired', () => check(node({ notBefore: later(1) }))],
    ['an expired authority above it', 'certificate.expired', () => check(node(), { chain: [expired.certificate] })],
    [
      'a server certificate',
      'certificate.usage',
      () => check(node({ extensions: [encodeExtendedKeyUsage(false, '1.3.6.1.5.5.7.3.1')] })),
    ],
    [
      'one for any use',
      'certificate.usage',
      () => check(node({ extensions: [encodeExtendedKeyUsage(false, Oid.anyExtendedKeyUsage)] })),
    ],
    ['one without uses', 'certificate.usage', () => check(node({ extensions: [encodeKeyUsage('digitalSignature')] }))],
    [
      'a key that signs nothing',
      'certificate.usage',
      () => check(node({ extensions: [encodeKeyUsage('keyEncipherment'), clientUse] })),
    ],
    [
      'an authority as node',
      'certificate.usage',
      () => check(node({ extensions: [encodeBasicConstraints(true), clientUse] })),
    ],
    [
      'an authority for servers above it',
      'certificate.usage',
      () => {
        const extensions = [encodeBasicConstraints(true), encodeExtendedKeyUsage(false, '1.3.6.1.5.5.7.3.1')];
        const servers = root.authority('Acme Servers CA', { extensions });
        return check(servers.issue().certificate, { chain: [servers.certificate] });
      },
    ],
    [
      'a node that issues certificates',
      'certificate.untrusted',
      () => {
        const rogue = issuing.authority('Rogue', { extensions: [encodeBasicConstraints(false), clientUse] });
        return check(rogue.issue().certificate, { chain: [rogue.certificate, issuing.certificate] });
      },
    ],
    [
      'a path longer than allowed',
      'certificate.untrusted',
      () => {
        const short = makeCertificateAuthority('Short', { extensions: [encodeBasicConstraints(true, 0)] });
        const below = short.authority('Below');
        const authorities = [{ ...trusted, certificates: [short.certificate] }];
        return check(below.issue().certificate, { chain: [below.certificate], authorities });
      },
    ],
    [
      'a critical extension that nobody knows',
      'certificate.untrusted',
      () => check(node({ more: [encodeExtension('1.2.3.4', true, derNull())] })),
    ],
    ['an extension twice', 'certificate.malformed', () => check(node({ more: [clientUse] })), /an extension twice/],
    [
      'two templates',
      'certificate.malformed',
      () => check(node({ more: [template, encodeCertificateTemplate('1.2.3', 1)] })),
      /an extension twice/,
    ],
    [
      'a template that is none',
      'certificate.malformed',
      () => check(node({ more: [encodeExtension(Oid.certificateTemplate, false, derSequence())] })),
    ],
    [
      'a template name that is none',
      'certificate.malformed',
      () => check(node({ more: [encodeExtension(Oid.certificateTemplateName, false, derNull())] })),
    ],
    [
      'an alternative name with a NUL',
      'certificate.malformed',
      () => check(node({ more: [encodeAlternativeNames({ dnsNames: ['build-07\0.evil.example'] })] })),
    ],
    [
      'a template name with a line break',
      'certificate.malformed',
      () => check(node({ more: [encodeCertificateTemplateName('a\nb')] })),
    ],
    [
      'a subject with a line break',
      'certificate.malformed',
      () => check(node({ subject: [{ type: 'CN', value: 'a\nb' }] })),
    ],
    ['a subject with a NUL', 'certificate.malformed', () => check(node({ subject: [{ type: 'OU', value: 'a\0' }] }))],
    [
      'a subject with a direction override',
      'certificate.malformed',
      () => check(node({ subject: [{ type: 'CN', value: '\u202ea' }] })),
    ],
    [
      'a subject too long',
      'certificate.malformed',
      () => check(node({ subject: [{ type: 'CN', value: 'a'.repeat(3000) }] })),
    ],
    ['a certificate too large', 'certificate.malformed', () => check(new Uint8Array(17_000)), /too large/],
    [
      'a chain too long',
      'certificate.malformed',
      () => check(node(), { chain: Array(11).fill(issuing.certificate) }),
      /too large/,
    ],
    ['what is no certificate', 'certificate.malformed', () => check(new Uint8Array(9))],
    ['everything where there is no authority', 'certificate.untrusted', () => check(node(), { authorities: [] })],
    [
      'a certificate of two trusted build systems',
      'certificate.untrusted',
      () => check(node(), { authorities: [unused, trusted] }),
      /leads to aaa and build-nodes/,
    ],
  ])('%s', async (_, code, call, reason) => {
    const refusal = await refusalOf(call);
    expect(refusal.code).toBe(code);
    if (reason !== undefined) expect(refusal.message).toMatch(reason);
  });

  test('with the reason that is nearest to success', async () => {
    const leaf = stranger.issue({ notBefore: later(-9), notAfter: later(-1) }).certificate;
    const other = { id: 'others', certificates: [stranger.certificate], ...NONE };
    const refusal = await refusalOf(() => check(leaf, { authorities: [trusted, other] }));
    expect(refusal.message).toMatch(/CN=build-07,OU=Build Nodes,O=Acme is valid from/);
  });
});
