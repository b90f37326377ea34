import { STATIC_TOKEN } from '../platforms/static-token.ts';
import type { Report } from './load-problem.ts';
import { type Fields, type Keys, readFields, readItems, readName, readSentence, readText } from './reader.ts';
import { readAddresses, readVersion } from './system-fields.ts';
import type { StaticToken, SystemOptions, TrustedBuildSystem } from './trusted-build-system.ts';
import type { Tree } from './yaml-tree.ts';

/** Keys of a file of the type `static-token`, and of one of its tokens. */
export const STATIC_SYSTEM_KEYS: Keys = {
  required: ['version', 'id', 'type', 'tokens'],
  optional: ['description', 'addresses'],
};
export const STATIC_TOKEN_KEYS: Keys = { required: ['name', 'sha256', 'project', 'expires'], optional: [] };

/** Reads a build system with static tokens. Two tokens at a time let one be replaced without a gap. */
export function readStaticSystem(
  fields: Fields,
  _options: SystemOptions,
  report: Report,
): TrustedBuildSystem | undefined {
  readVersion(fields, report);
  const description = fields.get('description')?.value;
  if (description !== undefined) readSentence(description, '"description"', 1000, report);
  const idTree = fields.get('id')?.value;
  const id = idTree && readName(idTree, '"id"', report);
  const hashes = new Set<string>();
  const tokens = readItems(fields.get('tokens')?.value, '"tokens"', report, (item) => {
    const token = readToken(item, report);
    if (token !== undefined && hashes.has(token.sha256)) return void report(item.at, 'two tokens have the same hash');
    if (token !== undefined) hashes.add(token.sha256);
    return token;
  });
  if (id === undefined) return undefined;
  const addresses = readAddresses(fields.get('addresses')?.value, report);
  return {
    id,
    type: STATIC_TOKEN.type,
    issuer: `urn:originsign:${id}`,
    allowPrivateAddress: false,
    tokens,
    ...addresses,
  };
}

function readToken(item: Tree, report: Report): StaticToken | undefined {
  const fields = readFields(item, 'a token', STATIC_TOKEN_KEYS, report);
  const tree = (key: string): Tree | undefined => fields?.get(key)?.value;
  const nameTree = tree('name');
  const name = nameTree && readName(nameTree, '"name"', report);
  const projectTree = tree('project');
  const project = projectTree && readName(projectTree, '"project"', report);
  const sha256 = readHash(tree('sha256'), report);
  const expires = readDate(tree('expires'), report);
  if (name === undefined || project === undefined || sha256 === undefined || expires === undefined) return undefined;
  return { name, project, sha256, expires };
}

function readHash(tree: Tree | undefined, report: Report): string | undefined {
  const text = tree && readText(tree, '"sha256"', report);
  if (tree === undefined || text === undefined || /^[0-9a-f]{64}$/.test(text)) return text;
  return void report(tree.at, '"sha256" must be 64 characters of lower-case hexadecimal', {
    hint: 'originsign-server tokens generate prints the entry',
  });
}

function readDate(tree: Tree | undefined, report: Report): Date | undefined {
  const text = tree && readText(tree, '"expires"', report);
  if (tree === undefined || text === undefined) return undefined;
  const date = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : Number.NaN);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)) return date;
  return void report(tree.at, '"expires" must be a date in quotes, as in "2027-01-31"');
}
