import { decodeHex } from '../../encoding/hex.ts';
import { der, derContextPrimitive, derOctetString, derSequence, Tag } from '../../encoding/der.ts';
import { derError, readDer, sequenceCursor } from '../../encoding/der-reader.ts';
import { equalBytes } from '../../encoding/bytes.ts';
import { OriginSignError } from '../../errors/error.ts';
import type { BuildContext, Prepared, SigningKey } from '../format.ts';
import { signerCertificate } from './options.ts';
import { encodeModuleSignature, subjectKeyIdentifier, type ModuleSigner } from './signature-block.ts';

/**
 * Server: the digest itself, since kernels want no signed attributes around it. The structure kept is how the key is named. Throws
 * `statement.options` where the certificate is another key's.
 */
export function prepareModule({ options, key, coveredDigest }: BuildContext): Prepared {
  const certificate = signerCertificate(options);
  if (certificate !== undefined && !equalBytes(certificate.spki, key.spki)) {
    throw new OriginSignError(
      'statement.options',
      'The certificate of the option is for another key than the policy names.',
    );
  }
  const structure =
    certificate === undefined
      ? derContextPrimitive(0, subjectKeyIdentifier(key.spki))
      : derSequence(certificate.issuer, der(Tag.integer, certificate.serialNumber));
  return {
    toBeSigned: { kind: 'digest', digest: decodeHex(coveredDigest.value) },
    structure: derOctetString(structure),
  };
}

/** Server: the structure that stands behind the module. */
export function assembleModule(
  structure: Uint8Array,
  key: SigningKey,
  signature: Uint8Array,
  timestampToken: Uint8Array | undefined,
): Uint8Array {
  if (timestampToken !== undefined) throw new TypeError('A kernel module has no place for a timestamp.');
  return encodeModuleSignature(readStructure(structure), key.type, signature);
}

function readStructure(structure: Uint8Array): ModuleSigner {
  const identifier = readDer(readDer(structure).contents);
  if (identifier.tag === 0x80) return { keyIdentifier: identifier.contents };
  const [issuer, serialNumber, ...others] = sequenceCursor(identifier).rest();
  if (issuer === undefined || serialNumber === undefined || others.length > 0) throw derError('an unknown structure');
  return { issuer: issuer.raw, serialNumber: serialNumber.contents };
}
