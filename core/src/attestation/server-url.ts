/** Longest server URL, so that the audience of a request stays within 256 characters. */
const MAX_SERVER_URL = 192;

/**
 * True where the text is a server URL in its one canonical spelling: `https://host[:port][/path]`, lower-case ASCII host,
 * no default port, no trailing slash, query, fragment or user. `http` passes here, because a trial server on the same
 * machine has nothing else; the server compares with its own URL exactly, and a production server's is https.
 */
export function isServerUrl(text: string): boolean {
  if (text.length > MAX_SERVER_URL || !/^https?:\/\/[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  const path = url.pathname === '/' ? '' : url.pathname;
  return url.hostname !== '' && !path.endsWith('/') && !path.includes('//') && text === url.origin + path;
}
