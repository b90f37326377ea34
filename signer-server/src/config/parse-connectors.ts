import { createPrivateKey } from 'node:crypto';
import { gitWebAddress } from '@originsign/core/platforms/git-address';
import { isLocalHost } from '@originsign/core/platforms/local-host';
import type { Parser, Section } from './section.ts';
import type { ConnectorConfig } from './server-config.ts';
import { flag, name, secret, text } from './values.ts';

/** `connectors`, at most one for each trusted build system. */
export function parseConnectors(root: Section): readonly ConnectorConfig[] {
  const seen = new Set<string>();
  const unique: Parser<string> = (setting) => {
    const value = name(setting);
    if (seen.has(value)) throw setting.refuse(`there are two connectors for the system "${value}"`);
    seen.add(value);
    return value;
  };
  return root.sections('connectors', (section) => parseConnector(section, unique));
}

function parseConnector(section: Section, unique: Parser<string>): ConnectorConfig {
  const connector = {
    system: section.required('system', unique),
    url: section.required('url', apiUrl),
    user: section.optional('user', user, undefined),
    token: section.required('token', secret(token)),
    allowPrivateAddress: section.optional('allowPrivateAddress', flag, false),
    libraries: section.list('libraries', library),
  };
  if (connector.user === undefined && isPem(connector.token.reveal())) {
    throw section.refuse('user', 'is required beside the private key of a GitHub App: its client id');
  }
  return connector;
}

const isPem = (value: string): boolean => value.startsWith('-----BEGIN ');

/**
 * Base of an API, without a slash at the end. Over http the credential could be read on the way, so that is for trying out on
 * one machine. There is one spelling, because paths are put behind it.
 */
const apiUrl: Parser<string> = (setting) => {
  const value = text(setting);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['https:', 'http:'].includes(url.protocol))
    throw setting.refuse('expected a URL with https://');
  if (url.protocol === 'http:' && !isLocalHost(url.hostname)) {
    throw setting.refuse(
      'must start with https:// unless it is a loopback address: the credential goes with every call',
    );
  }
  if (url.username !== '' || url.password !== '') throw setting.refuse('must not have credentials: use user and token');
  if (url.search !== '' || url.hash !== '') throw setting.refuse('must not have a query or fragment');
  const canonical = url.href.replace(/\/+$/, '');
  if (canonical !== value.replace(/\/$/, '')) throw setting.refuse(`must be written as ${canonical}`);
  return canonical;
};

/** A colon would end the name early where it is sent. */
const user: Parser<string> = (setting) => {
  const value = text(setting);
  if (value.includes(':')) throw setting.refuse('has a colon, which no user name of an API has');
  return value;
};

/** One word, or the private key of a GitHub App. Without its text in the refusal: it is the secret. */
const token: Parser<string> = (setting) => {
  const value = String(setting.value);
  if (isPem(value)) {
    if (!isRsaKey(value)) throw setting.refuse('is no RSA private key in PEM that can be read');
    return value;
  }
  if (!/^[\x21-\x7e]{8,8192}$/.test(value))
    throw setting.refuse('is no token: expected one word of at least 8 characters');
  return value;
};

const library: Parser<string> = (setting) => {
  const address = gitWebAddress(text(setting));
  if (address === undefined) throw setting.refuse('expected the address of a git repository');
  return address;
};

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}
