import { decodeHex } from '../../encoding/hex.ts';
import { OriginSignError } from '../../errors/error.ts';
import {
  encodeAttribute,
  encodeContentAttributes,
  encodeSignedAttributes,
  encodeSigningTime,
} from '../../x509/cms-attributes.ts';
import { encodeSignedData } from '../../x509/cms-build.ts';
import { parseSignedData } from '../../x509/cms-parse.ts';
import { verifySigner } from '../../x509/cms-verify.ts';
import { Oid } from '../../x509/oids.ts';
import { encodeSigningCertificate } from '../../x509/signing-certificate.ts';
import type { BesideReader, BuildContext, Format, Prepared, Source, VerifiedSignature } from '../format.ts';
import {
  certificatesOf,
  checkCoveredDigest,
  checkInputNames,
  checkKeyType,
  checkOptionNames,
} from '../inputs-check.ts';
import { digestWholeFile, hashSource } from '../source-chunks.ts';
import { encodeHex } from '../../encoding/hex.ts';

const EXTENSION = '.p7s';

/** CMS signature in a file of its own (RFC 5652), for any file; the shape of a CAdES-BES signature. */
export const cmsDetached: Format = {
  id: 'cms-detached',
  purpose: 'cms',
  keyTypes: ['rsa-2048', 'rsa-3072', 'rsa-4096', 'p-256'],
  certificate: true,
  coveredDigest: 'sha256',
  description: 'Detached CMS signature of any file, beside it as .p7s.',
  recognise: () => Promise.resolve(false),
  digest: (source, options) => {
    checkOptionNames(options, []);
    return digestWholeFile(source);
  },
  checkInputs: (coveredDigest, inputs, options) => {
    checkCoveredDigest(coveredDigest, 'sha256');
    checkInputNames(inputs, []);
    checkOptionNames(options, []);
  },
  carriesTimestamp: () => true,
  toBeSigned: prepareCms,
  assemble: (structure, key, signature, timestampToken) =>
    encodeSignedData({
      version: 1,
      contentType: Oid.data,
      certificates: certificatesOf(key),
      keyType: key.type,
      signedAttributes: structure,
      signature,
      unsignedAttributes: timestampToken === undefined ? [] : [encodeAttribute(Oid.timestampToken, timestampToken)],
    }),
  embed: (_source, block) => Promise.resolve({ kind: 'beside', extension: EXTENSION, bytes: block }),
  verify: verifyCms,
};

/** The signed attributes are the whole structure: the content is not part of a detached signature. */
function prepareCms(context: BuildContext): Prepared {
  checkKeyType(cmsDetached, context.key.type);
  const [leaf] = certificatesOf(context.key);
  const attributes = encodeSignedAttributes([
    ...encodeContentAttributes(Oid.data, decodeHex(context.coveredDigest.value)),
    encodeSigningTime(context.signingTime),
    encodeSigningCertificate(leaf),
  ]);
  return { toBeSigned: { kind: 'message', bytes: attributes }, structure: attributes };
}

async function verifyCms(source: Source, beside: BesideReader): Promise<VerifiedSignature | undefined> {
  const block = await beside(EXTENSION);
  if (block === undefined) return undefined;
  const signedData = parseSignedData(block);
  const { signer, certificates, content, contentType } = signedData;
  if (contentType !== Oid.data || content !== undefined) {
    throw new OriginSignError('verify.signature', 'The CMS signature is not a detached signature of plain data.');
  }
  const digest = await hashSource(source);
  const certificate = verifySigner(signedData, (algorithm) => {
    if (algorithm === 'sha256') return digest;
    throw new OriginSignError('format.unsupported', `Detached CMS signatures with ${algorithm} are not supported.`);
  });
  const timestamp = signer.unsignedAttributes.get(Oid.timestampToken);
  return {
    format: cmsDetached.id,
    coveredDigest: { algorithm: 'sha256', value: encodeHex(digest) },
    signature: signer.signature,
    spki: certificate.spki,
    signerCertificate: certificate.der,
    certificates,
    ...(timestamp === undefined ? {} : { timestampToken: timestamp.raw }),
  };
}
