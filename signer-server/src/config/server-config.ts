import type { ListenAddress } from './addresses.ts';
import type { Secret } from './secret.ts';

/** `server.yml`, version 1, checked and complete. Paths are absolute, durations in milliseconds, secrets wrapped. */
export interface ServerConfig {
  /** Public URL without a slash at the end; start of every request's audience. */
  readonly url: string;
  readonly listen: ListenConfig;
  /** Absent where no proxy may forward client certificates. */
  readonly proxyListen: ProxyListenConfig | undefined;
  readonly store: StoreConfig;
  readonly policies: { readonly directory: string };
  readonly hsm: { readonly tokens: readonly TokenConfig[] };
  readonly log: { readonly key: string; readonly highWaterMark: string };
  readonly provenance: { readonly key: string };
  /** Absent where no timestamps are made. */
  readonly timestamps: TimestampConfig | undefined;
  readonly egress: EgressConfig;
  /** Credentials for the APIs of CI platforms, at most one for each trusted build system. */
  readonly connectors: readonly ConnectorConfig[];
  /** The roster of people who may approve; absent where there is none. */
  readonly admins: { readonly file: string } | undefined;
  /** Where Prometheus may read; absent where it is switched off. */
  readonly metrics: { readonly address: ListenAddress } | undefined;
  readonly limits: LimitsConfig;
}

/** The public listener. Without `tls` something in front of it ends TLS. */
export interface ListenConfig {
  readonly address: ListenAddress;
  readonly tls: TlsConfig | undefined;
  /** True where TLS asks clients for a certificate, which they may leave out. */
  readonly clientCertificates: boolean;
}

/** PEM texts of a server's certificate and its key. */
export interface TlsConfig {
  readonly certificate: string;
  readonly key: Secret;
}

/** The listener for proxies that forward client certificates. */
export interface ProxyListenConfig {
  readonly address: ListenAddress;
  readonly tls: TlsConfig;
  readonly proxies: {
    /** PEM certificates that the proxies' own certificates lead to. */
    readonly ca: string;
    /** DNS names, lower case, of which a proxy's certificate must have one. */
    readonly names: readonly string[];
  };
}

/** The database. */
export interface StoreConfig {
  readonly kind: 'sqlite';
  readonly path: string;
  /** 32 bytes that encrypt the evidence at rest. */
  readonly encryptionKey: Secret<Uint8Array>;
}

/** One PKCS#11 token. */
export interface TokenConfig {
  readonly name: string;
  readonly module: string;
  /** Variables that the vendor's module reads; its process sees no others of the server's. */
  readonly environment: Readonly<Record<string, string>>;
  readonly serial: string;
  /** `user`, or the vendor's number for another type. */
  readonly userType: 'user' | number;
  readonly pin: Secret;
  readonly processes: number;
  readonly sessions: number;
}

/** Timestamp authorities in order of preference. */
export interface TimestampConfig {
  readonly urls: readonly string[];
  /** For each URL, in milliseconds. */
  readonly timeout: number;
  /** PEM certificates that tokens must chain to. */
  readonly roots: string;
  /** How long an authority that failed is asked last, in milliseconds. */
  readonly unhealthyFor: number;
  /** True where an authority may have a private or loopback address. */
  readonly allowPrivateAddress: boolean;
}

/** How the server reaches other services. */
export interface EgressConfig {
  readonly proxy: Secret | undefined;
  /** Hosts that are reached without the proxy: names and `.suffixes`, separated by commas. */
  readonly noProxy: string | undefined;
  /** PEM certificates trusted besides the system's. */
  readonly ca: string | undefined;
}

/** The API of the CI platform behind one trusted build system. */
export interface ConnectorConfig {
  /** Id of the trusted build system. */
  readonly system: string;
  /** Base of the API without a slash at the end. */
  readonly url: string;
  readonly user: string | undefined;
  readonly token: Secret;
  /** True where the API may have a private or loopback address. */
  readonly allowPrivateAddress: boolean;
  /** Repositories of shared libraries of Jenkins, in the spelling of `gitWebAddress`. */
  readonly libraries: readonly string[];
}

/** Bounds that a platform team may want to move. */
export interface LimitsConfig {
  /** Signatures that may wait for the HSM. */
  readonly hsmQueue: number;
  /** How long one of them may wait, in milliseconds. */
  readonly hsmWait: number;
}
