import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bundle, REPOSITORY } from './bundle.ts';

/** Actions that are bundled; each has `src/main.ts`. */
const ACTIONS = ['sign', 'verify'];

/** Files of one action's `dist` by path relative to the repository. */
async function buildAction(name: string): Promise<ReadonlyMap<string, string>> {
  const { code, licenses } = await bundle({ entry: `actions/${name}/src/main.ts` });
  return new Map([
    [`actions/${name}/dist/index.mjs`, code],
    [`actions/${name}/dist/licenses.txt`, licenses],
  ]);
}

async function write(files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(REPOSITORY, path)), { recursive: true });
    await writeFile(join(REPOSITORY, path), text);
    console.log(`${path}  ${Buffer.byteLength(text)} bytes`);
  }
}

/** Paths whose contents are not what the sources make. */
async function outdated(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const differing: string[] = [];
  for (const [path, text] of files) {
    const present = await readFile(join(REPOSITORY, path), 'utf8').catch(() => undefined);
    if (present !== text) differing.push(path);
  }
  return differing;
}

const isCheck = process.argv.includes('--check');
for (const action of ACTIONS) {
  const files = await buildAction(action);
  if (!isCheck) await write(files);
  else {
    const differing = await outdated(files);
    for (const path of differing) console.error(`${path} is not what the sources make: run npm run build`);
    if (differing.length > 0) process.exitCode = 1;
    else console.log(`actions/${action}/dist is current`);
  }
}
