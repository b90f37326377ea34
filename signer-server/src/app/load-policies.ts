import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { OriginSignError } from '@originsign/core/errors/error';
import { FORMATS } from '@originsign/core/formats/registry';
import { platformByType } from '@originsign/core/platforms/platforms';
import { checkPolicies, type CheckedPolicies } from '@originsign/core/policy/check';
import { parseCertificate } from '@originsign/core/x509/certificate';
import type { CertificateAuthorityFile } from '@originsign/core/policy/trusted-build-system';
import type { CertificateAuthority } from '../identity/client-certificate.ts';
import { pemCertificates } from './pem.ts';
import type { StaticSystem } from '../identity/static-token.ts';
import type { TokenSystem } from '../identity/verify-token.ts';
import type { ActivePolicies } from './context.ts';
import type { StoredKey } from './stored-key.ts';

const MAX_FILES = 10_000;
const MAX_BYTES = 256 * 1024;

/** Reads every YAML file below a directory as path (with `/`) -> text. Throws `config.invalid` where it cannot be read. */
export async function readPolicyDirectory(directory: string): Promise<ReadonlyMap<string, string>> {
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name));
    if (files.length > MAX_FILES) throw new TypeError('too many files');
    return new Map(await Promise.all(files.map((entry) => readPolicy(directory, join(entry.parentPath, entry.name)))));
  } catch (cause) {
    throw new OriginSignError('config.invalid', `The policy directory ${directory} cannot be read.`, { cause });
  }
}

async function readPolicy(directory: string, path: string): Promise<readonly [string, string]> {
  const name = relative(directory, path).split(sep).join('/');
  // One byte more than is allowed is enough for the parser to refuse the file and name it.
  const { size } = await stat(path);
  return [name, size > MAX_BYTES ? ' '.repeat(MAX_BYTES + 1) : await readFile(path, 'utf8')];
}

/** Checks the policies against the formats and keys of this server. */
export function checkLoaded(
  texts: ReadonlyMap<string, string>,
  options: { readonly trial: boolean; readonly keys: ReadonlyMap<string, StoredKey> },
): CheckedPolicies {
  return checkPolicies(texts, { trial: options.trial, formats: FORMATS, keys: [...options.keys.values()] });
}

/**
 * Reads the certificates of the authorities that the policies name. Throws `config.invalid`: a rule that asks for a client
 * certificate must not stand there without anyone who could have issued it.
 */
export async function readAuthorities(
  directory: string,
  files: ReadonlyMap<string, CertificateAuthorityFile>,
): Promise<readonly CertificateAuthority[]> {
  return Promise.all(
    [...files.values()].map(async ({ authorities, ...file }) => {
      try {
        const certificates = pemCertificates(await readFile(join(directory, authorities), 'utf8'));
        for (const certificate of certificates) parseCertificate(certificate);
        return { ...file, certificates };
      } catch (cause) {
        throw new OriginSignError('config.invalid', `${authorities}, the authorities of ${file.id}, cannot be read.`, {
          cause,
        });
      }
    }),
  );
}

/** The checked policies as use cases look them up. */
export function activePolicies(checked: CheckedPolicies, authorities: readonly CertificateAuthority[]): ActivePolicies {
  const byIssuer = new Map<string, TokenSystem>();
  const staticSystems: StaticSystem[] = [];
  for (const config of checked.systems.values()) {
    const { id, type, tokens, addresses } = config;
    const platform = platformByType(type);
    // A system with static tokens has no issuer that a token could name.
    if (tokens !== undefined) staticSystems.push({ id, tokens, ...(addresses === undefined ? {} : { addresses }) });
    else if (platform !== undefined) byIssuer.set(config.issuer, { config, platform });
  }
  const connectedSystems = [...checked.systems.values()].filter(({ connector }) => connector === true);
  return {
    systemByIssuer: (issuer) => byIssuer.get(issuer),
    projects: checked.projects,
    staticSystems,
    authorities,
    connectedSystems,
  };
}
