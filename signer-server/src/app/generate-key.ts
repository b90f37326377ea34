import { generateKey, type KeyWish } from '../hsm/key-generation.ts';
import type { Hsm, HsmSigner } from '../hsm/hsm.ts';
import { issueTrialCertificate, issueTrialRoot, needsCertificate } from '../hsm/trial-ca.ts';
import type { Db } from '../store/database.ts';
import { keyRegister, logKeyUse, storeCertificates } from './key-register.ts';
import { loadKeys, requireKey } from './load-keys.ts';
import type { StoredKey } from './stored-key.ts';

/** Label of the trial certificate authority. */
export const TRIAL_CA_LABEL = 'trial-ca';

/** What making keys needs. */
export interface KeyMaking {
  readonly db: Db;
  readonly hsm: Hsm;
  readonly trial: boolean;
  readonly now: () => Date;
}

/**
 * Generates a key in the HSM under its one purpose. In a trial store a key whose format carries a certificate gets one of the
 * trial authority at once. Throws what `generateKey` throws.
 */
export async function makeKey(making: KeyMaking, wish: KeyWish): Promise<StoredKey> {
  const { db, hsm, trial, now } = making;
  const key = await generateKey({ hsm, register: keyRegister(db), trial, now }, wish);
  if (!trial) return key;
  if (key.purpose === 'ca')
    return certified(making, key, [await issueTrialRoot(loggedSigner(making, key), key, now())]);
  if (!needsCertificate(key.purpose)) return key;
  const ca = requireKey(await loadKeys(db), TRIAL_CA_LABEL, 'ca');
  const leaf = await issueTrialCertificate(loggedSigner(making, ca), ca, key, now());
  return certified(making, key, [leaf, ...ca.certificates]);
}

async function certified({ db, now }: KeyMaking, key: StoredKey, chain: readonly Uint8Array[]): Promise<StoredKey> {
  await storeCertificates(db, key, chain, now());
  return { ...key, certificates: chain };
}

/** Signs certificates only after the log has what is signed. */
function loggedSigner({ db, hsm, now }: KeyMaking, key: StoredKey): HsmSigner {
  return {
    sign: async (hsmKey, toBeSigned) => {
      const bytes = toBeSigned.kind === 'message' ? toBeSigned.bytes : toBeSigned.digest;
      await logKeyUse(db, { action: 'issue', key, toBeSigned: bytes }, now());
      return hsm.sign(hsmKey, toBeSigned);
    },
  };
}
