import type { Command } from 'commander';
import { makeKey } from '../app/generate-key.ts';
import { withStore } from '../app/open-store.ts';
import { certificateEnd } from '../app/signing-key.ts';
import type { StoredKey } from '../app/stored-key.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { addCertificates } from './certificates.ts';
import { configOption } from './config-option.ts';
import { printTable } from './print.ts';
import { withHsm } from './with-hsm.ts';

interface GenerateOptions {
  readonly config: string;
  readonly purpose: string;
  readonly type?: string;
  readonly token?: string;
}

/** `keys generate|list|csr|certificate|public`. */
export function addKeys(program: Command): void {
  const keys = program.command('keys').description('keys in the HSM, each with its one purpose');
  keys
    .command('generate')
    .description('generate a key inside the HSM')
    .argument('<label>')
    .requiredOption('--purpose <purpose>', 'what it is for, for ever')
    .option('--type <type>', 'type of key; the default of the purpose where left out')
    .option('--token <name>', 'token of the configuration; the first where left out')
    .addOption(configOption())
    .action(async (label: string, { config: path, ...wish }: GenerateOptions) => {
      await withHsm(loadServerConfig(path), async (store, hsm) => {
        const { db, trial } = store;
        printKeys([await makeKey({ db, hsm, trial, now: () => new Date() }, { label, ...wish })]);
      });
    });
  keys
    .command('list')
    .description('list the keys of the store')
    .addOption(configOption())
    .action(async (options: { config: string }) => {
      await withStore(loadServerConfig(options.config), ({ keys: stored }) =>
        Promise.resolve(printKeys([...stored.values()])),
      );
    });
  addCertificates(keys);
}

/** Prints keys as a table. */
export function printKeys(keys: readonly StoredKey[]): void {
  const rows = keys.map((key) => [
    key.label,
    key.purpose,
    key.type,
    key.token,
    certificateEnd(key)?.toISOString().slice(0, 10) ?? '-',
  ]);
  printTable([['LABEL', 'PURPOSE', 'TYPE', 'TOKEN', 'CERTIFICATE UNTIL'], ...rows]);
}
