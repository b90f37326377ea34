import { describe, expect, test } from 'vitest';
import { REQUEST } from '@originsign/testkit/test-log';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { commitTo } from './commitment.ts';
import { encodeEntry, MAX_ENTRY, parseEntry, parseEntryOf } from './entries.ts';
import { ENTRY_BODIES, type LogEntryBody, type LogEntryType } from './entry-bodies.ts';

const NOW = new Date('2026-11-22T09:14:03.250Z');
const SALT = new Uint8Array(16).fill(9);
const HASH = 'ab'.repeat(32);
const { requestId } = REQUEST;
const intent = { index: 4, leaf: HASH };
const artifacts = { count: 2, root: HASH };

/** One of each type, with every optional member. */
const BODIES: { readonly [T in LogEntryType]: LogEntryBody & { readonly type: T } } = {
  REQUEST: {
    ...REQUEST,
    actor: HASH,
    claims: HASH,
    approvals: { count: 2, from: ['group:release-managers', 'user:ada'] },
    origin: {
      ...REQUEST.origin,
      environment: 'production',
      callee: { uri: 'u', repository: 'r', path: 'p', ref: 'refs/heads/main', commit: 'c' },
    },
  },
  APPROVAL: {
    type: 'APPROVAL',
    requestId,
    decision: 'deny',
    approver: HASH,
    statementSha256: HASH,
    signatureSha256: HASH,
    policyHash: HASH,
    rosterHash: HASH,
  },
  INTENT: {
    type: 'INTENT',
    requestId,
    attempt: 2,
    lease: { replica: 'a', until: NOW.toISOString() },
    artifacts,
    replaces: intent,
  },
  RESULT: { type: 'RESULT', requestId, intent, artifacts, provenanceSha256: HASH },
  FAILURE: { type: 'FAILURE', requestId, intent, code: 'hsm.bad_signature', signatures: artifacts },
  DENIAL: {
    type: 'DENIAL',
    requestId,
    project: 'acme-app',
    policy: 'release',
    system: 'github',
    code: 'policy.denied',
    rule: 'tag-build',
    traceSha256: HASH,
    repositoryId: '771245825',
  },
  REFUSALS: { type: 'REFUSALS', since: '2026-11-22T09:00:00.000Z', count: 3 },
  CANCEL: { type: 'CANCEL', requestId },
  EXPIRY: { type: 'EXPIRY', requestId },
  OUTCOME_UNKNOWN: { type: 'OUTCOME_UNKNOWN', requestId, intent },
  KEY: {
    type: 'KEY',
    action: 'generate',
    label: 'acme-2026',
    purpose: 'authenticode',
    keyType: 'rsa-3072',
    spkiSha256: HASH,
    certificateSha256: HASH,
  },
  POLICY: { type: 'POLICY', file: 'projects/acme-app.yml', hash: HASH, ok: false, kept: HASH, removed: true },
  ROSTER: { type: 'ROSTER', hash: HASH },
  ISSUER_KEYS: { type: 'ISSUER_KEYS', system: 'github', keySet: HASH },
  START: { type: 'START', version: '0.1.0', replica: 'a' },
  STOP: { type: 'STOP', replica: 'a' },
};

const refusedAs = (code: string): unknown => expect.objectContaining({ code });
const textOf = (body: LogEntryBody): string => utf8Text(encodeEntry(body, NOW, SALT));

describe('log entries', () => {
  test('have a vector', () => {
    expect(textOf(BODIES.STOP)).toBe(
      '{"replica":"a","salt":"CQkJCQkJCQkJCQkJCQkJCQ","time":"2026-11-22T09:14:03.250Z","type":"STOP","v":1}',
    );
  });

  test.each(Object.keys(ENTRY_BODIES) as LogEntryType[])('of type %s come back from their bytes', (type) => {
    const entry = parseEntryOf(type, encodeEntry(BODIES[type], NOW, SALT));
    expect(entry).toEqual({ ...BODIES[type], v: 1, time: NOW.toISOString(), salt: 'CQkJCQkJCQkJCQkJCQkJCQ' });
  });

  test.each(Object.keys(ENTRY_BODIES) as LogEntryType[])(
    'of type %s refuse each member removed, added or of another type',
    (type) => {
      const entry = JSON.parse(textOf(BODIES[type])) as Record<string, Json>;
      const optional = [
        'actor',
        'claims',
        'replaces',
        'signatures',
        'certificateSha256',
        'system',
        'rule',
        'traceSha256',
        'repositoryId',
        'kept',
        'removed',
      ];
      const variants: [string, Json][] = [
        ['an unknown member', { ...entry, extra: 1 }],
        ...Object.keys(entry).flatMap((member): [string, Json][] => {
          const { [member]: value, ...rest } = entry;
          const mayLack =
            (optional.includes(member) && !(type === 'ISSUER_KEYS' || type === 'REQUEST')) ||
            ['actor', 'claims', 'approvals'].includes(member) ||
            (type === 'FAILURE' && member === 'intent');
          return [
            ...(mayLack ? [] : ([[`no ${member}`, rest]] as [string, Json][])),
            [`${member} null`, { ...entry, [member]: null }],
            [`${member} of another type`, { ...entry, [member]: typeof value === 'string' ? 1 : 'text' }],
            [`${member} in an array`, { ...entry, [member]: [value ?? null] }],
          ];
        }),
      ];
      for (const [what, value] of variants) {
        if (type === 'REQUEST' && what === 'tokens in an array') continue;
        expect(() => parseEntry(utf8(canonicalJson(value))), what).toThrow(refusedAs('log.corrupt'));
      }
      expect(variants.length).toBeGreaterThan(12);
    },
  );

  const good = textOf(BODIES.RESULT);
  test.each([
    ['nothing', ''],
    ['a list', '[]'],
    ['no object', 'null'],
    ['a type of the prototype', good.replace('"RESULT"', '"toString"')],
    ['an unknown type', good.replace('"RESULT"', '"RESULTS"')],
    ['another version', good.replace('"v":1', '"v":2')],
    ['white space', good.replace(',', ', ')],
    [
      'members in another order',
      good.replace(/^\{("artifacts":\{.*?\}),/, '{').replace(/\}$/, ',"artifacts":{"count":2,"root":"ab"}}'),
    ],
    ['a member twice', good.replace('{', '{"v":1,')],
    ['an escape that is not needed', good.replace('RESULT', '\\u0052ESULT')],
    ['a number spelled otherwise', good.replace('"v":1', '"v":1.0')],
    ['a request id that is not canonical', good.replace(requestId, `${requestId.slice(0, -1)}Z`)],
    ['a salt of 15 bytes', good.replace('CQkJCQkJCQkJCQkJCQkJCQ', 'CQkJCQkJCQkJCQkJCQkJ')],
    ['a time without milliseconds', good.replace('03.250Z', '03Z')],
    ['a time that does not exist', good.replace('2026-11-22', '2026-02-30')],
    ['a time with an offset', good.replace('03.250Z', '03.250+00:00')],
    ['a hash in capitals', good.replaceAll('abab', 'ABAB')],
    ['a negative index', good.replace('"index":4', '"index":-4')],
    ['an index beyond 2^53', good.replace('"index":4', '"index":9007199254740992')],
    ['a byte order mark', `\ufeff${good}`],
    ['a line behind it', `${good}\n`],
  ])('with %s are refused', (_, text) => {
    expect(text).not.toBe(good);
    expect(() => parseEntry(utf8(text))).toThrow(refusedAs('log.corrupt'));
  });

  test.each([
    ['a control character', 'a\u0007b'],
    ['a line break', 'a\nb'],
    ['a direction override', 'a\u202eb'],
    ['an invisible space', 'a\u200bb'],
    ['nothing', ''],
    ['a text too long', 'x'.repeat(1025)],
  ])('refuse %s in a text that people read', (_, project) => {
    expect(() => encodeEntry({ ...BODIES.DENIAL, project }, NOW, SALT)).toThrow(TypeError);
  });

  test('are at most 8 KiB', () => {
    const { origin } = REQUEST;
    const long = (length: number): LogEntryBody => {
      const part = 'x'.repeat(1024);
      const workflow = { uri: part, path: part, ref: part, commit: part };
      const callee = { uri: part, repository: part, path: 'x'.repeat(length), ref: 'r' };
      return { ...REQUEST, origin: { ...origin, workflow, callee } };
    };
    const size = encodeEntry(long(1), NOW, SALT).length;
    expect(size).toBeLessThan(MAX_ENTRY);
    const fill = MAX_ENTRY - size + 1;
    expect(fill).toBeGreaterThan(1);
    const bodies = [0, 1].map((more) => withFill(long(1), fill - 1 + more));
    expect(encodeEntry(bodies[0] as LogEntryBody, NOW, SALT)).toHaveLength(MAX_ENTRY);
    expect(() => encodeEntry(bodies[1] as LogEntryBody, NOW, SALT)).toThrow(refusedAs('log.entry_too_large'));
    expect(() => parseEntry(new Uint8Array(MAX_ENTRY + 1))).toThrow(refusedAs('log.corrupt'));
  });

  test('are not made of what cannot be read back', () => {
    expect(() => encodeEntry({ ...BODIES.STOP, replica: 'a b' }, NOW, SALT)).toThrow(TypeError);
    expect(() => encodeEntry({ ...BODIES.STOP, more: 1 } as never, NOW, SALT)).toThrow(TypeError);
    expect(() => encodeEntry(BODIES.STOP, NOW, SALT.subarray(1))).toThrow(TypeError);
    expect(() => encodeEntry({ type: 'NONE' } as never, NOW, SALT)).toThrow(TypeError);
    expect(encodeEntry({ ...BODIES.DENIAL, rule: undefined }, NOW, SALT).length).toBeGreaterThan(0);
  });

  test('of another type than wanted are refused', () => {
    expect(() => parseEntryOf('RESULT', encodeEntry(BODIES.STOP, NOW, SALT))).toThrow(refusedAs('log.corrupt'));
  });
});

/** The entry with so many more bytes, spread over texts that take 1,024 each. */
function withFill(body: LogEntryBody, bytes: number): LogEntryBody {
  const request = structuredClone(body) as unknown as {
    origin: { repository: { uri: string; id: string; ownerId: string }; run: { id: string; uri: string } };
  };
  const { repository, run } = request.origin;
  let left = bytes;
  const fill = (text: string): string => {
    const more = Math.min(left, 1024 - text.length);
    left -= more;
    return text + 'x'.repeat(more);
  };
  repository.uri = fill(repository.uri);
  repository.id = fill(repository.id);
  repository.ownerId = fill(repository.ownerId);
  run.id = fill(run.id);
  run.uri = fill(run.uri);
  if (left > 0) throw new RangeError('Not enough texts to fill.');
  return request as unknown as LogEntryBody;
}

describe('commitments', () => {
  test('have a vector, and differ by salt, field and value', () => {
    const base = commitTo('actor', SALT, '1234');
    expect(base).toBe('a910151f8ab05b4c2e2bad998fe8b35c9d2c894fbf7e12a4ee930cd7c9bddf00');
    const others = [
      commitTo('claims', SALT, '1234'),
      commitTo('actor', new Uint8Array(16), '1234'),
      commitTo('actor', SALT, '1235'),
    ];
    expect(new Set([base, ...others]).size).toBe(4);
    expect(() => commitTo('actor', new Uint8Array(15), '')).toThrow(TypeError);
  });
});
