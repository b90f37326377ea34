import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { OriginSignError } from '../errors/error.ts';

/** A TLS client certificate with its key, as `tls.connect` takes it. The key is a secret. */
export type ClientCertificate =
  | { readonly cert: string; readonly key: string; readonly passphrase?: string }
  | { readonly pfx: Uint8Array; readonly passphrase?: string };

/** What people have, before it was looked at. */
export interface ClientCertificateParts {
  /** How messages call it: a path, or the name of a field. */
  readonly name: string;
  /** PEM, leaf first, or PKCS#12. */
  readonly certificate: Uint8Array;
  /** PEM; not needed where the certificate is PKCS#12 or its PEM has the key too. */
  readonly key?: string;
  readonly passphrase?: string;
}

const ENVIRONMENT_HINT =
  'ORIGINSIGN_CLIENT_CERTIFICATE is a PEM or PFX file, ORIGINSIGN_CLIENT_KEY a PEM file, ORIGINSIGN_CLIENT_PASSPHRASE the passphrase of either';

/**
 * The certificate that the environment names with `ORIGINSIGN_CLIENT_CERTIFICATE`, `ORIGINSIGN_CLIENT_KEY` and
 * `ORIGINSIGN_CLIENT_PASSPHRASE`; `undefined` where it names none. Throws `input.*`.
 */
export function clientCertificateOf(
  environment: Readonly<Record<string, string | undefined>>,
): ClientCertificate | undefined {
  const value = (name: string): string | undefined => (environment[name] === '' ? undefined : environment[name]);
  const path = value('ORIGINSIGN_CLIENT_CERTIFICATE');
  const keyPath = value('ORIGINSIGN_CLIENT_KEY');
  const passphrase = value('ORIGINSIGN_CLIENT_PASSPHRASE');
  if (path === undefined) {
    if (keyPath === undefined && passphrase === undefined) return undefined;
    throw missing('ORIGINSIGN_CLIENT_CERTIFICATE is missing beside its key or passphrase.');
  }
  return parseClientCertificate({
    name: path,
    certificate: read(path),
    ...(keyPath === undefined ? {} : { key: read(keyPath).toString('latin1') }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}

/**
 * Looks at a certificate, its key and its passphrase before any connection is made, because TLS libraries fail on them in words
 * that help nobody. Throws `input.missing` and `input.invalid`, which never quote what is secret.
 */
export function parseClientCertificate(parts: ClientCertificateParts): ClientCertificate {
  const text = Buffer.from(parts.certificate).toString('latin1');
  if (text.includes('-----BEGIN ')) return pemCertificate(text, parts);
  if (parts.certificate[0] !== 0x30) throw invalid(parts.name, 'it is neither PEM nor PKCS#12 (PFX)');
  if (parts.key !== undefined) {
    throw invalid(parts.name, 'a PKCS#12 file has its own key', 'leave out ORIGINSIGN_CLIENT_KEY');
  }
  return pkcs12(parts);
}

function pemCertificate(text: string, { name, key: given, passphrase }: ClientCertificateParts): ClientCertificate {
  const key = given ?? text;
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) {
    if (given !== undefined) throw invalid(name, 'the key beside it is not PEM');
    throw missing(`The client certificate "${name}" has no private key beside it.`);
  }
  const certificate = firstCertificate(text, name);
  if (!isKeyOf(certificate, { name, key, passphrase }))
    throw invalid(name, 'the key is not the one of the certificate');
  return { cert: text, key, ...(passphrase === undefined ? {} : { passphrase }) };
}

function firstCertificate(text: string, name: string): X509Certificate {
  const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/.exec(text)?.[0];
  if (block === undefined) throw invalid(name, 'it has no certificate');
  try {
    return new X509Certificate(block);
  } catch {
    throw invalid(name, 'its certificate is damaged');
  }
}

function isKeyOf(
  certificate: X509Certificate,
  { name, key, passphrase }: { readonly name: string; readonly key: string; readonly passphrase: string | undefined },
): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey({ key, ...(passphrase === undefined ? {} : { passphrase }) }));
  } catch {
    // Both forms of encrypted keys in PEM: PKCS#8, and the older headers of OpenSSL.
    if (/ENCRYPTED/.test(key)) throw badPassphrase(name, passphrase);
    throw invalid(name, 'its private key is damaged');
  }
}

function pkcs12({ name, certificate, passphrase }: ClientCertificateParts): ClientCertificate {
  const parts = { pfx: certificate, ...(passphrase === undefined ? {} : { passphrase }) };
  try {
    createSecureContext({ ...parts, pfx: Buffer.from(certificate) });
    return parts;
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    if (/mac verify failure/i.test(message)) throw badPassphrase(name, passphrase);
    if (/unsupported/i.test(message)) {
      throw invalid(
        name,
        'it is encrypted in a way that current OpenSSL refuses',
        'export it again with AES, for example with openssl pkcs12 -export, or as PEM',
      );
    }
    throw invalid(name, 'it is damaged or has no private key', 'export the certificate together with its private key');
  }
}

function badPassphrase(name: string, passphrase: string | undefined): OriginSignError {
  if (passphrase === undefined) return missing(`The client certificate "${name}" needs a passphrase.`);
  return invalid(name, 'the passphrase is not the right one');
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new OriginSignError('input.file', `The file "${path}" cannot be read.`, { hint: ENVIRONMENT_HINT, cause });
  }
}

function missing(message: string): OriginSignError {
  return new OriginSignError('input.missing', message, { hint: ENVIRONMENT_HINT });
}

function invalid(name: string, what: string, hint = ENVIRONMENT_HINT): OriginSignError {
  return new OriginSignError('input.invalid', `The client certificate "${name}" cannot be used: ${what}.`, { hint });
}
