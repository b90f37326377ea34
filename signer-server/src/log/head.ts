import { encodeBase64 } from '@originsign/core/encoding/base64';
import { equalBytes } from '@originsign/core/encoding/bytes';
import { tryStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { frontierRoot, frontierWidth, type Frontier } from '@originsign/core/log/frontier';
import { HASH_LENGTH } from '@originsign/core/log/merkle-hash';
import type { Db, LogHeadTable, Trx } from '../store/database.ts';

/** Size and right edge of the committed log. */
export interface LogHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly frontier: Frontier;
}

/** A hash of 32 bytes: the last of the 43 characters has two unused bits. */
const BASE64_HASH = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;

type HeadRow = Pick<LogHeadTable, 'size' | 'root' | 'frontier'>;

/** Text of a frontier as the head keeps it. */
export function formatFrontier({ hashes }: Frontier): string {
  return JSON.stringify(hashes.map(encodeBase64));
}

/**
 * Nothing may be appended to an edge that does not lead to its own root: the next checkpoint would put a damaged store under
 * a signature. Throws `log.corrupt`.
 */
function parseHead({ size, root, frontier: text }: HeadRow): LogHead {
  const frontier = { size, hashes: parseHashes(text) };
  const isEdge =
    frontier.hashes.length === frontierWidth(size) && frontier.hashes.every(({ length }) => length === HASH_LENGTH);
  if (isEdge && equalBytes(frontierRoot(frontier), root)) return { size, root: Uint8Array.from(root), frontier };
  throw new OriginSignError('log.corrupt', 'The head of the log does not agree with itself.', {
    details: { table: 'log_head', row: 1 },
  });
}

/** No hashes where the text is not a list of them: then the head does not agree with its size either. */
function parseHashes(text: string): readonly Uint8Array[] {
  const list = tryStrictJson(text);
  if (!Array.isArray(list) || !list.every((hash) => typeof hash === 'string' && BASE64_HASH.test(hash))) {
    return [new Uint8Array()];
  }
  return list.map((hash) => new Uint8Array(Buffer.from(String(hash), 'base64')));
}

/** The committed head. Throws `log.corrupt`. */
export async function readHead(db: Db): Promise<LogHead> {
  const row = await db
    .selectFrom('log_head')
    .select(['size', 'root', 'frontier'])
    .where('id', '=', 1)
    .executeTakeFirst();
  if (row === undefined) throw missingHead();
  return parseHead(row);
}

/**
 * Locks the log until the end of the transaction and gives back its head. A write, so that PostgreSQL takes the lock of the
 * row and SQLite the lock of the file before anything that depends on the head is read. Throws `log.corrupt`.
 */
export async function lockHead(trx: Trx): Promise<LogHead> {
  const row = await trx
    .updateTable('log_head')
    .set((expression) => ({ lock_count: expression('lock_count', '+', 1) }))
    .where('id', '=', 1)
    .returning(['size', 'root', 'frontier'])
    .executeTakeFirst();
  if (row === undefined) throw missingHead();
  return parseHead(row);
}

function missingHead(): OriginSignError {
  return new OriginSignError('log.corrupt', 'The log has no head.', { details: { table: 'log_head', row: 1 } });
}
