import { codeOfAsync } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import type { Db } from '../store/database.ts';
import { ENGINES, later } from '../store/store.test.fixture.ts';
import type { AuthenticatedSubmission } from './admit.ts';
import type { Context } from './context.ts';
import { lockToFirstKey } from './lock-tokens.ts';

/** The parts of a submission that locking looks at. */
const submission = (key: string, tokenKeys: readonly (string | undefined)[], binding = 'proof') =>
  ({
    keyThumbprint: key,
    tokens: tokenKeys.map((tokenKey) => ({ tokenKey, expiresAt: later(600) })),
    asker: { binding },
  }) as unknown as AuthenticatedSubmission;

describe.each(ENGINES)('locks on $name', ({ open }) => {
  const locker = async () => {
    const db: Db = await open();
    const lock = (...parts: Parameters<typeof submission>): Promise<string> =>
      codeOfAsync(() => lockToFirstKey({ db } as unknown as Context, submission(...parts)));
    return { db, lock };
  };

  test('tie every token of a pair to the first key, alone and beside another', async () => {
    const { lock } = await locker();
    expect(await lock('owner', ['job', 'connection'])).toBe('accepted');
    expect(await lock('owner', ['job', 'connection'])).toBe('accepted');
    expect(await lock('thief', ['job', 'connection'])).toBe('token.key');
    expect(await lock('thief', ['job'])).toBe('token.key');
    expect(await lock('thief', ['other', 'connection'])).toBe('token.key');
    expect(await lock('owner', ['another', 'connection'])).toBe('accepted');
  });

  test('let one of many keys through', async () => {
    const { lock } = await locker();
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => lock(`key ${n}`, ['job', 'connection'])));
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
  });

  test('are for tokens that name no request: the others and those that are passwords have none', async () => {
    const { db, lock } = await locker();
    expect(await lock('first', ['job'], 'audience')).toBe('accepted');
    expect(await lock('first', [undefined], 'bearer')).toBe('accepted');
    expect(await lock('first', [undefined])).toBe('accepted');
    expect(await db.selectFrom('proof_locks').selectAll().execute()).toEqual([]);
  });

  test('outlive their tokens by an hour', async () => {
    const { db, lock } = await locker();
    await lock('owner', ['job']);
    const { expires_at } = await db.selectFrom('proof_locks').select('expires_at').executeTakeFirstOrThrow();
    expect(expires_at).toBe(later(600 + 3_600).toISOString());
  });
});
