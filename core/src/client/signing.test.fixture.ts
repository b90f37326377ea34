import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFakeSignerKeys, type FakeSignerKeys } from '@originsign/testkit/fake-signatures';
import {
  startFakeSigningServer,
  type FakeServerOptions,
  type FakeSigningServer,
} from '@originsign/testkit/fake-signing-server';
import { encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import type { SignEvent } from './events.ts';
import type { SignOptions, SignPorts } from './sign.ts';
import { createUndiciFetch } from './undici-fetch.ts';

/** A clock that moves only when somebody sleeps on it, and a base that tests can shift. */
export class TestClock {
  time = Date.parse('2026-11-22T09:14:03Z');
  readonly slept: number[] = [];
  now = (): Date => new Date(this.time);
  random = (): number => 0.5;
  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.slept.push(milliseconds);
    this.time += Math.max(milliseconds, 1);
    return Promise.resolve();
  };
}

/** Everything that a test of signing needs: a folder, a server, a clock and a token source. */
export interface SigningBench {
  readonly folder: string;
  readonly server: FakeSigningServer;
  readonly clock: TestClock;
  readonly events: SignEvent[];
  /** Audiences that tokens were asked for. */
  readonly audiences: string[];
  readonly ports: SignPorts;
  options(change: Partial<SignOptions> & Pick<SignOptions, 'files'>): SignOptions;
  close(): Promise<void>;
}

let keys: FakeSignerKeys | undefined;

/** Sets one up. The server's clock is the client's plus `serverAhead` milliseconds. */
export async function createSigningBench(
  server: Omit<FakeServerOptions, 'keys' | 'now'> = {},
  { serverAhead = 0, signal }: { readonly serverAhead?: number; readonly signal?: AbortSignal } = {},
): Promise<SigningBench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'originsign-sign-')));
  const clock = new TestClock();
  const events: SignEvent[] = [];
  const audiences: string[] = [];
  const fake = await startFakeSigningServer({
    keys: (keys ??= makeFakeSignerKeys()),
    now: () => new Date(clock.time + serverAhead),
    ...server,
  });
  const { fetch, close } = createUndiciFetch({ environment: {}, agent: 'originsign-test/1' });
  return {
    folder,
    server: fake,
    clock,
    events,
    audiences,
    ports: {
      fetch,
      clock,
      events: (event) => events.push(event),
      tokens: { platform: 'github-actions', renewable: true, token: (audience) => mint(audience, audiences) },
      ...(signal === undefined ? {} : { signal }),
    },
    options: (change) => ({
      server: fake.url,
      project: 'acme-app',
      policy: 'release',
      workingDirectory: folder,
      format: 'auto,cms-detached',
      ...change,
    }),
    close: async () => {
      await close();
      await fake.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A token that lives for five minutes, each different from the one before. */
function mint(aud: string, audiences: string[]): Promise<string> {
  audiences.push(aud);
  const claims = { aud, iat: 1000, exp: 1300, jti: String(audiences.length) };
  return Promise.resolve(`e30.${encodeBase64url(utf8(JSON.stringify(claims)))}.c2ln`);
}
