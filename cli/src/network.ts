import { createRuntime, type Runtime } from '@originsign/core/client/runtime';
import type { EventSink } from '@originsign/core/client/events';
import { OriginSignError } from '@originsign/core/errors/error';
import { errorOfProblem } from '@originsign/core/protocol/problem';
import { tryStrictJson } from '@originsign/core/encoding/strict-json';
import type { Host } from './host.ts';
import { given } from './options.ts';
import { VERSION } from './version.ts';

/** How the network is reached. */
export interface NetworkOptions {
  readonly caFile?: string;
  readonly events?: EventSink;
}

/** Gives a command the network of this machine and closes it afterwards. */
export async function withNetwork<T>(
  host: Host,
  options: NetworkOptions,
  use: (runtime: Runtime) => Promise<T>,
): Promise<T> {
  const runtime = createRuntime({
    environment: host.environment,
    agent: `originsign-cli/${VERSION}`,
    // Nothing that this command prints ever holds a token, so there is nothing to mask.
    mask: () => undefined,
    ...given('caFile', options.caFile),
    ...given('events', options.events),
  });
  try {
    return await use(runtime);
  } finally {
    await runtime.close();
  }
}

/** The body of a GET that must be answered with 200. Throws `server.*`, or what the server says. */
export async function download(runtime: Runtime, url: string): Promise<Uint8Array> {
  const { status, headers, body } = await runtime.fetch(url, { method: 'GET', headers: {} });
  if (status === 200) return body;
  if (headers['content-type']?.startsWith('application/problem+json') === true) {
    throw errorOfProblem(tryStrictJson(body), status);
  }
  throw new OriginSignError('server.unexpected', `The server answered ${url} with status ${status}.`, {
    hint: 'check the server URL and what stands between',
  });
}
