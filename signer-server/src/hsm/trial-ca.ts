import { randomBytes } from 'node:crypto';
import { OriginSignError } from '@originsign/core/errors/error';
import { isArtifactPurpose, type KeyPurpose } from '@originsign/core/formats/purpose';
import { encodeCertificate } from '@originsign/core/x509/certificate-builder';
import {
  encodeCodeSigningTbs,
  encodeRootTbs,
  type CertificateSubject,
} from '@originsign/core/x509/certificate-profiles';
import { encodeName, type NameAttribute } from '@originsign/core/x509/name';
import { verifySignature } from '@originsign/core/x509/signature';
import { TRIAL_ORGANISATION } from '@originsign/core/x509/trial-organisation';
import type { HsmKey, HsmSigner } from './hsm.ts';

/** A key with a purpose that the trial authority deals with. */
export interface CertifiedKey extends HsmKey {
  readonly spki: Uint8Array;
  readonly purpose: KeyPurpose;
}

const DAY = 86_400_000;
const ROOT_DAYS = 3650;
const LEAF_DAYS = 30;
/** For verifiers whose clock is behind. */
const BACKDATED = 5 * 60_000;

/** Purposes whose formats carry a certificate. `raw` keys never get one: what they sign can be any structure. */
const CERTIFIED_PURPOSES: ReadonlySet<KeyPurpose> = new Set(['authenticode', 'cms']);

/** True where keys of this purpose need a certificate. */
export function needsCertificate(purpose: KeyPurpose): boolean {
  return CERTIFIED_PURPOSES.has(purpose);
}

/** The self-signed certificate of a trial store's `ca` key, DER, valid for ten years. Throws `key.purpose` and `hsm.*`. */
export async function issueTrialRoot(hsm: HsmSigner, ca: CertifiedKey, now: Date): Promise<Uint8Array> {
  checkAuthority(ca);
  return sign(hsm, ca, encodeRootTbs(subject(rootName(), ca.spki, now, ROOT_DAYS), ca.type));
}

/**
 * A code-signing certificate for 30 days by the trial authority, DER. Throws `key.purpose` where the key's purpose gets none, and
 * `hsm.*`.
 */
export async function issueTrialCertificate(
  hsm: HsmSigner,
  ca: CertifiedKey,
  key: CertifiedKey,
  now: Date,
): Promise<Uint8Array> {
  checkAuthority(ca);
  if (!isArtifactPurpose(key.purpose) || !needsCertificate(key.purpose)) {
    throw new OriginSignError('key.purpose', `A key for ${key.purpose} gets no code-signing certificate.`);
  }
  const issuer = { name: encodeName(rootName()), spki: ca.spki, keyType: ca.type };
  const name: readonly NameAttribute[] = [
    // RFC 5280 appendix A.1 allows 64 characters.
    { type: 'CN', value: `Trial ${key.label}`.slice(0, 64) },
    { type: 'O', value: TRIAL_ORGANISATION },
  ];
  return sign(hsm, ca, encodeCodeSigningTbs(subject(name, key.spki, now, LEAF_DAYS), issuer));
}

function checkAuthority(ca: CertifiedKey): void {
  if (ca.purpose === 'ca') return;
  throw new OriginSignError('key.purpose', `A key for ${ca.purpose} issues no certificates.`);
}

function rootName(): readonly NameAttribute[] {
  return [
    { type: 'CN', value: 'OriginSign Trial Root' },
    { type: 'O', value: TRIAL_ORGANISATION },
  ];
}

function subject(name: readonly NameAttribute[], spki: Uint8Array, now: Date, days: number): CertificateSubject {
  // The first octet keeps the number positive and its length fixed; RFC 5280 section 4.1.2.2 allows 20.
  const serialNumber = Uint8Array.of(1, ...randomBytes(15));
  const notBefore = new Date(now.getTime() - BACKDATED);
  return { serialNumber, subject: name, spki, notBefore, notAfter: new Date(notBefore.getTime() + days * DAY) };
}

async function sign(hsm: HsmSigner, ca: CertifiedKey, tbs: Uint8Array): Promise<Uint8Array> {
  const signature = await hsm.sign(ca, { kind: 'message', bytes: tbs });
  if (!verifySignature(ca.spki, { kind: 'message', bytes: tbs }, signature)) {
    throw new OriginSignError('hsm.bad_signature', 'The HSM returned a bad signature for a certificate.');
  }
  return encodeCertificate(tbs, ca.type, signature);
}
