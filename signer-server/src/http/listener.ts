import { randomBytes } from 'node:crypto';
import { fastify, LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { OriginSignError } from '@originsign/core/errors/error';
import { LIMITS } from '@originsign/core/protocol/limits';
import { installApprovalRoutes } from './approval-routes.ts';
import { installClientCertificates, type CertificateSource } from './client-certificate.ts';
import { installErrorPages } from './error-pages.ts';
import { installHealth, type ReadinessCheck } from './health.ts';
import { installLogRoutes } from './log-routes.ts';
import { installProblemAnswers, routerProblem } from './problem.ts';
import { installPublicRoutes } from './public-routes.ts';
import { installSigningRoutes } from './signing-routes.ts';
import { tlsOptions, type Tls } from './tls-options.ts';
import type { UseCases } from './use-cases.ts';

/** Milliseconds. Slow senders hold nothing but a socket, and not for long: Node looks every 30 s unless told otherwise. */
const PATIENCE = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 2_000 };

/** What the listener is made of. */
export interface ListenerOptions {
  readonly serverUrl: string;
  readonly useCases: UseCases;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  readonly logger: FastifyBaseLogger;
  readonly tls?: Tls;
  /** Where client certificates come from. */
  readonly certificates: CertificateSource;
  /** Time that senders have; {@link PATIENCE} where left out. */
  readonly patience?: typeof PATIENCE;
  /** Called with route and status after each answer, for metrics. */
  readonly answered?: (route: string, status: number, milliseconds: number) => void;
}

/** The HTTP API, not yet listening. */
export function createListener(options: ListenerOptions): FastifyInstance {
  const patience = options.patience ?? PATIENCE;
  const http = fastify({
    loggerInstance: options.logger,
    ...(options.tls === undefined ? { http: patience } : { https: { ...patience, ...tlsOptions(options.tls) } }),
    bodyLimit: LIMITS.body,
    connectionTimeout: 60_000,
    requestTimeout: patience.requestTimeout,
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 10_000,
    forceCloseConnections: 'idle',
    genReqId: () => randomBytes(16).toString('base64url'),
    requestIdHeader: false,
    exposeHeadRoutes: false,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: routerProblem(options.serverUrl),
  }) as unknown as FastifyInstance;
  installBodyParser(http);
  installHeaders(http, options);
  installClientCertificates(http, options.certificates);
  installProblemAnswers(http, options.serverUrl);
  installHealth(http, options.checks);
  installSigningRoutes(http, options.useCases);
  installApprovalRoutes(http, options.useCases);
  installLogRoutes(http, options.useCases);
  installPublicRoutes(http, options.useCases, options.serverUrl);
  installErrorPages(http);
  return http;
}

/** Bodies stay bytes: the request signature covers them, and our own strict parser reads them. */
function installBodyParser(http: FastifyInstance): void {
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    // The signature covers the bytes as they were sent: two readings of them would let two readers see two requests.
    if (request.headers['content-encoding'] === undefined) done(null, body);
    else done(new OriginSignError('request.media_type', 'The body must be plain JSON without a content coding.'));
  });
}

function installHeaders(http: FastifyInstance, options: ListenerOptions): void {
  http.addHook('onSend', (request, reply, _payload, done) => {
    void reply.header('x-content-type-options', 'nosniff').header('x-request-id', request.id);
    if (options.tls !== undefined) void reply.header('strict-transport-security', 'max-age=31536000');
    done();
  });
  http.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    request.log.info({ method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'answered');
    options.answered?.(route, reply.statusCode, reply.elapsedTime);
    done();
  });
}
