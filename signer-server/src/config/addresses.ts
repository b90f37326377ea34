import { isIP, isIPv6 } from 'node:net';
import { Secret } from './secret.ts';
import type { Parser, Setting } from './section.ts';
import { text } from './values.ts';

/** A socket to listen on. */
export interface ListenAddress {
  /** Host name or IP address, IPv6 without brackets. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** `host:port`, `[v6]:port` or `:port`, which listens on every address. */
export const listenAddress: Parser<ListenAddress> = (setting) => {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]*)):(\d{1,5})$/.exec(text(setting));
  const [, bracketed, plain] = match ?? [];
  const port = Number(match?.[3] ?? '65536');
  if (port > 65_535 || (bracketed !== undefined && !isIPv6(bracketed))) {
    throw setting.refuse('expected an address such as 0.0.0.0:8443, [::]:8443 or localhost:8443');
  }
  return { host: bracketed ?? (plain === undefined || plain === '' ? '::' : plain), port };
};

/** True for names and addresses of this machine alone. */
function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}

/**
 * Public URL of the server: the audience of every request starts with it, so there is one spelling alone: no credentials,
 * query, fragment or slash at the end. http is for loopback, that is for trying out.
 */
export const publicUrl: Parser<string> = (setting) => {
  const url = parseUrl(setting, ['https:', 'http:']);
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname)) {
    throw setting.refuse('must start with https:// unless it is a loopback address');
  }
  if (url.search !== '' || url.hash !== '') throw setting.refuse('must not have a query or fragment');
  const canonical = url.href.replace(/\/$/, '');
  if (canonical !== String(setting.value)) throw setting.refuse(`must be written as ${canonical}`);
  return canonical;
};

/** URL of a service that this server calls, as it is written. */
export const serviceUrl: Parser<string> = (setting) => {
  parseUrl(setting, ['https:', 'http:']);
  return String(setting.value);
};

/** URL of a forward proxy. With credentials it is a secret and must be supplied as one. */
export const proxyUrl: Parser<Secret> = (setting) => {
  const url = tryUrl(setting);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    throw setting.refuse('expected a URL with http:// or https://');
  }
  if (!setting.outside && (url.username !== '' || url.password !== '')) {
    throw setting.refuse('has credentials: supply it by {file: PATH} or {env: NAME}');
  }
  return new Secret(url.href);
};

function parseUrl(setting: Setting, protocols: readonly string[]): URL {
  const url = tryUrl(setting);
  if (url === undefined || !protocols.includes(url.protocol))
    throw setting.refuse('expected a URL with https:// or http://');
  if (url.username !== '' || url.password !== '') throw setting.refuse('must not have credentials');
  return url;
}

function tryUrl(setting: Setting): URL | undefined {
  const value = text(setting);
  return URL.canParse(value) ? new URL(value) : undefined;
}
