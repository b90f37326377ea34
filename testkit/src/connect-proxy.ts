import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** How the proxy is started. */
export interface ConnectProxyOptions {
  /** Certificate and key in PEM: then clients speak TLS to the proxy itself. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** `user:password` that clients must present. */
  readonly credentials?: string;
  /** Host name in its URL, which must resolve to loopback. */
  readonly host?: string;
  /** Where names lead: `sign.acme.example:443` to `localhost:8443`. Others are refused unless they are loopback. */
  readonly routes?: Readonly<Record<string, string>>;
}

/** A forward proxy on loopback that tunnels (CONNECT, RFC 9110 section 9.3.6) and does nothing else. */
export interface ConnectProxy {
  /** With the credentials, as `HTTPS_PROXY` takes it. */
  readonly url: string;
  /** Authorities that clients asked for, in order, refused ones too. */
  readonly authorities: readonly string[];
  readonly close: () => Promise<void>;
}

/** Starts the proxy on a free loopback port. */
export async function startConnectProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const authorities: string[] = [];
  const sockets = new Set<Duplex>();
  const server = options.tls === undefined ? createHttpServer() : createHttpsServer(options.tls);
  server.on('request', (_request, response) => response.writeHead(405).end());
  server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const authority = request.url ?? '';
    authorities.push(authority);
    keep(sockets, socket);
    if (!isAuthorised(request, options)) return refuse(socket, '407 Proxy Authentication Required');
    const target = options.routes?.[authority] ?? authority;
    const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(target) ?? [];
    if (host !== 'localhost' && !host.startsWith('127.')) return refuse(socket, '403 Forbidden');
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    keep(sockets, upstream);
    upstream.once('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const user = options.credentials === undefined ? '' : `${options.credentials}@`;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${user}${options.host ?? 'localhost'}:${port}`,
    authorities,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

function isAuthorised(request: IncomingMessage, { credentials }: ConnectProxyOptions): boolean {
  if (credentials === undefined) return true;
  return request.headers['proxy-authorization'] === `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
}

function keep(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
  socket.once('error', () => socket.destroy());
}
