import { withStore, type OpenedStore } from '../app/open-store.ts';
import { checkLog, settleLog } from '../app/settle-log.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { openHsm, type Hsm } from '../hsm/hsm.ts';

/** Runs work that uses store and HSM: refuses an old copy of the store first, then moves the mark up to what was logged. */
export async function withHsm(
  config: ServerConfig,
  work: (store: OpenedStore, hsm: Hsm) => Promise<void>,
): Promise<void> {
  await withStore(config, async (store) => {
    await checkLog(store.db, store.logOrigin, config.log.highWaterMark);
    const hsm = await openHsm({ tokens: config.hsm.tokens });
    try {
      await work(store, hsm);
      await settleLog(store.db, store.logOrigin, config.log.highWaterMark);
    } finally {
      await hsm.close();
    }
  });
}
