import { concatBytes } from '../../encoding/bytes.ts';
import { readDerPrefix } from '../../encoding/der-reader.ts';
import { isOriginSignError, OriginSignError } from '../../errors/error.ts';

/** WIN_CERTIFICATE: length 4, revision 2, type 2, then the signature. */
const HEADER = 8;
const REVISION_2 = 0x0200;
const TYPE_PKCS_SIGNED_DATA = 2;
/** Largest table that is looked at. */
export const MAX_CERTIFICATE_TABLE = 1024 * 1024;

/** The certificate table with one SignedData, padded with zeros to a multiple of 8 as its length says. */
export function encodeCertificateTable(signedData: Uint8Array): Uint8Array {
  const padding = (8 - ((HEADER + signedData.length) % 8)) % 8;
  const header = new DataView(new ArrayBuffer(HEADER));
  header.setUint32(0, HEADER + signedData.length + padding, true);
  header.setUint16(4, REVISION_2, true);
  header.setUint16(6, TYPE_PKCS_SIGNED_DATA, true);
  return concatBytes(new Uint8Array(header.buffer), signedData, new Uint8Array(padding));
}

/**
 * The one SignedData of a certificate table. Throws `verify.signature` for other kinds of certificates, for several of them, and for
 * anything but zeros in the padding: those bytes are in no digest, and malware has travelled in them.
 */
export function readCertificateTable(table: Uint8Array): Uint8Array {
  const header = new DataView(table.buffer, table.byteOffset, table.byteLength);
  if (table.length < HEADER) throw refused('is cut short');
  const length = header.getUint32(0, true);
  if (length < HEADER || Math.ceil(length / 8) * 8 !== table.length) throw refused('does not hold exactly one entry');
  if (header.getUint16(4, true) !== REVISION_2 || header.getUint16(6, true) !== TYPE_PKCS_SIGNED_DATA) {
    throw refused('holds something other than a signature');
  }
  const signedData = signedDataAt(table.subarray(HEADER, length));
  const rest = table.subarray(HEADER + signedData.length);
  if (rest.length >= 8 || rest.some((octet) => octet !== 0)) throw refused('hides data behind its signature');
  return signedData;
}

function signedDataAt(bytes: Uint8Array): Uint8Array {
  try {
    return readDerPrefix(bytes).raw;
  } catch (cause) {
    if (!isOriginSignError(cause)) throw cause;
    throw new OriginSignError('verify.signature', 'The certificate table of the PE file holds no DER.', { cause });
  }
}

function refused(what: string): OriginSignError {
  return new OriginSignError('verify.signature', `The certificate table of the PE file ${what}.`);
}
