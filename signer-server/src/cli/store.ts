import type { Command } from 'commander';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { withStore } from '../app/open-store.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { verifyCommitments } from '../log/verify-commitments.ts';
import { verifyStoreLog } from '../log/verify-store-log.ts';
import { snapshot } from '../store/transaction.ts';
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
      await withStore(loadServerConfig(options.config), async ({ db, logOrigin: origin, logKeys: keys }) => {
        const { log, rows } = await snapshot(db, async (view) => ({
          log: await verifyStoreLog(view, { origin, keys }),
          rows: await verifyCommitments(view, { origin, keys }),
        }));
        print(`log    ${log.size} entries, ${log.checkpoints} checkpoints, root ${encodeBase64(log.root)}`);
        print(
          `rows   ${rows.requests} requests, ${rows.artifacts} artifacts and ${rows.keys} keys are as the log has them`,
        );
      });
    });
}
