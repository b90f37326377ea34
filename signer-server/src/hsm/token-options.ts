/** One token and how it is used, as the configuration has it. */
export interface TokenOptions {
  readonly name: string;
  /** Path of the PKCS#11 module. */
  readonly module: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly serial: string;
  readonly userType: 'user' | number;
  readonly pin: { reveal(): string };
  readonly processes: number;
  /** Sessions of each process. */
  readonly sessions: number;
}

/** Bounds of the operations on one token. */
export interface TokenBounds {
  /** Operations that may wait for a session. */
  readonly capacity: number;
  /** Milliseconds that one may wait. */
  readonly wait: number;
  /** Milliseconds that one may take before its process counts as hanging. */
  readonly callTimeout: number;
}
