import { der, derContext, derContextPrimitive, derOctetString, derOid, derSequence, Tag } from '../../encoding/der.ts';
import { derError, oidText, sequenceCursor, type DerValue } from '../../encoding/der-reader.ts';
import { encodeAttribute } from '../../x509/cms-attributes.ts';
import { encodeSha256Algorithm, readDigestAlgorithm } from '../../x509/signature-algorithm.ts';

/** Object identifiers of "Windows Authenticode Portable Executable Signature Format". */
export const SpcOid = {
  indirectData: '1.3.6.1.4.1.311.2.1.4',
  statementType: '1.3.6.1.4.1.311.2.1.11',
  opusInfo: '1.3.6.1.4.1.311.2.1.12',
  peImageData: '1.3.6.1.4.1.311.2.1.15',
  individualCodeSigning: '1.3.6.1.4.1.311.2.1.21',
  nestedSignature: '1.3.6.1.4.1.311.2.4.1',
  timestampToken: '1.3.6.1.4.1.311.3.3.1',
} as const;

/** SpcIndirectDataContent of a PE image with this SHA-256. Flags and file went out of use; signing tools write them empty. */
export function encodeIndirectData(imageDigest: Uint8Array): Uint8Array {
  const noFlags = der(Tag.bitString, Uint8Array.of(0));
  const noFile = derContext(0, derContext(2, derContextPrimitive(0, new Uint8Array())));
  const data = derSequence(derOid(SpcOid.peImageData), derSequence(noFlags, noFile));
  return derSequence(data, derSequence(encodeSha256Algorithm(), derOctetString(imageDigest)));
}

/** The image SHA-256 in SpcIndirectDataContent. Throws `der.malformed`, or `format.unsupported` for other digest algorithms. */
export function readIndirectData(value: DerValue): Uint8Array {
  const parts = sequenceCursor(value);
  const data = sequenceCursor(parts.take());
  if (oidText(data.take()) !== SpcOid.peImageData) throw derError('expected the data of a PE image');
  data.take(Tag.sequence);
  data.end();
  const digestInfo = sequenceCursor(parts.take());
  parts.end();
  const algorithm = readDigestAlgorithm(digestInfo.take().raw);
  const digest = digestInfo.take(Tag.octetString).contents;
  digestInfo.end();
  if (algorithm !== 'sha256' || digest.length !== 32) throw derError('expected a SHA-256 of the image');
  return digest;
}

/** Signed attribute that names the kind of publisher; tools always state this one. */
export function encodeStatementType(): Uint8Array {
  return encodeAttribute(SpcOid.statementType, derSequence(derOid(SpcOid.individualCodeSigning)));
}

/** Signed attribute with what Windows shows: SpcSpOpusInfo, empty where there is neither name nor address. */
export function encodeOpusInfo(programName: string | undefined, programUrl: string | undefined): Uint8Array {
  const name = programName === undefined ? [] : [derContext(0, derContextPrimitive(0, utf16(programName)))];
  const url =
    programUrl === undefined ? [] : [derContext(1, derContextPrimitive(0, Buffer.from(programUrl, 'latin1')))];
  return encodeAttribute(SpcOid.opusInfo, derSequence(...name, ...url));
}

/** BMPString contents: UTF-16, most significant byte first. */
function utf16(text: string): Uint8Array {
  return Buffer.from(text, 'utf16le').swap16();
}
