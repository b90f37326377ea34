import { sha256Hex } from '@originsign/core/encoding/sha256';
import type { LogEntryBodyOf } from '@originsign/core/log/entry-bodies';
import type { KeyRegister } from '../hsm/key-generation.ts';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';
import { findKey, insertKey, setCertificates } from '../store/keys.ts';
import { transaction } from '../store/transaction.ts';
import type { StoredKey } from './stored-key.ts';

type KeyEntry = LogEntryBodyOf<'KEY'>;

/** Keys of the store: what is done with one is logged in the transaction that does it. */
export function keyRegister(db: Db): KeyRegister {
  return {
    has: async (label) => (await findKey(db, label)) !== undefined,
    add: (key) =>
      transaction(db, async (trx) => {
        await lockHead(trx);
        await insertKey(trx, {
          label: key.label,
          purpose: key.purpose,
          type: key.type,
          token: key.token,
          cka_id: key.id,
          spki: key.spki,
          certificates: key.certificates,
          created_at: key.createdAt.toISOString(),
          trial: key.trial ? 1 : 0,
        });
        await appendEntries(trx, [keyEntry('generate', key)], key.createdAt);
      }),
  };
}

/** Logs that the HSM is about to sign a certificate or a request for one, before it does. */
export async function logKeyUse(
  db: Db,
  use: { readonly action: 'issue' | 'csr'; readonly key: StoredKey; readonly toBeSigned: Uint8Array },
  now: Date,
): Promise<void> {
  const { action, key, toBeSigned } = use;
  await transaction(db, async (trx) => {
    await lockHead(trx);
    await appendEntries(trx, [{ ...keyEntry(action, key), toBeSignedSha256: sha256Hex(toBeSigned) }], now);
  });
}

/** Puts a chain (leaf first, root last) on a key, and logs it. */
export async function storeCertificates(
  db: Db,
  key: StoredKey,
  chain: readonly Uint8Array[],
  now: Date,
): Promise<void> {
  const [leaf] = chain;
  if (leaf === undefined) throw new TypeError('A chain has a leaf.');
  await transaction(db, async (trx) => {
    await lockHead(trx);
    await setCertificates(trx, key.label, chain);
    await appendEntries(trx, [{ ...keyEntry('certificate', key), certificateSha256: sha256Hex(leaf) }], now);
  });
}

function keyEntry(action: KeyEntry['action'], key: Pick<StoredKey, 'label' | 'purpose' | 'type' | 'spki'>): KeyEntry {
  const { label, purpose, type: keyType, spki } = key;
  return { type: 'KEY', action, label, purpose, keyType, spkiSha256: sha256Hex(spki) };
}
