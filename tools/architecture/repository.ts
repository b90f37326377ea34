import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from './violation.ts';

/** Root of this repository. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

const SKIPPED: ReadonlySet<string> = new Set([
  '.git',
  'node_modules',
  'dist',
  '.originsign',
  '.vscode',
  '.idea',
  'coverage',
]);
const TEXT: ReadonlySet<string> = new Set(
  '.ts .mts .js .mjs .json .jsonc .md .yml .yaml .sh .groovy .txt .xml .html .css .toml .cff'.split(' '),
);

/** Reads the text files below a folder, without dependencies and build results. Files of other kinds stand with empty text. */
export function readFiles(root: string): Files {
  const files = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      if (!entry.isFile()) continue;
      files.set(relative(root, path).split(sep).join('/'), isText(entry.name) ? readFileSync(path, 'utf8') : '');
    }
  };
  visit(root);
  return files;
}

function isText(name: string): boolean {
  return TEXT.has(extname(name)) || /^(?:\.[a-z]+|[A-Za-z]+)$/.test(name);
}
