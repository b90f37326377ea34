import { makeTestAuthority, makeTestKey, testSubject, type TestCertificate } from '@originsign/testkit/test-authority';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { preAuthenticationEncoding } from '../encoding/pae.ts';
import { encodeCertificate } from '../x509/certificate-builder.ts';
import { encodeRootTbs } from '../x509/certificate-profiles.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { encodeContentAttributes, encodeSignedAttributes } from '../x509/cms-attributes.ts';
import { Oid } from '../x509/oids.ts';
import { readSignatureScheme, verifiesWithScheme } from '../x509/signature-algorithm.ts';
import { verifySignature } from '../x509/signature.ts';
import { cmsDetached } from './cms-detached/cms-detached.ts';
import { authenticodeCab } from './authenticode-cab/authenticode-cab.ts';
import { authenticodePe } from './authenticode-pe/authenticode-pe.ts';
import { bytesSource } from './bytes-source.ts';
import { linuxModule } from './linux-module/linux-module.ts';
import { minisign } from './minisign/minisign.ts';
import { besideReader, signFile, signingKey } from './sign-file.test.fixture.ts';
import { raw } from './raw/raw.ts';

/*
 * A raw signature is over whatever bytes its file has. These tests show that the structures of the other formats can be such files, so
 * that nothing but the purpose of a key keeps a raw signature from being one of theirs: the reason for that rule, kept alive.
 */
const authority = makeTestAuthority(makeTestKey('p-256'));
const key = makeTestKey('p-256');
const publisher: TestCertificate = authority.codeSigning(key);
const victim = utf8('a file that nobody approved');
const context = { inputs: {}, options: {}, key: signingKey(publisher), signingTime: new Date() };
const digest = async () => (await cmsDetached.digest(bytesSource(victim), {})).coveredDigest;

async function rawSignatureOver(structure: Uint8Array): Promise<Uint8Array> {
  return (await signFile(raw, structure, { key })).signature;
}

describe('under one and the same key, a raw signature over', () => {
  test('the signed attributes of CMS is a CMS signature', async () => {
    const { toBeSigned, structure } = cmsDetached.toBeSigned({ ...context, coveredDigest: await digest() });
    if (toBeSigned.kind !== 'message') throw new Error('Expected a message.');
    const signature = await rawSignatureOver(toBeSigned.bytes);
    const block = cmsDetached.assemble(structure, context.key, signature, undefined);
    const beside = besideReader({ beside: new Map([['.p7s', block]]) });
    await expect(cmsDetached.verify(bytesSource(victim), beside)).resolves.toBeDefined();
  });

  test.each([
    [
      'the signed attributes of Authenticode',
      encodeSignedAttributes(encodeContentAttributes(Oid.data, new Uint8Array(32))),
    ],
    ['the encoding that DSSE signs', preAuthenticationEncoding('application/vnd.in-toto+json', utf8('{}'))],
    [
      'a checkpoint of the log',
      utf8('sign.acme.example/log\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'),
    ],
  ])('%s is a signature of that structure', async (_, structure) => {
    const signature = await rawSignatureOver(structure);
    expect(verifySignature(key.spki, { kind: 'message', bytes: structure }, signature)).toBe(true);
  });

  test('a TBSCertificate makes a certificate', async () => {
    const tbs = encodeRootTbs(testSubject('Forged Root', key), 'p-256');
    const forged = parseCertificate(encodeCertificate(tbs, 'p-256', await rawSignatureOver(tbs)));
    const scheme = readSignatureScheme(forged.signatureAlgorithm);
    expect(verifiesWithScheme(key.spki, scheme, forged.tbs, forged.signature)).toBe(true);
  });
});

test('so what signs any bytes has a purpose of its own, which no other format has, and carries no certificate', () => {
  expect(raw.purpose).toBe('raw');
  for (const { purpose } of [authenticodePe, authenticodeCab, cmsDetached]) expect(purpose).not.toBe('raw');
  // These sign what a client can choose freely, and so belong to its family.
  for (const { purpose, certificate } of [raw, linuxModule, minisign]) {
    expect({ purpose, certificate }).toEqual({ purpose: 'raw', certificate: false });
  }
});

test('no other format lets a client choose the bytes that are signed', async () => {
  const chosen = preAuthenticationEncoding('application/vnd.in-toto+json', victim);
  for (const format of [cmsDetached, authenticodePe, authenticodeCab]) {
    const coveredDigest = { algorithm: format.coveredDigest, value: (await digest()).value };
    const { toBeSigned } = format.toBeSigned({ ...context, coveredDigest });
    expect(toBeSigned.kind).toBe('message');
    // A SET of attributes begins with 0x31: neither text, nor a SEQUENCE as certificates are, nor "DSSEv1".
    expect(toBeSigned.kind === 'message' && toBeSigned.bytes[0]).toBe(0x31);
    expect(chosen[0]).not.toBe(0x31);
    expect(() => {
      format.checkInputs(coveredDigest, { content: 'AAAA' }, {});
    }).toThrowError(expect.objectContaining({ code: 'statement.inputs' }));
  }
});
