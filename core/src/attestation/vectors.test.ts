import { createPrivateKey, type JsonWebKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { preAuthenticationEncoding } from '../encoding/pae.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import { parseEnvelope, signEnvelope, verifyEnvelope, type Envelope } from './dsse.ts';
import { importOneUseKey, isEs256Signature, jwkThumbprint, signEs256, type OneUseJwk } from './one-use-key.ts';
import { isRequestId, requestId, shortRequestId } from './request-id.ts';
import { signRequest, verifyRequestSignature, type RequestSignatureFields } from './request-signature.ts';
import { parseSigningRequest } from './statement.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../docs/spec/vectors/${name}`, import.meta.url), 'utf8'));

type PrivateJwk = OneUseJwk & JsonWebKey;

const publicPart = ({ kty, crv, x, y }: PrivateJwk): OneUseJwk => ({ kty, crv, x, y });

describe('request-id.json', () => {
  const vectors = read('request-id.json') as {
    server: string;
    accepted: { name: string; payload: string; requestId: string; shortId: string; requestUrl: string }[];
    notRequestIds: { name: string; text: string }[];
  };

  test.each(vectors.accepted)('$name', (vector) => {
    const id = requestId(utf8(vector.payload));
    expect(id).toBe(vector.requestId);
    expect(isRequestId(id)).toBe(true);
    expect(shortRequestId(id)).toBe(vector.shortId);
    expect(`${vectors.server}/v1/signing-requests/${id}`).toBe(vector.requestUrl);
    expect(parseSigningRequest(utf8(vector.payload)).server).toBe(vectors.server);
  });

  test.each(vectors.notRequestIds)('refuses $name', ({ text }) => {
    expect(isRequestId(text)).toBe(false);
  });
});

describe('envelope.json', () => {
  const vectors = read('envelope.json') as {
    privateKey: PrivateJwk;
    keyid: string;
    payloadType: string;
    payload: string;
    preAuthenticationEncodingSha256: string;
    requestId: string;
    envelope: Envelope;
    refused: { name: string; code: string; envelope: unknown }[];
  };
  const publicKey = importOneUseKey(publicPart(vectors.privateKey));
  const payload = utf8(vectors.payload);
  const open = (envelope: unknown): Uint8Array =>
    verifyEnvelope(parseEnvelope(envelope), vectors.payloadType, (encoding, signature) =>
      isEs256Signature(publicKey, encoding, signature),
    );

  test('the envelope opens to the payload', () => {
    expect(open(vectors.envelope)).toEqual(payload);
    expect(requestId(open(vectors.envelope))).toBe(vectors.requestId);
    expect(sha256Hex(preAuthenticationEncoding(vectors.payloadType, payload))).toBe(
      vectors.preAuthenticationEncodingSha256,
    );
    expect(jwkThumbprint(publicPart(vectors.privateKey))).toBe(vectors.keyid);
  });

  test('the statement inside names the key that signed it', () => {
    expect(parseSigningRequest(payload).key).toEqual(publicPart(vectors.privateKey));
  });

  test('an envelope that is made anew differs in its signature alone', async () => {
    const key = createPrivateKey({ key: vectors.privateKey, format: 'jwk' });
    const made = await signEnvelope(vectors.payloadType, payload, vectors.keyid, (encoding) =>
      Promise.resolve(signEs256(key, encoding)),
    );
    expect(open(made)).toEqual(payload);
    const [{ sig }] = made.signatures;
    expect(made).toEqual({ ...vectors.envelope, signatures: [{ keyid: vectors.keyid, sig }] });
  });

  test.each(vectors.refused)('refuses $name', ({ envelope, code }) => {
    expect(codeOf(() => open(envelope))).toBe(code);
  });
});

describe('request-signature.json', () => {
  interface Case {
    readonly name: string;
    readonly method: string;
    readonly targetUri: string;
    readonly body: string;
    readonly created: number;
    readonly fields: Partial<RequestSignatureFields>;
    readonly signatureBase: string;
    readonly now?: number;
  }
  const vectors = read('request-signature.json') as {
    privateKey: PrivateJwk;
    keyid: string;
    accepted: Case[];
    refused: { name: string; code: string; change: Partial<Case> }[];
  };
  const publicKey = importOneUseKey(publicPart(vectors.privateKey));
  const check = ({ fields, now, created, method, targetUri, body }: Case): void =>
    verifyRequestSignature({
      method,
      targetUri,
      body: utf8(body),
      headers: {
        contentDigest: fields['content-digest'],
        signatureInput: fields['signature-input'],
        signature: fields.signature,
      },
      publicKey,
      keyId: vectors.keyid,
      now: new Date((now ?? created) * 1000),
    });

  test.each(vectors.accepted)('$name', (vector) => {
    check(vector);
    check({ ...vector, now: vector.created + 300 });
    check({ ...vector, now: vector.created - 300 });
    const signature = /:(.*):/.exec(vector.fields.signature ?? '')?.[1] ?? '';
    expect(isEs256Signature(publicKey, utf8(vector.signatureBase), Buffer.from(signature, 'base64'))).toBe(true);
  });

  test.each(vectors.accepted)('$name, made anew, differs in its signature alone', (vector) => {
    const key = createPrivateKey({ key: vectors.privateKey, format: 'jwk' });
    const made = signRequest({ ...vector, body: utf8(vector.body), key, keyId: vectors.keyid });
    expect({ ...made, signature: '' }).toEqual({ ...vector.fields, signature: '' });
    check({ ...vector, fields: made });
  });

  test.each(vectors.refused)('refuses $name', ({ change, code }) => {
    expect(codeOf(() => check({ ...(vectors.accepted[0] as Case), ...change }))).toBe(code);
  });
});

describe('the examples of the specification are the vectors', () => {
  const page = (name: string): string => readFileSync(new URL(`../../../docs/spec/${name}`, import.meta.url), 'utf8');
  const { payload, envelope } = read('envelope.json') as { payload: string; envelope: Envelope };

  test('signing-request.md', () => {
    const text = page('signing-request.md');
    const [statement = '', submission = ''] = [...text.matchAll(/```json\n(.*?)```/gs)].map((match) => match[1] ?? '');
    expect(JSON.parse(statement)).toEqual(JSON.parse(payload));
    const example = JSON.parse(submission) as { envelope: Envelope };
    expect(example.envelope.signatures).toEqual(envelope.signatures);
    expect(envelope.payload.startsWith(example.envelope.payload.slice(0, -1))).toBe(true);
  });

  test('request-id-and-audience.md', () => {
    const { accepted } = read('request-id.json') as {
      accepted: { requestId: string; shortId: string; requestUrl: string }[];
    };
    const [first] = accepted;
    const text = page('request-id-and-audience.md');
    expect(text).toContain(
      `request id  ${first?.requestId}\nshown as    ${first?.shortId}\naudience    ${first?.requestUrl}\n`,
    );
  });

  test('request-signature.md', () => {
    const { accepted } = read('request-signature.json') as {
      accepted: { fields: RequestSignatureFields; signatureBase: string }[];
    };
    const text = page('request-signature.md');
    expect(text).toContain(accepted[1]?.signatureBase);
    for (const value of Object.values(accepted[1]?.fields ?? {})) expect(text).toContain(`: ${value}\n`);
  });
});
