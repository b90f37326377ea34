import type { LogEntryBodyOf } from '@originsign/core/log/entry-bodies';
import type { ReloadedFile } from '@originsign/core/policy/reload';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';
import { transaction } from '../store/transaction.ts';

/** What the log has to say of files that are otherwise than before, those that are gone last. */
export function policyChanges(
  before: ReadonlyMap<string, ReloadedFile>,
  now: ReadonlyMap<string, ReloadedFile>,
): readonly LogEntryBodyOf<'POLICY'>[] {
  const changed = [...now.values()].filter((file) => !isSame(file, before.get(file.path)));
  const gone = [...before.values()].filter(({ path, ok, kept }) => !now.has(path) && (ok || kept !== undefined));
  return [
    ...changed.map(({ path: file, ...rest }) => ({ type: 'POLICY' as const, file, ...rest })),
    ...gone.map(({ path: file, hash, kept = hash }) => {
      return { type: 'POLICY' as const, file, hash: kept, ok: false, removed: true as const };
    }),
  ];
}

function isSame(left: ReloadedFile, right: ReloadedFile | undefined): boolean {
  return left.hash === right?.hash && left.ok === right.ok && left.kept === right.kept;
}

/**
 * Logs changes of policies, and makes them count. `takeOver` runs once they stand in the log and before anything else can be
 * written there, so that every decision stands behind the policy that it was made by. Throws `store.*`; whether the changes
 * are in the log is unknown then, and `takeOver` has to be taken back.
 */
export async function logPolicies(
  db: Db,
  entries: readonly LogEntryBodyOf<'POLICY'>[],
  takeOver: () => void,
): Promise<void> {
  await transaction(db, async (trx) => {
    await lockHead(trx);
    if (entries.length > 0) await appendEntries(trx, entries, new Date());
    takeOver();
  });
}
