import { writeFileSync } from 'node:fs';
import { openDatabase } from '../store/open-database.ts';
import { transaction } from '../store/transaction.ts';
import { consumeToken } from '../store/used-tokens.ts';
import { appendEntries } from './append.ts';
import { fileHighWaterMark } from './high-water-mark.ts';
import { denial, NOW, testPublisher } from './log.test.fixture.ts';

/** A process of its own that works on a store: `node <this file> <what> <database> <mark> <name>`. */
const [, , what = '', database = '', markPath = '', name = ''] = process.argv;
const db = await openDatabase(`sqlite:${database}`, { busyTimeout: 60_000 });
const { publisher } = testPublisher(db, { mark: fileHighWaterMark(markPath) });

/** Ends as a crash does: nothing is flushed, closed or undone. */
function crash(): void {
  process.kill(process.pid, 'SIGKILL');
}

const append = (entry: string, before?: () => void): Promise<number> =>
  transaction(db, async (trx) => {
    const [appended] = await appendEntries(trx, [denial(entry)], NOW);
    before?.();
    return (appended?.index ?? 0) + 1;
  });

switch (what) {
  case 'crash-before-commit':
    await append(name, crash);
    break;
  case 'crash-before-mark':
    await append(name);
    crash();
    break;
  case 'crash-in-mark':
    await append(name);
    writeFileSync(`${markPath}.${process.pid}.new`, 'sign.acme.example/log\n12');
    crash();
    break;
  case 'crash-before-checkpoint':
    await publisher.durable(await append(name));
    crash();
    break;
  case 'append-until-killed':
    for (let n = 0; ; n += 1) {
      const size = await append(`${name} ${n}`);
      await publisher.durable(size);
      process.stdout.write(`${size}\n`);
    }
  // The loop above ends with the process.
  case 'race':
    for (let n = 0; n < 40; n += 1) {
      const tokenKey = `token ${n}`;
      const won = await transaction(db, async (trx) => {
        await appendEntries(trx, [denial(`${name} ${n}`)], NOW);
        return consumeToken(trx, { tokenKey, requestId: name, expiresAt: NOW });
      });
      if (won) process.stdout.write(`${tokenKey}\n`);
    }
    await db.destroy();
    break;
  default:
    process.stderr.write(`There is no ${what}.\n`);
    process.exitCode = 2;
}
