import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';

/** What this room needs of the way out of the server. */
export type FetchDocument = (
  url: string,
  options: {
    readonly maxBytes: number;
    readonly timeout: number;
    readonly allowPrivate: boolean;
    readonly allowHttp: boolean;
  },
) => Promise<{ readonly status: number; readonly body: Uint8Array }>;

/** Where an issuer's keys come from. All of it is configuration. */
export interface IssuerConfig {
  /** Id of the trusted build system. */
  readonly id: string;
  readonly issuer: string;
  /** Address of the key set; found through discovery where left out. */
  readonly jwksUri?: string;
  /** File with the key set: then nothing is fetched. */
  readonly keysFile?: string;
  readonly allowPrivateAddress: boolean;
}

/** Gets the current key document of an issuer. */
export type KeyDocumentSource = (issuer: IssuerConfig) => Promise<Uint8Array>;

const MAX_DOCUMENT_BYTES = 64 * 1024;
const DOCUMENT_TIMEOUT = 5_000;

/**
 * Reads the key set of a configured issuer: from its pinned file, from its configured address, or from the address that its
 * discovery document names on the issuer's own host. Throws `issuer.keys_unavailable` or `egress.*`. OpenID Connect Discovery section 4.
 */
export function keyDocumentSource(
  fetch: FetchDocument,
  readFile: (path: string) => Promise<Uint8Array>,
): KeyDocumentSource {
  return async (issuer) => {
    if (issuer.keysFile !== undefined) return readFile(issuer.keysFile);
    const address = issuer.jwksUri ?? (await discoverKeySetAddress(issuer, fetch));
    return fetchDocument(address, issuer, fetch);
  };
}

async function discoverKeySetAddress(issuer: IssuerConfig, fetch: FetchDocument): Promise<string> {
  const body = await fetchDocument(discoveryAddress(issuer.issuer), issuer, fetch);
  const document = parseStrictJson(body);
  if (!isJsonObject(document)) throw unavailable(issuer, 'its discovery document is not a JSON object');
  if (document['issuer'] !== issuer.issuer) throw unavailable(issuer, 'its discovery document names another issuer');
  const address = document['jwks_uri'];
  if (typeof address !== 'string' || !isSameOrigin(address, issuer.issuer)) {
    throw unavailable(issuer, 'its discovery document places the keys on another host');
  }
  return address;
}

function discoveryAddress(issuer: string): string {
  return `${issuer.endsWith('/') ? issuer.slice(0, -1) : issuer}/.well-known/openid-configuration`;
}

function isSameOrigin(left: string, right: string): boolean {
  return URL.canParse(left) && new URL(left).origin === new URL(right).origin;
}

async function fetchDocument(url: string, issuer: IssuerConfig, fetch: FetchDocument): Promise<Uint8Array> {
  const { status, body } = await fetch(url, {
    maxBytes: MAX_DOCUMENT_BYTES,
    timeout: DOCUMENT_TIMEOUT,
    allowPrivate: issuer.allowPrivateAddress,
    // The scheme is the operator's word: the issuer comes from configuration, and production refuses http issuers there.
    allowHttp: issuer.issuer.startsWith('http:'),
  });
  if (status !== 200) throw unavailable(issuer, `it answered with status ${status}`);
  return body;
}

function unavailable(issuer: IssuerConfig, what: string): OriginSignError {
  return new OriginSignError('issuer.keys_unavailable', `The keys of ${issuer.id} cannot be fetched: ${what}.`);
}
