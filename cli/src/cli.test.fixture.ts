import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { startChild, type Child } from '@originsign/testkit/child';
import { formatTrustFile, type TrustFile } from '@originsign/core/protocol/trust-file';
import { signNote, type NoteSigner } from '@originsign/core/log/signed-note';

/** How a command ended. Paths of the folder are replaced by `DIR`. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command, bundled as it is shipped, and a fresh folder to run it in. */
export interface CliBench {
  readonly folder: string;
  /** Path of the bundled command. */
  readonly program: string;
  /** Runs `originsign` with these words and nothing of this process's environment but PATH. */
  run(words: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ran>;
  /** Starts it without waiting for its end. */
  start(words: readonly string[], environment?: NodeJS.ProcessEnv): Child;
  /** Writes files by path below the folder. */
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  close(): Promise<void>;
}

/** Bundles the command from its sources and makes the folder. */
export async function createCliBench(): Promise<CliBench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'originsign-cli-')));
  const program = await bundle();
  const start = (words: readonly string[], environment: NodeJS.ProcessEnv = {}): Child => {
    const env = { PATH: process.env['PATH'], HOME: folder, ...environment };
    return startChild(process.execPath, [program, ...words], { cwd: folder, env });
  };
  return {
    folder,
    program,
    start,
    run: async (words, environment) => {
      const { status, stdout, stderr } = await start(words, environment).ended;
      const clean = (text: string) => text.replaceAll(folder, 'DIR');
      return { status, stdout: clean(stdout), stderr: clean(stderr) };
    },
    write: async (files) => {
      for (const [name, contents] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), contents);
      }
    },
    close: async () => {
      await rm(folder, { recursive: true, force: true });
      await rm(dirname(program), { recursive: true, force: true });
    },
  };
}

async function bundle(): Promise<string> {
  const outfile = join(await mkdtemp(join(tmpdir(), 'originsign-bundle-')), 'originsign.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['source'],
    // Parts of the dependencies are CommonJS and call require for modules of Node.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

/** A server on loopback that answers GET requests from this map, by path; anything else is 404. */
export async function serveFiles(
  files: ReadonlyMap<string, string | Uint8Array>,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const body = files.get(request.url ?? '');
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A trust file as `/v1/trust` offers it. */
export function trustNote(trust: TrustFile, signer: NoteSigner): Promise<string> {
  return signNote(formatTrustFile(trust), [signer]);
}
