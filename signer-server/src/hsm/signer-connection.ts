import { fork, type ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { OriginSignError } from '@originsign/core/errors/error';
import { decodeError, type Call, type CallResult, type FromSigner, type Operation, type ToSigner } from './messages.ts';
import { signerEnvironment } from './signer-environment.ts';

/** How a signer process is started. */
export interface ProcessOptions {
  /** Variables of the vendor's module. */
  readonly environment: Readonly<Record<string, string>>;
  /** Threads for operations that do not block. */
  readonly threads: number;
  /** Milliseconds after which an unanswered call counts as a hanging module, and the process is killed. */
  readonly callTimeout: number;
}

interface Pending {
  readonly started: number;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: OriginSignError) => void;
}

/** One signer process from its start to its end. */
export class SignerConnection {
  readonly #child: ChildProcess;
  readonly #callTimeout: number;
  readonly #pending = new Map<number, Pending>();
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<void>;
  #greeting: { resolve(message: FromSigner): void; reject(error: OriginSignError): void } | undefined;
  #outbox: Call[] = [];
  #nextId = 0;
  #over = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: ProcessOptions) {
    this.#callTimeout = options.callTimeout;
    const { path, execArgv } = entryPoint();
    this.#child = fork(path, [], {
      execArgv,
      env: signerEnvironment(process.env, options.environment, options.threads),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message) => this.#receive(message as FromSigner));
    this.ended = new Promise((resolve) => {
      const over = (): void => {
        this.#end();
        resolve();
      };
      this.#child.once('error', over);
      this.#child.once('exit', over);
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** False once the process has ended or can no longer be reached. */
  get alive(): boolean {
    return !this.#over && this.#child.connected;
  }

  /** Calls that are not answered yet. */
  get load(): number {
    return this.#pending.size;
  }

  /** Sends the first message when the process is up and returns its answer; throws what it failed with, or `hsm.unavailable`. */
  async begin(message: ToSigner): Promise<FromSigner> {
    const timer = setTimeout(() => this.kill(), this.#callTimeout);
    try {
      await this.#greet();
      const answer = this.#greet();
      this.#send(message);
      const result = await answer;
      if (result.kind === 'failed') throw decodeError(result.error);
      return result;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Performs an operation; rejects with what the process answers, or `hsm.unavailable` where it ends before. */
  call(operation: Operation): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#over) return reject(gone());
      const id = this.#nextId++;
      this.#pending.set(id, { started: performance.now(), resolve, reject });
      this.#outbox.push({ id, operation });
      if (this.#outbox.length === 1) setImmediate(() => this.#flush());
      this.#watch ??= setTimeout(() => this.#checkHanging(), this.#callTimeout).unref();
    });
  }

  /** Lets the process finish what it has and waits for its end. */
  async close(): Promise<void> {
    this.#flush();
    this.#send({ kind: 'close' });
    await this.ended;
  }

  /** Ends the process at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #greet(): Promise<FromSigner> {
    return new Promise((resolve, reject) => {
      if (this.#over) reject(gone());
      else this.#greeting = { resolve, reject };
    });
  }

  #flush(): void {
    const calls = this.#outbox;
    this.#outbox = [];
    if (calls.length > 0) this.#send({ kind: 'calls', calls });
  }

  #send(message: ToSigner): void {
    // A failure to send is followed by the end of the process, which is where callers hear of it.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(message: FromSigner): void {
    if (message.kind !== 'results') return this.#greeting?.resolve(message);
    for (const result of message.results) this.#settle(result);
  }

  #settle(result: CallResult): void {
    const pending = this.#pending.get(result.id);
    this.#pending.delete(result.id);
    if ('error' in result) pending?.reject(decodeError(result.error));
    else pending?.resolve(result.value);
  }

  #checkHanging(): void {
    this.#watch = undefined;
    const [oldest] = this.#pending.values();
    if (oldest === undefined) return;
    const left = oldest.started + this.#callTimeout - performance.now();
    if (left <= 0) this.kill();
    else this.#watch = setTimeout(() => this.#checkHanging(), left).unref();
  }

  #end(): void {
    this.#over = true;
    clearTimeout(this.#watch);
    this.#greeting?.reject(gone());
    for (const { reject } of this.#pending.values()) reject(gone());
    this.#pending.clear();
  }
}

function gone(): OriginSignError {
  return new OriginSignError('hsm.unavailable', 'The signer process ended before it answered.', { retryAfter: 1 });
}

/** From source the process needs the same loader as this one; compiled it needs none. */
function entryPoint(): { path: string; execArgv: string[] } {
  const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
  const path = fileURLToPath(new URL(`./signer-process${extension}`, import.meta.url));
  if (extension === '.js') return { path, execArgv: [] };
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { path, execArgv: ['--import', loader, '--conditions=source'] };
}
