import { isOriginSignError } from '@originsign/core/errors/error';
import type { CheckOptions } from '@originsign/core/policy/check';
import type { ReloadedFile } from '@originsign/core/policy/reload';
import type { CertificateAuthorityFile, TrustedBuildSystem } from '@originsign/core/policy/trusted-build-system';
import type { ActivePolicies, LoadedAuthority } from './context.ts';
import type { AuthorityCertificates } from './load-policies.ts';

/**
 * What keeps a good file from being taken over by a server that runs: connectors and their credentials are opened at its start
 * alone (`connected`; left out at that start), and authorities need certificates.
 */
export function reloadObjection(
  { authorities }: Pick<ActivePolicies, 'authorities'>,
  certificates: ReadonlyMap<string, AuthorityCertificates>,
  connected: ActivePolicies['connectedSystems'] | undefined,
): NonNullable<CheckOptions['objection']> {
  return (loaded) => {
    if (!('authorities' in loaded)) return connected === undefined ? undefined : connectorObjection(loaded, connected);
    const found = certificates.get(loaded.authorities)?.certificates;
    const isUsable = !isOriginSignError(found);
    // With the same file as before, the certificates that it had stay.
    const isKnown = authorities.some(({ id, authorities: path }) => id === loaded.id && path === loaded.authorities);
    return isUsable || isKnown ? undefined : { message: `${loaded.authorities} has no certificates that can be read` };
  };
}

function connectorObjection(system: TrustedBuildSystem, connected: ActivePolicies['connectedSystems']) {
  const opened = connected.find(({ id }) => id === system.id);
  const isAsOpened =
    opened === undefined
      ? system.connector !== true
      : system.connector === true && system.type === opened.type && system.serverUrl === opened.serverUrl;
  if (isAsOpened) return undefined;
  return {
    message: 'the connector of a trusted build system is opened when the server starts, and is another one here',
    hint: 'restart the server, with a configuration that fits',
  };
}

/** Authorities with their certificates: those that were read now, else those that they had. */
export function currentAuthorities(
  files: ReadonlyMap<string, CertificateAuthorityFile>,
  certificates: ReadonlyMap<string, AuthorityCertificates>,
  before: readonly LoadedAuthority[],
): readonly LoadedAuthority[] {
  return [...files.values()].flatMap((file) => {
    const found = certificates.get(file.authorities)?.certificates;
    const usable =
      found === undefined || isOriginSignError(found) ? before.find(({ id }) => id === file.id)?.certificates : found;
    return usable === undefined ? [] : [{ ...file, certificates: usable }];
  });
}

/** The PEM files as the log has them: whose certificates count is a policy too. */
export function certificateFiles(
  certificates: ReadonlyMap<string, AuthorityCertificates>,
  before: ReadonlyMap<string, ReloadedFile>,
): readonly ReloadedFile[] {
  return [...certificates].flatMap(([path, { hash, certificates: found }]): readonly ReloadedFile[] => {
    const older = before.get(path);
    if (hash === undefined) return older === undefined ? [] : [older];
    if (!isOriginSignError(found)) return [{ path, hash, ok: true }];
    const kept = older?.ok === true ? older.hash : older?.kept;
    return [{ path, hash, ok: false, ...(kept === undefined ? {} : { kept }) }];
  });
}
