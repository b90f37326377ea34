import { equalBytes } from '@originsign/core/encoding/bytes';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { openCheckpoint } from '@originsign/core/log/checkpoint';
import { parseEntry, type LogEntry } from '@originsign/core/log/entries';
import type { LogEntryType } from '@originsign/core/log/entry-bodies';
import { EntryOrder } from '@originsign/core/log/entry-order';
import { appendLeaf, EMPTY_FRONTIER, frontierRoot, type Frontier, type TreeNode } from '@originsign/core/log/frontier';
import { leafHash } from '@originsign/core/log/merkle-hash';
import type { NoteKey } from '@originsign/core/log/note-key';
import type { Db } from '../store/database.ts';
import { formatFrontier, readHead } from './head.ts';
import type { StoredCheckpoint } from './checkpoints.ts';

/** What a whole log in a store looks like. */
export interface StoreLogReport {
  readonly size: number;
  readonly root: Uint8Array;
  /** Entries by type. */
  readonly types: Readonly<Partial<Record<LogEntryType, number>>>;
  readonly checkpoints: number;
}

/** Entries that are read at once. */
const BATCH = 1024;

function corrupt(message: string, table: string, row: unknown, column?: string): OriginSignError {
  const details = { table, row, ...(column === undefined ? {} : { column }) };
  return new OriginSignError('log.corrupt', message, { details });
}

/**
 * Computes the log anew from its entries and compares every stored leaf, inner node, checkpoint and the head. Safe while a
 * server appends: it looks at what was committed when it began. The first difference is thrown as `log.corrupt`, whose message
 * says what and whose `details` are `{table, row, column?}`; a checkpoint that no key signed as `note.signature`.
 */
export async function verifyStoreLog(
  db: Db,
  { origin, keys }: { readonly origin: string; readonly keys: readonly NoteKey[] },
): Promise<StoreLogReport> {
  const head = await readHead(db);
  const checkpoints = await readCheckpoints(db, head.size);
  const bySize = new Map(checkpoints.map((checkpoint) => [checkpoint.size, checkpoint]));
  // Nodes are compared before checkpoints: they tell where a difference is, checkpoints only that there is one.
  const roots: { readonly checkpoint: StoredCheckpoint; readonly root: Uint8Array }[] = [];
  const walk = new StoreWalk((frontier) => {
    const checkpoint = bySize.get(frontier.size);
    if (checkpoint !== undefined) roots.push({ checkpoint, root: frontierRoot(frontier) });
  });
  for (let begin = 0; begin < head.size; begin += BATCH) {
    const end = Math.min(begin + BATCH, head.size);
    await compareNodes(db, await walk.read(db, begin, end), begin, end);
  }
  for (const { checkpoint, root } of roots) checkCheckpoint(checkpoint, origin, keys, root);
  if (!equalBytes(frontierRoot(walk.frontier), head.root)) {
    throw corrupt('The entries do not lead to the root of the log.', 'log_head', 1, 'root');
  }
  if (formatFrontier(walk.frontier) !== formatFrontier(head.frontier)) {
    throw corrupt('The right edge of the log is not the one of its entries.', 'log_head', 1, 'frontier');
  }
  await refuseRowsBeyond(db, head.size);
  return { size: head.size, root: head.root, types: walk.types, checkpoints: checkpoints.length };
}

/** Rows behind the end of the log would take the place of the next entries. */
async function refuseRowsBeyond(db: Db, size: number): Promise<void> {
  const { last } = await db
    .selectFrom('log_entries')
    .select(({ fn }) => fn.max<number | null>('idx').as('last'))
    .executeTakeFirstOrThrow();
  const levels = await db
    .selectFrom('log_nodes')
    .select(({ fn }) => ['level', fn.max('idx').as('last')])
    .groupBy('level')
    .execute();
  if ((await readHead(db)).size !== size) return;
  if (last !== null && last >= size)
    throw corrupt(`Log entry ${last} is behind the end of the log.`, 'log_entries', last);
  const node = levels.find(({ level, last: index }) => (index + 1) * 2 ** level > size);
  if (node === undefined) return;
  const message = `Node ${node.last} of level ${node.level} is behind the end of the log.`;
  throw corrupt(message, 'log_nodes', [node.level, node.last]);
}

/** Checkpoints up to the size; one beyond it speaks for entries that are gone. */
async function readCheckpoints(db: Db, size: number): Promise<StoredCheckpoint[]> {
  const checkpoints = await db.selectFrom('log_checkpoints').selectAll().orderBy('size').execute();
  const beyond = checkpoints.find((checkpoint) => checkpoint.size > size);
  if (beyond === undefined) return checkpoints;
  const { size: now } = await readHead(db);
  if (beyond.size <= now) return checkpoints.filter((checkpoint) => checkpoint.size <= size);
  const message = `A checkpoint of size ${beyond.size} was signed, but the log ends after ${size} entries.`;
  throw corrupt(message, 'log_checkpoints', beyond.size);
}

function checkCheckpoint(stored: StoredCheckpoint, origin: string, keys: readonly NoteKey[], root: Uint8Array): void {
  if (!equalBytes(stored.root, root)) {
    const message = `The checkpoint of size ${stored.size} has another root than the first ${stored.size} entries.`;
    throw corrupt(message, 'log_checkpoints', stored.size, 'root');
  }
  const opened = openCheckpoint(stored.note, keys);
  if (opened.origin !== origin || opened.size !== stored.size || !equalBytes(opened.root, root)) {
    const message = `The signed note of the checkpoint of size ${stored.size} says something else.`;
    throw corrupt(message, 'log_checkpoints', stored.size, 'note');
  }
}

/** The log as its entries make it. */
class StoreWalk {
  readonly types: Partial<Record<LogEntryType, number>> = {};
  readonly #grown: (frontier: Frontier) => void;
  frontier: Frontier = EMPTY_FRONTIER;
  readonly #order = new EntryOrder();

  /** `grown` is called for every size, 0 too. */
  constructor(grown: (frontier: Frontier) => void) {
    this.#grown = grown;
    grown(EMPTY_FRONTIER);
  }

  /** Reads entries `begin` to `end` and gives back the inner nodes that they complete. */
  async read(db: Db, begin: number, end: number): Promise<readonly TreeNode[]> {
    const rows = await db
      .selectFrom('log_entries')
      .selectAll()
      .where('idx', '>=', begin)
      .where('idx', '<', end)
      .orderBy('idx')
      .execute();
    const nodes: TreeNode[] = [];
    for (let index = begin; index < end; index += 1) {
      const row = rows[index - begin];
      if (row?.idx !== index) throw corrupt(`Log entry ${index} is missing.`, 'log_entries', index);
      this.#check(index, row);
      const step = appendLeaf(this.frontier, row.leaf);
      this.frontier = step.frontier;
      nodes.push(...step.completed);
      this.#grown(this.frontier);
    }
    return nodes;
  }

  #check(index: number, { leaf, entry: bytes }: { readonly leaf: Uint8Array; readonly entry: Uint8Array }): void {
    if (!equalBytes(leafHash(bytes), leaf)) {
      throw corrupt(`Log entry ${index} does not hash to its leaf: one of them was changed.`, 'log_entries', index);
    }
    const entry = parseStored(index, bytes);
    const wrong = this.#order.problem(index, leaf, entry);
    if (wrong !== undefined) throw corrupt(`Log entry ${index} ${wrong}.`, 'log_entries', index);
    this.types[entry.type] = (this.types[entry.type] ?? 0) + 1;
  }
}

function parseStored(index: number, bytes: Uint8Array): LogEntry {
  try {
    return parseEntry(bytes);
  } catch (error) {
    if (!isOriginSignError(error, 'log.corrupt')) throw error;
    throw corrupt(`Log entry ${index}: ${error.message}`, 'log_entries', index);
  }
}

/** Compares the stored nodes that entries `begin` to `end` completed, level by level. */
async function compareNodes(db: Db, nodes: readonly TreeNode[], begin: number, end: number): Promise<void> {
  for (let level = 1; Math.floor(end / 2 ** level) > 0; level += 1) {
    const from = Math.floor(begin / 2 ** level);
    const to = Math.floor(end / 2 ** level);
    const rows = await db
      .selectFrom('log_nodes')
      .selectAll()
      .where('level', '=', level)
      .where('idx', '>=', from)
      .where('idx', '<', to)
      .execute();
    const stored = new Map(rows.map(({ idx, hash }) => [idx, hash]));
    for (const { index, hash } of nodes.filter((node) => node.level === level)) {
      const found = stored.get(index);
      if (found === undefined)
        throw corrupt(`Node ${index} of level ${level} is missing.`, 'log_nodes', [level, index]);
      if (!equalBytes(found, hash)) {
        throw corrupt(`Node ${index} of level ${level} was changed.`, 'log_nodes', [level, index], 'hash');
      }
    }
  }
}
