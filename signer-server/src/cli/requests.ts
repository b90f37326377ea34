import { resolve } from 'node:path';
import type { Command } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';
import { exportRequests } from '../app/export-requests.ts';
import { withStore } from '../app/open-store.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { configOption } from './config-option.ts';
import { print } from './print.ts';

interface ExportOptions {
  readonly config: string;
  readonly project?: string;
  readonly since?: string;
}

/** `requests export FILE`: what decisions rested on, for replay under other policies. */
export function addRequests(program: Command): void {
  const requests = program.command('requests').description('the requests of this store');
  requests
    .command('export')
    .description('write every accepted request with its claims, for originsign policy replay; it can name people')
    .argument('<file>')
    .addOption(configOption())
    .option('--project <name>', 'only those of one project')
    .option('--since <time>', 'only those accepted since, such as 2026-11-01T00:00:00Z')
    .action(async (file: string, { config: path, project, since }: ExportOptions) => {
      const config = loadServerConfig(path);
      const wanted = {
        server: config.url,
        ...(project === undefined ? {} : { project }),
        ...(since === undefined ? {} : { since: parseTime(since) }),
      };
      const count = await withStore(config, ({ db }) => exportRequests(db, resolve(file), wanted));
      print(`exported ${count} requests to ${file}`);
      print(`see what other policies would say: originsign policy replay ${file} DIRECTORY`);
    });
}

/** Throws `input.invalid`. */
function parseTime(text: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new OriginSignError(
    'input.invalid',
    '--since takes a day or a time with its offset, as in 2026-11-01T00:00:00Z.',
  );
}
