import { constants } from 'node:crypto';
import type { ServerOptions } from 'node:https';

/** PEM texts of the server certificate, and what is asked of clients. */
export interface Tls {
  readonly certificate: string;
  readonly key: string;
  /** `request`: clients may show a certificate, which is checked later. `require`: none gets in without one. */
  readonly clients?: { readonly kind: 'request' } | { readonly kind: 'require'; readonly ca: string };
}

/** Room for forwarded chains; Node's own limit is 16 KiB. */
const PROXY_HEADER_BYTES = 64 * 1024;

/** Options of the TLS listener. */
export function tlsOptions({ certificate, key, clients }: Tls): ServerOptions {
  const options: ServerOptions = { cert: certificate, key, minVersion: 'TLSv1.2' };
  if (clients === undefined) return options;
  return {
    ...options,
    requestCert: true,
    // A resumed session knows the certificate and not its chain, and nobody proved again to hold the key; a renegotiation
    // could put another certificate under a request that is already on its way.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
    ...(clients.kind === 'request'
      ? { rejectUnauthorized: false }
      : { rejectUnauthorized: true, ca: clients.ca, maxHeaderSize: PROXY_HEADER_BYTES }),
  };
}
