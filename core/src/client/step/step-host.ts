import type { OriginSignError } from '../../errors/error.ts';
import type { RuntimeOptions } from '../runtime.ts';

/** What a step needs of the CI platform that runs it. */
export interface StepHost {
  /** Environment of the step: proxies, variables of the platform, with its secrets as {@link RuntimeOptions} wants them. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Aborted when the platform stops the job. */
  readonly signal: AbortSignal;
  /** What the platform knows of the signing server beside its URL. */
  readonly network?: Pick<RuntimeOptions, 'authorities' | 'clientCertificate'>;
  /** Value of an input without surrounding space, empty where it is not given. Names are in kebab-case. */
  input(name: string): string;
  /** The name of an input as users of the platform write it. */
  inputName(name: string): string;
  /** Sets an output. Names are in kebab-case. */
  output(name: string, value: string): void;
  /** From here on the platform replaces this text in everything that the job prints. */
  mask(secret: string): void;
  /** One line of the log. */
  print(line: string): void;
  /** Shown at the top of the run. */
  annotate(level: 'error' | 'warning', title: string, message: string): void;
  /** What to do about an error here, where that is something else than its own hint says. */
  hint?(error: OriginSignError): string | undefined;
  /** For runs in debug mode alone. */
  debug(line: string): void;
  /** Markdown for the page of the job. */
  summary(markdown: string): Promise<void>;
}
