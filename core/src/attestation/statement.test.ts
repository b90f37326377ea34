import { codeOf } from '@originsign/testkit/error-code';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import type { CoveredDigestName } from './covered-digest.ts';
import { encodeSigningRequest, MAX_PAYLOAD_BYTES, parseSigningRequest } from './statement.ts';
import { digest, STATEMENT, statementDocument, type StatementDocument } from './statement.test.fixture.ts';

const parse = (document: unknown): string => codeOf(() => parseSigningRequest(utf8(JSON.stringify(document))));

type Change = (document: StatementDocument) => void;

const changed = (change: Change): StatementDocument => {
  const document = statementDocument();
  change(document);
  return document;
};

/** The subject of the raw artifact, whose claimed digest must stay the covered one. */
const subject = (change: (subject: StatementDocument['subject'][number]) => void): Change => {
  return ({ subject: [first] }) => change(first as StatementDocument['subject'][number]);
};
const predicate = (member: string, value: unknown): Change => {
  return (document) => {
    document.predicate[member] = value;
  };
};
const artifact = (member: string, value: unknown): Change => {
  return (document) => Object.assign(document.predicate.artifacts[0] ?? {}, { [member]: value });
};
const claimed = (member: string, value: unknown): Change => {
  return ({ predicate: { artifacts } }) => Object.assign(artifacts[0]?.claimed ?? {}, { [member]: value });
};
const without = (member: string): Change => {
  return (document) => {
    delete document.predicate[member];
  };
};
const key = (change: Record<string, unknown>): Change => {
  return (document) => Object.assign(document.predicate.key, change);
};
const name = (value: unknown): Change => subject((first) => void (first.name = value));
const digests = (value: Record<string, unknown>): Change => subject((first) => void (first.digest = value));

const MALFORMED: readonly (readonly [string, Change])[] = [
  ['another statement type', (document) => void (document._type = 'https://in-toto.io/Statement/v0.1')],
  ['an unknown member', (document) => void (document['extra'] = 1)],
  ['no subjects', (document) => void (document.subject = [])],
  ['subjects that are no list', (document) => void (document.subject = {} as never)],
  ['a subject with an unknown member', subject((first) => Object.assign(first, { uri: 'x' }))],
  ['a name that is no string', name(1)],
  ['an artifact less than subjects', (document) => void document.predicate.artifacts.pop()],
  ['an artifact more than subjects', ({ predicate: { artifacts } }) => void artifacts.push(artifacts[0] as never)],
  ['an unknown member of the predicate', predicate('nonce', 'x')],
  ['a predicate that is no object', (document) => void (document.predicate = [] as never)],
  ...['server', 'project', 'policy', 'key', 'artifacts'].map((member) => [`no ${member}`, without(member)] as const),
  ...[
    'http:',
    'ftp://sign.acme.example',
    'https://SIGN.acme.example',
    'HTTPS://sign.acme.example',
    'https://sign.acme.example/',
    'https://sign.acme.example:443',
    'https://sign.acme.example/x/',
    'https://sign.acme.example?x',
    'https://sign.acme.example#x',
    'https://user@sign.acme.example',
    'https://sign.acme.example/../x',
    'https://sign.acme.example//x',
    'https://sígn.example',
    'https://sign.acme.example/x y',
    `https://${'a'.repeat(60)}.example/${'b'.repeat(192)}`,
    '',
    7,
  ].map((url) => [`the server URL ${String(url)}`, predicate('server', url)] as const),
  ...['Acme', '-acme', 'acme_app', 'acme/app', 'ácme', '', 'a'.repeat(64), 'acme\n', 1].map(
    (text) => [`the project ${JSON.stringify(text)}`, predicate('project', text)] as const,
  ),
  ['the policy "Release"', predicate('policy', 'Release')],
  ['a description of 1,025 bytes', predicate('description', 'x'.repeat(1025))],
  ['a description that turns text around', predicate('description', 'a\u202eb')],
  ['a description with a control character', predicate('description', 'a\u001b[2J')],
  ['a description that is null', predicate('description', null)],
  ['65 parameters', predicate('parameters', Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`p${i}`, 'x'])))],
  ['a parameter of 1,025 bytes', predicate('parameters', { a: 'x'.repeat(1025) })],
  ['a parameter that is a number', predicate('parameters', { a: 1 })],
  ['a parameter name with a space', predicate('parameters', { 'a b': 'x' })],
  ['a parameter name of 64 characters', predicate('parameters', { ['a'.repeat(64)]: 'x' })],
  ['parameters that are a list', predicate('parameters', ['x'])],
  ['a format with capitals', artifact('format', 'PE')],
  ['inputs that are a list', artifact('inputs', [])],
  ['options that are null', artifact('options', null)],
  ['an unknown member of an artifact', artifact('key', 'acme-2026')],
  ['a claimed digest in capitals', claimed('sha256', digest('A'))],
  ['a negative size', claimed('size', -1)],
  ['a size that is no whole number', claimed('size', 1.5)],
  ['a size above 2^53', claimed('size', 2 ** 53)],
  ['a size that is a string', claimed('size', '10')],
  ['an unknown claim', claimed('name', 'x')],
  ['a key of another type', key({ kty: 'OKP' })],
  ['a key on another curve', key({ crv: 'P-384' })],
  ['a key with its private part', key({ d: 'x' })],
  ['a key with an id', key({ kid: 'x' })],
  ['a coordinate that is short', key({ x: 'AAAA' })],
  ['a point that is not on the curve', key({ x: Buffer.alloc(32, 1).toString('base64url') })],
  ['the point at zero', key({ x: Buffer.alloc(32).toString('base64url'), y: Buffer.alloc(32).toString('base64url') })],
  ['a coordinate above the field', key({ x: Buffer.alloc(32, 0xff).toString('base64url') })],
  ['a coordinate in another spelling', key({ x: `${Buffer.alloc(32, 1).toString('base64url').slice(0, -1)}F` })],
];

describe('statement.malformed', () => {
  test.each(MALFORMED)('%s', (_, change) => {
    expect(parse(changed(change))).toBe('statement.malformed');
  });
});

describe('statement.subject_name', () => {
  test.each([
    '',
    '/etc/passwd',
    'a/../b',
    '..',
    '.',
    './a',
    'a//b',
    'a/',
    'a\\b',
    'C:/a',
    'c:a',
    'a\u0000b',
    'a\nb',
    'a\u0085b',
    'a\u007f',
    'a\u202ecod.exe',
    'a\u2066b',
    'a\u200bb',
    'a\u00adb',
    '\ufeffa',
    'a\u2028b',
    'e\u0301.exe',
    'a\ue000',
    'x'.repeat(513),
    'ü'.repeat(257),
  ])('%j', (text) => {
    expect(parse(changed(name(text)))).toBe('statement.subject_name');
  });
});

describe('statement.digest', () => {
  test.each<readonly [string, Record<string, unknown>]>([
    ['none', {}],
    ['two', { sha256: digest('a'), authenticodeSha256: digest('a') }],
    ['a weak one beside', { sha256: digest('a'), md5: 'a'.repeat(32) }],
    ['sha1 alone', { sha1: 'a'.repeat(40) }],
    ['sha512 alone', { sha512: 'a'.repeat(128) }],
    ['the name in capitals', { SHA256: digest('a') }],
    ['an inherited name', { toString: digest('a') }],
    ['in capitals', { sha256: digest('A') }],
    ['63 characters', { sha256: 'a'.repeat(63) }],
    ['65 characters', { sha256: 'a'.repeat(65) }],
    ['a prefix', { sha256: `sha256:${'a'.repeat(57)}` }],
    ['a line feed', { sha256: `${'a'.repeat(63)}\n` }],
    ['no hexadecimal', { sha256: 'g'.repeat(64) }],
    ['a number', { sha256: 1 }],
  ])('%s', (_, map) => {
    expect(parse(changed(digests(map)))).toBe('statement.digest');
  });

  test('a digest that is no object', () => {
    expect(parse(changed(subject((first) => void (first.digest = 'x' as never))))).toBe('statement.digest');
  });

  test('a covered sha256 beside another claimed sha256', () => {
    const document = changed(({ predicate: { artifacts } }) =>
      Object.assign(artifacts[1]?.claimed ?? {}, { sha256: digest('f') }),
    );
    expect(parse(document)).toBe('statement.digest');
  });
});

test.each<readonly [string, Change, string]>([
  ['two subjects of one name', name('dist/app.tar.gz'), 'statement.duplicate_subject'],
  ['two subjects of one digest', digests({ sha256: digest('b') }), 'statement.duplicate_subject'],
  [
    'provenance',
    (document) => void (document.predicateType = 'https://slsa.dev/provenance/v1'),
    'statement.predicate_type',
  ],
  [
    'a verification summary',
    (document) => void (document.predicateType = 'https://slsa.dev/verification_summary/v1'),
    'statement.predicate_type',
  ],
])('refuses %s', (_, change, code) => {
  expect(parse(changed(change))).toBe(code);
});

test.each([
  ['a member twice', '{"_type":"a","_type":"b"}', 'json.duplicate_key'],
  ['a prototype key', '{"__proto__":1}', 'json.forbidden_key'],
  ['deep inputs', `{"_type":${'['.repeat(20)}`, 'json.too_deep'],
  ['no JSON', 'x', 'json.malformed'],
  ['a list', '[]', 'statement.malformed'],
  ['more bytes than a request can have', ' '.repeat(MAX_PAYLOAD_BYTES + 1), 'request.too_large'],
])('refuses %s', (_, text, code) => {
  expect(codeOf(() => parseSigningRequest(utf8(text)))).toBe(code);
});

test('reads back what the client wrote', () => {
  expect(parseSigningRequest(encodeSigningRequest(STATEMENT))).toEqual(STATEMENT);
});

test('leaves out what the client does not say', () => {
  const { description, parameters, ...rest } = STATEMENT;
  const statement = parseSigningRequest(encodeSigningRequest(rest));
  expect(statement).toEqual(rest);
  expect([description, parameters]).not.toContain(undefined);
});

test('a client learns at once that its own statement would be refused', () => {
  expect(codeOf(() => encodeSigningRequest({ ...STATEMENT, project: 'Acme' }))).toBe('statement.malformed');
});

test.each(['app.exe', 'dist/app.exe', 'Ünïcode/ファイル.exe', '…/x', 'a..b', '...', 'a b', 'x'.repeat(512), '🔏.exe'])(
  'takes the name %j',
  (text) => {
    expect(parse(changed(name(text)))).toBe('accepted');
  },
);

test.each([
  'https://sign.acme.example',
  'https://sign.acme.example:8443',
  'https://acme.example/sign',
  'http://127.0.0.1:8080',
  'http://[::1]:1',
  'https://xn--sgn-8ma.example',
])('takes the server URL %s', (url) => {
  expect(parse(changed(predicate('server', url)))).toBe('accepted');
});

test('takes 1,024 artifacts and no more', () => {
  const many = (count: number): string => {
    const document = statementDocument();
    const [first] = document.predicate.artifacts;
    document.subject = Array.from({ length: count }, (_, index) => ({
      name: `f${index}`,
      digest: { authenticodeSha256: index.toString(16).padStart(64, '0') },
    }));
    document.predicate.artifacts = document.subject.map(
      () => first as StatementDocument['predicate']['artifacts'][number],
    );
    return parse(document);
  };
  expect(many(1024)).toBe('accepted');
  expect(many(1025)).toBe('statement.malformed');
});

test('whatever is read is the same after it is written and read again', () => {
  const algorithm = fc.constantFrom<CoveredDigestName>('sha256', 'authenticodeSha256');
  const hex = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}(\/[a-z]{1,8}){0,2}$/), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      names,
      algorithm,
      fc.array(hex, { minLength: 5, maxLength: 5 }),
      fc.nat(),
      (list, kind, values, size) => {
        fc.pre(new Set(values).size === values.length);
        const statement = {
          ...STATEMENT,
          subjects: list.map((text, index) => ({
            name: text,
            coveredDigest: { algorithm: kind, value: values[index] ?? '' },
          })),
          artifacts: list.map((_, index) => ({
            format: 'raw',
            inputs: {},
            options: {},
            claimed: { sha256: values[index] ?? '', size },
          })),
        };
        const payload = encodeSigningRequest(statement);
        expect(parseSigningRequest(payload)).toEqual(statement);
        expect(parseSigningRequest(utf8(utf8Text(payload)))).toEqual(statement);
      },
    ),
    { numRuns: 50 },
  );
});
