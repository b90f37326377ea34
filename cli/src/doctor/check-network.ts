import type { Environment, Finding } from './finding.ts';

/** Which proxy is used; its user name and password are never shown. */
export function checkProxy(environment: Environment): Finding {
  const value = (name: string) => environment[name.toLowerCase()] ?? environment[name] ?? '';
  const proxy = value('HTTPS_PROXY');
  if (proxy === '') return { state: 'ok', name: 'proxy', text: 'none' };
  const exceptions = value('NO_PROXY') === '' ? '' : `, not for ${value('NO_PROXY')}`;
  return { state: 'ok', name: 'proxy', text: `${hostOf(proxy)}${exceptions}` };
}

function hostOf(proxy: string): string {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  return URL.canParse(url) ? new URL(url).host : 'an address that is no URL';
}

/** Whose certificates are believed besides the usual authorities. */
export function checkAuthorities(caFile: string | undefined, environment: Environment): Finding {
  const extra = environment['NODE_EXTRA_CA_CERTS'] ?? '';
  const files = [...(caFile === undefined ? [] : [caFile]), ...(extra === '' ? [] : [extra])];
  const text = files.length === 0 ? 'the usual authorities' : `the usual authorities and ${files.join(', ')}`;
  return { state: 'ok', name: 'ca', text };
}
