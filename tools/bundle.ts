import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile, type Plugin } from 'esbuild';
import { collectLicenses } from './licenses.ts';

/** Folder of the repository. */
export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Versions of Node that bundles run on. */
const TARGET = 'node20.19';

/** CommonJS packages in an ES module still call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);";

/** What to bundle. */
export interface BundleOptions {
  /** Entry file, relative to the repository. */
  readonly entry: string;
  /** First line of the result. */
  readonly shebang?: string;
}

/** One program in one file, and the licences of everything in it. */
export interface Bundle {
  readonly code: string;
  readonly licenses: string;
}

/** Makes one ES module of an entry file and everything that it imports: the same bytes on every machine. */
export async function bundle(options: BundleOptions): Promise<Bundle> {
  const result = await build({
    entryPoints: [options.entry],
    absWorkingDir: REPOSITORY,
    outfile: 'bundle.mjs',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    target: TARGET,
    format: 'esm',
    // The packages of this repository are bundled from their sources, so that nothing has to be built before.
    conditions: ['source', 'module', 'import'],
    charset: 'utf8',
    legalComments: 'none',
    minify: false,
    sourcemap: false,
    logLevel: 'error',
    banner: { js: [...(options.shebang === undefined ? [] : [options.shebang]), REQUIRE].join('\n') },
    plugins: [withoutUnusedParts],
  });
  const code = result.outputFiles[0]?.text ?? '';
  checkBundle(code, result.metafile);
  return { code, licenses: await collectLicenses(REPOSITORY, bundledFiles(result.metafile)) };
}

/** Files that left something in the bundle, relative to the repository. */
function bundledFiles(metafile: Metafile): readonly string[] {
  const inputs = Object.values(metafile.outputs).flatMap(({ inputs: parts }) => Object.entries(parts));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

/** Throws where a bundle holds what no client may carry, or differs from machine to machine. */
function checkBundle(code: string, metafile: Metafile): void {
  const forbidden = bundledFiles(metafile).find((path) => /^(?:signer-server|testkit|tools)\/|\.test\./.test(path));
  if (forbidden !== undefined) throw new Error(`The bundle holds ${forbidden}, which is no part of a client.`);
  if (namesFolder(code, REPOSITORY)) throw new Error('The bundle names the folder that it was made in.');
  if (/\.node["']/.test(code)) throw new Error('The bundle loads a native module.');
}

/** True where the text holds the absolute path, and not only a relative one that ends alike: a clone may lie in `/src`. */
export function namesFolder(text: string, folder: string): boolean {
  for (let at = text.indexOf(folder); at >= 0; at = text.indexOf(folder, at + 1)) {
    const startsHere = !/[\w.-]/.test(text.charAt(at - 1));
    const endsHere = !/[\w.-]/.test(text.charAt(at + folder.length));
    if (startsHere && endsHere) return true;
  }
  return false;
}

const requireHere = createRequire(import.meta.url);

/**
 * Leaves out halves of packages that are never called and would double the time to load: the token client of @actions/core with
 * an HTTP stack of its own (ours has retries), and everything of undici but proxies and plain requests. What is left is
 * exercised by the tests of the bundles, through a proxy too.
 */
const withoutUnusedParts: Plugin = {
  name: 'without-unused-parts',
  setup(context) {
    context.onLoad({ filter: /[\\/]@actions[\\/]core[\\/]lib[\\/]oidc-utils\.js$/ }, () => ({
      contents: 'export class OidcClient {}',
      loader: 'js',
    }));
    context.onLoad({ filter: /[\\/]undici[\\/]index\.js$/ }, async ({ path }) => ({
      contents: await undiciParts(path),
      loader: 'js',
      resolveDir: dirname(path),
    }));
  },
};

async function undiciParts(path: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(dirname(path), 'package.json'), 'utf8')) as { version: string };
  if (version !== (requireHere('undici/package.json') as { version: string }).version) {
    throw new Error(`The bundle would hold undici ${version} beside the one that is tested.`);
  }
  return `
    const Dispatcher = require('./lib/dispatcher/dispatcher');
    Object.assign(Dispatcher.prototype, require('./lib/api'));
    exports.Dispatcher = Dispatcher;
    exports.EnvHttpProxyAgent = require('./lib/dispatcher/env-http-proxy-agent');
  `;
}
