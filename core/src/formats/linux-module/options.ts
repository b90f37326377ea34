import { decodeBase64 } from '../../encoding/base64.ts';
import type { JsonObject } from '../../encoding/canonical-json.ts';
import { isOriginSignError, OriginSignError } from '../../errors/error.ts';
import { parseCertificate, type Certificate } from '../../x509/certificate.ts';
import { checkOptionNames } from '../inputs-check.ts';

const MAX_CERTIFICATE = 16 * 1024;

/**
 * The certificate under which kernels know the key, where the option `certificate` has it (base64 of DER): the signature then names it by
 * issuer and serial number, else by the identifier of its key. Nothing of it is believed. Throws `statement.options`.
 */
export function signerCertificate(options: JsonObject): Certificate | undefined {
  checkOptionNames(options, ['certificate']);
  const { certificate } = options;
  if (certificate === undefined) return undefined;
  if (typeof certificate !== 'string' || certificate.length > MAX_CERTIFICATE) throw refused();
  try {
    return parseCertificate(decodeBase64(certificate));
  } catch (error) {
    if (isOriginSignError(error)) throw refused(error);
    throw error;
  }
}

function refused(cause?: unknown): OriginSignError {
  return new OriginSignError('statement.options', 'The option certificate is not a certificate in base64.', {
    hint: 'openssl x509 -in module.pem -outform DER | base64 -w0',
    ...(cause === undefined ? {} : { cause }),
  });
}
