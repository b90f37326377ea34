import { verifyCommitments, type CommitmentReport } from '../log/verify-commitments.ts';
import { verifyStoreLog, type StoreLogReport } from '../log/verify-store-log.ts';
import { snapshot } from '../store/transaction.ts';
import type { OpenedStore } from './open-store.ts';

/** What a store looks like whose log is whole and whose rows are what the log commits to. */
export interface StoreReport {
  readonly log: StoreLogReport;
  readonly rows: CommitmentReport;
}

/** Computes the log anew and compares every row that it commits to; a server may serve the store meanwhile. Throws `log.corrupt`, `store.corrupt`, `note.*`. */
export function verifyStore({ db, logOrigin: origin, logKeys: keys }: OpenedStore): Promise<StoreReport> {
  return snapshot(db, async (view) => ({
    log: await verifyStoreLog(view, { origin, keys }),
    rows: await verifyCommitments(view, { origin, keys }),
  }));
}
