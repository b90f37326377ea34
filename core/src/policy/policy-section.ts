import type { Report } from './load-problem.ts';
import type { SigningPolicy } from './model.ts';
import {
  type Fields,
  type Keys,
  NAME,
  readFields,
  readItems,
  readMap,
  readName,
  readSentence,
  readText,
} from './reader.ts';
import { parseAllowRule, parseDenyRule, type RuleContext } from './rules.ts';
import type { MapEntry, Tree } from './yaml-tree.ts';

/** Keys of one signing policy. */
export const POLICY_KEYS: Keys = {
  required: ['keys', 'allow'],
  optional: ['description', 'deny', 'programName', 'programUrl'],
  unsupported: ['clientCertificate', 'inspection', 'witnesses'],
};

/** Reads one entry of `policies`. */
export function parsePolicy(entry: MapEntry, project: Omit<RuleContext, 'formats'>): SigningPolicy | undefined {
  const { report } = project;
  if (!NAME.test(entry.key)) {
    report(
      entry.at,
      `"${entry.key}" is no policy name: lower-case letters, digits, ".", "_" or "-", at most 64 of them`,
    );
  }
  const fields = readFields(entry.value, 'a signing policy', POLICY_KEYS, report);
  if (fields === undefined) return undefined;
  const keys = readKeys(fields.get('keys')?.value, report);
  const context: RuleContext = { ...project, formats: [...keys.keys()] };
  const allow = readItems(fields.get('allow')?.value, '"allow"', report, (item) => parseAllowRule(item, context));
  const deny = readItems(fields.get('deny')?.value, '"deny"', report, (item) => parseDenyRule(item, context));
  const seen = new Set<string>();
  for (const rule of [...allow, ...deny]) {
    if (seen.has(rule.id)) report(rule.at, `the policy has two rules with the id "${rule.id}"`);
    seen.add(rule.id);
  }
  return { name: entry.key, keys, ...readTexts(fields, report), allow, deny, at: entry.at };
}

function readKeys(tree: Tree | undefined, report: Report): ReadonlyMap<string, string> {
  const keys = new Map<string, string>();
  const map = tree && readMap(tree, '"keys"', report);
  if (map?.entries.length === 0) report(map.at, '"keys" must not be empty');
  for (const { key, at, value } of map?.entries ?? []) {
    if (!NAME.test(key)) report(at, `"${key}" is no format`);
    const label = readName(value, `the key for ${key}`, report);
    if (label !== undefined) keys.set(key, label);
  }
  return keys;
}

function readTexts(fields: Fields, report: Report): Pick<SigningPolicy, 'description' | 'programName' | 'programUrl'> {
  const sentence = (key: string, limit: number): string | undefined => {
    const tree = fields.get(key)?.value;
    return tree && readSentence(tree, `"${key}"`, limit, report);
  };
  const description = sentence('description', 1000);
  const programName = sentence('programName', 200);
  const programUrl = readProgramUrl(fields.get('programUrl')?.value, report);
  return {
    ...(description === undefined ? {} : { description }),
    ...(programName === undefined ? {} : { programName }),
    ...(programUrl === undefined ? {} : { programUrl }),
  };
}

function readProgramUrl(tree: Tree | undefined, report: Report): string | undefined {
  const text = tree && readText(tree, '"programUrl"', report);
  if (tree === undefined || text === undefined) return undefined;
  const isWeb = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && text.length <= 500;
  return isWeb ? text : void report(tree.at, '"programUrl" must be a web address of at most 500 characters');
}
