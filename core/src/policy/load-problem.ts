import type { ErrorCode } from '../errors/codes.ts';

/** A place in a text file, both counted from 1. Columns count UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Something that keeps a policy file from loading. */
export interface LoadProblem extends Position {
  /** Path as the caller gave it. */
  readonly file: string;
  readonly code: ErrorCode;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Notes a problem at a place of the file that is being read; `policy.invalid` where no code is given. */
export type Report = (
  at: Position,
  message: string,
  extra?: { readonly hint?: string | undefined; readonly code?: ErrorCode },
) => void;

/** A `Report` for one file that collects into `problems`. */
export function reportInto(problems: LoadProblem[], file: string): Report {
  return (at, message, extra = {}) => {
    problems.push({
      file,
      line: at.line,
      column: at.column,
      code: extra.code ?? 'policy.invalid',
      message,
      ...(extra.hint === undefined ? {} : { hint: extra.hint }),
    });
  };
}

/** The problem on one line: `file:line:column: message; hint`. */
export function formatProblem(problem: Omit<LoadProblem, 'code'>): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  return `${place}: ${problem.message}${problem.hint === undefined ? '' : `; ${problem.hint}`}`;
}
