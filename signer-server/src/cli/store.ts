import type { Command } from 'commander';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { withStore } from '../app/open-store.ts';
import { verifyStore } from '../app/verify-store.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { configOption } from './config-option.ts';
import { print } from './print.ts';

/** `store verify`: the whole log computed anew, and every row that it commits to compared. */
export function addStore(program: Command): void {
  const store = program.command('store').description('the database of this server');
  store
    .command('verify')
    .description('compute the log anew and compare every row that it commits to')
    .addOption(configOption())
    .action(async (options: { config: string }) => {
      const { log, rows } = await withStore(loadServerConfig(options.config), verifyStore);
      print(`log    ${log.size} entries, ${log.checkpoints} checkpoints, root ${encodeBase64(log.root)}`);
      print(
        `rows   ${rows.requests} requests, ${rows.artifacts} artifacts, ${rows.approvals} approvals and ${rows.keys} keys are as the log has them`,
      );
    });
}
