import { resolve } from 'node:path';
import type { Command } from 'commander';
import { exportLog } from '../app/export-log.ts';
import { withStore } from '../app/open-store.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { configOption } from './config-option.ts';
import { print } from './print.ts';

/** `log export DIR`: the log with its entries, for auditors. */
export function addLog(program: Command): void {
  const log = program.command('log').description('the log of this store');
  log
    .command('export')
    .description('write checkpoint, tiles and entries into a directory')
    .argument('<directory>')
    .addOption(configOption())
    .action(async (directory: string, options: { config: string }) => {
      const { size, files } = await withStore(loadServerConfig(options.config), ({ db }) =>
        exportLog(db, resolve(directory)),
      );
      print(`exported ${size} entries in ${files} files to ${directory}`);
      print('check them with: originsign log verify --directory DIR --trust trust.json');
    });
}
