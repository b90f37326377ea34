import { parseCheckpoint } from '@originsign/core/log/checkpoint';
import { formatReceipt } from '@originsign/core/log/receipt';
import { parseRecords } from '@originsign/core/log/records';
import { parseNote } from '@originsign/core/log/signed-note';
import type { Db } from '../store/database.ts';
import { inclusionProof, readEntry } from './read.ts';

/**
 * The receipt of a RESULT entry: the entry, its records (canonical JSON as stored) and its inclusion proof in a signed
 * checkpoint. Throws `log.corrupt`, and a `TypeError` where the checkpoint does not cover the entry.
 */
export async function buildReceipt(db: Db, index: number, records: string, checkpoint: string): Promise<string> {
  const { size } = parseCheckpoint(parseNote(checkpoint).text);
  const proof = await inclusionProof(db, index, size);
  const entry = await readEntry(db, index);
  return formatReceipt({ entry, records: parseRecords('RESULT', records), index, proof, checkpoint });
}
