/** Files of a repository by their path from its root, with forward slashes. */
export type Files = ReadonlyMap<string, string>;

/** One place that breaks a rule. */
export interface Violation {
  /** Name of the rule. */
  readonly rule: string;
  /** Path of the file. */
  readonly file: string;
  /** What is wrong, with what is allowed instead. */
  readonly message: string;
}

/** A rule reads all files, because most are about how files relate. */
export type Rule = (files: Files) => readonly Violation[];

/** True for unit and end-to-end tests, and for what only they import (`x.test.fixture.ts`). */
export function isTest(path: string): boolean {
  return /\.test(?:\.fixture)?\.ts$/.test(path);
}

/** True for TypeScript written by hand. */
export function isSource(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.d.ts');
}
