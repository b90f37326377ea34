import { parseDuration } from './duration.ts';
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
export const APPROVAL_KEYS: Keys = { required: ['count', 'from'], optional: ['expiresAfter', 'unknownRequester'] };

/** Seconds for which a request may wait for its approvals at most. */
const MAX_APPROVAL_WAIT = 720 * 3600;

/** Groups and people that one rule may ask. */
const MAX_FROM = 64;

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
  const fromTree = fields?.get('from')?.value;
  const from = readPrincipals(fromTree, '"from"', report);
  // They stand in a log entry, which has its bounds.
  if (fromTree !== undefined && from.length > MAX_FROM) report(fromTree.at, `"from" has more than ${MAX_FROM} entries`);
  const expiresAfter = readExpiry(fields?.get('expiresAfter')?.value, report);
  const unknownTree = fields?.get('unknownRequester')?.value;
  const unknown = unknownTree && readWord(unknownTree, '"unknownRequester"', ['refuse', 'allow'], report);
  if (count === undefined || from.length === 0) return undefined;
  return {
    count,
    from,
    ...(expiresAfter === undefined ? {} : { expiresAfter }),
    ...(unknown === 'allow' ? { unknownRequester: unknown } : {}),
  };
}

function readExpiry(tree: Tree | undefined, report: Report): number | undefined {
  const text = tree && readText(tree, '"expiresAfter"', report);
  if (tree === undefined || text === undefined) return undefined;
  const seconds = parseDuration(text);
  if (seconds !== undefined && seconds <= MAX_APPROVAL_WAIT) return seconds;
  return void report(tree.at, '"expiresAfter" must be a duration such as 90m or 24h, at most 720h');
}

/** A list of `group:name` and `user:name`. */
export function readPrincipals(tree: Tree | undefined, what: string, report: Report): readonly string[] {
  return readItems(tree, what, report, (item) => {
    const text = readText(item, `an entry of ${what}`, report);
    if (text === undefined || /^(?:group|user):[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(text)) return text;
    return void report(item.at, `"${text}" is neither group:name nor user:name`);
  });
}
