/** A CI installation whose tokens are believed. */
export interface TrustedBuildSystem {
  readonly id: string;
  /** Platform type. */
  readonly type: string;
  /** Compared with the `iss` of a token character by character. */
  readonly issuer: string;
  /** Where the keys are, if the issuer's own metadata shall not say it. */
  readonly jwksUri?: string;
  /** Pinned key set instead of a fetched one, a path relative to the directory of the policies. */
  readonly keysFile?: string;
  /** Whether issuer and key set may be at a private address. */
  readonly allowPrivateAddress: boolean;
  /** Oldest `iat`, seconds; the platform's own limit where left out. */
  readonly maxTokenAge?: number;
  /** Web address of the installation where the issuer does not tell it. */
  readonly serverUrl?: string;
  /** Issuer of the second token, where it is another one. */
  readonly serviceConnectionIssuer?: string;
  /** True where the server asks the platform's API about every run. */
  readonly connector?: boolean;
  /** Networks that calls must come from, as `192.0.2.0/24`; from anywhere where left out. */
  readonly addresses?: readonly string[];
  /** Static tokens, of systems that have no other. */
  readonly tokens?: readonly StaticToken[];
}

/** One static token of a build system. The token itself is known to nobody but its holder. */
export interface StaticToken {
  /** What log and policies call it. */
  readonly name: string;
  /** SHA-256 of the token, lower-case hexadecimal. */
  readonly sha256: string;
  /** The one project that it may ask for. */
  readonly project: string;
  /** From this time on it is refused. */
  readonly expires: Date;
}

/** Where the revocation lists of an authority come from. */
export type Revocation =
  | { readonly kind: 'crl-urls'; readonly urls: readonly string[] }
  | { readonly kind: 'crl-files'; readonly paths: readonly string[] }
  | { readonly kind: 'none'; readonly reason: string };

/** An authority whose client certificates count beside a token: a file of the type `client-certificate`. */
export interface CertificateAuthorityFile {
  readonly id: string;
  /** PEM file with its roots and intermediates, a path relative to the directory of the policies. */
  readonly authorities: string;
  readonly revocation: Revocation;
  readonly allowPrivateAddress: boolean;
}

/** Type of the files that name authorities of client certificates; they are no CI platform. */
export const CLIENT_CERTIFICATE_TYPE = 'client-certificate';

/** What decides whether a system may be trusted here. */
export interface SystemOptions {
  /** Trial stores alone accept issuers over http and on this machine. */
  readonly trial: boolean;
  /** True for addresses of documents that are signed themselves. */
  readonly plainHttp?: boolean;
}
