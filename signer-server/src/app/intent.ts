import { encodeHex } from '@originsign/core/encoding/hex';
import { formatRecords, recordList } from '@originsign/core/log/records';
import type { SigningRequestStatement } from '@originsign/core/attestation/statement';
import type { LogEntryBody } from '@originsign/core/log/entry-bodies';
import { appendEntries } from '../log/append.ts';
import { storePrepared } from '../store/artifacts.ts';
import type { Trx } from '../store/database.ts';
import { recordIntent } from '../store/requests.ts';
import type { Context } from './context.ts';
import type { PreparedArtifact } from './prepare.ts';
import { intentRecords } from './records.ts';

/** An INTENT as it stands in the log. */
export interface LoggedIntent {
  readonly index: number;
  readonly leaf: Uint8Array;
}

/** What is about to be signed. */
export interface IntentPlan {
  readonly id: string;
  readonly statement: SigningRequestStatement;
  readonly prepared: readonly PreparedArtifact[];
  readonly signingTime: Date;
  /** The INTENT whose outcome nobody knows, and how many there were. */
  readonly replaces?: LoggedIntent & { readonly attempts: number };
}

/**
 * Logs the INTENT and stores the structures that the HSM will sign, in the caller's transaction. Returns `false` where another
 * INTENT came first.
 */
export async function writeIntent(trx: Trx, context: Context, plan: IntentPlan): Promise<boolean> {
  const now = context.now();
  const until = new Date(now.getTime() + context.terms.lease * 1000);
  const records = intentRecords(plan.statement, plan.prepared);
  const attempt = (plan.replaces?.attempts ?? 0) + 1;
  const old =
    plan.replaces === undefined ? undefined : { index: plan.replaces.index, leaf: encodeHex(plan.replaces.leaf) };
  const entries: LogEntryBody[] = [
    {
      type: 'INTENT',
      requestId: plan.id,
      attempt,
      lease: { replica: context.replica, until: until.toISOString() },
      artifacts: recordList(records),
      ...(old === undefined ? {} : { replaces: old }),
    },
  ];
  if (old !== undefined) entries.unshift({ type: 'OUTCOME_UNKNOWN', requestId: plan.id, intent: old });
  const appended = (await appendEntries(trx, entries, now)).at(-1);
  if (appended === undefined) throw new TypeError('No entry was appended.');
  await storePrepared(
    trx,
    plan.id,
    plan.prepared.map(({ position, structure, toBeSigned, key }) => ({
      position,
      structure,
      toBeSigned: toBeSigned.kind === 'message' ? toBeSigned.bytes : toBeSigned.digest,
      kind: toBeSigned.kind,
      keyLabel: key.label,
    })),
  );
  return recordIntent(trx, {
    id: plan.id,
    replaces: plan.replaces?.index ?? null,
    index: appended.index,
    leaf: appended.leaf,
    records: formatRecords(records),
    attempt,
    lease: { owner: context.replica, until },
    now,
    signingTime: plan.signingTime,
  });
}
