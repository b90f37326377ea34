import type { EnforcedFeatures } from './features.ts';
import type { Report } from './load-problem.ts';
import type { Approvals, Limits, RuleDemands } from './model.ts';
import {
  type Fields,
  type Keys,
  readFields,
  readInteger,
  readItems,
  readText,
  readWord,
  reportUnsupported,
} from './reader.ts';
import type { Tree } from './yaml-tree.ts';

/** Keys of `limits`. */
export const LIMIT_KEYS: Keys = { required: [], optional: ['perRun', 'perHour'] };

/** Keys of `approvals`. */
export const APPROVAL_KEYS: Keys = { required: ['count', 'from'], optional: [] };

/** Highest number that a limit may have. */
export const MAX_LIMIT = 1_000_000;

/** What an allow rule asks for beyond its conditions, with the strict choice wherever it says nothing. */
export function parseDemands(fields: Fields, enforced: EnforcedFeatures, report: Report): RuleDemands {
  const timestamp = fields.get('timestamp')?.value;
  const reRuns = fields.get('reRuns')?.value;
  const approvals = fields.get('approvals');
  if (approvals !== undefined && !enforced.approvals) reportUnsupported(approvals.at, 'approvals', report);
  const parsed = approvals !== undefined && enforced.approvals ? parseApprovals(approvals.value, report) : undefined;
  return {
    limits: parseLimits(fields.get('limits')?.value, report),
    ...(parsed === undefined ? {} : { approvals: parsed }),
    timestamp: (timestamp && readWord(timestamp, '"timestamp"', ['required', 'best-effort'], report)) ?? 'required',
    reRuns: (reRuns && readWord(reRuns, '"reRuns"', ['deny', 'allow'], report)) ?? 'deny',
  };
}

function parseLimits(tree: Tree | undefined, report: Report): Limits {
  const fields = tree && readFields(tree, '"limits"', LIMIT_KEYS, report);
  const limit = (key: string): number | undefined => {
    const value = fields?.get(key)?.value;
    return value && readInteger(value, `"${key}"`, [1, MAX_LIMIT], report);
  };
  const perRun = limit('perRun');
  const perHour = limit('perHour');
  return { ...(perRun === undefined ? {} : { perRun }), ...(perHour === undefined ? {} : { perHour }) };
}

function parseApprovals(tree: Tree, report: Report): Approvals | undefined {
  const fields = readFields(tree, '"approvals"', APPROVAL_KEYS, report);
  const countTree = fields?.get('count')?.value;
  const count = countTree && readInteger(countTree, '"count"', [1, 10], report);
  const from = readPrincipals(fields?.get('from')?.value, '"from"', report);
  return count === undefined || from.length === 0 ? undefined : { count, from };
}

/** A list of `group:name` and `user:name`. */
export function readPrincipals(tree: Tree | undefined, what: string, report: Report): readonly string[] {
  return readItems(tree, what, report, (item) => {
    const text = readText(item, `an entry of ${what}`, report);
    if (text === undefined || /^(?:group|user):[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) return text;
    return void report(item.at, `"${text}" is neither group:name nor user:name`);
  });
}
