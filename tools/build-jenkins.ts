import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundle, REPOSITORY } from './bundle.ts';

/** Jenkins takes a shared library straight from the repository, so the command that it carries is committed. */
const FOLDER = 'jenkins-shim/resources/originsign/dist';

const { code, licenses } = await bundle({ entry: 'cli/src/main.ts', shebang: '#!/usr/bin/env node' });
const files = [
  [`${FOLDER}/originsign.mjs`, code],
  [`${FOLDER}/licenses.txt`, licenses],
] as const;
const isCheck = process.argv.includes('--check');
for (const [path, text] of files) {
  const file = join(REPOSITORY, path);
  if (!isCheck) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    console.log(`${path}  ${Buffer.byteLength(text)} bytes`);
  } else if ((await readFile(file, 'utf8').catch(() => undefined)) !== text) {
    console.error(`${path} is not what the sources make: run npm run build`);
    process.exitCode = 1;
  }
}
if (isCheck && process.exitCode === undefined) console.log(`${FOLDER} is current`);
