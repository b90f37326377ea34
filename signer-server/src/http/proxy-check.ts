import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { readAlternativeNames } from '@originsign/core/x509/alternative-names';
import { verifyChain } from '@originsign/core/x509/chain';
import { Oid } from '@originsign/core/x509/oids';
import type { PresentedCertificate } from '../identity/client-certificate.ts';

/** Which proxies may forward certificates. */
export interface AllowedProxies {
  /** DER certificates of the authorities that the proxies' certificates lead to. */
  readonly authorities: readonly Uint8Array[];
  /** DNS names, lower case, of which a proxy's certificate must have one. */
  readonly names: readonly string[];
}

/** Throws `certificate.forwarded` unless the certificate is that of a proxy on the list. */
export type ProxyCheck = (presented: PresentedCertificate | undefined) => void;

/**
 * Makes the check of proxies. It is done for every request: a connection can be kept open for longer than its certificate is
 * valid.
 */
export function createProxyCheck({ authorities, names }: AllowedProxies, now: () => Date): ProxyCheck {
  return (presented) => {
    if (presented === undefined) throw notAllowed('shows no certificate');
    const allowed = namesOf(presented, authorities, now()).some((name) => names.includes(name));
    if (!allowed) throw notAllowed('is not on the list');
  };
}

function namesOf({ leaf, chain }: PresentedCertificate, roots: readonly Uint8Array[], at: Date): readonly string[] {
  try {
    const [certificate] = verifyChain(leaf, chain, roots, { at, extendedKeyUsage: Oid.clientAuthentication });
    const names = certificate?.extensions.find(({ oid }) => oid === Oid.subjectAltName);
    return names === undefined ? [] : readAlternativeNames(names.value).dnsNames;
  } catch (cause) {
    if (!isOriginSignError(cause)) throw cause;
    throw notAllowed('has a certificate that does not hold', cause);
  }
}

function notAllowed(what: string, cause?: unknown): OriginSignError {
  return new OriginSignError('certificate.forwarded', `The proxy that forwards this request ${what}.`, { cause });
}
