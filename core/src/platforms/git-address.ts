/** `user@host:path`, the short form of ssh. One letter before the colon is a drive of Windows. */
const SCP_LIKE = /^(?:[^@/\s]+@)?([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])):(?!\/\/)\/?(.+)$/;

/**
 * The one spelling of the address of a git repository, so that the same repository is the same text however it was cloned:
 * https (http stays http), no user, password, query or port of ssh, no `.git` and no slash at the end. `undefined` for local
 * paths and everything else that names no repository of a server.
 */
export function gitWebAddress(address: string): string | undefined {
  const scp = address.includes('://') ? null : SCP_LIKE.exec(address);
  const text = scp === null ? address : `ssh://${scp[1]}/${scp[2]}`;
  if (/[\\\s\u0000-\u001f\u007f]/.test(text) || !URL.canParse(text)) return undefined;
  const { protocol, hostname, host, pathname, search, hash } = new URL(text);
  if (!['https:', 'http:', 'ssh:', 'git+ssh:'].includes(protocol) || hostname === '') return undefined;
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  // A path that climbs was folded by URL: what is written and what is asked for would differ.
  if (
    path === '' ||
    path.endsWith('/') ||
    search !== '' ||
    hash !== '' ||
    /(?:^|\/)(?:\.|%2e){1,2}(?:\/|$)/i.test(text)
  )
    return undefined;
  if (protocol === 'http:' || protocol === 'https:') return `${protocol}//${host}${path}`;
  return `https://${hostname.toLowerCase()}${path}`;
}
