import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';

/** A row that has to agree with the log. */
export interface CommittedRow {
  readonly table: 'requests' | 'artifacts' | 'keys' | 'issuer_key_sets' | 'approvals' | 'meta';
  /** Primary key. */
  readonly row: string | readonly [string, number];
}

/** The error of a row that is not what the log commits to. */
export function rowError(place: CommittedRow, column: string | undefined, what: string): OriginSignError {
  const row = typeof place.row === 'string' ? place.row : place.row.join(', ');
  const where = column === undefined ? '' : `, column ${column}`;
  return new OriginSignError('store.corrupt', `Table ${place.table}, row ${row}${where}: ${what}.`, {
    details: { ...place, ...(column === undefined ? {} : { column }) },
  });
}

/** One column: what is stored (or computed from it) and what the log says. Both as text. */
export type Comparison = readonly [column: string, stored: () => unknown, committed: unknown];

/** Throws `store.corrupt` for the first column that differs, or whose value cannot even be read. */
export function compareRow(place: CommittedRow, entry: string, comparisons: readonly Comparison[]): void {
  for (const [column, stored, committed] of comparisons) {
    if (String(readable(stored)) !== String(committed))
      throw rowError(place, column, `it is not what ${entry} commits to`);
  }
}

/** A value that was changed so much that it does not parse is a changed value. */
function readable(stored: () => unknown): unknown {
  try {
    return stored();
  } catch (error) {
    if (isOriginSignError(error) || error instanceof SyntaxError || error instanceof TypeError) return Number.NaN;
    throw error;
  }
}
