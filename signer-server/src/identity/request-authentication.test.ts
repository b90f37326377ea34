import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE, type Envelope } from '@originsign/core/attestation/dsse';
import { jwkThumbprint, oneUseJwk, signEs256, type OneUseJwk } from '@originsign/core/attestation/one-use-key';
import { requestId } from '@originsign/core/attestation/request-id';
import { signRequest } from '@originsign/core/attestation/request-signature';
import { encodeSigningRequest, type SigningRequestStatement } from '@originsign/core/attestation/statement';
import { utf8 } from '@originsign/core/encoding/bytes';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import {
  authenticateCall,
  authenticateRequest,
  type AuthenticatedRequest,
  type ReceivedCall,
} from './request-authentication.ts';

const SERVER = 'https://sign.acme.example';
const PATH = '/v1/signing-requests';
const NOW = new Date('2026-11-22T09:00:00Z');

interface Key {
  readonly privateKey: KeyObject;
  readonly jwk: OneUseJwk;
}

const newKey = (): Key => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, jwk: oneUseJwk(publicKey) };
};

const KEY = newKey();
const STRANGER = newKey();

const statement = (change: Partial<SigningRequestStatement> = {}): SigningRequestStatement => ({
  subjects: [{ name: 'app.tar.gz', coveredDigest: { algorithm: 'sha256', value: 'a'.repeat(64) } }],
  server: SERVER,
  project: 'acme-app',
  policy: 'release',
  key: KEY.jwk,
  artifacts: [{ format: 'raw', inputs: {}, options: {}, claimed: { sha256: 'a'.repeat(64), size: 1 } }],
  ...change,
});

const envelopeOf = (of: SigningRequestStatement, key: Key = KEY): Promise<Envelope> =>
  signEnvelope(STATEMENT_PAYLOAD_TYPE, encodeSigningRequest(of), undefined, (encoding) =>
    Promise.resolve(signEs256(key.privateKey, encoding)),
  );

interface CallOptions {
  readonly key?: Key;
  readonly server?: string;
  readonly path?: string;
  readonly method?: string;
  readonly created?: number;
}

/** A call as a client makes it: signed for the server that the client is configured with. */
function call(body: unknown, options: CallOptions = {}): ReceivedCall {
  const { key = KEY, server = SERVER, path = PATH, method = 'POST', created = NOW.getTime() / 1000 } = options;
  const bytes = body === undefined ? new Uint8Array() : utf8(JSON.stringify(body));
  const fields = signRequest({
    method,
    targetUri: `${server}${path}`,
    body: bytes,
    created,
    key: key.privateKey,
    keyId: jwkThumbprint(key.jwk),
  });
  return {
    method,
    path,
    body: bytes,
    signature: {
      contentDigest: fields['content-digest'],
      signatureInput: fields['signature-input'],
      signature: fields.signature,
    },
  };
}

const authenticate = (received: ReceivedCall, envelope: unknown): AuthenticatedRequest =>
  authenticateRequest(received, envelope, { url: SERVER, now: NOW });

const ENVELOPE = await envelopeOf(statement());
const SUBMISSION = { envelope: ENVELOPE, tokens: { ci: 'a.b.c' } };

test('accepts a request by the holder of its key and names it', () => {
  const request = authenticate(call(SUBMISSION), ENVELOPE);
  expect(request.id).toBe(requestId(encodeSigningRequest(statement())));
  expect(request.statement).toEqual(statement());
  expect(request.keyThumbprint).toBe(jwkThumbprint(KEY.jwk));
});

describe('refuses', () => {
  test('an envelope that another key signed', async () => {
    const envelope = await envelopeOf(statement(), STRANGER);
    expect(codeOf(() => authenticate(call({ envelope }), envelope))).toBe('envelope.signature');
  });

  test('the envelope of somebody else in a call of one’s own', () => {
    expect(codeOf(() => authenticate(call(SUBMISSION, { key: STRANGER }), ENVELOPE))).toBe('request.signature');
  });

  test('an edited body: a second token swapped, an envelope exchanged', () => {
    const received = call(SUBMISSION);
    const edited = { ...received, body: utf8(JSON.stringify({ ...SUBMISSION, tokens: { ci: 'd.e.f' } })) };
    expect(codeOf(() => authenticate(edited, ENVELOPE))).toBe('request.signature');
  });

  test('a call that was signed for another server, path or method', () => {
    const sentTo = (options: CallOptions, change: Partial<ReceivedCall> = {}): string =>
      codeOf(() => authenticate({ ...call(SUBMISSION, options), ...change }, ENVELOPE));
    expect(sentTo({ server: 'https://sign.evil.example' })).toBe('request.signature');
    expect(sentTo({ server: SERVER.replace('https', 'http') })).toBe('request.signature');
    expect(sentTo({ path: '/v1/evaluations' }, { path: PATH })).toBe('request.signature');
    expect(sentTo({ method: 'PUT' }, { method: 'POST' })).toBe('request.signature');
    expect(sentTo({}, { path: `https://sign.evil.example${PATH}` })).toBe('request.signature');
    expect(sentTo({}, { path: `${PATH}?x` })).toBe('request.signature');
  });

  test('a statement for another server, whoever delivers it, with the right URL as the hint', async () => {
    const other = statement({ server: 'https://sign.evil.example' });
    const envelope = await envelopeOf(other);
    expect(() => authenticate(call({ envelope }), envelope)).toThrow(
      expect.objectContaining({ code: 'statement.server', details: { expected: SERVER } }),
    );
  });

  test('a clock that is six minutes off, only after the signature is good', () => {
    const created = NOW.getTime() / 1000 - 360;
    expect(codeOf(() => authenticate(call(SUBMISSION, { created }), ENVELOPE))).toBe('request.clock');
    expect(codeOf(() => authenticate(call(SUBMISSION, { created, key: STRANGER }), ENVELOPE))).toBe(
      'request.signature',
    );
  });

  test('a payload of another type, and provenance that a client wrote', async () => {
    const plain = { ...ENVELOPE, payloadType: 'text/plain' };
    expect(codeOf(() => authenticate(call({ envelope: plain }), plain))).toBe('envelope.payload_type');
    const payload = utf8(
      JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        subject: [],
        predicateType: 'https://slsa.dev/provenance/v1',
        predicate: {},
      }),
    );
    const provenance = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, undefined, (encoding) =>
      Promise.resolve(signEs256(KEY.privateKey, encoding)),
    );
    expect(codeOf(() => authenticate(call({ envelope: provenance }), provenance))).toBe('statement.predicate_type');
  });

  test.each([undefined, null, 'x', [], {}])('the envelope %j', (envelope) => {
    expect(codeOf(() => authenticate(call({ envelope }), envelope))).toBe('envelope.malformed');
  });
});

describe('a follow-up call', () => {
  const path = `${PATH}/x?wait=30`;
  const context = { url: SERVER, now: NOW };

  test('carries the signature alone', () => {
    expect(codeOf(() => authenticateCall(call(undefined, { path, method: 'GET' }), KEY.jwk, context))).toBe('accepted');
  });

  test('by another key, or unsigned, is refused', () => {
    const received = call(undefined, { path, method: 'GET' });
    const signature = { contentDigest: undefined, signatureInput: undefined, signature: undefined };
    expect(codeOf(() => authenticateCall(received, STRANGER.jwk, context))).toBe('request.signature');
    expect(codeOf(() => authenticateCall({ ...received, signature }, KEY.jwk, context))).toBe('request.signature');
  });

  test('is not the call for another request', () => {
    const received = { ...call(undefined, { path, method: 'GET' }), path: `${PATH}/y?wait=30` };
    expect(codeOf(() => authenticateCall(received, KEY.jwk, context))).toBe('request.signature');
  });
});
