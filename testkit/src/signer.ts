import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild, startChild, type Child, type Outcome } from './child.ts';
import { copyTrial, TRIAL_TEMPLATE } from './trial-template.ts';
import { freeLoopbackPort } from './loopback-port.ts';

const SERVER = resolve(dirname(fileURLToPath(import.meta.url)), '../../signer-server/dist/main.js');

/** What a signer is started with. */
export interface SignerOptions {
  /** Policy files by path below the policy directory, for example `projects/acme-app.yml`. */
  readonly policies: Readonly<Record<string, string>>;
  readonly timestampUrls?: readonly string[];
  /** PEM file of the roots of those timestamp authorities. */
  readonly timestampRoots?: string;
  /** Where everything lies; a new temporary folder that `stop` removes where left out. */
  readonly directory?: string;
  /** Plain HTTP instead of TLS by a certificate of the folder's own CA. */
  readonly http?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
  /** Changes the text of `server.yml` before the first start. */
  readonly configure?: (text: string) => string;
}

/** A real signer in trial mode: its own process, SoftHSM token, database and log. */
export interface Signer {
  readonly url: string;
  readonly directory: string;
  readonly configPath: string;
  /** PEM file of the CA of its TLS certificate; absent over plain HTTP. */
  readonly caPath: string | undefined;
  readonly child: Child;
  /** Runs `originsign-server` with these arguments on this signer's configuration. */
  command(...args: readonly string[]): Promise<Outcome>;
  /** Starts it again after it was stopped or killed, with these further arguments of `serve`. */
  start(...args: readonly string[]): Promise<void>;
  /** Ends the process by its pid, with SIGTERM unless said otherwise, and leaves all files. */
  halt(signal?: NodeJS.Signals): Promise<Outcome>;
  /** Ends the process and removes a temporary folder. */
  stop(): Promise<void>;
}

/** Initialises and starts a signer. Throws an `Error` with what it printed where it does not come up. */
export async function startSigner(options: SignerOptions): Promise<Signer> {
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'originsign-')));
  await mkdir(directory, { recursive: true });
  const port = await freeLoopbackPort();
  const url = `${options.http === true ? 'http' : 'https'}://localhost:${port}`;
  const environment = { ...process.env, ...options.environment };
  const configPath = join(directory, 'server.yml');
  const command = (...args: readonly string[]): Promise<Outcome> =>
    runChild(process.execPath, [SERVER, ...args], { env: environment, cwd: directory });

  await makeTrial(options, { directory, url, command });
  await writePolicies(join(directory, 'policies'), options.policies);
  if (options.configure !== undefined) await changeFile(configPath, options.configure);

  let child = await serve(configPath, environment);
  return {
    url,
    directory,
    configPath,
    caPath: options.http === true ? undefined : join(directory, 'tls', 'ca.pem'),
    get child() {
      return child;
    },
    command: (...args) => command(...args, '--config', configPath),
    start: async (...args) => {
      child = await serve(configPath, environment, args);
    },
    halt: (signal) => child.stop(signal),
    stop: async () => {
      await child.stop();
      if (options.directory === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

async function makeTrial(
  options: SignerOptions,
  { directory, url, command }: Pick<Signer, 'directory' | 'url' | 'command'>,
): Promise<void> {
  const { timestampUrls = [], timestampRoots } = options;
  const roots = timestampRoots === undefined ? {} : { timestampRoots };
  const template = process.env[TRIAL_TEMPLATE];
  if (template !== undefined && options.http !== true) {
    return copyTrial({ template, directory, url, timestampUrls, ...roots });
  }
  const tsa = timestampUrls.flatMap((address) => ['--timestamp-url', address]);
  const rootOption = timestampRoots === undefined ? [] : ['--timestamp-roots', timestampRoots];
  const init = await command('init', '--trial', '--directory', directory, '--url', url, ...tsa, ...rootOption);
  if (init.status !== 0) throw new Error(`init failed:\n${init.stdout}${init.stderr}`);
}

/** Writes policy files below a directory. */
export async function writePolicies(directory: string, policies: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(policies)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

/** Replaces the text of a file. */
export async function changeFile(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'utf8')));
}

async function serve(configPath: string, env: NodeJS.ProcessEnv, args: readonly string[] = []): Promise<Child> {
  const child = startChild(process.execPath, [SERVER, 'serve', '--config', configPath, ...args], { env });
  // The line that `serve` prints once it takes requests; a fixed sleep would be wrong on a slow day.
  while (!child.output().includes('"msg":"ready"')) {
    if (child.process.exitCode !== null || child.process.signalCode !== null)
      throw new Error(`The signer ended before it was ready:\n${child.output()}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
  return child;
}

/** Text of a file of the signer's folder. */
export async function signerFile(signer: Signer, path: string): Promise<string> {
  return readFile(join(signer.directory, path), 'utf8');
}
