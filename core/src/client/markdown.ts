import { plainText } from './plain-text.ts';

/*
 * GitHub-flavoured Markdown for the page of a job, with everything foreign made inert: names of files, answers of servers and
 * members of provenance end up in it.
 */

/** Rows that anybody scrolls through; the JSON output has them all. */
const MOST_ROWS = 200;

/** Every character that Markdown or HTML could read as theirs becomes a reference, which they show as it is. */
export function text(value: string): string {
  return plainText(value).replace(/[^\p{L}\p{N} ,:;/=?%…—-]/gu, (character) => `&#${character.codePointAt(0) ?? 32};`);
}

/** Text in the letters of code. */
export function code(value: string): string {
  return `<code>${text(value)}</code>`;
}

/** A link where the target is a web page, else its label. */
export function link(label: string, target: string): string {
  if (!URL.canParse(target)) return text(label);
  const url = new URL(target);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return text(label);
  return `<a href="${url.href.replace(/["'<>&`]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}">${text(label)}</a>`;
}

/** Lines whose columns are aligned. */
export function block(lines: readonly string[]): string {
  return `<pre>${lines.map((line) => text(line)).join('\n')}</pre>`;
}

/** A table of cells that are Markdown already. Rows that nobody would scroll to are counted and left out. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length > MOST_ROWS ? [`\n… and ${rows.length - MOST_ROWS} more`] : [];
  return [row(headings), row(headings.map(() => '---')), ...rows.slice(0, MOST_ROWS).map(row), ...more].join('\n');
}

/** Blocks with empty lines between them. */
export function document(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}
