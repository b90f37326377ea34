import { OriginSignError } from '@originsign/core/errors/error';
import { parseEntry, type LogEntry, type LogEntryOf } from '@originsign/core/log/entries';
import type { Db } from '../store/database.ts';

/** How a request ended, as the log tells it. */
export type EndType = 'RESULT' | 'FAILURE' | 'CANCEL' | 'EXPIRY';

/** Where the log speaks of one request. */
export interface CommittedRequest {
  readonly request: number;
  /** The last INTENT. */
  readonly intent?: number;
  readonly end?: { readonly type: EndType; readonly index: number };
  /** A denial after REQUEST: of this request when it was decided again, or of a second copy that came at the same time. */
  readonly denied?: number;
  readonly approvals: readonly number[];
}

/** What the log says of one key, the last word of each kind. */
export interface CommittedKey {
  readonly made: LogEntryOf<'KEY'>;
  readonly certificateSha256?: string;
  readonly retired: boolean;
  /** The entry that spoke last. */
  readonly index: number;
}

/** Everything that rows of other tables are held against. */
export interface LogHistory {
  readonly requests: ReadonlyMap<string, CommittedRequest>;
  readonly keys: ReadonlyMap<string, CommittedKey>;
  /** Hash of a key set -> system and entry. */
  readonly keySets: ReadonlyMap<string, { readonly system: string; readonly index: number }>;
}

const BATCH = 1024;

/** Reads the log once, in order. Entries are believed: the check of the log itself comes first. Throws `log.corrupt`. */
export async function readHistory(db: Db): Promise<LogHistory> {
  const history = new HistoryBuilder();
  for (let begin = 0; ; begin += BATCH) {
    const rows = await db
      .selectFrom('log_entries')
      .select(['idx', 'entry'])
      .where('idx', '>=', begin)
      .where('idx', '<', begin + BATCH)
      .orderBy('idx')
      .execute();
    if (rows.length === 0) return history;
    for (const { idx, entry } of rows) history.add(idx, parseEntry(entry));
  }
}

class HistoryBuilder implements LogHistory {
  readonly requests = new Map<string, CommittedRequest>();
  readonly keys = new Map<string, CommittedKey>();
  readonly keySets = new Map<string, { readonly system: string; readonly index: number }>();

  add(index: number, entry: LogEntry): void {
    if (entry.type === 'KEY') this.#addKey(index, entry);
    else if (entry.type === 'ISSUER_KEYS') this.keySets.set(entry.keySet, { system: entry.system, index });
    else if ('requestId' in entry) this.#addToRequest(index, entry);
  }

  #addKey(index: number, entry: LogEntryOf<'KEY'>): void {
    const known = this.keys.get(entry.label);
    const made = entry.action === 'generate' || entry.action === 'adopt' ? entry : known?.made;
    if (made === undefined) {
      throw new OriginSignError(
        'log.corrupt',
        `Log entry ${index} is about the key ${entry.label}, which was never made.`,
        {
          details: { table: 'log_entries', row: index },
        },
      );
    }
    const certificate = entry.action === 'certificate' ? entry.certificateSha256 : known?.certificateSha256;
    this.keys.set(entry.label, {
      made,
      index,
      retired: entry.action === 'retire' || known?.retired === true,
      ...(certificate === undefined ? {} : { certificateSha256: certificate }),
    });
  }

  #addToRequest(index: number, entry: Extract<LogEntry, { requestId: string }>): void {
    const { requestId, type } = entry;
    if (type === 'REQUEST') {
      this.requests.set(requestId, { request: index, approvals: [] });
      return;
    }
    const known = this.requests.get(requestId);
    // A denial before REQUEST is of an earlier attempt, which no row remembers.
    if (known === undefined || type === 'OUTCOME_UNKNOWN') return;
    if (type === 'INTENT') this.requests.set(requestId, { ...known, intent: index });
    else if (type === 'APPROVAL') {
      this.requests.set(requestId, { ...known, approvals: [...known.approvals, index] });
    } else if (type === 'DENIAL') this.requests.set(requestId, { ...known, denied: index });
    else this.requests.set(requestId, { ...known, end: { type, index } });
  }
}
