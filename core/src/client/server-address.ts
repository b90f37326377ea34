import { isServerUrl } from '../attestation/server-url.ts';
import { OriginSignError } from '../errors/error.ts';

/**
 * The server URL in the one spelling that statements and audiences carry. Takes what people write: a trailing slash, upper
 * case in the host. Throws `input.invalid` for anything that is no address of a server, and for `http` to another machine:
 * whoever reads a token on its way can use it first.
 */
export function parseServerAddress(text: string): string {
  const trimmed = text.trim();
  if (!URL.canParse(trimmed)) throw invalid('it is not a URL', 'write it as https://sign.example.com');
  const url = new URL(trimmed);
  if (url.username !== '' || url.password !== '') throw invalid('it has a user name', 'leave user and password out');
  if (url.search !== '' || url.hash !== '') throw invalid('it has a query or fragment', 'give the address alone');
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw invalid('it is not https', 'http is for a trial server on this machine alone');
  }
  const address = url.origin + url.pathname.replace(/\/+$/, '');
  if (!isServerUrl(address)) throw invalid('it is too long or has an odd path', 'give the public URL of the server');
  return address;
}

/** Page for people about one request. Built from the configured address: a server cannot send people elsewhere. */
export function requestPage(server: string, id: string): string {
  return `${server}/requests/${id}`;
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function invalid(what: string, hint: string): OriginSignError {
  return new OriginSignError('input.invalid', `The server URL cannot be used: ${what}.`, { hint });
}
