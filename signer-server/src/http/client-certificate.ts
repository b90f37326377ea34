import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { MAX_CHAIN, type PresentedCertificate } from '../identity/client-certificate.ts';
import { readForwardedCertificate, refuseForwardedCertificate } from './client-certificate-field.ts';
import type { ProxyCheck } from './proxy-check.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The client certificate that came with the request, not checked yet. Throws `certificate.forwarded`. */
    presentedCertificate: () => PresentedCertificate | undefined;
  }
}

/** Where a listener finds client certificates: nowhere, in its own TLS, or in what a proxy on the list forwards. */
export type CertificateSource =
  { readonly kind: 'none' } | { readonly kind: 'tls' } | { readonly kind: 'proxy'; readonly check: ProxyCheck };

/** Lets requests tell the client certificate that came with them, and refuses those that forge one. */
export function installClientCertificates(http: FastifyInstance, source: CertificateSource): void {
  http.decorateRequest('presentedCertificate', function () {
    switch (source.kind) {
      case 'none':
        return undefined;
      case 'tls':
        return peerCertificate(this.raw.socket);
      case 'proxy':
        return readForwardedCertificate(this.headers);
    }
  });
  http.addHook('onRequest', (request, _reply, done) => {
    if (source.kind === 'proxy') source.check(peerCertificate(request.raw.socket));
    else refuseForwardedCertificate(request.headers);
    done();
  });
}

/** Read once for each connection: Node gives the chain away with the first reading, and later ones find the leaf alone. */
const PEERS = new WeakMap<Socket, { readonly certificate: PresentedCertificate | undefined }>();

/** What the other side of a TLS connection showed and proved to hold the key of. */
function peerCertificate(socket: Socket): PresentedCertificate | undefined {
  const peer = PEERS.get(socket) ?? { certificate: readPeerCertificate(socket) };
  PEERS.set(socket, peer);
  return peer.certificate;
}

function readPeerCertificate(socket: Socket): PresentedCertificate | undefined {
  const leaf = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (leaf === undefined) return undefined;
  const chain: Uint8Array[] = [];
  // One more than may be there, so that the check sees that there are too many.
  for (
    let next = leaf.issuerCertificate;
    next !== undefined && chain.length <= MAX_CHAIN;
    next = next.issuerCertificate
  ) {
    chain.push(new Uint8Array(next.raw));
  }
  return { leaf: new Uint8Array(leaf.raw), chain, via: 'tls' };
}
