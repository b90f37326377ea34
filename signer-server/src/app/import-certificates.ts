import { equalBytes } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { verifyChain } from '@originsign/core/x509/chain';
import { Oid } from '@originsign/core/x509/oids';
import { needsCertificate } from '../hsm/trial-ca.ts';
import type { Db } from '../store/database.ts';
import { storeCertificates } from './key-register.ts';
import { isOfTrial } from './store-identity.ts';
import type { StoredKey } from './stored-key.ts';

/**
 * Puts an outside chain (leaf first, self-signed root last) on a key of a production store. The leaf must be for this very key
 * and for code signing, and the chain must hold now. Throws `trial.forbidden`, `key.purpose`, `key.certificate`.
 */
export async function importCertificates(
  { db, trial, now }: { readonly db: Db; readonly trial: boolean; readonly now: Date },
  key: StoredKey,
  chain: readonly Uint8Array[],
): Promise<void> {
  if (trial) throw new OriginSignError('trial.forbidden', 'A trial store takes no outside certificate.');
  // A raw key can sign the bytes of any structure: with a certificate, its signatures would mean something elsewhere.
  if (!needsCertificate(key.purpose)) {
    throw new OriginSignError('key.purpose', `A key for ${key.purpose} gets no certificate.`);
  }
  const [leaf, ...issuers] = chain.map(parseCertificate);
  const root = issuers.at(-1);
  if (leaf === undefined || root === undefined) {
    throw new OriginSignError('key.certificate', 'The chain must go from the leaf to its root.');
  }
  if (chain.some(isOfTrial)) {
    throw new OriginSignError('trial.forbidden', 'A production store takes no certificate of a trial.');
  }
  if (!equalBytes(leaf.spki, key.spki)) {
    throw new OriginSignError('key.certificate', `The first certificate is not for the key ${key.label}.`);
  }
  try {
    verifyChain(
      leaf.der,
      issuers.slice(0, -1).map(({ der }) => der),
      [root.der],
      {
        at: now,
        extendedKeyUsage: Oid.codeSigning,
      },
    );
  } catch (cause) {
    throw new OriginSignError('key.certificate', 'The chain does not verify for code signing now.', { cause });
  }
  await storeCertificates(db, key, chain, now);
}
