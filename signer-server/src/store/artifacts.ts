import type { Insertable } from 'kysely';
import type { ArtifactRow, ArtifactsTable, Db, Trx } from './database.ts';

type Later =
  'structure' | 'to_be_signed' | 'to_be_signed_kind' | 'signature' | 'timestamp_token' | 'timestamp_time' | 'block';
/** What an artifact is stored with when its request comes in. */
export type NewArtifact = Readonly<Omit<Insertable<ArtifactsTable>, Later>>;

/** Rows that one statement inserts: SQLite and PostgreSQL bound the parameters of a statement. */
const ROWS = 500;

/** Stores the artifacts of a new request. */
export async function insertArtifacts(trx: Trx, artifacts: readonly NewArtifact[]): Promise<void> {
  for (let begin = 0; begin < artifacts.length; begin += ROWS) {
    await trx
      .insertInto('artifacts')
      .values(artifacts.slice(begin, begin + ROWS))
      .execute();
  }
}

/** Artifacts of a request, by position. */
export function listArtifacts(db: Db, requestId: string): Promise<ArtifactRow[]> {
  return db.selectFrom('artifacts').selectAll().where('request_id', '=', requestId).orderBy('position').execute();
}

/** Labels of the keys that sign a request, by format. */
export async function keyLabels(db: Db, requestId: string): Promise<Readonly<Record<string, string>>> {
  const rows = await db
    .selectFrom('artifacts')
    .select(['format', 'key_label'])
    .distinct()
    .where('request_id', '=', requestId)
    .execute();
  return Object.fromEntries(rows.map(({ format, key_label: label }) => [format, label]));
}

/** How many artifacts a request has. */
export async function countArtifacts(db: Db, requestId: string): Promise<number> {
  const { count } = await db
    .selectFrom('artifacts')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('request_id', '=', requestId)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What the HSM is about to sign for one artifact. */
export interface PreparedBytes {
  readonly position: number;
  readonly structure: Uint8Array;
  readonly toBeSigned: Uint8Array;
  readonly kind: 'message' | 'digest';
  readonly keyLabel: string;
}

/** Stores what an INTENT commits to, in the transaction that logs it. */
export async function storePrepared(trx: Trx, requestId: string, prepared: readonly PreparedBytes[]): Promise<void> {
  for (const { position, structure, toBeSigned, kind, keyLabel } of prepared) {
    const set = { structure, to_be_signed: toBeSigned, to_be_signed_kind: kind, key_label: keyLabel };
    await updateArtifact(trx, requestId, position, set);
  }
}

/** One finished signature. */
export interface FinishedBytes {
  readonly position: number;
  readonly signature: Uint8Array;
  readonly timestamp: { readonly token: Uint8Array; readonly time: Date } | undefined;
  readonly block: Uint8Array;
}

/** Stores what a RESULT commits to, in the transaction that logs it. */
export async function storeFinished(trx: Trx, requestId: string, finished: readonly FinishedBytes[]): Promise<void> {
  for (const { position, signature, timestamp, block } of finished) {
    await updateArtifact(trx, requestId, position, {
      signature,
      block,
      timestamp_token: timestamp?.token ?? null,
      timestamp_time: timestamp?.time.toISOString() ?? null,
    });
  }
}

async function updateArtifact(
  trx: Trx,
  requestId: string,
  position: number,
  set: Partial<Omit<ArtifactRow, 'request_id' | 'position'>>,
): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('artifacts')
    .set(set)
    .where('request_id', '=', requestId)
    .where('position', '=', position)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new TypeError(`The request has no artifact ${position}.`);
}
