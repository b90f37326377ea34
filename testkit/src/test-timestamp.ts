import { randomBytes } from 'node:crypto';
import { der, derInteger, derOctetString, derOid, derSequence, Tag } from '@originsign/core/encoding/der';
import { utf8 } from '@originsign/core/encoding/bytes';
import { sha256 } from '@originsign/core/encoding/sha256';
import { encodeContentAttributes, encodeSignedAttributes } from '@originsign/core/x509/cms-attributes';
import { encodeSignedData } from '@originsign/core/x509/cms-build';
import { Oid } from '@originsign/core/x509/oids';
import { encodeSha256Algorithm } from '@originsign/core/x509/signature-algorithm';
import { encodeSigningCertificate } from '@originsign/core/x509/signing-certificate';
import type { TestCertificate } from './test-authority.ts';

/** A DER TimeStampToken (RFC 3161) over these bytes for any time, made in this process: `openssl ts` knows only the present. */
export function testTimestamp(timestamped: Uint8Array, time: Date, authority: TestCertificate): Uint8Array {
  const info = derSequence(
    derInteger(1),
    derOid('1.3.6.1.4.1.99999.1'),
    derSequence(encodeSha256Algorithm(), derOctetString(sha256(timestamped))),
    derInteger(new Uint8Array(randomBytes(8))),
    der(Tag.generalizedTime, utf8(time.toISOString().replace(/[-:T]|\.\d+/g, ''))),
  );
  const signedAttributes = encodeSignedAttributes([
    ...encodeContentAttributes(Oid.timestampInfo, sha256(info)),
    encodeSigningCertificate(authority.certificate),
  ]);
  return encodeSignedData({
    version: 3,
    contentType: Oid.timestampInfo,
    content: derOctetString(info),
    certificates: [authority.certificate],
    keyType: authority.key.type,
    signedAttributes,
    signature: authority.key.sign(signedAttributes),
  });
}
