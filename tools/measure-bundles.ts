import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REPOSITORY } from './bundle.ts';

/** Starts of each program; the median counts, because a busy machine delays some of them. */
const STARTS = 11;
/** Milliseconds that a start may take on top of one of an empty script. */
const GOAL = 150;

interface Program {
  readonly name: string;
  readonly path: string;
  /** Makes it load what it needs for its work, and end. */
  readonly words: readonly string[];
  readonly licenses?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'originsign-bundles-'));
const empty = join(folder, 'empty.mjs');
writeFileSync(empty, '');

const inRepository = (path: string): string => join(REPOSITORY, path);
const action = (name: string): Program => ({
  name: `actions/${name}`,
  path: inRepository(`actions/${name}/dist/index.mjs`),
  words: [],
  licenses: inRepository(`actions/${name}/dist/licenses.txt`),
});
const PROGRAMS: readonly Program[] = [
  {
    name: 'originsign',
    path: inRepository('cli/dist/originsign.mjs'),
    words: ['--version'],
    licenses: inRepository('cli/dist/licenses.txt'),
  },
  action('sign'),
  action('verify'),
];

/** Median of the milliseconds that a script takes from its start to its end. */
function start(path: string, words: readonly string[]): number {
  const times = Array.from({ length: STARTS }, () => {
    const began = process.hrtime.bigint();
    spawnSync(process.execPath, [path, ...words], { stdio: 'ignore', env: { PATH: process.env['PATH'] } });
    return Number(process.hrtime.bigint() - began) / 1e6;
  });
  return times.sort((a, b) => a - b)[Math.floor(STARTS / 2)] ?? 0;
}

const floor = start(empty, []);
console.log(`Node ${process.versions.node}, median of ${STARTS} starts; an empty script takes ${floor.toFixed(0)} ms`);
let failed = 0;
for (const { name, path, words, licenses } of PROGRAMS) {
  const size = statSync(path).size;
  const over = start(path, words) - floor;
  const notices =
    licenses === undefined ? 0 : (readFileSync(licenses, 'utf8').match(/^\S+ \d\S* \(.+\)$/gm) ?? []).length;
  const packed = gzipSync(readFileSync(path)).length;
  const kib = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KiB`;
  if (over > GOAL) failed += 1;
  console.log(
    `${name.padEnd(15)} ${kib(size)} (${kib(packed)} packed)  ${over.toFixed(0)} ms over the empty script  licences of ${notices} packages`,
  );
}
rmSync(folder, { recursive: true });
console.log(
  `${PROGRAMS.length - failed} passed, ${failed} failed, 0 skipped: at most ${GOAL} ms over the empty script`,
);
process.exitCode = failed > 0 ? 1 : 0;
