/*
 * How the command speaks. Every line it prints follows these rules.
 *
 * - Results go to stdout, everything else (progress, warnings, errors) to stderr, so that a pipe carries results alone.
 * - A line begins with one lower-case word, padded to a column; fields follow, two spaces between them. Details are indented.
 * - No colour, no emoji, no full stop at the end: CI logs keep text. One line at the bottom moves, where a person watches.
 * - An error is one line `error: what happened [code]`, then facts indented, then `hint:` with what to do and `see:` with a page.
 * - With --json stdout carries exactly one JSON document, `{"error": …}` where there is no result; stderr stays for people.
 * - Text that comes from elsewhere (files, servers, tokens) is shown without control and direction characters.
 * - Times are UTC to the second, ids are shortened where people read them and whole where machines do.
 */

import { plainText } from '@originsign/core/client/plain-text';

/** Width of the first column. */
const WORD_WIDTH = 10;

/** `word      field  field`: one line of output. Fields that are `undefined` or empty are left out. */
export function row(word: string, ...fields: readonly (string | undefined)[]): string {
  const shown = fields
    .filter((field): field is string => field !== undefined && field !== '')
    .map((text) => plainText(text));
  return [word.padEnd(WORD_WIDTH - 2), ...shown].join('  ').trimEnd();
}

/** Rows with their columns aligned, three spaces apart, all indented by so many spaces. */
export function table(rows: readonly (readonly string[])[], indent = 0): string[] {
  const cells = rows.map((cellsOfRow) => cellsOfRow.map((text) => plainText(text)));
  const widths = new Map<number, number>();
  for (const line of cells) {
    line.forEach((cell, column) => widths.set(column, Math.max(widths.get(column) ?? 0, cell.length)));
  }
  return cells.map((line) =>
    `${' '.repeat(indent)}${line.map((cell, column) => cell.padEnd(widths.get(column) ?? 0)).join('   ')}`.trimEnd(),
  );
}

/** `2026-11-22 09:14:03Z` for a `Date` or an ISO text; other text is shown as it stands. */
export function timeText(time: Date | string): string {
  const date = typeof time === 'string' ? new Date(time) : time;
  if (Number.isNaN(date.getTime())) return String(time);
  return `${date.toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `1 file`, `2 files`, `2 entries`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}
