import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareDocuments } from './docs/compare.ts';
import { DOCUMENTS } from './docs/documents.ts';

const FOLDER = fileURLToPath(new URL('../docs/generated/', import.meta.url));
const generated = new Map(Object.entries(DOCUMENTS).map(([name, render]) => [name, render()]));
mkdirSync(FOLDER, { recursive: true });

if (process.argv.includes('--check')) {
  const found = new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
  const differences = compareDocuments(generated, found);
  for (const difference of differences) console.error(`error: docs/generated/${difference}`);
  if (differences.length > 0) console.error('hint: npm run docs');
  process.exitCode = differences.length > 0 ? 1 : 0;
} else {
  for (const [name, text] of generated) writeFileSync(join(FOLDER, name), text);
  console.log(`wrote ${generated.size} documents to docs/generated`);
}
