import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { OriginSignError } from '@originsign/core/errors/error';
import { FORMATS } from '@originsign/core/formats/registry';
import { platformByType } from '@originsign/core/platforms/platforms';
import { checkPolicies, type CheckedPolicies, type CheckOptions } from '@originsign/core/policy/check';
import { parseCertificate } from '@originsign/core/x509/certificate';
import type { CertificateAuthorityFile } from '@originsign/core/policy/trusted-build-system';
import { pemCertificates } from './pem.ts';
import type { StaticSystem } from '../identity/static-token.ts';
import type { TokenSystem } from '../identity/verify-token.ts';
import type { ActivePolicies, LoadedAuthority } from './context.ts';
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

/** What policies are checked against here. */
export interface LoadOptions {
  readonly trial: boolean;
  readonly keys: ReadonlyMap<string, StoredKey>;
}

/** Formats and keys of this server, as the check of policies takes them. */
export function checkOptions({ trial, keys }: LoadOptions): CheckOptions {
  return { trial, formats: FORMATS, keys: [...keys.values()] };
}

/** Checks the policies against the formats and keys of this server. */
export function checkLoaded(texts: ReadonlyMap<string, string>, options: LoadOptions): CheckedPolicies {
  return checkPolicies(texts, checkOptions(options));
}

/** PEM file of authorities that a policy file names, as it was read: its certificates, or why there are none. */
export interface AuthorityCertificates {
  /** SHA-256 of the file, lower-case hexadecimal; left out where it cannot be read. */
  readonly hash?: string;
  readonly certificates: readonly Uint8Array[] | OriginSignError;
}

/** Reads the PEM files of these authorities, by path below the directory. What is wrong with one is a value. */
export async function readAuthorities(
  directory: string,
  files: ReadonlyMap<string, CertificateAuthorityFile>,
): Promise<ReadonlyMap<string, AuthorityCertificates>> {
  const read = [...files.values()].map(async ({ id, authorities: path }): Promise<[string, AuthorityCertificates]> => {
    const unusable = (cause: unknown): OriginSignError =>
      new OriginSignError('config.invalid', `${path}, the authorities of ${id}, cannot be read.`, { cause });
    const bytes = await readFile(join(directory, path)).catch(unusable);
    if (bytes instanceof OriginSignError) return [path, { certificates: bytes }];
    const hash = sha256Hex(bytes);
    try {
      const certificates = pemCertificates(bytes.toString('utf8'));
      for (const certificate of certificates) parseCertificate(certificate);
      return [path, { hash, certificates }];
    } catch (cause) {
      return [path, { hash, certificates: unusable(cause) }];
    }
  });
  return new Map(await Promise.all(read));
}

/** The checked policies as use cases look them up. */
export function activePolicies(checked: CheckedPolicies, authorities: readonly LoadedAuthority[]): ActivePolicies {
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
