import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type SqliteDatabase,
  type TransactionSettings,
} from 'kysely';
import { mapStoreError } from './store-errors.ts';

/** Most statements that stay prepared; there are fewer different ones. */
const PREPARED = 256;

/** Keeps prepared statements: preparing costs more than running the small ones of a signing request. */
function preparingOnce(database: SqliteDatabase): SqliteDatabase {
  const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      const statement = database.prepare(sql);
      if (prepared.size < PREPARED) prepared.set(sql, statement);
      return statement;
    },
  };
}

/** Gives errors their stable code in the one place that every statement passes. */
class MappingConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection;

  constructor(inner: DatabaseConnection) {
    this.#inner = inner;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await this.#inner.executeQuery<R>(query);
    } catch (error) {
      throw mapStoreError(error);
    }
  }

  async *streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    try {
      yield* this.#inner.streamQuery<R>(query, chunkSize);
    } catch (error) {
      throw mapStoreError(error);
    }
  }
}

class ImmediateDriver extends SqliteDriver {
  override async acquireConnection(): Promise<DatabaseConnection> {
    return new MappingConnection(await super.acquireConnection());
  }

  /**
   * SQLite's plain `BEGIN` takes the write lock at the first write. A transaction that has read before then fails with BUSY
   * where another process wrote in between, however long it is willing to wait. Taking the lock first makes every
   * transaction see what it will change, and wait its turn. One that only reads gets a snapshot and stops nobody.
   */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate';
    await connection.executeQuery(CompiledQuery.raw(begin));
  }

  /** A commit that fails may leave the transaction open, and the connection is the only one. */
  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    try {
      await super.commitTransaction(connection);
    } catch (error) {
      await super.rollbackTransaction(connection).catch(() => undefined);
      throw error;
    }
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has rolled back already after some errors (disk full, I/O); saying so again must not hide the first error.
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

/** SQLite whose transactions hold the write lock from their first statement on. One connection: callers take turns. */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: SqliteDatabase;

  constructor(database: SqliteDatabase) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: preparingOnce(this.#database) });
  }
}
