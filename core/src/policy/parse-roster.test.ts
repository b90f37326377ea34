import { describe, expect, test } from 'vitest';
import { makeSshKey } from '@originsign/testkit/ssh-key';
import { parseSshPublicKeyLine } from '../attestation/ssh-public-key.ts';
import { formatProblem } from './load-problem.ts';
import { parseRoster } from './parse-roster.ts';
import { isAmong, personByIdentity, personByKey, type Roster } from './roster.ts';

const ADA = makeSshKey('ssh-ed25519').line;
const OLD = makeSshKey('ecdsa-sha2-nistp256').line;
const BOB = makeSshKey('ssh-ed25519').line;
const TEXT = `version: 1
people:
  - id: ada
    name: Ada Lovelace
    keys:
      - ${ADA}
      - {key: "${OLD}", validFrom: "2026-01-01", validUntil: "2026-06-30T12:00:00Z"}
    groups: [release-managers, security]
    identities: [{system: github, actorId: "583231"}]
  - id: bob@acme.example
    keys: [${BOB}]
    groups: [release-managers]
    validUntil: "2026-03-01"
`;

function load(text = TEXT): Roster {
  const { roster, problems } = parseRoster('admins.yml', text);
  expect(problems).toEqual([]);
  return roster as Roster;
}

const problems = (text: string): readonly string[] =>
  parseRoster('admins.yml', text).problems.map((problem) => formatProblem(problem));

describe('a roster', () => {
  test('finds people by their keys, while key and person are valid', () => {
    const roster = load();
    const by = (line: string, time: string) => personByKey(roster, parseSshPublicKeyLine(line), new Date(time))?.id;
    expect(by(ADA, '2026-11-22T09:00:00Z')).toBe('ada');
    expect(by(OLD, '2025-12-31T23:59:59Z')).toBeUndefined();
    expect(by(OLD, '2026-01-01T00:00:00Z')).toBe('ada');
    expect(by(OLD, '2026-06-30T12:00:00Z')).toBeUndefined();
    expect(by(BOB, '2026-02-28T23:59:59Z')).toBe('bob@acme.example');
    expect(by(BOB, '2026-03-01T00:00:00Z')).toBeUndefined();
    expect(by(makeSshKey('ssh-ed25519').line, '2026-02-01T00:00:00Z')).toBeUndefined();
  });

  test('finds people by their accounts of one system, and knows their groups', () => {
    const roster = load();
    const ada = personByIdentity(roster, 'github', '583231');
    expect(ada?.id).toBe('ada');
    expect(personByIdentity(roster, 'gitlab', '583231')).toBeUndefined();
    expect(personByIdentity(roster, 'github', '5832310')).toBeUndefined();
    const asks = (...from: string[]) => ada !== undefined && isAmong(ada, from);
    expect([asks('group:security'), asks('user:ada'), asks('user:bob', 'group:release-managers')]).toEqual([
      true,
      true,
      true,
    ]);
    expect([asks('user:security'), asks('group:ada'), asks('group:release'), asks()]).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  test('has the hash of its file', () => {
    expect(load().hash).toMatch(/^[0-9a-f]{64}$/);
    expect(load(`${TEXT}# a comment\n`).hash).not.toBe(load().hash);
  });

  test.each([
    ['a person twice', 'bob@acme.example', 'ada', /10:5: the person ada is here twice; the first is of ada$/],
    ['a key of two people', BOB, ADA, /^admins.yml:11:12: the key SHA256:.{43} is here twice; the first is of ada$/],
    [
      'a key twice of one person',
      OLD,
      ADA,
      /^admins.yml:7:15: the key SHA256:.{43} is here twice; the first is of ada$/,
    ],
    ['a key twice under another comment', BOB, ADA.replace('test@', 'other@'), /is here twice; the first is of ada$/],
    [
      'an account of two people',
      'groups: [release-managers]\n',
      'groups: [g]\n    identities: [{system: github, actorId: "583231"}]\n',
      /13:18: the account 583231 of github is here twice; the first is of ada$/,
    ],
    ['an unknown key', 'name: Ada', 'nmae: Ada', /4:5: a person has no key "nmae"; did you mean "name"\?$/],
    ['an unknown key of a key', 'validFrom', 'from', /a key has no key "from"/],
    ['an unknown key of the file', 'version: 1', 'version: 1\nroles: []', /a roster has no key "roles"/],
    ['another version', 'version: 1', 'version: 2', /"version" must be 1$/],
    [
      'a number as an account',
      '"583231"',
      '583231',
      /"actorId" must be text, not the number 583231; put it in quotes: "583231"$/,
    ],
    ['no keys', `[${BOB}]`, '[]', /"keys" must not be empty$/],
    [
      'a private key',
      BOB,
      '-----BEGIN',
      /expected a line "<type> <base64> <comment>"; paste the line of the .pub file$/,
    ],
    ['a weak key', BOB, makeSshKey('ssh-rsa', 1024).line, /an RSA key has 2048 to 8192 bits, not 1024; paste/],
    ['a day that does not exist', '"2026-03-01"', '"2026-02-30"', /"validUntil" must be a day such as/],
    ['a time without a zone', '"2026-06-30T12:00:00Z"', '"2026-06-30T12:00:00"', /"validUntil" must be a day such as/],
    ['an end before its start', '"2026-06-30T12:00:00Z"', '"2025-06-30"', /"validUntil" must be after "validFrom"$/],
    ['a group that is no name', 'security]', '"group:security"]', /a group must be letters, digits/],
    ['an id that is no name', 'id: ada', 'id: "a da"', /"id" of a person must be letters/],
    ['an alias', 'version: 1', 'version: &a 1', /anchors are not allowed/],
  ])('does not load with %s', (_name, old, text, problem) => {
    expect(TEXT).toContain(old);
    expect(problems(TEXT.replace(old, text))).toContainEqual(expect.stringMatching(problem));
  });
});
