import { isLocalHost } from './local-host.ts';
import type { SystemIdentity } from './platform.ts';

/**
 * Web address of the GitHub installation behind an issuer, without a trailing slash: github.com, a GHE.com tenant, or an
 * Enterprise Server (`https://HOST/_services/token`). An issuer may end in one enterprise slug, except on Enterprise Server.
 * A local issuer, which only trial stores accept, plays github.com. `undefined` where the issuer has another form and the
 * system names no `serverUrl`.
 */
export function githubServerUrl(system: SystemIdentity): string | undefined {
  if (system.serverUrl !== undefined) return system.serverUrl;
  if (!URL.canParse(system.issuer)) return undefined;
  const { hostname, host, pathname } = new URL(system.issuer);
  if (isLocalHost(hostname)) return 'https://github.com';
  if (pathname === '/_services/token') return `https://${host}`;
  if (!/^\/(?:[A-Za-z0-9-]+)?$/.test(pathname)) return undefined;
  if (host === 'token.actions.githubusercontent.com') return 'https://github.com';
  const tenant = /^token\.actions\.([a-z0-9-]+\.ghe\.com)$/.exec(host)?.[1];
  return tenant === undefined ? undefined : `https://${tenant}`;
}
