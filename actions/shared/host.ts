/** What an action needs of the runner that runs it. */
export interface ActionHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly workingDirectory: string;
  /** Aborted when the runner stops the job. */
  readonly signal: AbortSignal;
  /** Value of an input without surrounding space, empty where it is not given. */
  input(name: string): string;
  output(name: string, value: string): void;
  /** From here on the runner replaces this text in everything that the job prints. */
  mask(secret: string): void;
  /** One line of the log. */
  print(line: string): void;
  /** Shown at the top of the run. */
  annotate(level: 'error' | 'warning', title: string, message: string): void;
  /** For runs in debug mode alone. */
  debug(line: string): void;
  /** Markdown for the page of the job. */
  summary(markdown: string): Promise<void>;
}
