/** True for names and addresses of this very machine, in the form that `URL` gives them. */
export function isLocalHost(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  return (
    /^127\.\d+\.\d+\.\d+$/.test(name) || name === '0.0.0.0' || /^\[::(?:1|ffff:7f[0-9a-f]{2}:[0-9a-f]+)?\]$/.test(name)
  );
}
