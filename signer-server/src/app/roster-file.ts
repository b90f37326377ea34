import { readFile } from 'node:fs/promises';
import { OriginSignError } from '@originsign/core/errors/error';
import { formatProblem } from '@originsign/core/policy/load-problem';
import { parseRoster } from '@originsign/core/policy/parse-roster';
import type { Roster } from '@originsign/core/policy/roster';
import { appendEntries } from '../log/append.ts';
import { lockHead } from '../log/head.ts';
import type { Db } from '../store/database.ts';
import { transaction } from '../store/transaction.ts';
import type { Journal } from './ports.ts';

/** The people who may approve, as the file has them. */
export interface RosterSource {
  /** The roster in force; nobody is in it where none is configured. */
  current(): Roster;
  /** Takes over a changed file. One that does not load changes nothing. Never rejects. */
  refresh(): Promise<void>;
}

/** Where nobody may approve anything. */
const NOBODY: Roster = { people: [], hash: '0'.repeat(64) };

/**
 * Loads the roster and logs its hash, at the start and whenever it changes. Throws `config.invalid` with every problem where the
 * first one does not load: a server that starts without its approvers would refuse them without a word.
 */
export async function openRoster(
  path: string | undefined,
  { db, journal, now }: { readonly db: Db; readonly journal: Journal; readonly now: () => Date },
): Promise<RosterSource> {
  if (path === undefined) return { current: () => NOBODY, refresh: () => Promise.resolve() };
  let current = await loadRoster(path);
  await logRoster(db, current, now());
  let refused = '';
  return {
    current: () => current,
    refresh: async () => {
      try {
        const next = await loadRoster(path);
        refused = '';
        if (next.hash === current.hash) return;
        await logRoster(db, next, now());
        current = next;
        journal.info({ people: next.people.length, hash: next.hash }, 'the roster was loaded again');
      } catch (error) {
        // Looked at every few seconds: the same problem is told once.
        const message = error instanceof Error ? error.message : String(error);
        if (message !== refused)
          journal.error({ err: error }, 'the roster does not load; the older one stays in force');
        refused = message;
      }
    },
  };
}

/** Reads and parses the file. Throws `config.invalid`. */
async function loadRoster(path: string): Promise<Roster> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new OriginSignError('config.invalid', `The roster ${path} cannot be read.`, { cause });
  }
  const { roster, problems } = parseRoster(path, text);
  if (roster !== undefined) return roster;
  const lines = problems.map(formatProblem);
  throw new OriginSignError('config.invalid', lines.join('\n'), { details: { problems: lines } });
}

async function logRoster(db: Db, { hash }: Roster, now: Date): Promise<void> {
  await transaction(db, async (trx) => {
    await lockHead(trx);
    await appendEntries(trx, [{ type: 'ROSTER', hash }], now);
  });
}
