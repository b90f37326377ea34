import { der, derContext, derContextPrimitive, derOctetString, derOid, derSequence, Tag } from '../../encoding/der.ts';
import { derError, oidText, sequenceCursor, type DerValue } from '../../encoding/der-reader.ts';
import { encodeAttribute } from '../../x509/cms-attributes.ts';
import { encodeSha256Algorithm, readDigestAlgorithm } from '../../x509/signature-algorithm.ts';

/** Object identifiers of "Windows Authenticode Portable Executable Signature Format". */
export const SpcOid = {
  indirectData: '1.3.6.1.4.1.311.2.1.4',
  statementType: '1.3.6.1.4.1.311.2.1.11',
  opusInfo: '1.3.6.1.4.1.311.2.1.12',
  individualCodeSigning: '1.3.6.1.4.1.311.2.1.21',
  nestedSignature: '1.3.6.1.4.1.311.2.4.1',
  timestampToken: '1.3.6.1.4.1.311.3.3.1',
} as const;

/** What Authenticode signs, by kind: the type and the value of SpcAttributeTypeAndOptionalValue. */
export interface SpcDataKind {
  readonly type: string;
  /** DER. It says nothing about the file, and readers check no more than its tag. */
  readonly value: Uint8Array;
  /** For people. */
  readonly noun: string;
}

/** A program or library. Flags and file went out of use; signing tools write them empty. */
export const PE_IMAGE: SpcDataKind = {
  type: '1.3.6.1.4.1.311.2.1.15',
  value: derSequence(
    der(Tag.bitString, Uint8Array.of(0)),
    derContext(0, derContext(2, derContextPrimitive(0, new Uint8Array()))),
  ),
  noun: 'PE file',
};

/** A cabinet: a link that went out of use and says so, as signing tools write it. */
export const CABINET: SpcDataKind = {
  type: '1.3.6.1.4.1.311.2.1.25',
  value: derContext(2, derContextPrimitive(0, utf16('<<<Obsolete>>>'))),
  noun: 'cabinet',
};

/** SpcIndirectDataContent of a file of this kind with this SHA-256. */
export function encodeIndirectData(kind: SpcDataKind, digest: Uint8Array): Uint8Array {
  const data = derSequence(derOid(kind.type), kind.value);
  return derSequence(data, derSequence(encodeSha256Algorithm(), derOctetString(digest)));
}

/**
 * The SHA-256 in SpcIndirectDataContent. Throws `der.malformed`, also where the content is of another kind, or `format.unsupported`
 * for other digest algorithms.
 */
export function readIndirectData(kind: SpcDataKind, value: DerValue): Uint8Array {
  const parts = sequenceCursor(value);
  const data = sequenceCursor(parts.take());
  if (oidText(data.take()) !== kind.type) throw derError(`expected the data of a ${kind.noun}`);
  data.take(kind.value[0]);
  data.end();
  const digestInfo = sequenceCursor(parts.take());
  parts.end();
  const algorithm = readDigestAlgorithm(digestInfo.take().raw);
  const digest = digestInfo.take(Tag.octetString).contents;
  digestInfo.end();
  if (algorithm !== 'sha256' || digest.length !== 32) throw derError(`expected a SHA-256 of the ${kind.noun}`);
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
