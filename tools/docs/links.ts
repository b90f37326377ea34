import { posix } from 'node:path';
import type { Files } from '../architecture/violation.ts';

const FENCE = /^(```|~~~)[^]*?^\1/gm;
const INLINE_CODE = /`[^`\n]*`/g;
const LINK = /\]\(([^)\s]+)\)/g;

/** Relative links of Markdown files that lead to no file or folder, as `file: target`. */
export function brokenLinks(files: Files): readonly string[] {
  const folders = new Set([...files.keys()].flatMap(foldersOf));
  return [...files]
    .filter(([file]) => file.endsWith('.md'))
    .flatMap(([file, text]) =>
      [...text.replace(FENCE, '').replace(INLINE_CODE, '').matchAll(LINK)]
        .map(([, target = '']) => target.replace(/#.*$/, ''))
        .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
        .filter((target) => {
          const path = posix.join(posix.dirname(file), target).replace(/\/$/, '');
          return !files.has(path) && !folders.has(path);
        })
        .map((target) => `${file}: ${target}`),
    );
}

function foldersOf(file: string): string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.map((_, depth) => parts.slice(0, depth + 1).join('/'));
}
