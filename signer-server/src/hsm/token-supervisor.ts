import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { CallQueue, type Worker } from './call-queue.ts';
import type { Clock } from './clock.ts';
import type { Operation } from './messages.ts';
import { isRefusedLogin } from './pkcs11-errors.ts';
import { restartDelay } from './restart-delay.ts';
import { SignerConnection } from './signer-connection.ts';
import type { TokenOptions, TokenBounds } from './token-options.ts';

/** Things that happened and that an operator wants to know. */
export type TokenEvent =
  | { readonly kind: 'opened'; readonly token: string; readonly pid: number }
  | { readonly kind: 'lost'; readonly token: string; readonly pid: number }
  | { readonly kind: 'failed'; readonly token: string; readonly error: OriginSignError; readonly permanent: boolean };

/** Tries to open a token before the start gives up: modules that rewrite their files at login make neighbours fail. */
const OPENING_TRIES = 4;
/** Calls given to a process beyond what its sessions work on, so that messages are filled and no session idles. */
const WINDOW_PER_SESSION = 8;

/** The signer processes of one token: starts them one after another, replaces the ones that end, and feeds them. */
export class TokenSupervisor {
  readonly #options: TokenOptions;
  readonly #bounds: TokenBounds;
  readonly #clock: Clock;
  readonly #report: (event: TokenEvent) => void;
  readonly #queue: CallQueue;
  readonly #connections = new Set<SignerConnection>();
  readonly #cancels = new Set<() => void>();
  #opening: Promise<unknown> = Promise.resolve();
  #closing = false;
  #failure: OriginSignError | undefined;

  constructor(options: TokenOptions, bounds: TokenBounds, clock: Clock, report: (event: TokenEvent) => void) {
    this.#options = options;
    this.#bounds = bounds;
    this.#clock = clock;
    this.#report = report;
    this.#queue = new CallQueue(clock, bounds);
  }

  get name(): string {
    return this.#options.name;
  }

  /** True where a process is up. */
  get ready(): boolean {
    return [...this.#connections].some((connection) => connection.alive);
  }

  /** Process ids of the processes that are up. */
  get pids(): readonly number[] {
    return [...this.#connections].map((connection) => connection.pid);
  }

  /** Starts all processes, each after the one before is open. Throws the error of the first that cannot open the token. */
  async start(): Promise<void> {
    for (let index = 0; index < this.#options.processes; index += 1) await this.#startOne();
  }

  /** Performs an operation on the token; see `CallQueue.submit`. */
  submit(operation: Operation): Promise<unknown> {
    return this.#queue.submit(operation);
  }

  /** Goes on trying to open the token in the background, after `start` failed with `hsm.unavailable`. */
  startLater(): void {
    const missing = this.#options.processes - this.#connections.size;
    for (let index = 0; index < missing; index += 1) this.#restart(OPENING_TRIES);
  }

  /** Lets every process finish what it has, and ends them. What still waits is rejected with `hsm.unavailable`. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const cancel of this.#cancels) cancel();
    this.#queue.close(new OriginSignError('hsm.unavailable', 'The HSM is being closed.'));
    await this.#opening.catch(() => undefined);
    await Promise.all([...this.#connections].map((connection) => connection.close()));
  }

  async #startOne(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#open(0);
      } catch (error) {
        if (tries === OPENING_TRIES || !isTransient(error) || this.#closing) throw error;
        await new Promise<void>((resolve) => this.#clock.after(restartDelay(tries), resolve));
      }
    }
  }

  /** Opens one more process when no other is being opened: two logins at once make SoftHSM lose sight of its token. */
  #open(failures: number): Promise<void> {
    const opened = this.#opening.catch(() => undefined).then(() => this.#openNow(failures));
    this.#opening = opened;
    return opened;
  }

  async #openNow(failures: number): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#closing) throw new OriginSignError('hsm.unavailable', 'The HSM is being closed.');
    const { module, serial, userType, pin, sessions, environment } = this.#options;
    const connection = new SignerConnection({ environment, threads: sessions, callTimeout: this.#bounds.callTimeout });
    try {
      await connection.begin({ kind: 'open', module, serial, userType, pin: pin.reveal(), sessions });
    } catch (error) {
      connection.kill();
      await connection.ended;
      const described = this.#describe(error);
      if (isRefusedLogin(described)) this.#failure = described;
      throw described;
    }
    this.#adopt(connection, failures);
  }

  #adopt(connection: SignerConnection, failures: number): void {
    let failed = failures;
    const window = this.#options.sessions * WINDOW_PER_SESSION;
    const worker: Worker = {
      hasRoom: () => connection.alive && connection.load < window,
      get load() {
        return connection.load;
      },
      call: async (operation) => {
        const value = await connection.call(operation);
        failed = 0;
        return value;
      },
    };
    this.#connections.add(connection);
    this.#report({ kind: 'opened', token: this.name, pid: connection.pid });
    void connection.ended.then(() => {
      this.#connections.delete(connection);
      this.#queue.remove(worker);
      if (this.#closing) return;
      this.#report({ kind: 'lost', token: this.name, pid: connection.pid });
      this.#restart(failed + 1);
    });
    this.#queue.add(worker);
  }

  #restart(failures: number): void {
    const cancel = this.#clock.after(restartDelay(failures), () => {
      this.#cancels.delete(cancel);
      this.#open(failures).catch((error: unknown) => this.#tryLater(this.#describe(error), failures));
    });
    this.#cancels.add(cancel);
  }

  #tryLater(error: OriginSignError, failures: number): void {
    if (this.#closing) return;
    const permanent = this.#failure !== undefined;
    this.#report({ kind: 'failed', token: this.name, error, permanent });
    if (!permanent) this.#restart(failures + 1);
    else if (!this.ready) this.#queue.close(unavailable(error));
  }

  #describe(error: unknown): OriginSignError {
    if (!isOriginSignError(error))
      return new OriginSignError('internal.error', 'A signer process cannot be started.', { cause: error });
    if (error.details?.['token'] !== undefined) return error;
    const { code, message, hint, details, cause } = error;
    return new OriginSignError(code, `Token ${this.name}: ${message}`, {
      ...(hint === undefined ? {} : { hint }),
      details: { ...details, token: this.name },
      cause,
    });
  }
}

/** To callers it is an outage, whatever the reason; the reason is in the report. */
function unavailable(cause: OriginSignError): OriginSignError {
  return new OriginSignError('hsm.unavailable', 'The token refuses the login, so nothing can be signed with it.', {
    cause,
  });
}

/** A token that is not shown may be one that a neighbour is rewriting at this moment. */
function isTransient(error: unknown): boolean {
  return isOriginSignError(error) && (error.code === 'hsm.unavailable' || error.details?.['shown'] !== undefined);
}
