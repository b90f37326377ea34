import { createHash } from 'node:crypto';
import {
  der,
  derContext,
  derContextPrimitive,
  derInteger,
  derNull,
  derOctetString,
  derOid,
  derSequence,
  derSetOf,
  Tag,
} from '../../encoding/der.ts';
import {
  derError,
  oidText,
  readDer,
  readDerAll,
  sequenceCursor,
  smallInteger,
  type DerValue,
} from '../../encoding/der-reader.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { KeyType } from '../../x509/key-type.ts';
import { Oid } from '../../x509/oids.ts';
import { wholeBits } from '../../x509/public-key.ts';
import { encodeSignatureAlgorithm, readDigestAlgorithm, readSignatureScheme } from '../../x509/signature-algorithm.ts';

/** How the signature names its key: an issuer (DER Name) with a serial number (contents of the INTEGER), or the identifier of the key. */
export type ModuleSigner =
  { readonly issuer: Uint8Array; readonly serialNumber: Uint8Array } | { readonly keyIdentifier: Uint8Array };

/** Without parameters (RFC 5754 section 2), as the kernel's own tool writes it. */
const SHA256 = derSequence(derOid(Oid.sha256));

/** SHA-1 of the bits of the public key, which is what most authorities put into certificates (RFC 5280 section 4.2.1.2 (1)). */
export function subjectKeyIdentifier(spki: Uint8Array): Uint8Array {
  const parts = sequenceCursor(readDer(spki));
  parts.take(Tag.sequence);
  return new Uint8Array(createHash('sha1').update(wholeBits(parts.take())).digest());
}

/**
 * The PKCS#7 structure that kernels read: detached, one signer, no certificates and no signed attributes, so that the signature is over
 * the module itself. Version 3 goes with key identifiers (RFC 5652 sections 5.1 and 5.3), and kernels insist.
 */
export function encodeModuleSignature(signer: ModuleSigner, type: KeyType, signature: Uint8Array): Uint8Array {
  const named = 'keyIdentifier' in signer;
  const version = derInteger(named ? 3 : 1);
  const identifier = named
    ? derContextPrimitive(0, signer.keyIdentifier)
    : derSequence(signer.issuer, der(Tag.integer, signer.serialNumber));
  const algorithm = type.startsWith('rsa-')
    ? derSequence(derOid(Oid.rsaEncryption), derNull())
    : encodeSignatureAlgorithm(type);
  const info = derSequence(version, identifier, SHA256, algorithm, derOctetString(signature));
  const signedData = derSequence(version, derSetOf(SHA256), derSequence(derOid(Oid.data)), derSetOf(info));
  return derSequence(derOid(Oid.signedData), derContext(0, signedData));
}

/**
 * The signature value of such a structure. Throws `der.malformed`, `verify.signature` for what kernels refuse (content, signed
 * attributes), `format.unsupported` for other digests than SHA-256.
 */
export function readModuleSignature(bytes: Uint8Array): Uint8Array {
  const contentInfo = sequenceCursor(readDer(bytes));
  if (oidText(contentInfo.take()) !== Oid.signedData) throw derError('expected a SignedData');
  const signedData = sequenceCursor(readDer(contentInfo.take(0xa0).contents));
  contentInfo.end();
  const version = smallInteger(signedData.take());
  if (version !== 1 && version !== 3) throw derError('an unknown version of SignedData');
  signedData.take(Tag.set);
  const content = sequenceCursor(signedData.take());
  if (oidText(content.take()) !== Oid.data || content.rest().length > 0)
    throw refused('is not a detached signature of data');
  // Certificates may come along; nobody here or in the kernel looks at them.
  signedData.takeIf(0xa0);
  const [signer, ...others] = readDerAll(signedData.take(Tag.set).contents);
  signedData.end();
  if (signer === undefined || others.length > 0) throw derError('expected exactly one signer');
  return readSigner(signer, version);
}

function readSigner(value: DerValue, structureVersion: number): Uint8Array {
  const parts = sequenceCursor(value);
  const version = smallInteger(parts.take());
  const named = parts.takeIf(0x80) !== undefined;
  if (!named) parts.take(Tag.sequence);
  if (version !== (named ? 3 : 1) || (named && structureVersion === 1)) throw derError('versions that do not fit');
  const digest = readDigestAlgorithm(parts.take(Tag.sequence).raw);
  if (parts.takeIf(0xa0) !== undefined) throw refused('has signed attributes');
  const scheme = readSignatureScheme(parts.take(Tag.sequence).raw);
  const signature = parts.take(Tag.octetString).contents;
  parts.end();
  if (digest === 'sha256' && (scheme.digest ?? digest) === 'sha256' && scheme.key !== 'ed25519') return signature;
  throw new OriginSignError('format.unsupported', 'Signatures of kernel modules are supported with SHA-256 alone.');
}

function refused(what: string): OriginSignError {
  return new OriginSignError('verify.signature', `The signature of the kernel module ${what}.`);
}
