import type { CoveredDigest } from '../../attestation/covered-digest.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { derSequence } from '../../encoding/der.ts';
import { derError, readDer, sequenceCursor } from '../../encoding/der-reader.ts';
import { decodeHex } from '../../encoding/hex.ts';
import { sha256 } from '../../encoding/sha256.ts';
import { OriginSignError } from '../../errors/error.ts';
import { encodeAttribute, encodeContentAttributes, encodeSignedAttributes } from '../../x509/cms-attributes.ts';
import { encodeSignedData } from '../../x509/cms-build.ts';
import type { BuildContext, Prepared, SigningKey } from '../format.ts';
import { certificatesOf, checkCoveredDigest, checkInputNames, checkOptionNames } from '../inputs-check.ts';
import { encodeIndirectData, encodeOpusInfo, encodeStatementType, SpcOid, type SpcDataKind } from './spc.ts';

/** Server: the digest is all there is to say about a file. Throws `statement.*`. */
export function checkAuthenticodeInputs(coveredDigest: CoveredDigest, inputs: JsonObject, options: JsonObject): void {
  checkCoveredDigest(coveredDigest, 'authenticodeSha256');
  checkInputNames(inputs, []);
  checkOptionNames(options, []);
}

/**
 * Server: the signed attributes of an Authenticode signature. No signing time: it would be the signer's own word, and Windows
 * believes only the timestamp. The structure kept is a SEQUENCE of the content and the attributes.
 */
export function prepareAuthenticode(kind: SpcDataKind, context: BuildContext): Prepared {
  certificatesOf(context.key);
  const { programName, programUrl } = context;
  if (programUrl !== undefined && !/^[\x21-\x7e]{1,2048}$/.test(programUrl)) {
    throw new OriginSignError('config.invalid', 'The program URL of the signing policy is not plain ASCII.');
  }
  const content = encodeIndirectData(kind, decodeHex(context.coveredDigest.value));
  // PKCS#7 digests the content without its own tag and length.
  const attributes = encodeSignedAttributes([
    ...encodeContentAttributes(SpcOid.indirectData, sha256(readDer(content).contents)),
    encodeStatementType(),
    encodeOpusInfo(programName, programUrl),
  ]);
  return { toBeSigned: { kind: 'message', bytes: attributes }, structure: derSequence(content, attributes) };
}

/** Server: the PKCS#7 SignedData that goes into the file. */
export function assembleAuthenticode(
  structure: Uint8Array,
  key: SigningKey,
  signature: Uint8Array,
  timestampToken: Uint8Array | undefined,
): Uint8Array {
  const [content, attributes, ...others] = sequenceCursor(readDer(structure)).rest();
  if (content === undefined || attributes === undefined || others.length > 0) throw derError('an unknown structure');
  const unsigned = timestampToken === undefined ? [] : [encodeAttribute(SpcOid.timestampToken, timestampToken)];
  return encodeSignedData({
    version: 1,
    contentType: SpcOid.indirectData,
    content: content.raw,
    certificates: certificatesOf(key),
    keyType: key.type,
    signedAttributes: attributes.raw,
    signature,
    unsignedAttributes: unsigned,
  });
}
