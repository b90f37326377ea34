import { encodeHex } from '../encoding/hex.ts';
import type { LogEntry } from './entries.ts';

interface RequestHistory {
  readonly artifacts: number;
  intent?: { readonly index: number; readonly leaf: string; readonly attempt: number };
  end?: string;
}

type ReferringEntry = Extract<LogEntry, { requestId: string }>;

/**
 * Follows the entries of a log in order and finds what an honest server never writes: a RESULT without its INTENT, two
 * RESULTs for one request, a signature after a cancellation, an approval that comes too late.
 */
export class EntryOrder {
  readonly #requests = new Map<string, RequestHistory>();

  /** What is wrong with this entry after all earlier ones, as the end of a sentence, or `undefined`. */
  problem(index: number, leaf: Uint8Array, entry: LogEntry): string | undefined {
    if (!('requestId' in entry) || entry.type === 'DENIAL') return undefined;
    const history = this.#requests.get(entry.requestId);
    if (entry.type === 'REQUEST') {
      if (history !== undefined) return 'repeats a REQUEST';
      this.#requests.set(entry.requestId, { artifacts: entry.artifacts.count });
      return undefined;
    }
    if (history === undefined) return `is a ${entry.type} without a REQUEST`;
    if (history.end !== undefined) return `is a ${entry.type} after the ${history.end} of its request`;
    return this.#follow(history, index, leaf, entry);
  }

  #follow(history: RequestHistory, index: number, leaf: Uint8Array, entry: ReferringEntry): string | undefined {
    if (entry.type === 'APPROVAL') {
      return history.intent === undefined ? undefined : 'is an APPROVAL after the INTENT of its request';
    }
    if (entry.type === 'INTENT') return beginIntent(history, index, leaf, entry);
    if ('intent' in entry && entry.intent !== undefined) {
      const { intent } = history;
      if (intent?.index !== entry.intent.index || intent.leaf !== entry.intent.leaf) {
        return `is a ${entry.type} that does not name the last INTENT of its request`;
      }
    }
    if (entry.type === 'OUTCOME_UNKNOWN') return undefined;
    if (entry.type === 'RESULT' && entry.artifacts.count !== history.artifacts) {
      return 'is a RESULT for another number of artifacts than its REQUEST';
    }
    history.end = entry.type;
    return undefined;
  }
}

function beginIntent(
  history: RequestHistory,
  index: number,
  leaf: Uint8Array,
  entry: Extract<LogEntry, { type: 'INTENT' }>,
): string | undefined {
  const { intent: old } = history;
  if (entry.artifacts.count !== history.artifacts)
    return 'is an INTENT for another number of artifacts than its REQUEST';
  if (old?.index !== entry.replaces?.index || old?.leaf !== entry.replaces?.leaf) {
    return 'is an INTENT that does not name the one that it takes the place of';
  }
  if (old !== undefined && entry.attempt <= old.attempt) return 'is an INTENT whose attempt does not count up';
  history.intent = { index, leaf: encodeHex(leaf), attempt: entry.attempt };
  return undefined;
}
