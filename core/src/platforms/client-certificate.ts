import type { ClaimSchema, ClaimValue, Claims } from './claim-schema.ts';
import { sometimes } from './claim-table.ts';
import { conditionsOn, isExact } from './platform-rules.ts';
import type { RuleProblem, RuleView } from './platform.ts';

/** First part of the claim names in policies. */
export const CERTIFICATE_PREFIX = 'certificate';

/** What the server read from a client certificate whose chain, times, use and revocation it checked. */
export interface CertificateFacts {
  /** DER names in the canonical text of RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  /** Only where the subject has exactly one common name: of two, nobody could say which one counts. */
  readonly commonName?: string;
  readonly organizationalUnits: readonly string[];
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal, of the authority that signed it and of its own key. */
  readonly issuerKeySha256: string;
  readonly keySha256: string;
  readonly dnsNames: readonly string[];
  readonly uris: readonly string[];
  readonly addresses: readonly string[];
  /** Dotted object identifiers. */
  readonly extendedKeyUsages: readonly string[];
  /** Microsoft's certificate template, of version 2 and later. */
  readonly template?: { readonly id: string; readonly majorVersion?: number; readonly minorVersion?: number };
  /** Name of a Microsoft certificate template of version 1. */
  readonly templateName?: string;
  /** Lower-case hexadecimal without leading zeros. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Claims that client certificates bring, beside those of the CI platform. None is required: nor is the certificate. */
export const CERTIFICATE_CLAIMS: readonly ClaimSchema[] = [
  sometimes(
    'authority',
    'string',
    'Id of the trusted build system of type client-certificate that the certificate leads to.',
  ),
  sometimes('issuer', 'string', 'Name of the authority that signed the certificate, as RFC 4514 writes names.', {
    spelling: 'distinguished-name',
  }),
  sometimes(
    'issuer_key_sha256',
    'string',
    'SHA-256 of the public key of that authority: names can be taken, keys cannot.',
  ),
  sometimes('subject', 'string', 'Name of the node, as RFC 4514 writes names: CN=build-07,OU=Build Nodes,O=Acme.', {
    spelling: 'distinguished-name',
  }),
  sometimes('subject_cn', 'string', 'Common name of the subject, where it has exactly one.'),
  sometimes('subject_ou', 'list', 'Organizational units of the subject, most specific first.'),
  sometimes('san_dns', 'list', 'DNS names, in lower case.'),
  sometimes('san_uri', 'list', 'URIs, for example a SPIFFE id.'),
  sometimes('san_ip', 'list', 'IP addresses; IPv6 in its shortest form.'),
  sometimes(
    'eku',
    'list',
    'Extended key usages as object identifiers; 1.3.6.1.5.5.7.3.2 (client authentication) is always there.',
  ),
  sometimes(
    'template_id',
    'string',
    'Object identifier of the Microsoft certificate template (extension 1.3.6.1.4.1.311.21.7).',
  ),
  sometimes('template_major_version', 'integer', 'Major version of that template.'),
  sometimes('template_minor_version', 'integer', 'Minor version of that template.'),
  sometimes('template_name', 'string', 'Name of a version 1 template (extension 1.3.6.1.4.1.311.20.2).'),
  sometimes('age', 'integer', 'Seconds since the certificate became valid.'),
  sometimes('lifetime', 'integer', 'Seconds from the start to the end of its validity.'),
  sometimes('serial', 'string', 'Serial number, lower-case hexadecimal.'),
  sometimes('key_sha256', 'string', 'SHA-256 of the public key of the node.'),
];

/** Claims of a verified certificate under their policy names; what it does not say is left out. */
export function certificateClaims(facts: CertificateFacts, authority: string, now: Date): Claims {
  const values: Readonly<Record<string, ClaimValue | undefined>> = {
    authority,
    issuer: facts.issuer,
    issuer_key_sha256: facts.issuerKeySha256,
    subject: facts.subject,
    subject_cn: facts.commonName,
    subject_ou: facts.organizationalUnits,
    san_dns: facts.dnsNames,
    san_uri: facts.uris,
    san_ip: facts.addresses,
    eku: facts.extendedKeyUsages,
    template_id: facts.template?.id,
    template_major_version: facts.template?.majorVersion,
    template_minor_version: facts.template?.minorVersion,
    template_name: facts.templateName,
    age: seconds(now.getTime() - facts.notBefore.getTime()),
    lifetime: seconds(facts.notAfter.getTime() - facts.notBefore.getTime()),
    serial: facts.serial,
    key_sha256: facts.keySha256,
  };
  const claims: Record<string, ClaimValue> = {};
  for (const [name, value] of Object.entries(values)) {
    // An empty list must count as missing, or `absent: true` would not hold for it.
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) continue;
    claims[`${CERTIFICATE_PREFIX}.${name}`] = value;
  }
  return claims;
}

/** Rounded up, so that a bound in a policy is never passed by a fraction. */
function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000);
}

/**
 * Everything that keeps the conditions of an allow rule on client certificates from loading. Without the authority, any trusted
 * authority could satisfy them, and template ids and names are each authority's own to give; a pattern over a whole
 * distinguished name can be satisfied by commas inside one value.
 */
export function checkCertificateConditions(rule: RuleView): readonly RuleProblem[] {
  const used = rule.conditions.filter(
    ({ claim, operator, expected }) =>
      claim.startsWith(`${CERTIFICATE_PREFIX}.`) && !(operator === 'absent' && expected === true),
  );
  const problems: RuleProblem[] = [];
  for (const name of ['subject', 'issuer']) {
    const claim = `${CERTIFICATE_PREFIX}.${name}`;
    if (!conditionsOn(rule, claim).some(({ operator }) => operator === 'glob')) continue;
    problems.push({
      claim,
      message: `a pattern over ${claim} could be satisfied by a comma inside one value`,
      hint: 'name whole names with is or in, or use certificate.subject_cn and certificate.subject_ou',
    });
  }
  if (used.length > 0 && !conditionsOn(rule, 'certificate.authority').some(isExact)) {
    problems.push({
      message: 'the rule does not say which authority the client certificate must come from',
      hint: 'add certificate.authority: {is: build-nodes}, the id of a trusted build system of type client-certificate',
    });
  }
  return problems;
}
