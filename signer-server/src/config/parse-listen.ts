import { listenAddress } from './addresses.ts';
import type { Parser, Section } from './section.ts';
import type { ListenConfig, ProxyListenConfig, TlsConfig } from './server-config.ts';
import { certificates, secretPem, text } from './values.ts';

/** Text of a file that the configuration names. */
type ReadText = (path: string) => string;

const PRIVATE_KEY = /-----BEGIN (?:RSA |EC |ENCRYPTED )?PRIVATE KEY-----/;

/** Reads `listen`. */
export function parseListen(section: Section, readText: ReadText): ListenConfig {
  const address = section.required('address', listenAddress);
  const tls = parseTls(section, readText);
  const clientCertificates = section.optional('clientCertificates', onRequest, false);
  if (clientCertificates && tls === undefined) {
    throw section.refuse('clientCertificates', 'needs certificate and key: only who ends TLS can ask for one');
  }
  return { address, tls, clientCertificates };
}

/** Reads `proxyListen`, where it is there. */
export function parseProxyListen(root: Section, readText: ReadText): ProxyListenConfig | undefined {
  if (!root.has('proxyListen')) return undefined;
  return root.section('proxyListen', (section) => {
    const address = section.required('address', listenAddress);
    const tls = parseTls(section, readText);
    if (tls === undefined) throw section.refuse('certificate', 'is required: proxies are known by mutual TLS alone');
    return { address, tls, proxies: section.section('proxies', (proxies) => parseProxies(proxies, readText)) };
  });
}

function parseProxies(section: Section, readText: ReadText): ProxyListenConfig['proxies'] {
  const ca = section.required('ca', certificates(readText));
  const names = section.list('names', hostName);
  if (names.length === 0) throw section.refuse('names', 'needs at least one name that a certificate of a proxy has');
  return { ca, names };
}

function parseTls(section: Section, readText: ReadText): TlsConfig | undefined {
  const certificate = section.optional('certificate', certificates(readText), undefined);
  const key = section.optional('key', secretPem(readText, PRIVATE_KEY), undefined);
  if (certificate === undefined && key === undefined) return undefined;
  if (key === undefined) throw section.refuse('key', 'is required beside a certificate');
  if (certificate === undefined) throw section.refuse('certificate', 'is required beside a key');
  return { certificate, key };
}

const onRequest: Parser<true> = (setting) => {
  if (setting.value !== 'request') throw setting.refuse('expected request, or leave it out');
  return true;
};

const hostName: Parser<string> = (setting) => {
  const value = text(setting);
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(value)) {
    throw setting.refuse('expected a DNS name in lower case, without wildcards');
  }
  return value;
};
