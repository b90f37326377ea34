/** Opens and closes sessions of one token. */
export interface SessionPort<Session> {
  open(): Session;
  close(session: Session): void;
}

interface Waiting<Session> {
  readonly give: (session: Session) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * A fixed number of sessions, each doing one thing at a time. The session of a failed operation is closed and replaced:
 * PKCS#11 leaves it with an active operation that nothing but the end of the session clears.
 */
export class SessionPool<Session> {
  readonly #port: SessionPort<Session>;
  readonly #idle: Session[];
  readonly #waiting: Waiting<Session>[] = [];
  readonly #drained: (() => void)[] = [];
  readonly #onLost: (error: unknown) => void;
  #busy = 0;
  #lost: { readonly error: unknown } | undefined;

  /** `onLost` hears of a session that could not be replaced: the token is gone. Throws what `open` throws. */
  constructor(port: SessionPort<Session>, size: number, onLost: (error: unknown) => void) {
    this.#port = port;
    this.#onLost = onLost;
    this.#idle = Array.from({ length: size }, () => port.open());
  }

  /** Lends a session to `work` as soon as one is free, in order of asking. */
  async use<T>(work: (session: Session) => T | Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await this.#lend(this.#idle.pop() ?? (await this.#nextFree()), work);
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) for (const resolve of this.#drained.splice(0)) resolve();
    }
  }

  /** Waits until no work is under way, then closes every session. Closing one in use would crash the process. */
  async close(): Promise<void> {
    if (this.#busy > 0) await new Promise<void>((resolve) => this.#drained.push(resolve));
    for (const session of this.#idle.splice(0)) this.#discard(session);
  }

  #nextFree(): Promise<Session> {
    return new Promise((give, refuse) => {
      if (this.#lost !== undefined) refuse(this.#lost.error);
      else this.#waiting.push({ give, refuse });
    });
  }

  async #lend<T>(session: Session, work: (session: Session) => T | Promise<T>): Promise<T> {
    try {
      const value = await work(session);
      this.#giveBack(session);
      return value;
    } catch (error) {
      this.#replace(session);
      throw error;
    }
  }

  #replace(session: Session): void {
    this.#discard(session);
    try {
      this.#giveBack(this.#port.open());
    } catch (error) {
      // Whoever waits would wait for ever if this was the last session.
      this.#lost = { error };
      for (const { refuse } of this.#waiting.splice(0)) refuse(error);
      this.#onLost(error);
    }
  }

  #giveBack(session: Session): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(session);
    else next.give(session);
  }

  #discard(session: Session): void {
    try {
      this.#port.close(session);
    } catch {
      // It is given up either way.
    }
  }
}
