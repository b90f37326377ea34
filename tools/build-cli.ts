import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, REPOSITORY } from './bundle.ts';

const folder = join(REPOSITORY, 'cli/dist');
const program = join(folder, 'originsign.mjs');
const { code, licenses } = await bundle({ entry: 'cli/src/main.ts', shebang: '#!/usr/bin/env node' });
await mkdir(folder, { recursive: true });
await writeFile(program, code);
await chmod(program, 0o755);
await writeFile(join(folder, 'licenses.txt'), licenses);
// npm links to it before there is anything to make executable, and tsc does not.
await chmod(join(REPOSITORY, 'signer-server/dist/main.js'), 0o755);
console.log(`cli/dist/originsign.mjs  ${Buffer.byteLength(code)} bytes`);
