import { OriginSignError } from '@originsign/core/errors/error';

/** SQLite result codes that say that the file cannot be used now, whatever is in it. */
const UNAVAILABLE =
  /^SQLITE_(?:BUSY|LOCKED|IOERR|FULL|READONLY|CANTOPEN|NOMEM|PROTOCOL|INTERRUPT|AUTH|PERM|NOLFS)(?:_|$)/;
const CORRUPT = /^SQLITE_(?:CORRUPT|NOTADB)(?:_|$)/;

/** The stable error of a database error. What is not about the state of the database (constraints, mistakes) stays as it is. */
export function mapStoreError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (UNAVAILABLE.test(code)) {
    return new OriginSignError('store.unavailable', `The database cannot be used now (${code}).`, {
      cause: error,
      retryAfter: 1,
    });
  }
  if (CORRUPT.test(code)) {
    return new OriginSignError('store.corrupt', `The database file is damaged (${code}).`, { cause: error });
  }
  return error;
}

function sqliteCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : '';
}
