import { parseSshPublicKeyLine, type SshPublicKey } from '../attestation/ssh-public-key.ts';
import { isOriginSignError } from '../errors/error.ts';
import { type LoadProblem, type Report, reportInto } from './load-problem.ts';
import { policyHash } from './parse.ts';
import { type Fields, type Keys, readFields, readItems, readName, readSentence, readText } from './reader.ts';
import type { Person, PlatformIdentity, Roster, RosterKey, Validity } from './roster.ts';
import { readVersion } from './system-fields.ts';
import { parseYamlTree, type Tree } from './yaml-tree.ts';

const ROSTER_KEYS: Keys = { required: ['version', 'people'], optional: [] };
const VALIDITY = ['validFrom', 'validUntil'];
const PERSON_KEYS: Keys = { required: ['id', 'keys', 'groups'], optional: ['name', 'identities', ...VALIDITY] };
const KEY_KEYS: Keys = { required: ['key'], optional: VALIDITY };
const IDENTITY_KEYS: Keys = { required: ['system', 'actorId'], optional: [] };
const PRINCIPAL = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** What must be one person's alone: were a key two people's, one of them could approve twice. */
type Owned = Map<string, string>;

/**
 * Reads `admins.yml`. `roster` is there where nothing is wrong. People, keys and platform identities stand in it once: a person
 * in it twice would count twice.
 */
export function parseRoster(
  file: string,
  text: string,
): { readonly roster?: Roster; readonly problems: readonly LoadProblem[] } {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, file);
  const tree = parseYamlTree(text, report);
  const fields = tree === undefined ? undefined : readFields(tree, 'a roster', ROSTER_KEYS, report);
  if (fields !== undefined) readVersion(fields, report);
  const owned: Owned = new Map();
  const people = readItems(fields?.get('people')?.value, '"people"', report, (item) => readPerson(item, owned, report));
  return problems.length > 0 ? { problems } : { roster: { people, hash: policyHash(text) }, problems };
}

function readPerson(tree: Tree, owned: Owned, report: Report): Person | undefined {
  const fields = readFields(tree, 'a person', PERSON_KEYS, report);
  if (fields === undefined) return undefined;
  const id = readPrincipal(fields.get('id')?.value, '"id" of a person', report);
  const nameTree = fields.get('name')?.value;
  const name = nameTree && readSentence(nameTree, '"name"', 200, report);
  const own = (what: string, value: Tree): void => claim(owned, { what, by: id ?? '?' }, value, report);
  if (id !== undefined) own(`the person ${id}`, tree);
  const groups = readItems(fields.get('groups')?.value, '"groups"', report, (item) =>
    readPrincipal(item, 'a group', report),
  );
  const keys = readItems(fields.get('keys')?.value, '"keys"', report, (item) => readKey(item, own, report));
  const identities = readItems(fields.get('identities')?.value, '"identities"', report, (item) =>
    readIdentity(item, own, report),
  );
  if (id === undefined) return undefined;
  return { id, ...(name === undefined ? {} : { name }), groups, keys, identities, ...readValidity(fields, report) };
}

function claim(
  owned: Owned,
  { what, by }: { readonly what: string; readonly by: string },
  { at }: Tree,
  report: Report,
): void {
  const owner = owned.get(what);
  if (owner === undefined) owned.set(what, by);
  else report(at, `${what} is here twice`, { hint: `the first is of ${owner}` });
}

function readPrincipal(tree: Tree | undefined, what: string, report: Report): string | undefined {
  const text = tree && readText(tree, what, report);
  if (tree === undefined || text === undefined || PRINCIPAL.test(text)) return text;
  return void report(tree.at, `${what} must be letters, digits, ".", "_", "@" or "-", at most 64 of them`);
}

function readKey(tree: Tree, own: (what: string, value: Tree) => void, report: Report): RosterKey | undefined {
  const fields = tree.kind === 'map' ? readFields(tree, 'a key', KEY_KEYS, report) : undefined;
  const lineTree = tree.kind === 'map' ? fields?.get('key')?.value : tree;
  const line = lineTree && readText(lineTree, 'a key', report);
  if (lineTree === undefined || line === undefined) return undefined;
  const key = parseLine(line, lineTree, report);
  if (key === undefined) return undefined;
  own(`the key ${key.fingerprint}`, { ...lineTree });
  return { key, ...(fields === undefined ? {} : readValidity(fields, report)) };
}

function parseLine(line: string, { at }: Tree, report: Report): SshPublicKey | undefined {
  try {
    return parseSshPublicKeyLine(line);
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    return void report(at, error.message.replace(/\.$/, ''), { hint: 'paste the line of the .pub file' });
  }
}

function readIdentity(
  tree: Tree,
  own: (what: string, value: Tree) => void,
  report: Report,
): PlatformIdentity | undefined {
  const fields = readFields(tree, 'an identity', IDENTITY_KEYS, report);
  const systemTree = fields?.get('system')?.value;
  const idTree = fields?.get('actorId')?.value;
  const system = systemTree && readName(systemTree, '"system"', report);
  const actorId = idTree && readText(idTree, '"actorId"', report);
  if (system === undefined || actorId === undefined) return undefined;
  own(`the account ${actorId} of ${system}`, tree);
  return { system, actorId };
}

function readValidity(fields: Fields, report: Report): Validity {
  const validFrom = readTime(fields.get('validFrom')?.value, '"validFrom"', report);
  const validUntil = readTime(fields.get('validUntil')?.value, '"validUntil"', report);
  const until = fields.get('validUntil');
  if (validFrom !== undefined && validUntil !== undefined && until !== undefined && validUntil <= validFrom) {
    report(until.at, '"validUntil" must be after "validFrom"');
  }
  return {
    ...(validFrom === undefined ? {} : { validFrom }),
    ...(validUntil === undefined ? {} : { validUntil }),
  };
}

/** `2026-11-22` stands for its first moment in UTC. */
function readTime(tree: Tree | undefined, what: string, report: Report): Date | undefined {
  const text = tree && readText(tree, what, report);
  if (tree === undefined || text === undefined) return undefined;
  const full = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  const time = new Date(full);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(full) && !Number.isNaN(time.getTime());
  // JavaScript reads 2026-02-30 as a day of March.
  if (isTime && time.toISOString().startsWith(full.slice(0, 19))) return time;
  return void report(tree.at, `${what} must be a day such as 2026-11-22 or a time such as 2026-11-22T09:00:00Z`);
}
