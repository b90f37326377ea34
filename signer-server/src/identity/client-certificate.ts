import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { ErrorCode } from '@originsign/core/errors/codes';
import type { CertificateFacts } from '@originsign/core/platforms/client-certificate';
import { parseCertificate, type Certificate } from '@originsign/core/x509/certificate';
import { equalBytes } from '@originsign/core/encoding/bytes';
import { verifyChain, type Chain, type ChainRefusal } from '@originsign/core/x509/chain';
import { Oid } from '@originsign/core/x509/oids';
import { createRevocationCheck, type RevocationPorts, type RevocationRules } from './certificate-revocation.ts';
import { certificateFacts, checkCertificateNames } from './client-certificate-facts.ts';

/** A trusted build system of type `client-certificate`. All of it is configuration. */
export interface CertificateAuthority extends RevocationRules {
  readonly id: string;
  /** DER. Those that sign themselves are trusted, the others help to reach them; where none does, all are trusted. */
  readonly certificates: readonly Uint8Array[];
}

/** A client certificate whose key the client has shown to hold, to us or to a proxy that we trust to say so. */
export interface PresentedCertificate {
  /** DER. */
  readonly leaf: Uint8Array;
  /** What came with it, DER, in no order that is relied on. */
  readonly chain: readonly Uint8Array[];
  readonly via: 'tls' | 'proxy';
}

/** A client certificate that leads to one trusted build system, is in its time, for its use, and not revoked. */
export interface VerifiedCertificate {
  /** Id of that trusted build system. */
  readonly authority: string;
  readonly facts: CertificateFacts;
  readonly via: PresentedCertificate['via'];
  readonly leaf: Uint8Array;
}

/** What the check of client certificates needs. */
export interface CertificateCheckPorts extends RevocationPorts {
  readonly authorities: () => readonly CertificateAuthority[];
}

/**
 * Checks a client certificate: the whole chain again, whatever TLS or a proxy thought of it. Throws `certificate.malformed`,
 * `certificate.untrusted`, `certificate.expired`, `certificate.usage`, `certificate.revoked`, `certificate.revocation_unavailable`.
 */
export type CertificateCheck = (presented: PresentedCertificate) => Promise<VerifiedCertificate>;

/** Most certificates that may come with one, and the size of each: RFC 8446 allows 16 MiB. */
export const MAX_CHAIN = 10;
export const MAX_CERTIFICATE_BYTES = 16 * 1024;

const REFUSALS: Readonly<Record<ChainRefusal, ErrorCode>> = {
  time: 'certificate.expired',
  usage: 'certificate.usage',
  trust: 'certificate.untrusted',
};

/** Makes the check; revocation lists are cached in it. */
export function createCertificateCheck(ports: CertificateCheckPorts): CertificateCheck {
  const checkRevocation = createRevocationCheck(ports);
  return async ({ leaf, chain, via }) => {
    if (chain.length > MAX_CHAIN || [leaf, ...chain].some(({ length }) => length > MAX_CERTIFICATE_BYTES)) {
      throw new OriginSignError('certificate.malformed', 'The client certificate or its chain is too large.');
    }
    const certificate = readable(() => parseCertificate(leaf));
    readable(() => checkCertificateNames(certificate));
    const found = findAuthority(certificate, chain, ports);
    const facts = readable(() => certificateFacts(certificate, found.chain[1] ?? certificate));
    await checkRevocation(found.chain, found.authority);
    return { authority: found.authority.id, facts, via, leaf };
  };
}

interface Found {
  readonly authority: CertificateAuthority;
  readonly chain: Chain;
}

/** The one authority that the certificate leads to: were there two, it would be up to chance whose rules hold. */
function findAuthority(leaf: Certificate, others: readonly Uint8Array[], ports: CertificateCheckPorts): Found {
  const purpose = { at: ports.now(), extendedKeyUsage: Oid.clientAuthentication };
  const found: Found[] = [];
  const refusals: OriginSignError[] = [];
  for (const authority of ports.authorities()) {
    try {
      const { roots, intermediates } = splitCertificates(authority.certificates);
      found.push({ authority, chain: verifyChain(leaf.der, [...intermediates, ...others], roots, purpose) });
    } catch (error) {
      if (!isOriginSignError(error)) throw error;
      refusals.push(error);
    }
  }
  const [first, second] = found;
  if (first === undefined) throw chainRefusal(leaf, refusals);
  if (second === undefined) return first;
  const both = `${first.authority.id} and ${second.authority.id}`;
  throw new OriginSignError(
    'certificate.untrusted',
    `The client certificate leads to ${both}, so that neither can be told.`,
    {
      hint: 'the platform team must give each trusted build system authorities of its own',
    },
  );
}

/** Authorities that sign themselves are where trust begins. An issuing authority alone in its file is trusted as it stands. */
function splitCertificates(certificates: readonly Uint8Array[]): {
  readonly roots: readonly Uint8Array[];
  readonly intermediates: readonly Uint8Array[];
} {
  const isRoot = (der: Uint8Array): boolean => {
    const { subject, issuer } = parseCertificate(der);
    return equalBytes(subject, issuer);
  };
  const roots = certificates.filter(isRoot);
  if (roots.length === 0) return { roots: certificates, intermediates: [] };
  return { roots, intermediates: certificates.filter((certificate) => !roots.includes(certificate)) };
}

/** Of several authorities that refused, the one that came nearest: whoever is only out of time is of the right house. */
function chainRefusal(leaf: Certificate, refusals: readonly OriginSignError[]): OriginSignError {
  const reasonOf = ({ details }: OriginSignError): ChainRefusal => (details?.['reason'] ?? 'trust') as ChainRefusal;
  for (const reason of ['time', 'usage', 'trust'] as const) {
    const cause = refusals.find((refusal) => reasonOf(refusal) === reason);
    if (cause !== undefined) return new OriginSignError(REFUSALS[reason], cause.message, { cause });
  }
  const message = `The certificate ${leaf.subjectText} leads to no trusted build system: there is none for certificates.`;
  return new OriginSignError('certificate.untrusted', message);
}

/** What cannot be read is the client's fault, whatever is wrong with it. Throws `certificate.malformed`. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!isOriginSignError(cause) || cause.code === 'certificate.malformed') throw cause;
    throw new OriginSignError('certificate.malformed', `The client certificate cannot be read: ${cause.message}`, {
      cause,
    });
  }
}
