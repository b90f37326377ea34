import { utf8 } from '@originsign/core/encoding/bytes';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { textAt } from './attacked-signer.test.fixture.ts';
import { inEnvelope, nested, type RefusalCase } from './refusal-case.test.fixture.ts';

/** Envelopes. */
export const ENVELOPE_CASES: readonly RefusalCase[] = [
  { name: 'another payload type', forgery: { payloadType: 'application/json' }, outcome: '400 envelope.payload_type' },
  {
    name: 'a payload type that was not signed',
    forgery: inEnvelope('application/vnd.in-toto+xml', 'payloadType'),
    outcome: '400 envelope.payload_type',
  },
  { name: 'a member in addition', forgery: inEnvelope('x', 'extra'), outcome: '400 envelope.malformed' },
  { name: 'no signatures', forgery: inEnvelope([], 'signatures'), outcome: '400 envelope.malformed' },
  {
    name: 'two signatures',
    forgery: { envelope: (e) => ({ ...e, signatures: [0, 1].map(() => (e['signatures'] as Json[])[0] ?? null) }) },
    outcome: '400 envelope.malformed',
  },
  {
    name: 'a signature of zeros',
    forgery: inEnvelope(Buffer.alloc(64).toString('base64'), 'signatures', 0, 'sig'),
    outcome: '401 envelope.signature',
  },
  {
    name: 'a signature in DER',
    forgery: inEnvelope(Buffer.alloc(70, 0x30).toString('base64'), 'signatures', 0, 'sig'),
    outcome: '401 envelope.signature',
  },
  { name: 'an empty signature', forgery: inEnvelope('', 'signatures', 0, 'sig'), outcome: '400 envelope.malformed' },
  {
    name: 'a payload with more padding',
    forgery: { envelope: (e) => ({ ...e, payload: `${textAt(e, 'payload')}=` }) },
    outcome: '400 envelope.malformed',
  },
  {
    name: 'a payload with a line break',
    forgery: { envelope: (e) => ({ ...e, payload: `${textAt(e, 'payload')}\n` }) },
    outcome: '400 envelope.malformed',
  },
  { name: 'a payload in base64url', forgery: inEnvelope('__8=', 'payload'), outcome: '400 envelope.malformed' },
  { name: 'a list in its place', forgery: { envelope: (e) => [e] }, outcome: '400 envelope.malformed' },
  { name: 'null in its place', forgery: { envelope: () => null }, outcome: '400 envelope.malformed' },
];

const input = 'signature-input';
const laterBy1 = (field: string): string =>
  field.replace(/created=(\d+)/, (_all, seconds: string) => `created=${Number(seconds) + 1}`);
/** Request signatures. */
export const SIGNATURE_CASES: readonly RefusalCase[] = [
  { name: 'no content digest', call: { headers: { 'content-digest': undefined } }, outcome: '401 request.signature' },
  { name: 'no signature input', call: { headers: { [input]: undefined } }, outcome: '401 request.signature' },
  { name: 'no signature', call: { headers: { signature: undefined } }, outcome: '401 request.signature' },
  {
    name: 'another label',
    field: (f) => ({ [input]: String(f[input]).replace('originsign', 'sig1') }),
    outcome: '401 request.signature',
  },
  {
    name: 'a second label',
    field: (f) => ({ [input]: `${String(f[input])}, sig1=()` }),
    outcome: '401 request.signature',
  },
  {
    name: 'the field twice',
    field: (f) => ({ signature: [String(f['signature']), String(f['signature'])] }),
    outcome: '401 request.signature',
  },
  {
    name: 'a component less',
    field: (f) => ({ [input]: String(f[input]).replace(' "content-digest"', '') }),
    outcome: '401 request.signature',
  },
  {
    name: 'a component more',
    field: (f) => ({ [input]: String(f[input]).replace('"content-digest"', '"content-digest" "date"') }),
    outcome: '401 request.signature',
  },
  {
    name: 'components in another order',
    field: (f) => ({ [input]: String(f[input]).replace('"@method" "@target-uri"', '"@target-uri" "@method"') }),
    outcome: '401 request.signature',
  },
  {
    name: 'an algorithm',
    field: (f) => ({ [input]: `${String(f[input])};alg="hmac-sha256"` }),
    outcome: '401 request.signature',
  },
  {
    name: 'another created than was signed',
    field: (f) => ({ [input]: laterBy1(String(f[input])) }),
    outcome: '401 request.signature',
  },
  {
    name: 'a created with a sign',
    field: (f) => ({ [input]: String(f[input]).replace('created=', 'created=+') }),
    outcome: '401 request.signature',
  },
  { name: 'the digest of another body', call: { signed: { body: utf8('{}') } }, outcome: '401 request.signature' },
  {
    name: 'a digest of another algorithm',
    field: (f) => ({ 'content-digest': String(f['content-digest']).replace('sha-256', 'sha-512') }),
    outcome: '401 request.signature',
  },
  {
    name: 'two digests',
    field: (f) => ({ 'content-digest': `${String(f['content-digest'])}, sha-512=:AA==:` }),
    outcome: '401 request.signature',
  },
  {
    name: 'a signature of zeros',
    call: { headers: { signature: `originsign=:${Buffer.alloc(64).toString('base64')}:` } },
    outcome: '401 request.signature',
  },
];

/** Bodies. */
export const BODY_CASES: readonly RefusalCase[] = [
  { name: 'no body', body: () => '', outcome: '400 json.malformed' },
  { name: 'a list', body: (body) => `[${body}]`, outcome: '400 request.malformed' },
  { name: 'two documents', body: (body) => body + body, outcome: '400 json.malformed' },
  { name: 'a member twice', body: (body) => body.replace('{', '{"envelope":{},'), outcome: '400 json.duplicate_key' },
  { name: 'a prototype', body: (body) => body.replace('{', '{"__proto__":{},'), outcome: '400 json.forbidden_key' },
  { name: 'more values than a submission has', body: () => nested(100_000), outcome: '400 json.malformed' },
  { name: 'a number too large', body: () => '{"envelope":1e999}', outcome: '400 json.malformed' },
  { name: 'UTF-16', body: (body) => new Uint8Array(Buffer.from(body, 'utf16le')), outcome: '400 json.malformed' },
  { name: 'no tokens', body: (body) => body.replace(/,"tokens".*/, '}'), outcome: '400 request.malformed' },
  {
    name: 'another content type',
    call: { headers: { 'content-type': 'text/plain' } },
    outcome: '415 request.media_type',
  },
  {
    name: 'a form',
    call: { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    outcome: '415 request.media_type',
  },
  { name: 'no content type', call: { headers: { 'content-type': undefined } }, outcome: '415 request.media_type' },
  {
    name: '3 MB',
    call: { holdBody: true, headers: { 'content-length': String(3 * 1024 * 1024) } },
    outcome: '413 request.too_large',
  },
];
