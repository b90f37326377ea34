import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, REPOSITORY } from './bundle.ts';

/** Tasks of the extension by the folder that they lie in, and their entry files. */
const TASKS: Readonly<Record<string, string>> = {
  OriginSign: 'azure-task/src/sign-main.ts',
  OriginSignVerify: 'azure-task/src/verify-main.ts',
};

/** The folder as `tfx extension create` packs it; the documentation says how. */
const folder = join(REPOSITORY, 'azure-task/dist');
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const name of ['vss-extension.json', 'overview.md', 'images']) {
  await cp(join(REPOSITORY, 'azure-task', name), join(folder, name), { recursive: true });
}
await cp(join(REPOSITORY, 'LICENSE'), join(folder, 'LICENSE'));
for (const [task, entry] of Object.entries(TASKS)) {
  const path = join('tasks', task);
  await cp(join(REPOSITORY, 'azure-task', path), join(folder, path), { recursive: true });
  const { code, licenses } = await bundle({ entry });
  await writeFile(join(folder, path, 'index.mjs'), code);
  await writeFile(join(folder, path, 'licenses.txt'), licenses);
  console.log(`azure-task/dist/${path}/index.mjs  ${Buffer.byteLength(code)} bytes`);
}
