import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { OriginSignError } from '../errors/error.ts';

/** Certificates that somebody gave as text. */
export interface GivenAuthorities {
  /** How messages call it. */
  readonly name: string;
  readonly pem: string;
}

/**
 * The authorities to trust where private ones are added: the system's, those of `NODE_EXTRA_CA_CERTS`, the file's, and the given
 * ones. Giving Node any list replaces its own, so all of them have to be named. `undefined` where nothing is added: Node then
 * does it itself. Throws `input.file` and `input.invalid`.
 */
export function authoritiesWith(
  caFile: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  given: readonly GivenAuthorities[] = [],
): readonly string[] | undefined {
  const file = caFile === undefined || caFile === '' ? [] : [{ name: caFile, pem: read(caFile) }];
  const added = [...file, ...given].flatMap(({ name, pem }) => parsePemBundle(pem, name));
  if (added.length === 0) return undefined;
  const extra = environment['NODE_EXTRA_CA_CERTS'];
  return [
    ...defaultAuthorities(),
    // Node itself only warns about an extra file that is missing, and so must this.
    ...(extra === undefined || extra === '' ? [] : (tryRead(extra) ?? [])),
    ...added,
  ];
}

/** Node 22.15 and later can say what they trust, which may include the system's store; Node 20 has the bundled list alone. */
function defaultAuthorities(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new OriginSignError('input.file', `The CA file "${path}" cannot be read.`, { cause });
  }
}

function tryRead(path: string): readonly string[] | undefined {
  try {
    return parsePemBundle(readFileSync(path, 'utf8'), path);
  } catch {
    return undefined;
  }
}

/** Certificates of a PEM file, one text each. Throws `input.invalid` where there is none or one is damaged. */
export function parsePemBundle(text: string, path: string): readonly string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw invalid(path, 'it has no certificate in PEM form');
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch {
      throw invalid(path, 'a certificate in it is damaged');
    }
  }
  return blocks;
}

function invalid(path: string, what: string): OriginSignError {
  return new OriginSignError('input.invalid', `The CA file "${path}" cannot be used: ${what}.`);
}
