import type { Command } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';
import { initStore } from '../app/init-store.ts';
import { initTrial } from '../app/init-trial.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { printKeys } from './keys.ts';
import { print } from './print.ts';

interface InitOptions {
  readonly config?: string;
  readonly trial?: true;
  readonly directory?: string;
  readonly url?: string;
  readonly timestampUrl?: readonly string[];
  readonly timestampRoots?: string;
}

/** `init`: a production store for a written configuration, or with `--trial` everything that trying out needs. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('make a store, and the keys of the server in the HSM')
    .option('--config <file>', 'server.yml of a production store (env: ORIGINSIGN_CONFIG)')
    .option('--trial', 'make a trial: SoftHSM token, test certificates, configuration')
    .option('--directory <directory>', 'where a trial lies')
    .option('--url <url>', 'public URL of a trial')
    .option('--timestamp-url <url...>', 'timestamp authorities of a trial')
    .option('--timestamp-roots <file>', 'PEM roots of those authorities')
    .action((options: InitOptions) => (options.trial === true ? trial(options) : production(options)));
}

async function trial(options: InitOptions): Promise<void> {
  const { directory, url, timestampUrl = [], timestampRoots } = options;
  if (directory === undefined || url === undefined) {
    throw new OriginSignError('input.missing', 'A trial needs --directory and --url.');
  }
  const roots = timestampRoots === undefined ? {} : { timestampRoots };
  const made = await initTrial({ directory, url, timestampUrls: timestampUrl, ...roots }, () => new Date());
  print(`trial store in ${directory}, log ${made.logOrigin}`);
  printKeys(made.keys);
  print();
  print(`serve it:  originsign-server serve --config ${made.configPath}`);
  if (made.caPath !== undefined) print(`clients:   trust ${made.caPath} for TLS`);
}

async function production(options: InitOptions): Promise<void> {
  const path = options.config ?? process.env['ORIGINSIGN_CONFIG'];
  if (path === undefined) {
    throw new OriginSignError('input.missing', 'init needs --config, or --trial with --directory and --url.');
  }
  const made = await initStore(loadServerConfig(path), false, () => new Date());
  print(`production store, log ${made.logOrigin}`);
  printKeys(made.keys);
}
