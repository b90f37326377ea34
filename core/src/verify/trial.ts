import { decodeBase64 } from '../encoding/base64.ts';
import { OriginSignError } from '../errors/error.ts';
import type { TrustFile } from '../protocol/trust-file.ts';
import { parseCertificate } from '../x509/certificate.ts';
import { TRIAL_ORGANISATION } from '../x509/trial-organisation.ts';

/**
 * Refuses what a trial store vouches for, unless it was asked for. The names of its logs and roots count too: a mark in the file
 * can be edited away, and a root copied into the file of another store; the names under which the keys sign cannot be changed.
 * Throws `verify.trial`, or `der.malformed` for a root that cannot be read.
 */
export function verifyNotTrial(trust: TrustFile, allowed: boolean): void {
  if (allowed) return;
  const isTrial = trust.trial === true || trust.logs.some(({ origin }) => origin.endsWith('/trial'));
  if (isTrial || trust.signingRoots.some(({ certificate }) => isOfTrial(decodeBase64(certificate)))) {
    throw new OriginSignError('verify.trial', 'The trust file is of a trial store, whose keys prove nothing.');
  }
}

function isOfTrial(root: Uint8Array): boolean {
  return parseCertificate(root).subjectText.includes(TRIAL_ORGANISATION);
}
