import { Tag } from '../encoding/der.ts';
import { derError, oidText, readDer, sequenceCursor, smallInteger, type DerValue } from '../encoding/der-reader.ts';
import { nameString } from './name.ts';

/** Which certificate template of Microsoft's Certificate Services a certificate was issued from. */
export interface CertificateTemplate {
  /** Dotted object identifier, chosen by the forest that defined the template. */
  readonly id: string;
  readonly majorVersion?: number;
  readonly minorVersion?: number;
}

const MAX_VERSION = 0xffff_ffff;

/** Reads the extension 1.3.6.1.4.1.311.21.7 (MS-WCCE section 2.2.2.7.7.2), templates of version 2 and later. Throws `der.malformed`. */
export function readCertificateTemplate(bytes: Uint8Array): CertificateTemplate {
  const parts = sequenceCursor(readDer(bytes));
  const id = oidText(parts.take());
  const [major, minor] = [parts.takeIf(Tag.integer), parts.takeIf(Tag.integer)];
  parts.end();
  return {
    id,
    ...(major === undefined ? {} : { majorVersion: readVersion(major) }),
    ...(minor === undefined ? {} : { minorVersion: readVersion(minor) }),
  };
}

function readVersion(value: DerValue): number {
  const version = smallInteger(value);
  if (version > MAX_VERSION) throw derError('a template version too large');
  return version;
}

/** Reads the extension 1.3.6.1.4.1.311.20.2 (MS-WCCE section 2.2.2.7.7.1): the name of a version 1 template. Throws `der.malformed`. */
export function readCertificateTemplateName(bytes: Uint8Array): string {
  const value = readDer(bytes);
  const name = value.tag === Tag.bmpString ? nameString(value) : undefined;
  if (name === undefined || name === '') throw derError('expected the name of a template as BMPString');
  return name;
}
