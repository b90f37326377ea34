import { listenAddress, proxyUrl, publicUrl, serviceUrl } from './addresses.ts';
import { parseListen, parseProxyListen } from './parse-listen.ts';
import { parseConnectors } from './parse-connectors.ts';
import { parseTokens } from './parse-tokens.ts';
import type { Parser, Section } from './section.ts';
import type { EgressConfig, LimitsConfig, ServerConfig, StoreConfig, TimestampConfig } from './server-config.ts';
import { base64Bytes, certificates, duration, flag, integer, name, secret, text } from './values.ts';

/** Files that the configuration names. */
export interface ConfigFiles {
  /** A path made absolute, relative ones starting at the configuration's folder. */
  absolute(path: string): string;
  readText(path: string): string;
}

/** Reads every section and records all problems; the result is `undefined` where there are any. */
export function readServerConfig(root: Section, files: ConfigFiles): ServerConfig | undefined {
  const readText = (file: string): string => files.readText(file);
  root.attempt(() => root.required('version', version));
  const url = root.attempt(() => root.required('url', publicUrl));
  const listen = root.attempt(() => root.section('listen', (section) => parseListen(section, readText)));
  const proxyListen = root.attempt(() => parseProxyListen(root, readText));
  const store = root.attempt(() => root.section('store', (section) => parseStore(section, files)));
  const policies = root.attempt(() =>
    root.section('policies', (section) => ({ directory: path(section, 'directory', files) })),
  );
  const hsm = root.attempt(() => root.section('hsm', (section) => ({ tokens: parseTokens(section, files) })));
  const log = root.attempt(() => root.section('log', (section) => parseLog(section, files)));
  const provenance = root.attempt(() =>
    root.section('provenance', (section) => ({ key: section.required('key', name) })),
  );
  const timestamps = root.attempt(() => parseTimestamps(root, files));
  const egress = root.attempt(() => root.section('egress', (section) => parseEgress(section, files), false));
  const connectors = root.attempt(parseConnectors);
  const metrics = root.attempt(() => root.section('metrics', parseMetrics, false));
  const limits = root.attempt(() => root.section('limits', parseLimits, false));
  const admins = root.attempt(() => parseAdmins(root, files));
  if (!url || !listen || !store || !policies || !hsm || !log || !provenance || !egress || !limits) return undefined;
  if (!connectors) return undefined;
  return {
    url,
    listen,
    proxyListen,
    store,
    policies,
    hsm,
    log,
    provenance,
    timestamps,
    egress,
    connectors,
    admins,
    metrics,
    limits,
  };
}

const version: Parser<1> = (setting) => {
  if (setting.value !== 1) throw setting.refuse('this version of the server reads version 1');
  return 1;
};

function path(section: Section, key: string, files: ConfigFiles): string {
  return files.absolute(section.required(key, text));
}

function parseStore(section: Section, files: ConfigFiles): StoreConfig {
  const sqlitePath = section.required('url', storePath);
  const encryptionKey = section.required('encryptionKey', secret(base64Bytes(32)));
  return { kind: 'sqlite', path: files.absolute(sqlitePath), encryptionKey };
}

/** The refusals do not show the URL: a database URL often carries a password. */
const storePath: Parser<string> = (setting) => {
  const value = text(setting);
  if (/^postgres(?:ql)?:/.test(value)) {
    throw setting.refuse('PostgreSQL is not supported by this version yet: use sqlite:PATH');
  }
  const match = /^sqlite:(?:\/\/(?=\/))?([^:?#]+)$/.exec(value);
  if (match?.[1] === undefined || /^\/\/[^/]/.test(match[1])) throw setting.refuse('expected sqlite:PATH');
  return match[1];
};

function parseLog(section: Section, files: ConfigFiles): ServerConfig['log'] {
  return { key: section.required('key', name), highWaterMark: path(section, 'highWaterMark', files) };
}

function parseAdmins(root: Section, files: ConfigFiles): ServerConfig['admins'] {
  if (!root.has('admins')) return undefined;
  return root.section('admins', (section) => ({ file: path(section, 'file', files) }));
}

function parseTimestamps(root: Section, files: ConfigFiles): TimestampConfig | undefined {
  if (!root.has('timestamps')) return undefined;
  return root.section('timestamps', (section) => {
    const urls = section.list('urls', serviceUrl);
    if (urls.length === 0) throw section.refuse('urls', 'needs at least one URL');
    return {
      urls,
      timeout: section.optional('timeout', duration('100ms', '2m'), 10_000),
      roots: section.required(
        'roots',
        certificates((file) => files.readText(file)),
      ),
      unhealthyFor: section.optional('unhealthyFor', duration('1s', '1d'), 60_000),
      allowPrivateAddress: section.optional('allowPrivateAddress', flag, false),
    };
  });
}

function parseEgress(section: Section, files: ConfigFiles): EgressConfig {
  return {
    proxy: section.optional('proxy', proxyUrl, undefined),
    noProxy: section.optional('noProxy', text, undefined),
    ca: section.optional(
      'ca',
      certificates((file) => files.readText(file)),
      undefined,
    ),
  };
}

function parseMetrics(section: Section): ServerConfig['metrics'] {
  const enabled = section.optional('enabled', flag, true);
  const address = section.optional('address', listenAddress, { host: '127.0.0.1', port: 9464 });
  return enabled ? { address } : undefined;
}

function parseLimits(section: Section): LimitsConfig {
  return {
    hsmQueue: section.optional('hsmQueue', integer(1024, 1_000_000), 4096),
    hsmWait: section.optional('hsmWait', duration('100ms', '10m'), 30_000),
  };
}
