import { utf8 } from '@originsign/core/encoding/bytes';
import { fileArtifact } from '@originsign/testkit/forged-request';
import { artifacts, changed, FILE, nested, set, text, type RefusalCase } from './refusal-case.test.fixture.ts';

/** Statements that say what none may say. */
export const STATEMENT_CASES: readonly RefusalCase[] = [
  {
    name: 'another statement type',
    forgery: set('https://in-toto.io/Statement/v0.1', '_type'),
    outcome: '400 statement.malformed',
  },
  {
    name: 'the predicate of provenance',
    forgery: set('https://slsa.dev/provenance/v1', 'predicateType'),
    outcome: '400 statement.predicate_type',
  },
  { name: 'a member in addition', forgery: set(1, 'extra'), outcome: '400 statement.malformed' },
  {
    name: 'a member of the predicate in addition',
    forgery: set(true, 'predicate', 'approved'),
    outcome: '400 statement.malformed',
  },
  { name: 'no policy', forgery: set(undefined, 'predicate', 'policy'), outcome: '400 statement.malformed' },
  { name: 'a project that is a path', forgery: { project: '../acme-app' }, outcome: '400 statement.malformed' },
  { name: 'no subjects', forgery: set([], 'subject'), outcome: '400 statement.malformed' },
  {
    name: 'more artifacts than subjects',
    forgery: {
      statement: (s) =>
        changed(
          s,
          ['predicate', 'artifacts'],
          [FILE, FILE].map(() => ({ format: 'raw', inputs: {}, options: {}, claimed: {} })),
        ),
    },
    outcome: '400 statement.malformed',
  },
  {
    name: '1,025 artifacts',
    forgery: artifacts(...Array.from({ length: 1025 }, (_, n) => fileArtifact(`f${n}`, utf8(String(n))))),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a name that climbs',
    forgery: artifacts({ ...FILE, name: '../../etc/passwd' }),
    outcome: '400 statement.subject_name',
  },
  {
    name: 'an absolute name',
    forgery: artifacts({ ...FILE, name: '/etc/passwd' }),
    outcome: '400 statement.subject_name',
  },
  {
    name: 'a name that turns the direction of text',
    forgery: artifacts({ ...FILE, name: 'app\u202Eexe.bin' }),
    outcome: '400 statement.subject_name',
  },
  {
    name: 'a name with a line break',
    forgery: artifacts({ ...FILE, name: 'app\n.bin' }),
    outcome: '400 statement.subject_name',
  },
  {
    name: 'a name of 513 bytes',
    forgery: artifacts({ ...FILE, name: 'a'.repeat(513) }),
    outcome: '400 statement.subject_name',
  },
  {
    name: 'one digest twice',
    forgery: artifacts(FILE, { ...FILE, name: 'other.bin' }),
    outcome: '400 statement.duplicate_subject',
  },
  {
    name: 'one name twice',
    forgery: artifacts(FILE, { ...fileArtifact('app.bin', utf8('b')) }),
    outcome: '400 statement.duplicate_subject',
  },
  {
    name: 'a digest in upper case',
    forgery: artifacts({ ...FILE, digest: { sha256: 'A'.repeat(64) } }),
    outcome: '400 statement.digest',
  },
  {
    name: 'a short digest',
    forgery: artifacts({ ...FILE, digest: { sha256: 'ab' } }),
    outcome: '400 statement.digest',
  },
  {
    name: 'two digests of one file',
    forgery: artifacts({ ...FILE, digest: { sha256: 'a'.repeat(64), authenticodeSha256: 'b'.repeat(64) } }),
    outcome: '400 statement.digest',
  },
  {
    name: 'a digest nobody knows',
    forgery: artifacts({ ...FILE, digest: { sha1: 'a'.repeat(40) } }),
    outcome: '400 statement.digest',
  },
  {
    name: 'a digest of another format',
    forgery: artifacts({ ...FILE, format: 'authenticode-pe' }),
    outcome: '400 statement.digest',
  },
  {
    name: 'another claimed digest',
    forgery: artifacts({ ...FILE, claimed: { sha256: '0'.repeat(64), size: 6 } }),
    outcome: '400 statement.digest',
  },
  {
    name: 'a negative size',
    forgery: artifacts({ ...FILE, claimed: { ...FILE.claimed, size: -1 } }),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a format nobody knows',
    forgery: artifacts({ ...FILE, format: 'toString' }),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a format of a later version',
    forgery: artifacts({ ...FILE, format: 'msi' }),
    outcome: '400 format.unknown',
  },
  {
    name: 'inputs that the format does not know',
    forgery: artifacts({ ...FILE, inputs: { toBeSigned: 'AA==' } }),
    outcome: '400 statement.inputs',
  },
  {
    name: 'content that is not the one of the digest',
    forgery: artifacts({ ...FILE, inputs: { content: 'AA==' }, options: { message: 'content' } }),
    outcome: '400 statement.inputs',
  },
  {
    name: 'options that the format does not know',
    forgery: artifacts({ ...FILE, options: { key: 'trial-cms' } }),
    outcome: '400 statement.options',
  },
  {
    name: 'a private key in the statement',
    forgery: set('AA', 'predicate', 'key', 'd'),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a key on another curve',
    forgery: set('P-384', 'predicate', 'key', 'crv'),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a point that is not on the curve',
    forgery: set('A'.repeat(43), 'predicate', 'key', 'x'),
    outcome: '400 statement.malformed',
  },
  {
    name: 'an RSA key',
    forgery: set({ kty: 'RSA', n: 'AA', e: 'AQAB' }, 'predicate', 'key'),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a description that hides text',
    forgery: set('a\u200Bb', 'predicate', 'description'),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a description of 2 KB',
    forgery: set('a'.repeat(2048), 'predicate', 'description'),
    outcome: '400 statement.malformed',
  },
  {
    name: '65 parameters',
    forgery: set(Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`p${n}`, ''])), 'predicate', 'parameters'),
    outcome: '400 statement.malformed',
  },
  { name: 'another server', forgery: { server: 'https://sign.evil.example' }, outcome: '403 statement.server' },
  {
    name: 'the server with a slash',
    forgery: text((t) => t.replace(/"server":"([^"]*)"/, '"server":"$1/"')),
    outcome: '400 statement.malformed',
  },
  {
    name: 'a member twice',
    forgery: text((t) => t.replace('"policy"', '"policy":"once","policy"')),
    outcome: '400 json.duplicate_key',
  },
  {
    name: 'a member twice in another spelling',
    forgery: text((t) => t.replace('"policy"', '"polic\\u0079":"once","policy"')),
    outcome: '400 json.duplicate_key',
  },
  {
    name: 'a prototype',
    forgery: text((t) => t.replace('"options":{}', '"options":{"__proto__":{"admin":true}}')),
    outcome: '400 json.forbidden_key',
  },
  {
    name: 'a constructor',
    forgery: text((t) => t.replace('"options":{}', '"options":{"constructor":1}')),
    outcome: '400 json.forbidden_key',
  },
  {
    name: 'depth',
    forgery: text((t) => t.replace('"options":{}', `"options":{"a":${nested(40)}}`)),
    outcome: '400 json.too_deep',
  },
  { name: 'a comment', forgery: text((t) => `${t}//`), outcome: '400 json.malformed' },
  { name: 'a byte order mark', forgery: text((t) => `\uFEFF${t}`), outcome: '400 json.malformed' },
  {
    name: 'bytes that are not UTF-8',
    forgery: { payload: (payload) => Uint8Array.of(...payload, 0xff) },
    outcome: '400 json.malformed',
  },
  {
    name: 'a lone surrogate',
    forgery: text((t) => t.replace('"app.bin"', '"\\ud800"')),
    outcome: '400 json.malformed',
  },
  { name: 'nothing', forgery: { payload: () => new Uint8Array() }, outcome: '400 json.malformed' },
];
