import { OriginSignError } from '../errors/error.ts';
import type { UnreachableReason } from './fetch-port.ts';

/** An answer that was cut off because it is larger than any answer may be. */
export class AnswerTooLarge extends Error {}

/** A call without an answer. */
export interface FailedCall {
  readonly url: string;
  readonly error: unknown;
  /** The caller gave it up. */
  readonly wasAborted: boolean;
  readonly timedOut: boolean;
  /** URLs of the proxies that may stand between. Their passwords are never repeated. */
  readonly proxies: readonly string[];
  /** The other end is a signing server, which may want a certificate of this machine. */
  readonly showsCertificate?: boolean;
}

interface Explanation {
  readonly reason: UnreachableReason;
  readonly what: string;
  readonly hint: string;
  /** The code of the operating system or of TLS, for whoever searches for it. */
  readonly code?: string;
}

const BETWEEN = 'check the address, firewalls and proxies in between';
const CERTIFICATE_CODE = /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

/** Certificates that fail for another reason than who vouches for them. */
const CERTIFICATES: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'give the URL by the name that the server has'],
  CERT_HAS_EXPIRED: [
    'its certificate has expired',
    'the server needs a new one, if the clock of this machine is right',
  ],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'look at the clock of this machine'],
  CERT_REVOKED: ['its certificate was revoked', 'the server needs a new one'],
};

/** What a server says of the certificate of this machine: alerts of TLS (RFC 8446 section 6.2) as OpenSSL names them. */
const CLIENT_CERTIFICATES: Readonly<Record<string, string>> = {
  CERTIFICATE_REQUIRED: 'it wants a client certificate',
  HANDSHAKE_FAILURE: 'it refused the TLS handshake, as servers do that want a client certificate',
  BAD_CERTIFICATE: 'it finds the client certificate of this machine damaged',
  UNSUPPORTED_CERTIFICATE: 'it takes no client certificate of this kind',
  CERTIFICATE_REVOKED: 'the client certificate of this machine was revoked',
  CERTIFICATE_EXPIRED: 'the client certificate of this machine has expired',
  CERTIFICATE_UNKNOWN: 'it does not accept the client certificate of this machine',
  UNKNOWN_CA: 'it does not trust the authority of the client certificate of this machine',
};

/** What a proxy means by its status, and whether the same call can succeed later. */
const PROXY_REFUSALS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  '407': ['wants a user name and a password', 'put them into HTTPS_PROXY: http://user:password@host:port'],
  '403': [
    'does not let this machine connect there',
    'ask whoever runs the proxy to allow this address, or name it in NO_PROXY',
  ],
};

/** The error for a call without an answer: why there is none, and what to do about it. */
export function unreachable(call: FailedCall): OriginSignError {
  const { reason, what, hint, code = '' } = explain(call);
  const suffix = code === '' || code.startsWith('UND_') ? '' : ` (${code})`;
  return new OriginSignError('server.unreachable', `No answer from ${new URL(call.url).host}: ${what}${suffix}.`, {
    hint,
    details: { reason },
    cause: call.error,
  });
}

function explain(call: FailedCall): Explanation {
  const { error } = call;
  if (call.wasAborted) return { reason: 'aborted', what: 'the call was given up', hint: 'start again' };
  if (error instanceof AnswerTooLarge) {
    const what = 'its answer is larger than any answer may be';
    return { reason: 'too_large', what, hint: 'check what stands between' };
  }
  const code = codeOf(error);
  if (call.timedOut || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    return { reason: 'timeout', what: 'it did not answer in time', hint: BETWEEN, code };
  }
  if (CERTIFICATE_CODE.test(code)) return explainCertificate(code);
  const refused = CLIENT_CERTIFICATES[/^ERR_SSL_(?:TLS|SSL)V\d+_ALERT_(\w+)$/.exec(code)?.[1] ?? ''];
  if (refused !== undefined) {
    const hint = 'look at ORIGINSIGN_CLIENT_CERTIFICATE, and at the authorities that the server takes';
    return { reason: 'client_certificate', what: refused, hint, code };
  }
  return explainProxy(call, code) ?? explainConnection(code, mayWantCertificate(call));
}

function explainCertificate(code: string): Explanation {
  const [what, hint] = CERTIFICATES[code] ?? [
    'its certificate is not trusted here',
    'give the private authority with ca-file, a PEM file',
  ];
  return { reason: 'certificate', what, hint, code };
}

/** Why the proxy in between is to blame; `undefined` where it is not. */
function explainProxy({ url, error, proxies }: FailedCall, code: string): Explanation | undefined {
  const proxy = proxies.map((text) => new URL(text)).find((candidate) => isAbout(candidate, url, error));
  const name = proxy === undefined ? 'the proxy' : `the proxy ${proxy.host}`;
  const status = code === 'UND_ERR_ABORTED' ? /\((\d{3})\)/.exec(textOf(error))?.[1] : undefined;
  const refusal = PROXY_REFUSALS[status ?? ''];
  if (status !== undefined && refusal !== undefined) {
    const [what, hint] = refusal;
    return { reason: 'proxy_refused', what: `${name} ${what} (${status})`, hint };
  }
  const hint = 'check HTTPS_PROXY and NO_PROXY';
  if (status !== undefined) return { reason: 'proxy', what: `${name} answered with status ${status}`, hint };
  if (code === 'UND_ERR_ABORTED') return { reason: 'proxy', what: `${name} refused the connection`, hint };
  return proxy === undefined ? undefined : { reason: 'proxy', what: `${name} cannot be reached`, hint, code };
}

/** True where the failed connection was the one to the proxy: system errors name the host or port that they are about. */
function isAbout(proxy: URL, url: string, error: unknown): boolean {
  const target = new URL(url);
  for (const { code, hostname, port } of chain(error)) {
    if (code === 'UND_ERR_ABORTED') return true;
    if (typeof hostname === 'string') return hostname === proxy.hostname && hostname !== target.hostname;
    if (typeof port === 'number') return String(port) === portOf(proxy) && portOf(proxy) !== portOf(target);
  }
  return false;
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
}

/** Servers on Node hang up instead of sending the alert that a certificate is missing or not accepted. */
function mayWantCertificate({ url, showsCertificate }: FailedCall): boolean {
  return showsCertificate === true && url.startsWith('https:');
}

function explainConnection(code: string, mayWant: boolean): Explanation {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    const hint = 'check the spelling of the address and the DNS of this machine';
    return { reason: 'name', what: 'its name cannot be resolved', hint, code };
  }
  if (code === 'ECONNREFUSED') {
    const hint = 'check address and port, and that the server runs';
    return { reason: 'connection', what: 'nobody listens there', hint, code };
  }
  const isHungUp = mayWant && ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(code);
  const hint = isHungUp ? `${BETWEEN}; servers that want another client certificate hang up like this` : BETWEEN;
  return { reason: 'connection', what: 'the connection failed or broke off', hint, code };
}

interface SystemError {
  readonly code?: unknown;
  readonly hostname?: unknown;
  readonly port?: unknown;
}

/** The error, what caused it, and the attempts that it sums up. */
function chain(error: unknown): readonly SystemError[] {
  const found: Error[] = [];
  for (let next = error; next instanceof Error; next = next.cause) {
    found.push(next, ...(next instanceof AggregateError ? next.errors.filter((one) => one instanceof Error) : []));
  }
  return found as readonly SystemError[];
}

function codeOf(error: unknown): string {
  const code = chain(error)
    .map((part) => part.code)
    .find((part) => typeof part === 'string');
  return typeof code === 'string' ? code : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
