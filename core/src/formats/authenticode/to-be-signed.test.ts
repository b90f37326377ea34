import { makeTestAuthority, makeTestKey } from '@originsign/testkit/test-authority';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import { encodeHex } from '../../encoding/hex.ts';
import { readDer } from '../../encoding/der-reader.ts';
import { readAttributes } from '../../x509/cms-attributes.ts';
import { Oid } from '../../x509/oids.ts';
import type { BuildContext } from '../format.ts';
import { signingKey } from '../sign-file.test.fixture.ts';
import { authenticodePe } from '../authenticode-pe/authenticode-pe.ts';
import { SpcOid } from './spc.ts';

const authority = makeTestAuthority(makeTestKey('p-256'));
const key = signingKey(authority.codeSigning(makeTestKey('p-256')));
const coveredDigest: CoveredDigest = { algorithm: 'authenticodeSha256', value: 'ab'.repeat(32) };
const context: BuildContext = { coveredDigest, inputs: {}, options: {}, key, signingTime: new Date(0) };

describe('the server refuses', () => {
  const sha256Named = { algorithm: 'sha256', value: 'ab'.repeat(32) } as const;
  test.each<[string, CoveredDigest, JsonObject, JsonObject, string]>([
    ['the digest of a file', sha256Named, {}, {}, 'statement.digest'],
    ['a digest in upper case', { ...coveredDigest, value: 'AB'.repeat(32) }, {}, {}, 'statement.digest'],
    ['a digest too short', { ...coveredDigest, value: 'ab'.repeat(31) }, {}, {}, 'statement.digest'],
    ['a digest too long', { ...coveredDigest, value: 'ab'.repeat(33) }, {}, {}, 'statement.digest'],
    ['inputs', coveredDigest, { signedAttributes: 'AAAA' }, {}, 'statement.inputs'],
    ['options', coveredDigest, {}, { programName: 'Evil' }, 'statement.options'],
  ])('%s', (_, digest, inputs, options, code) => {
    expect(() => {
      authenticodePe.checkInputs(digest, inputs, options);
    }).toThrowError(expect.objectContaining({ code }));
  });

  test.each<[string, Partial<BuildContext>, string]>([
    ['a key of another type', { key: { ...key, type: 'ed25519' } }, 'format.key_type'],
    ['a key without a certificate', { key: { ...key, certificates: [] } }, 'key.certificate'],
    ['a certificate of another key', { key: { ...key, certificates: [authority.certificate] } }, 'key.certificate'],
    ['a program URL with spaces', { programUrl: 'https://acme.example/a b' }, 'config.invalid'],
  ])('%s', (_, change, code) => {
    expect(() => authenticodePe.toBeSigned({ ...context, ...change })).toThrowError(expect.objectContaining({ code }));
  });
});

test('what is signed says that it is Authenticode, and shows the name of the policy', () => {
  const { toBeSigned } = authenticodePe.toBeSigned({ ...context, programName: 'Añ', programUrl: 'https://a.example/' });
  if (toBeSigned.kind !== 'message') throw new Error('Expected a message.');
  const attributes = readAttributes(readDer(toBeSigned.bytes).contents);
  expect([...attributes.keys()].sort()).toEqual(
    [Oid.contentType, Oid.messageDigest, SpcOid.statementType, SpcOid.opusInfo].sort(),
  );
  expect(encodeHex(attributes.get(SpcOid.opusInfo)?.raw ?? new Uint8Array())).toBe(
    `301e${'a0068004004100f1'}${'a1148012'}${Buffer.from('https://a.example/').toString('hex')}`,
  );
});

test('the same request gives the same bytes', () => {
  expect(authenticodePe.toBeSigned(context)).toEqual(
    authenticodePe.toBeSigned({ ...context, signingTime: new Date() }),
  );
});
