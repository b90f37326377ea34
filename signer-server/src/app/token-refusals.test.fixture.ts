import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { artifacts, FILE, nested, type RefusalCase } from './refusal-case.test.fixture.ts';

const part = (token: string, index: number): JsonObject =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString()) as JsonObject;
const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
/** Another header on a token, whose signature no longer fits. */
const header =
  (changes: JsonObject) =>
  (token: string): string => {
    const [, payload, signature] = token.split('.');
    return [encoded({ ...part(token, 0), ...changes }), payload, signature].join('.');
  };

/** Tokens that are not what they should be. */
export const TOKEN_CASES: readonly RefusalCase[] = [
  { name: 'an empty token', token: () => '', outcome: '401 token.malformed' },
  { name: 'a token that is a number', token: () => 7, outcome: '400 request.malformed' },
  { name: 'a token that is null', token: () => null, outcome: '400 request.malformed' },
  { name: 'two parts', token: (token) => token.split('.').slice(0, 2).join('.'), outcome: '401 token.malformed' },
  { name: 'four parts', token: (token) => `${token}.x`, outcome: '401 token.malformed' },
  { name: 'five parts, as encrypted tokens have', token: () => 'a.b.c.d.e', outcome: '401 token.malformed' },
  { name: 'an empty signature', token: (token) => token.replace(/[^.]*$/, ''), outcome: '401 token.malformed' },
  { name: 'padding', token: (token) => `${token}==`, outcome: '401 token.malformed' },
  { name: 'a space behind it', token: (token) => `${token} `, outcome: '401 token.malformed' },
  { name: 'the word Bearer', token: (token) => `Bearer ${token}`, outcome: '401 token.malformed' },
  {
    name: 'base64 instead of base64url',
    token: (token) => token.replace(/\.[^.]*\./, '.e30+.'),
    outcome: '401 token.malformed',
  },
  { name: '300 KB', token: (token) => token + 'A'.repeat(300_000), outcome: '413 token.too_large' },
  { name: 'a megabyte of dots', token: () => '.'.repeat(1_000_000), outcome: '413 token.too_large' },
  {
    name: 'the algorithm none',
    token: (token) => `${encoded({ alg: 'none' })}.${token.split('.')[1] ?? ''}.AA`,
    outcome: '401 token.alg_not_allowed',
  },
  { name: 'an HMAC', token: header({ alg: 'HS256' }), outcome: '401 token.alg_not_allowed' },
  { name: 'an algorithm in other letters', token: header({ alg: 'rs256' }), outcome: '401 token.alg_not_allowed' },
  { name: 'ES256, which GitHub does not use', token: header({ alg: 'ES256' }), outcome: '401 token.alg_not_allowed' },
  { name: 'PS256, which GitHub does not use', token: header({ alg: 'PS256' }), outcome: '401 token.alg_not_allowed' },
  { name: 'no algorithm', token: (token) => header({ alg: null })(token), outcome: '401 token.malformed' },
  { name: 'a key of its own', token: header({ jwk: { kty: 'RSA' } }), outcome: '401 token.header_forbidden' },
  {
    name: 'an address of keys',
    token: header({ jku: 'https://evil.example/keys' }),
    outcome: '401 token.header_forbidden',
  },
  { name: 'a certificate', token: header({ x5c: ['AA'] }), outcome: '401 token.header_forbidden' },
  { name: 'critical parameters', token: header({ crit: ['b64'], b64: false }), outcome: '401 token.header_forbidden' },
  { name: 'another type', token: header({ typ: 'at+jwt' }), outcome: '401 token.header_forbidden' },
  { name: 'a key id that is a path object', token: header({ kid: { $ne: '' } }), outcome: '401 token.malformed' },
  {
    name: 'an algorithm twice',
    token: (token) => `${encoded('{"alg":"none","alg":"RS256"}')}.${token.split('.')[1] ?? ''}.AA`,
    outcome: '401 token.malformed',
  },
  {
    name: 'a deep header',
    token: (token) => `${encoded(`{"alg":${nested(40)}}`)}.${token.split('.')[1] ?? ''}.AA`,
    outcome: '401 token.malformed',
  },
  {
    name: 'another issuer',
    claims: { iss: 'https://token.actions.githubusercontent.com' },
    outcome: '401 token.issuer_unknown',
  },
  {
    name: 'two issuers',
    claims: { iss: ['https://a.example', 'https://b.example'] },
    outcome: '401 token.issuer_unknown',
  },
  { name: 'no issuer', claims: { iss: undefined }, outcome: '401 token.issuer_unknown' },
  {
    name: 'an issuer named like a member of objects',
    claims: { iss: '__proto__' },
    outcome: '401 token.issuer_unknown',
  },
  { name: 'no jti', claims: { jti: undefined }, outcome: '401 token.claim_missing' },
  { name: 'a jti that is a number', claims: { jti: 7 }, outcome: '401 token.claim_type' },
  { name: 'no repository id', claims: { repository_id: undefined }, outcome: '401 token.claim_missing' },
  { name: 'a repository id that is a number', claims: { repository_id: 771_245_825 }, outcome: '401 token.claim_type' },
  { name: 'no commit', claims: { sha: undefined }, outcome: '401 token.claim_missing' },
  {
    name: 'a ref with a line break',
    claims: { ref: 'refs/tags/v1\nrefs/heads/main' },
    outcome: '401 token.claim_type',
  },
  { name: 'a workflow that is no reference', claims: { workflow_ref: 'release.yml' }, outcome: '401 token.claim_type' },
  { name: 'an attempt that is no number', claims: { run_attempt: 'one' }, outcome: '401 token.claim_type' },
];

/** Honest tokens of jobs that may not sign. */
export const POLICY_CASES: readonly RefusalCase[] = [
  { name: 'a branch', claims: { ref: 'refs/heads/main' }, outcome: '403 policy.denied' },
  {
    name: 'a tag whose name only begins like one that is allowed',
    claims: { ref: 'refs/tags/v1/../../heads/main' },
    outcome: '403 policy.denied',
  },
  { name: 'a pull request', claims: { event_name: 'pull_request' }, outcome: '403 policy.denied' },
  {
    name: 'the trigger that runs with the code of strangers',
    claims: { event_name: 'pull_request_target' },
    outcome: '403 policy.denied',
  },
  {
    name: 'another workflow',
    claims: { workflow_ref: 'acme/app/.github/workflows/other.yml@refs/tags/v1.4.0' },
    outcome: '403 policy.denied',
  },
  { name: 'a re-run', claims: { run_attempt: '2' }, outcome: '403 policy.denied' },
  { name: 'a policy that the project has not', forgery: { policy: 'test' }, outcome: '403 policy.unknown' },
  {
    name: 'a format that the policy has no key for',
    forgery: { ...artifacts({ ...FILE, format: 'cms-detached' }), policy: 'once' },
    outcome: '403 policy.format',
  },
  { name: 'a project that is not there', forgery: { project: 'nowhere' }, outcome: '403 project.unknown' },
  {
    name: 'a repository of the same name by another owner',
    claims: { repository_owner_id: '666' },
    outcome: '403 project.unknown',
  },
  { name: 'another repository that took the name', claims: { repository_id: '666' }, outcome: '403 project.unknown' },
];
