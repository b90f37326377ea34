import { equalBytes } from '../encoding/bytes.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { parseCertificate, type Certificate } from './certificate.ts';
import { Oid } from './oids.ts';
import { parsePublicKey } from './public-key.ts';
import { readSignatureScheme, verifiesWithScheme } from './signature-algorithm.ts';

/** Certificates of a chain from the leaf up to and including the trusted root. */
export type Chain = readonly Certificate[];

/** Why a certificate is refused, as `details.reason`: its time, its use, or that it does not lead to a root. */
export type ChainRefusal = 'time' | 'usage' | 'trust';

/** When and for what the certificates must have been good. */
export interface ChainPurpose {
  readonly at: Date;
  /** Dotted identifier of the one use that matters. */
  readonly extendedKeyUsage: string;
}

/** Extensions whose meaning is applied here or that only describe; any other that is critical refuses the certificate. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  Oid.subjectKeyIdentifier,
  Oid.keyUsage,
  Oid.subjectAltName,
  Oid.basicConstraints,
  Oid.certificatePolicies,
  Oid.authorityKeyIdentifier,
  Oid.extendedKeyUsage,
]);

const MAX_INTERMEDIATES = 6;
/** Signature checks that one call may cost: an attacker chooses the intermediates and could make the search explode. */
const MAX_CHECKS = 100;

/**
 * Finds a chain from the leaf over any of the intermediates to one of the roots, all DER, in which every certificate was valid at
 * the time and allowed its use (RFC 5280 section 6 without policies and name constraints, which are refused where critical).
 * `extendedKeyUsage` must stand in the leaf, and in every intermediate that restricts uses at all, as Windows asks.
 * Throws `verify.certificate` with the reason nearest to success and its {@link ChainRefusal}, or `der.malformed` for a leaf or root that cannot be read.
 * Intermediates that cannot be read are passed over: they are the signer's to choose.
 */
export function verifyChain(
  leaf: Uint8Array,
  intermediates: readonly Uint8Array[],
  roots: readonly Uint8Array[],
  { at, extendedKeyUsage }: ChainPurpose,
): Chain {
  if (Number.isNaN(at.getTime())) throw new TypeError('The time to check at is no time.');
  const certificate = parseCertificate(leaf);
  checkLeaf(certificate, at, extendedKeyUsage);
  const search = new ChainSearch(
    intermediates.slice(0, 32).flatMap(tryParse),
    roots.map(parseCertificate),
    at,
    extendedKeyUsage,
  );
  return search.from(certificate);
}

function checkLeaf(leaf: Certificate, at: Date, usage: string): void {
  checkCertificate(leaf, at);
  if (leaf.basicConstraints?.isAuthority === true) throw refused(leaf, 'usage', 'is the certificate of an authority');
  if (leaf.keyUsage?.has('digitalSignature') === false)
    throw refused(leaf, 'usage', 'does not allow its key to sign data');
  if (leaf.extendedKeyUsage?.includes(usage) !== true) throw refused(leaf, 'usage', `is not made for the use ${usage}`);
}

class ChainSearch {
  readonly #intermediates: readonly Certificate[];
  readonly #roots: readonly Certificate[];
  readonly #at: Date;
  readonly #usage: string;
  #checks = 0;
  #reason: OriginSignError | undefined;

  constructor(intermediates: readonly Certificate[], roots: readonly Certificate[], at: Date, usage: string) {
    this.#intermediates = intermediates;
    this.#roots = roots;
    this.#at = at;
    this.#usage = usage;
  }

  from(leaf: Certificate): Chain {
    const chain = this.#extend([leaf]);
    if (chain !== undefined) return chain;
    throw this.#reason ?? refused(leaf, 'trust', 'does not lead to a trusted root');
  }

  /** Depth first; roots come before intermediates, so that the shortest way wins. */
  #extend(chain: readonly Certificate[]): Chain | undefined {
    const last = chain.at(-1);
    if (last === undefined) return undefined;
    for (const root of this.#roots) if (this.#issued(root, chain, last, true)) return [...chain, root];
    if (chain.length > MAX_INTERMEDIATES) return undefined;
    for (const candidate of this.#intermediates) {
      if (chain.some((used) => equalBytes(used.der, candidate.der))) continue;
      const found = this.#issued(candidate, chain, last, false) ? this.#extend([...chain, candidate]) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #issued(issuer: Certificate, chain: readonly Certificate[], subject: Certificate, isRoot: boolean): boolean {
    if (!equalBytes(issuer.subject, subject.issuer)) return false;
    this.#checks += 1;
    if (this.#checks > MAX_CHECKS) throw refused(subject, 'trust', 'comes with too many certificates to try');
    try {
      checkIssuer(issuer, chain, this.#at, isRoot ? undefined : this.#usage);
      checkSignature(subject, issuer);
      return true;
    } catch (error) {
      if (!isOriginSignError(error)) throw error;
      this.#reason ??= isOriginSignError(error, 'verify.certificate')
        ? error
        : refused(issuer, 'trust', 'cannot be used', error);
      return false;
    }
  }
}

function checkCertificate(certificate: Certificate, at: Date): void {
  if (at < certificate.notBefore || at > certificate.notAfter) {
    const validity = `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`;
    throw refused(certificate, 'time', `is valid from ${validity}, not at ${at.toISOString()}`);
  }
  const unknown = certificate.extensions.find(({ oid, critical }) => critical && !UNDERSTOOD.has(oid));
  if (unknown !== undefined)
    throw refused(certificate, 'trust', `has the critical extension ${unknown.oid}, which is not understood`);
  try {
    parsePublicKey(certificate.spki);
  } catch (cause) {
    throw refused(certificate, 'trust', 'has a key that is too weak or not supported', cause);
  }
}

function checkIssuer(issuer: Certificate, chain: readonly Certificate[], at: Date, usage: string | undefined): void {
  checkCertificate(issuer, at);
  const { basicConstraints, keyUsage, extendedKeyUsage } = issuer;
  // A version 1 root says nothing about itself; being pinned as a root is what makes it one.
  const isOldRoot = usage === undefined && issuer.extensions.length === 0;
  if (basicConstraints?.isAuthority !== true && !isOldRoot)
    throw refused(issuer, 'trust', 'is not the certificate of an authority');
  if (keyUsage?.has('keyCertSign') === false)
    throw refused(issuer, 'trust', 'does not allow its key to sign certificates');
  const below = chain.slice(1).filter(({ subject, issuer: by }) => !equalBytes(subject, by)).length;
  if (below > (basicConstraints?.pathLength ?? Infinity))
    throw refused(issuer, 'trust', 'allows fewer certificates below it');
  const uses = usage === undefined ? undefined : extendedKeyUsage;
  if (uses !== undefined && !uses.includes(usage ?? '') && !uses.includes(Oid.anyExtendedKeyUsage)) {
    throw refused(issuer, 'usage', `does not allow the use ${usage ?? ''}`);
  }
}

function checkSignature(subject: Certificate, issuer: Certificate): void {
  const scheme = readSignatureScheme(subject.signatureAlgorithm);
  if (!verifiesWithScheme(issuer.spki, scheme, subject.tbs, subject.signature)) {
    throw refused(subject, 'trust', `is not signed by ${issuer.subjectText}`);
  }
}

function tryParse(bytes: Uint8Array): Certificate[] {
  try {
    return [parseCertificate(bytes)];
  } catch (error) {
    if (isOriginSignError(error)) return [];
    throw error;
  }
}

function refused(certificate: Certificate, reason: ChainRefusal, what: string, cause?: unknown): OriginSignError {
  const message = `The certificate ${certificate.subjectText} ${what}.`;
  return new OriginSignError('verify.certificate', message, { details: { reason }, cause });
}
