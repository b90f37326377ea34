import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/originsign/debian-packages');

/**
 * Folder with the files of a package as the system's own sources offer it now, in the cache of this checkout; do not write to it. Only
 * files that fit one of the patterns of `tar --wildcards` are there. The first call downloads. Throws an `Error` where there is no such
 * package, or no Debian.
 */
export async function debianPackage(name: string, patterns: readonly string[]): Promise<string> {
  const target = join(CACHE, `${name}-${Buffer.from(patterns.join(' ')).toString('base64url').slice(0, 40)}`);
  if (await exists(target)) return target;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'fetch-'));
  try {
    await download(name, folder);
    const [archive] = (await readdir(folder)).filter((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error(`apt-get download ${name} left no package.`);
    const fresh = join(folder, randomBytes(4).toString('hex'));
    await mkdir(fresh);
    await extract(join(folder, archive), fresh, patterns);
    // Another test file may have been faster.
    await rename(fresh, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

/** The first package that a package without files of its own depends on, as `linux-image-cloud-amd64` names today's kernel. */
export async function debianDependency(name: string): Promise<string> {
  const { stdout } = await withLists(() => run('apt-cache', ['depends', '--important', name]));
  const found = /Depends: (\S+)/.exec(stdout)?.[1];
  if (found === undefined) throw new Error(`The package ${name} depends on nothing.`);
  return found;
}

async function download(name: string, folder: string): Promise<void> {
  await withLists(() => run('apt-get', ['download', '-q', name], { cwd: folder, timeout: 110_000 }));
}

/** A fresh system has no lists of packages yet. */
async function withLists<T>(work: () => Promise<T>): Promise<T> {
  return work().catch(async () => {
    await run('apt-get', ['update', '-qq']);
    return work();
  });
}

async function extract(archive: string, folder: string, patterns: readonly string[]): Promise<void> {
  const script =
    'archive=$1 folder=$2; shift 2; dpkg-deb --fsys-tarfile "$archive" | tar -x -C "$folder" --wildcards "$@"';
  await run('sh', ['-c', script, 'sh', archive, folder, ...patterns]);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
