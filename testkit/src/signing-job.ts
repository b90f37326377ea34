import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SignEvent } from '@originsign/core/client/events';
import type { TokenSource } from '@originsign/core/client/ci/token-source';
import type { FetchPort, FetchResponse } from '@originsign/core/client/fetch-port';
import { createRuntime } from '@originsign/core/client/runtime';
import { signFiles, type SignOptions, type SignResult } from '@originsign/core/client/sign';
import type { ClaimChanges } from './github-issuer.ts';
import type { SigningWorld } from './signing-world.ts';

/** What a job signs. */
export interface SigningJobOptions {
  /** Contents by path; one small file where left out. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** `raw` where left out, which takes no timestamp. */
  readonly format?: string;
  readonly policy?: string;
  readonly claims?: ClaimChanges;
  readonly options?: Pick<SignOptions, 'wait' | 'timeout' | 'onTimeout'>;
  /** Looks at every answer of the server before the client does. */
  readonly answered?: (call: AnsweredCall) => void;
}

/** One answer of the server. */
export interface AnsweredCall extends FetchResponse {
  readonly method: string;
  readonly url: string;
}

/** A job that runs in this process: the real client against the real server. */
export interface SigningJob {
  /** Id of the request, once a token is asked for it. */
  readonly id: Promise<string>;
  readonly result: Promise<SignResult>;
  readonly events: readonly SignEvent[];
  /** Answers of the server in order. */
  readonly answers: readonly AnsweredCall[];
  /** Where its files lie; signatures beside them. */
  readonly folder: string;
}

/** Starts a job on a release tag that signs files. Await `result`, which rejects as `signFiles` does. */
export async function startSigningJob(world: SigningWorld, job: SigningJobOptions = {}): Promise<SigningJob> {
  const folder = await mkdtemp(join(world.folder, 'job-'));
  const files = Object.entries(job.files ?? { 'app.txt': folder });
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const { signer, issuer } = world;
  const environment = { GITHUB_ACTIONS: 'true', ...issuer.startJob(job.claims).environment };
  const ca = signer.caPath === undefined ? {} : { caFile: signer.caPath };
  const runtime = createRuntime({ environment, mask: () => undefined, agent: 'originsign-test/1', ...ca });
  const events: SignEvent[] = [];
  const answers: AnsweredCall[] = [];
  const fetch: FetchPort = async (url, request) => {
    const answer = { ...(await runtime.fetch(url, request)), method: request.method, url };
    answers.push(answer);
    job.answered?.(answer);
    return answer;
  };
  const options: SignOptions = {
    server: signer.url,
    project: 'acme-app',
    policy: job.policy ?? 'release',
    files: files.map(([path]) => path),
    workingDirectory: folder,
    format: job.format ?? 'raw',
    timeout: 60_000,
    ...job.options,
  };
  let named: (id: string) => void;
  const id = new Promise<string>((resolve) => {
    named = resolve;
  });
  const source = runtime.tokens();
  const token: TokenSource['token'] = (audience, signal) => {
    named(audience.slice(audience.lastIndexOf('/') + 1));
    return source.token(audience, signal);
  };
  const ports = { fetch, clock: runtime.clock, tokens: { ...source, token } };
  const signing = signFiles(options, { ...ports, events: (event) => events.push(event) });
  const result = closing(signing, runtime);
  // Whoever awaits it sees the error; a job that nobody awaits must not end the process.
  result.catch(() => undefined);
  return { id, result, events, answers, folder };
}

async function closing<T>(work: Promise<T>, resource: { close(): Promise<void> }): Promise<T> {
  try {
    return await work;
  } finally {
    await resource.close();
  }
}

/** Signs as {@link startSigningJob} does and waits for the end. */
export async function signInJob(
  world: SigningWorld,
  job: SigningJobOptions = {},
): Promise<SigningJob & { readonly signed: SignResult }> {
  const started = await startSigningJob(world, job);
  return { ...started, signed: await started.result };
}
