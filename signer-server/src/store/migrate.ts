import { OriginSignError } from '@originsign/core/errors/error';
import type { Db } from './database.ts';
import { MIGRATIONS } from './migrations.ts';
import { transaction } from './transaction.ts';

const VERSION_KEY = 'schema_version';

/** Schema that this version reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the schema up to date, all or nothing and one process at a time. Throws `store.schema` for a database of a newer
 * version, and for one that is no store where none may be made.
 */
export async function migrate(db: Db, { create }: { readonly create: boolean }): Promise<void> {
  await transaction(db, async (trx) => {
    const found = await hasMeta(trx);
    if (!found && !create) {
      throw new OriginSignError('store.schema', 'The database is no OriginSign store.', {
        hint: 'run originsign-server init, or check the store URL',
      });
    }
    const version = found ? await schemaVersion(trx) : 0;
    if (version > SCHEMA_VERSION) {
      throw new OriginSignError(
        'store.schema',
        `The database has schema ${version}; this version knows schemas up to ${SCHEMA_VERSION}.`,
        { hint: 'install the version that wrote it, or a newer one' },
      );
    }
    for (const step of MIGRATIONS.slice(version)) await step(trx);
    if (version === SCHEMA_VERSION) return;
    await trx
      .insertInto('meta')
      .values({ key: VERSION_KEY, value: String(SCHEMA_VERSION) })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: String(SCHEMA_VERSION) }))
      .execute();
  });
}

async function hasMeta(db: Db): Promise<boolean> {
  const tables = await db.introspection.getTables();
  return tables.some(({ name }) => name === 'meta');
}

async function schemaVersion(db: Db): Promise<number> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', VERSION_KEY).executeTakeFirst();
  const version = Number(row?.value);
  if (row !== undefined && Number.isSafeInteger(version) && version > 0) return version;
  throw new OriginSignError('store.schema', 'The database does not say which schema it has.');
}
