import { randomBytes } from 'node:crypto';
import { encodeBase64url } from '@originsign/core/encoding/base64';
import { sha256 } from '@originsign/core/encoding/sha256';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Checkpoint } from '@originsign/core/log/checkpoint';
import type { LogEntryBody } from '@originsign/core/log/entry-bodies';
import { signNote, type NoteSigner } from '@originsign/core/log/signed-note';
import { testNoteSigner } from '@originsign/testkit/test-log';
import type { Db } from '../store/database.ts';
import { transaction } from '../store/transaction.ts';
import { appendEntries, type AppendedEntry } from './append.ts';
import type { HighWaterMark } from './high-water-mark.ts';
import { createPublisher, type Publisher, type PublisherPorts } from './publisher.ts';

export const ORIGIN = 'sign.acme.example/log';
export const NOW = new Date('2026-11-22T09:14:03.000Z');

/** An entry that refers to nothing. */
export function denial(name: string): LogEntryBody {
  const requestId = encodeBase64url(sha256(utf8(name)));
  return { type: 'DENIAL', requestId, project: 'acme-app', policy: 'release', code: 'policy.denied' };
}

/** Appends so many denials in one transaction. */
export function appendDenials(db: Db, count: number): Promise<readonly AppendedEntry[]> {
  const bodies = Array.from({ length: count }, () => denial(randomBytes(8).toString('hex')));
  return transaction(db, (trx) => appendEntries(trx, bodies, NOW));
}

/** A mark in memory that keeps the contract of the file: it never goes back. */
export function memoryMark(): HighWaterMark & { readonly writes: Checkpoint[] } {
  const writes: Checkpoint[] = [];
  return {
    writes,
    read: () => Promise.resolve(writes.at(-1)),
    write: (mark) => {
      if ((writes.at(-1)?.size ?? -1) < mark.size) writes.push(mark);
      return Promise.resolve();
    },
  };
}

/** A publisher over a key in this process. */
export function testPublisher(
  db: Db,
  changes: Partial<PublisherPorts> & { readonly signer?: NoteSigner } = {},
): { readonly publisher: Publisher; readonly signer: NoteSigner; readonly mark: HighWaterMark } {
  const { signer = testNoteSigner(ORIGIN), ...ports } = changes;
  const mark = ports.mark ?? memoryMark();
  const note = (text: string): Promise<string> => signNote(text, [signer]);
  const publisher = createPublisher({ db, mark, origin: ORIGIN, keys: [signer.key], signNote: note, ...ports });
  return { publisher, signer, mark };
}
