import { formatProblem } from '@originsign/core/policy/load-problem';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';
import { transaction } from '../store/transaction.ts';
import type { ActivePolicies } from './context.ts';
import { activePolicies, checkLoaded, readAuthorities, readPolicyDirectory } from './load-policies.ts';
import type { Journal } from './ports.ts';
import type { StoredKey } from './stored-key.ts';

/** Loads the policy directory, logs every file with its hash, and reports what is wrong. A bad file disables nothing else. */
export async function loadActivePolicies(
  directory: string,
  parts: {
    readonly db: Db;
    readonly trial: boolean;
    readonly keys: ReadonlyMap<string, StoredKey>;
    readonly journal: Journal;
  },
): Promise<ActivePolicies> {
  const { db, trial, keys, journal } = parts;
  const checked = checkLoaded(await readPolicyDirectory(directory), { trial, keys });
  await transaction(db, async (trx) => {
    await lockHead(trx);
    const entries = checked.files.map(({ path: file, hash, ok }) => ({ type: 'POLICY' as const, file, hash, ok }));
    if (entries.length > 0) await appendEntries(trx, entries, new Date());
  });
  for (const problem of checked.problems)
    journal.error({ problem: formatProblem(problem) }, 'policy file is not in force');
  return activePolicies(checked, await readAuthorities(directory, checked.authorities));
}
