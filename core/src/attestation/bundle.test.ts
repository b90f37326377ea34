import { generateKeyPairSync, sign } from 'node:crypto';
import { bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { sha256 } from '../encoding/sha256.ts';
import { bundleJson, parseBundle, type Bundle } from './bundle.ts';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE } from './dsse.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const der = (bytes: Uint8Array): Promise<Uint8Array> =>
  Promise.resolve(new Uint8Array(sign('sha256', bytes, privateKey)));

const artifact = utf8('an artifact');
const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, utf8('{"_type":"x"}'), undefined, der);
const ENVELOPE: Bundle = {
  signer: { keyHint: 'provenance-2026' },
  content: { kind: 'envelope', envelope },
  timestamps: [],
};
const MESSAGE: Bundle = {
  signer: { keyHint: 'acme-raw' },
  content: { kind: 'message', sha256: sha256(artifact), signature: await der(artifact) },
  timestamps: [],
};

describe('another implementation', () => {
  const verifier = new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey, validFor: () => true }),
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
  const verify = (bundle: unknown, file?: Uint8Array): unknown =>
    verifier.verify(toSignedEntity(bundleFromJSON(bundle), file === undefined ? undefined : Buffer.from(file)));

  test('verifies an envelope and refuses it with another payload', () => {
    const bundle = bundleFromJSON(bundleJson(ENVELOPE));
    expect([isBundleWithDsseEnvelope(bundle), isBundleWithPublicKey(bundle)]).toEqual([true, true]);
    expect(() => verify(bundleJson(ENVELOPE))).not.toThrow();
    const edited = { ...envelope, payload: Buffer.from('{"_type":"y"}').toString('base64') };
    expect(() => verify(bundleJson({ ...ENVELOPE, content: { kind: 'envelope', envelope: edited } }))).toThrow(
      /signature verification failed/,
    );
  });

  test('verifies a signature over a file and refuses another file', () => {
    expect(() => verify(bundleJson(MESSAGE), artifact)).not.toThrow();
    expect(() => verify(bundleJson(MESSAGE), utf8('another artifact'))).toThrow(/signature verification failed/);
  });

  test('reads certificates and timestamps', () => {
    const bundle: Bundle = { ...MESSAGE, signer: { certificate: utf8('DER') }, timestamps: [utf8('one'), utf8('two')] };
    const { verificationMaterial } = bundleFromJSON(bundleJson(bundle));
    expect(verificationMaterial.content).toEqual({
      $case: 'certificate',
      certificate: { rawBytes: Buffer.from('DER') },
    });
    expect(verificationMaterial.timestampVerificationData?.rfc3161Timestamps).toEqual([
      { signedTimestamp: Buffer.from('one') },
      { signedTimestamp: Buffer.from('two') },
    ]);
  });
});

test.each<readonly [string, Bundle]>([
  ['an envelope', ENVELOPE],
  ['a message signature', MESSAGE],
  ['a certificate', { ...ENVELOPE, signer: { certificate: utf8('DER') } }],
  ['timestamps', { ...MESSAGE, timestamps: [utf8('one'), utf8('two')] }],
])('%s is read back', (_, bundle) => {
  expect(parseBundle(JSON.stringify(bundleJson(bundle)))).toEqual(bundle);
});

type Document = Record<string, Record<string, unknown>>;

describe('refuses', () => {
  const material = (change: Record<string, unknown>) => (document: Document) => {
    Object.assign(document['verificationMaterial'] ?? {}, change);
  };
  test.each<readonly [string, (document: Document) => void]>([
    [
      'another version',
      (document) => Object.assign(document, { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' }),
    ],
    ['an unknown member', (document) => Object.assign(document, { extra: {} })],
    ['no content', (document) => void delete document['dsseEnvelope']],
    ['two contents', (document) => Object.assign(document, { messageSignature: {} })],
    ['no signer', (document) => void delete document['verificationMaterial']?.['publicKey']],
    ['two signers', material({ certificate: { rawBytes: 'AA==' } })],
    ['a chain of certificates', material({ x509CertificateChain: { certificates: [] } })],
    ['an entry of a Rekor log', material({ tlogEntries: [{}] })],
    [
      'nine timestamps',
      material({ timestampVerificationData: { rfc3161Timestamps: Array(9).fill({ signedTimestamp: 'AA==' }) } }),
    ],
    [
      'a timestamp in base64url',
      material({ timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: '-_A=' }] } }),
    ],
    ['an empty hint', material({ publicKey: { hint: '' } })],
    [
      'a certificate in another spelling',
      (document) => {
        document['verificationMaterial'] = { certificate: { rawBytes: 'AB==' } };
      },
    ],
  ])('%s', (_, change) => {
    const document = JSON.parse(JSON.stringify(bundleJson(ENVELOPE))) as Document;
    change(document);
    expect(codeOf(() => parseBundle(JSON.stringify(document)))).toBe('bundle.malformed');
  });

  test.each([
    ['another digest', { messageDigest: { algorithm: 'SHA2_512', digest: 'AA==' }, signature: 'AA==' }],
    ['a digest that is short', { messageDigest: { algorithm: 'SHA2_256', digest: 'AA==' }, signature: 'AA==' }],
    ['no signature', { messageDigest: { algorithm: 'SHA2_256', digest: 'AA==' } }],
  ])('a message signature with %s', (_, messageSignature) => {
    const { mediaType, verificationMaterial } = bundleJson(MESSAGE);
    const text = JSON.stringify({ mediaType, verificationMaterial, messageSignature });
    expect(codeOf(() => parseBundle(text))).toBe('bundle.malformed');
  });

  test('two signatures in the envelope, and a member twice', () => {
    const document = bundleJson(ENVELOPE);
    const [signature] = envelope.signatures;
    const two = { ...document, dsseEnvelope: { ...envelope, signatures: [signature, signature] } };
    expect(codeOf(() => parseBundle(JSON.stringify(two)))).toBe('envelope.malformed');
    expect(codeOf(() => parseBundle('{"mediaType":"a","mediaType":"b"}'))).toBe('json.duplicate_key');
  });
});
