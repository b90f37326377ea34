import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { issueCertificate, makeTestAuthority, makeTestKey, testSubject } from '@originsign/testkit/test-authority';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes } from '../encoding/bytes.ts';
import { isOriginSignError } from '../errors/error.ts';
import { encodeBasicConstraints, encodeKeyUsage, encodeTbsCertificate } from './certificate-builder.ts';
import { parseCertificate, serialText } from './certificate.ts';
import { encodeName } from './name.ts';
import { Oid } from './oids.ts';
import { verifyChain } from './chain.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
const purpose = { at: new Date(), extendedKeyUsage: Oid.codeSigning };
const publisher = authority.codeSigning(makeTestKey('p-256'));

test('reads what the builder wrote', () => {
  const { key, certificate } = publisher;
  const parsed = parseCertificate(certificate);
  expect(parsed.subjectText).toBe('CN=Acme\\, Inc.,O=OriginSign Test');
  expect(parsed.issuerText).toBe('CN=Test Root,O=OriginSign Test');
  expect(Buffer.from(parsed.spki).equals(key.spki)).toBe(true);
  expect(parsed.extendedKeyUsage).toEqual([Oid.codeSigning]);
  expect([...(parsed.keyUsage ?? [])]).toEqual(['digitalSignature']);
  expect(parsed.basicConstraints).toEqual({ isAuthority: false });
  expect(parseCertificate(authority.certificate).basicConstraints).toEqual({ isAuthority: true, pathLength: 0 });
});

test('what the builder wrote, another implementation reads the same', () => {
  const theirs = new X509Certificate(publisher.certificate);
  const ours = parseCertificate(publisher.certificate);
  expect(theirs.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
  expect(theirs.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
  expect(theirs.serialNumber.toLowerCase()).toBe(serialText(ours));
  expect(new Date(theirs.validTo).getTime()).toBe(ours.notAfter.getTime());
  expect(theirs.keyUsage).toEqual([Oid.codeSigning]);
});

test('the roots that Node ships are read as Node reads them', () => {
  for (const text of rootCertificates) {
    const theirs = new X509Certificate(text);
    const ours = parseCertificate(new Uint8Array(theirs.raw));
    expect(ours.notAfter.getTime()).toBe(new Date(theirs.validTo).getTime());
    expect(BigInt(`0x${serialText(ours)}`)).toBe(BigInt(`0x${theirs.serialNumber}`));
    expect(ours.basicConstraints?.isAuthority ?? true).toBe(true);
  }
  expect(rootCertificates.length).toBeGreaterThan(50);
});

test.each([
  ['nine usages', ['digitalSignature', 'decipherOnly'] as const],
  ['one usage', ['keyCertSign'] as const],
])('key usage of %s survives the way through DER', (_, usages) => {
  const subject = testSubject('A', authority.key);
  const tbs = encodeTbsCertificate({
    ...subject,
    subject: encodeName(subject.subject),
    issuer: encodeName(subject.subject),
    issuerKeyType: 'p-256',
    extensions: [encodeKeyUsage(...usages)],
  });
  expect([...(parseCertificate(issueCertificate(tbs, authority.key)).keyUsage ?? [])]).toEqual(usages);
});

test('refuses an extension that is there twice', () => {
  const subject = testSubject('A', authority.key);
  const tbs = encodeTbsCertificate({
    ...subject,
    subject: encodeName(subject.subject),
    issuer: encodeName(subject.subject),
    issuerKeyType: 'p-256',
    extensions: [encodeBasicConstraints(false), encodeBasicConstraints(true)],
  });
  const certificate = issueCertificate(tbs, authority.key);
  expect(() => parseCertificate(certificate)).toThrowError(/an extension twice/);
});

test('refuses bytes behind the certificate and one that is huge', () => {
  const refusal = expect.objectContaining({ code: 'der.malformed' }) as Error;
  expect(() => parseCertificate(concatBytes(publisher.certificate, Uint8Array.of(0)))).toThrowError(refusal);
  expect(() => parseCertificate(new Uint8Array(70_000))).toThrowError(refusal);
});

test('a damaged certificate is refused as ours, or has lost its signature', () => {
  const { certificate } = publisher;
  fc.assert(
    fc.property(fc.nat(certificate.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
      const damaged = Uint8Array.from(certificate);
      damaged[index] = (damaged[index] ?? 0) ^ change;
      expect(() => verifyChain(damaged, [], [authority.certificate], purpose)).toThrowError(
        expect.toSatisfy((error: unknown) => isOriginSignError(error)),
      );
    }),
    { numRuns: 300 },
  );
});
