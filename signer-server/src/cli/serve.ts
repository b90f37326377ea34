import type { Logger } from 'pino';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Context } from '../app/context.ts';
import { openContext, type OpenedContext } from '../app/open-context.ts';
import type { LivePolicies } from '../app/live-policies.ts';
import { logLifecycle } from '../app/lifecycle.ts';
import { logStrangers, sweep } from '../app/sweep.ts';
import { createUseCases, type ServerUseCases } from '../app/use-cases.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { cached, readinessChecks } from '../app/readiness.ts';

const SWEEP_EVERY_MS = 5_000;
const POLICIES_EVERY_MS = 2_000;
const STRANGERS_EVERY_MS = 600_000;
const READINESS_FOR_MS = 5_000;

/** Starts the listeners; `main` brings the real one, so that commands do not depend on HTTP. */
export type Listen = (served: {
  readonly config: ServerConfig;
  readonly useCases: ServerUseCases;
  readonly checks: Readonly<Record<string, () => Promise<string | undefined>>>;
  readonly tally: () => {
    readonly underWay: number;
    readonly outcomes: ReadonlyMap<string, number>;
    readonly signatures: ReadonlyMap<string, number>;
    readonly policyFiles: ReadonlyMap<string, number>;
  };
  readonly logger: Logger;
}) => Promise<{ readonly address: string; readonly port: number; close(): Promise<void> }>;

/** What `serve` was called with. */
export interface ServeOptions {
  readonly config: string;
  /** `SIZE:ROOT` with the root in base64, for a store whose high-water mark is lost. */
  readonly expectLog?: string;
}

/** Serves until SIGTERM or SIGINT: then takes nothing new, finishes what is under way, and ends. */
export async function serve(options: ServeOptions, listen: Listen, logger: Logger): Promise<void> {
  const config = loadServerConfig(options.config);
  const expectedLog = options.expectLog === undefined ? undefined : parseExpectedLog(options.expectLog);
  const opened = await openContext(config, {
    journal: logger,
    ...(expectedLog === undefined ? {} : { expectedLog }),
  });
  try {
    await serveUntilStopped(config, opened, listen, logger);
  } finally {
    await opened.close();
  }
  logger.info({}, 'stopped');
}

async function serveUntilStopped(
  config: ServerConfig,
  { context, hsm, policies }: OpenedContext,
  listen: Listen,
  logger: Logger,
): Promise<void> {
  const stop = stopSignal();
  await logLifecycle(context, 'START');
  const stopChores = startChores(context, policies, logger);
  try {
    const checks = Object.entries(readinessChecks(context, hsm));
    const listening = await listen({
      config,
      useCases: createUseCases(context),
      checks: Object.fromEntries(checks.map(([name, check]) => [name, cached(check, READINESS_FOR_MS)])),
      tally: () => ({
        underWay: context.admission.taken,
        policyFiles: new Map(Object.entries(policies.counts)),
        ...context.counters.read(),
      }),
      logger,
    });
    logger.info({ url: config.url, port: listening.port, trial: context.trial, log: context.logOrigin }, 'ready');
    logger.info({ signal: await stop }, 'stopping');
    context.progress.letGo();
    await listening.close();
  } finally {
    await stopChores();
  }
  await context.progress.drain();
  await logLifecycle(context, 'STOP');
}

/** Runs what has to be done now and then; the result stops it, counting strangers for the last time. */
function startChores(context: Context, policies: LivePolicies, logger: Logger): () => Promise<void> {
  const report = (error: unknown): void => logger.error({ err: error }, 'a chore failed');
  let sweeping = Promise.resolve();
  const tidy = (): void => {
    sweeping = sweeping.then(() => sweep(context)).catch(report);
  };
  const count = (): Promise<void> => logStrangers(context).catch(report);
  const readPolicies = (): void => {
    void policies.reload();
    void context.roster.refresh();
  };
  tidy();
  process.on('SIGHUP', readPolicies);
  const timers = [
    setInterval(tidy, SWEEP_EVERY_MS),
    setInterval(() => void policies.look(), POLICIES_EVERY_MS),
    setInterval(() => void count(), STRANGERS_EVERY_MS),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    process.off('SIGHUP', readPolicies).on('SIGHUP', () => undefined);
    await policies.close();
    // A sweep that is under way may still take requests up, and nothing must start when everybody drains.
    await sweeping;
    await count();
  };
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve);
  });
}

/** Throws `input.invalid`. */
function parseExpectedLog(text: string): { readonly size: number; readonly root: Uint8Array } {
  const [, size, root] = /^(\d{1,15}):([A-Za-z0-9+/]{43}=)$/.exec(text) ?? [];
  if (size === undefined || root === undefined) {
    throw new OriginSignError('input.invalid', '--expect-log must be SIZE:ROOT with the root in base64.');
  }
  return { size: Number(size), root: new Uint8Array(Buffer.from(root, 'base64')) };
}
