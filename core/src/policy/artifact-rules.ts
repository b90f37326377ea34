import { parseConditions, type Subject } from './conditions.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Report } from './load-problem.ts';
import type { ArtifactRules, Condition } from './model.ts';
import { readFields } from './reader.ts';
import type { Tree } from './yaml-tree.ts';

/** What `artifacts` of a rule can look at. */
export const ARTIFACT_SUBJECTS: Readonly<Record<string, Subject & { readonly description: string }>> = {
  format: { name: 'artifacts.format', type: 'string', description: 'Format id, as the policy maps it to a key.' },
  name: { name: 'artifacts.name', type: 'string', description: "Name in the request: the client's word." },
  size: { name: 'artifacts.size', type: 'size', description: "Bytes of the file: the client's word." },
};

/** Reads `artifacts: {format, name, size, count}`. `formats` are those that the policy has keys for. */
export function parseArtifactRules(tree: Tree | undefined, formats: Iterable<string>, report: Report): ArtifactRules {
  if (tree === undefined) return { each: [], all: [] };
  const keys = { required: [], optional: [...Object.keys(ARTIFACT_SUBJECTS), 'count'] };
  const fields = readFields(tree, '"artifacts"', keys, report);
  const each: Condition[] = [];
  const all: Condition[] = [];
  for (const { key, at, value } of fields?.values() ?? []) {
    const subject = ARTIFACT_SUBJECTS[key];
    if (subject !== undefined) each.push(...parseConditions(value, subject, report));
    else all.push(...parseConditions(countTree(value, at), { name: 'artifacts', type: 'list' }, report));
  }
  if (tree.kind === 'map' && tree.entries.length === 0) report(tree.at, '"artifacts" is empty');
  checkFormats(each, new Set(formats), report);
  return { each, all };
}

/** `count: {lte: 40}` is the condition `{count: {lte: 40}}` on the list of artifacts. */
function countTree(value: Tree, at: Tree['at']): Tree {
  return { kind: 'map', at, entries: [{ key: 'count', at, value }] };
}

function checkFormats(conditions: readonly Condition[], formats: ReadonlySet<string>, report: Report): void {
  for (const condition of conditions) {
    if (condition.claim !== 'artifacts.format') continue;
    const named = condition.operator === 'is' ? [condition.value] : condition.operator === 'in' ? condition.values : [];
    for (const format of named.map(String).filter((name) => !formats.has(name))) {
      report(condition.at, `the policy has no key for the format "${format}"`, { hint: didYouMean(format, formats) });
    }
  }
}
