import { randomBytes } from 'node:crypto';
import { utf8 } from '@originsign/core/encoding/bytes';
import {
  der,
  derBitString,
  derBoolean,
  derContext,
  derContextPrimitive,
  derInteger,
  derOctetString,
  derOid,
  derSequence,
  derTime,
  Tag,
} from '@originsign/core/encoding/der';
import {
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeTbsCertificate,
} from '@originsign/core/x509/certificate-builder';
import { parseCertificate } from '@originsign/core/x509/certificate';
import { encodeName, type NameAttribute } from '@originsign/core/x509/name';
import { Oid } from '@originsign/core/x509/oids';
import { encodeSignatureAlgorithm } from '@originsign/core/x509/signature-algorithm';
import { issueCertificate, makeTestKey, type TestCertificate, type TestKey } from './test-authority.ts';

/** What a certificate of a node shall say, where not the usual. */
export interface NodeCertificateOptions {
  readonly subject?: readonly NameAttribute[];
  readonly key?: TestKey;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly serialNumber?: Uint8Array;
  /** Instead of the usual ones: no authority, `digitalSignature`, client authentication. */
  readonly extensions?: readonly Uint8Array[];
  /** Beside the usual ones. */
  readonly more?: readonly Uint8Array[];
}

/** What a revocation list shall say, where not the usual: nothing revoked, from an hour ago for a day. */
export interface RevocationListOptions {
  /** Certificates, DER. */
  readonly revoked?: readonly Uint8Array[];
  /** Since when; since the list was made where left out. */
  readonly revokedAt?: Date;
  readonly thisUpdate?: Date;
  /** `null`: left out. */
  readonly nextUpdate?: Date | null;
  /** DER Name of somebody else. */
  readonly issuer?: Uint8Array;
  /** Encoded extensions of the list; `null`: a list of version 1. */
  readonly extensions?: readonly Uint8Array[] | null;
  /** Encoded extensions of every entry. */
  readonly entryExtensions?: readonly Uint8Array[];
  /** Signs instead of the authority. */
  readonly signer?: TestKey;
}

/** An authority that issues certificates to nodes, further authorities, and revocation lists. */
export interface CertificateAuthorityFake extends TestCertificate {
  /** DER. */
  readonly name: Uint8Array;
  issue(options?: NodeCertificateOptions): TestCertificate;
  authority(commonName: string, options?: NodeCertificateOptions): CertificateAuthorityFake;
  revocationList(options?: RevocationListOptions): Uint8Array;
}

const HOUR = 3_600_000;

/** Makes a root that signs itself, valid from a day ago to a year ahead. */
export function makeCertificateAuthority(
  commonName = 'Acme Nodes CA',
  options: NodeCertificateOptions = {},
): CertificateAuthorityFake {
  const key = options.key ?? makeTestKey('p-256');
  const subject = options.subject ?? organisation(commonName);
  const contents = { extensions: AUTHORITY_EXTENSIONS, ...options, key, subject };
  return asAuthority({ key, certificate: signed(contents, encodeName(subject), key) });
}

const AUTHORITY_EXTENSIONS = [encodeBasicConstraints(true), encodeKeyUsage('keyCertSign', 'cRLSign')];
const NODE_EXTENSIONS = [
  encodeBasicConstraints(false),
  encodeKeyUsage('digitalSignature'),
  encodeExtendedKeyUsage(false, Oid.clientAuthentication),
];

function asAuthority({ key, certificate }: TestCertificate): CertificateAuthorityFake {
  const name = parseCertificate(certificate).subject;
  return {
    key,
    certificate,
    name,
    issue: (options = {}) => {
      const leaf = options.key ?? makeTestKey('p-256');
      const subject = options.subject ?? [{ type: 'CN', value: 'build-07' }, ...organisation('Build Nodes', 'OU')];
      const contents = { extensions: NODE_EXTENSIONS, ...options, key: leaf, subject };
      return { key: leaf, certificate: signed(contents, name, key) };
    },
    authority: (commonName, options = {}) => {
      const below = options.key ?? makeTestKey('p-256');
      const subject = options.subject ?? organisation(commonName);
      const contents = { extensions: AUTHORITY_EXTENSIONS, ...options, key: below, subject };
      return asAuthority({ key: below, certificate: signed(contents, name, key) });
    },
    revocationList: (options = {}) => signedList(options, name, key),
  };
}

function organisation(value: string, type = 'CN'): readonly NameAttribute[] {
  return [
    { type, value },
    { type: 'O', value: 'Acme' },
  ];
}

type Contents = NodeCertificateOptions & Required<Pick<NodeCertificateOptions, 'subject' | 'key' | 'extensions'>>;

function signed({ subject, key, extensions, ...options }: Contents, issuer: Uint8Array, signer: TestKey): Uint8Array {
  const tbs = encodeTbsCertificate({
    serialNumber: options.serialNumber ?? Uint8Array.of(1, ...randomBytes(15)),
    issuer,
    issuerKeyType: signer.type,
    subject: encodeName(subject),
    notBefore: options.notBefore ?? new Date(Date.now() - 24 * HOUR),
    notAfter: options.notAfter ?? new Date(Date.now() + 24 * 365 * HOUR),
    spki: key.spki,
    extensions: [...extensions, ...(options.more ?? [])],
  });
  return issueCertificate(tbs, signer);
}

/** CertificateList. RFC 5280 section 5.1. */
function signedList(options: RevocationListOptions, name: Uint8Array, key: TestKey): Uint8Array {
  const signer = options.signer ?? key;
  const thisUpdate = options.thisUpdate ?? new Date(Date.now() - HOUR);
  const nextUpdate = options.nextUpdate === undefined ? new Date(thisUpdate.getTime() + 25 * HOUR) : options.nextUpdate;
  const entryExtensions = options.entryExtensions === undefined ? [] : [derSequence(...options.entryExtensions)];
  const entries = (options.revoked ?? []).map((certificate) => {
    const { serialNumber } = parseCertificate(certificate);
    return derSequence(der(Tag.integer, serialNumber), derTime(options.revokedAt ?? thisUpdate), ...entryExtensions);
  });
  const { extensions = [encodeExtension(Oid.crlNumber, false, derInteger(7))] } = options;
  const tbs = derSequence(
    ...(extensions === null ? [] : [derInteger(1)]),
    encodeSignatureAlgorithm(signer.type),
    options.issuer ?? name,
    derTime(thisUpdate),
    ...(nextUpdate === null ? [] : [derTime(nextUpdate)]),
    ...(entries.length === 0 ? [] : [derSequence(...entries)]),
    ...(extensions === null || extensions.length === 0 ? [] : [derContext(0, derSequence(...extensions))]),
  );
  return derSequence(tbs, encodeSignatureAlgorithm(signer.type), derBitString(signer.sign(tbs)));
}

/** An extension of a certificate, a list or an entry. */
export function encodeExtension(oid: string, critical: boolean, value: Uint8Array): Uint8Array {
  return derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctetString(value));
}

/** SubjectAltName with these names. RFC 5280 section 4.2.1.6. */
export function encodeAlternativeNames(names: {
  readonly dnsNames?: readonly string[];
  readonly uris?: readonly string[];
  /** 4 or 16 octets. */
  readonly addresses?: readonly Uint8Array[];
}): Uint8Array {
  const values = [
    ...(names.dnsNames ?? []).map((name) => derContextPrimitive(2, utf8(name))),
    ...(names.uris ?? []).map((uri) => derContextPrimitive(6, utf8(uri))),
    ...(names.addresses ?? []).map((address) => derContextPrimitive(7, address)),
  ];
  return encodeExtension(Oid.subjectAltName, false, derSequence(...values));
}

/** Microsoft's certificate template of version 2 and later. */
export function encodeCertificateTemplate(id: string, ...versions: readonly number[]): Uint8Array {
  return encodeExtension(Oid.certificateTemplate, false, derSequence(derOid(id), ...versions.map(derInteger)));
}

/** Name of Microsoft's certificate templates of version 1. */
export function encodeCertificateTemplateName(name: string): Uint8Array {
  const value = der(Tag.bmpString, Buffer.from(name, 'utf16le').swap16());
  return encodeExtension(Oid.certificateTemplateName, false, value);
}
