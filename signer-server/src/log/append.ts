import { randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import { OriginSignError } from '@originsign/core/errors/error';
import { encodeEntry } from '@originsign/core/log/entries';
import type { LogEntryBody } from '@originsign/core/log/entry-bodies';
import { appendLeaf, frontierRoot, type Frontier } from '@originsign/core/log/frontier';
import { leafHash } from '@originsign/core/log/merkle-hash';
import type { LogNodesTable, Trx } from '../store/database.ts';
import { formatFrontier, lockHead } from './head.ts';

/** An entry where it stands now. It is in the log once the transaction has committed, and not before. */
export interface AppendedEntry {
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly entry: Uint8Array;
}

/** Rows that one statement inserts: databases bound the parameters of a statement. */
const ROWS = 500;
const SALT_LENGTH = 16;

/**
 * Appends entries to the log inside the caller's transaction: entries, tree and head change together with whatever they speak
 * of, or not at all. Locks the head first. Throws `log.entry_too_large` and `log.corrupt`; then the transaction must roll back.
 */
export async function appendEntries(
  trx: Trx,
  bodies: readonly LogEntryBody[],
  now: Date,
): Promise<readonly AppendedEntry[]> {
  const head = await lockHead(trx);
  const entries = bodies.map((body, offset) => {
    const entry = encodeEntry(body, now, new Uint8Array(randomBytes(SALT_LENGTH)));
    return { index: head.size + offset, leaf: leafHash(entry), entry };
  });
  const grown = growTree(head.frontier, entries);
  await insertInParts(entries, (part) =>
    trx
      .insertInto('log_entries')
      .values(part.map(({ index: idx, leaf, entry }) => ({ idx, leaf, entry })))
      .execute(),
  );
  await insertInParts(grown.nodes, (part) => trx.insertInto('log_nodes').values(part).execute());
  await moveHead(trx, head.size, grown.frontier);
  return entries;
}

function growTree(
  start: Frontier,
  entries: readonly AppendedEntry[],
): { readonly frontier: Frontier; readonly nodes: readonly Insertable<LogNodesTable>[] } {
  const nodes: Insertable<LogNodesTable>[] = [];
  let frontier = start;
  for (const { leaf } of entries) {
    const step = appendLeaf(frontier, leaf);
    frontier = step.frontier;
    nodes.push(...step.completed.map(({ level, index: idx, hash }) => ({ level, idx, hash })));
  }
  return { frontier, nodes };
}

async function insertInParts<T>(rows: readonly T[], insert: (part: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let begin = 0; begin < rows.length; begin += ROWS) await insert(rows.slice(begin, begin + ROWS));
}

/** The commit point of the log: by compare-and-swap, although the lock is held, so that a lost lock cannot fork it. */
async function moveHead(trx: Trx, from: number, frontier: Frontier): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('log_head')
    .set({ size: frontier.size, root: frontierRoot(frontier), frontier: formatFrontier(frontier) })
    .where('id', '=', 1)
    .where('size', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  throw new OriginSignError('log.unavailable', 'The log moved while an entry was appended.', { retryAfter: 1 });
}
