import { describe, expect, test } from 'vitest';
import {
  CERTIFICATE_CLAIMS,
  certificateClaims,
  checkCertificateConditions,
  type CertificateFacts,
} from './client-certificate.ts';
import type { ConditionView } from './platform.ts';

const now = new Date('2026-11-22T09:00:00.000Z');
const facts: CertificateFacts = {
  subject: 'CN=build-07,OU=Build Nodes,O=Acme',
  issuer: 'CN=Acme Nodes CA,O=Acme',
  commonName: 'build-07',
  organizationalUnits: ['Build Nodes'],
  issuerKeySha256: 'aa',
  keySha256: 'bb',
  dnsNames: ['build-07.acme.example'],
  uris: ['spiffe://acme.example/build'],
  addresses: ['10.0.0.7'],
  extendedKeyUsages: ['1.3.6.1.5.5.7.3.2'],
  template: { id: '1.2.3.4', majorVersion: 100, minorVersion: 7 },
  templateName: 'Machine',
  serial: '9a0b',
  notBefore: new Date('2026-11-22T08:00:00.000Z'),
  notAfter: new Date('2026-11-24T08:00:00.000Z'),
};

test('every claim has a schema, and a value of its type', () => {
  const claims = certificateClaims(facts, 'build-nodes', now);
  expect(Object.keys(claims).sort()).toEqual(CERTIFICATE_CLAIMS.map(({ name }) => `certificate.${name}`).sort());
  for (const { name, type } of CERTIFICATE_CLAIMS) {
    const value = claims[`certificate.${name}`];
    const actual = Array.isArray(value) ? 'list' : typeof value === 'number' ? 'integer' : typeof value;
    expect([name, actual]).toEqual([name, type]);
  }
});

test('what the certificate does not say is left out', () => {
  const { commonName: _c, template: _t, templateName: _n, ...rest } = facts;
  const bare = { ...rest, subject: '', organizationalUnits: [], dnsNames: [], uris: [], addresses: [] };
  const left = ['age', 'authority', 'eku', 'issuer', 'issuer_key_sha256', 'key_sha256', 'lifetime', 'serial'];
  const names = left.map((name) => `certificate.${name}`);
  expect(Object.keys(certificateClaims(bare, 'build-nodes', now)).sort()).toEqual(names);
});

test('fractions of a second never help to pass a bound', () => {
  const claims = certificateClaims(facts, 'build-nodes', new Date(now.getTime() + 1));
  expect(claims).toMatchObject({ 'certificate.age': 3601, 'certificate.lifetime': 172_800 });
});

describe('a rule on client certificates', () => {
  const check = (...conditions: readonly ConditionView[]) =>
    checkCertificateConditions({ conditions, hasConnector: false, isAddressBound: false }).map(
      ({ claim, message }) => ({
        claim,
        message,
      }),
    );
  const authority = { claim: 'certificate.authority', operator: 'is', expected: 'build-nodes' };
  const template = { claim: 'certificate.template_id', operator: 'is', expected: '1.2.3.4' };

  test('names its authority', () => {
    expect(check(authority, template)).toEqual([]);
    expect(check({ ...authority, operator: 'in', expected: ['a', 'b'] }, template)).toEqual([]);
    expect(check(authority)).toEqual([]);
  });

  test.each<[string, ConditionView[]]>([
    ['no authority', [template]],
    ['a pattern of authorities', [{ ...authority, operator: 'glob', expected: '*' }, template]],
    ['any authority', [{ ...authority, operator: 'absent', expected: false }]],
  ])('does not load with %s', (_, conditions) => {
    expect(check(...conditions)).toEqual([
      { claim: undefined, message: 'the rule does not say which authority the client certificate must come from' },
    ]);
  });

  test.each(['subject', 'issuer'])('does not load with a pattern over %s', (name) => {
    const claim = `certificate.${name}`;
    expect(check(authority, { claim, operator: 'glob', expected: 'CN=*,OU=Build Nodes,O=Acme' })).toEqual([
      { claim, message: `a pattern over ${claim} could be satisfied by a comma inside one value` },
    ]);
    expect(check(authority, { claim, operator: 'is', expected: facts.subject })).toEqual([]);
  });

  test('may ask for no certificate, and say nothing of certificates', () => {
    expect(check({ ...authority, operator: 'absent', expected: true })).toEqual([]);
    expect(check({ claim: 'github.ref', operator: 'glob', expected: 'refs/tags/v*' })).toEqual([]);
  });
});
