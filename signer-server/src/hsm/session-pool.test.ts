import { describe, expect, test } from 'vitest';
import { SessionPool } from './session-pool.ts';

/** Sessions are numbers; `open` can be made to fail. */
function makePool(size: number): {
  pool: SessionPool<number>;
  opened: number[];
  closed: number[];
  lost: unknown[];
  breakDown: () => void;
} {
  const opened: number[] = [];
  const closed: number[] = [];
  const lost: unknown[] = [];
  let broken = false;
  const port = {
    open: (): number => {
      if (broken) throw new Error('no session');
      opened.push(opened.length + 1);
      return opened.length;
    },
    close: (session: number): void => {
      closed.push(session);
      if (broken) throw new Error('cannot close');
    },
  };
  const pool = new SessionPool(port, size, (error) => lost.push(error));
  return { pool, opened, closed, lost, breakDown: () => void (broken = true) };
}

/** Work that ends when told to. */
function job(): {
  work: (session: number) => Promise<number>;
  end: () => void;
  fail: () => void;
  session: () => number | undefined;
} {
  let session: number | undefined;
  let settle: { resolve: (session: number) => void; reject: (error: Error) => void } | undefined;
  return {
    work: (lent) => {
      session = lent;
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
      });
    },
    end: () => settle?.resolve(session ?? 0),
    fail: () => settle?.reject(new Error('failed')),
    session: () => session,
  };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('a session pool', () => {
  test('never lends a session twice at once, and serves in order', async () => {
    const { pool, opened } = makePool(2);
    const jobs = [job(), job(), job(), job()];
    const results = jobs.map(({ work }) => pool.use(work));
    await settled();
    expect(jobs.map(({ session }) => session())).toEqual([2, 1, undefined, undefined]);
    jobs[0]?.end();
    await settled();
    expect(jobs.map(({ session }) => session())).toEqual([2, 1, 2, undefined]);
    jobs[1]?.end();
    await settled();
    for (const { end } of jobs) end();
    expect(await Promise.all(results)).toEqual([2, 1, 2, 1]);
    expect(opened).toHaveLength(2);
  });

  test('closes and replaces the session of work that failed', async () => {
    const { pool, opened, closed, lost } = makePool(1);
    await expect(pool.use(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect([opened, closed, lost]).toEqual([[1, 2], [1], []]);
    expect(await pool.use((session) => session)).toBe(2);
  });

  test('does so for work that throws at once', async () => {
    const { pool, closed } = makePool(1);
    const thrower = (): number => {
      throw new Error('at once');
    };
    await expect(pool.use(thrower)).rejects.toThrow('at once');
    expect(closed).toEqual([1]);
  });

  test('refuses who waits and who comes once a session cannot be replaced', async () => {
    const { pool, lost, breakDown } = makePool(1);
    const failing = job();
    const first = pool.use(failing.work);
    const waiting = pool.use((session) => session);
    await settled();
    breakDown();
    failing.fail();
    await expect(first).rejects.toThrow('failed');
    await expect(waiting).rejects.toThrow('no session');
    await expect(pool.use((session) => session)).rejects.toThrow('no session');
    expect(lost).toHaveLength(1);
  });

  test('is closed only after the work in it has ended', async () => {
    const { pool, closed } = makePool(2);
    const running = job();
    const result = pool.use(running.work);
    await settled();
    let isClosed = false;
    const closing = pool.close().then(() => {
      isClosed = true;
    });
    await settled();
    expect([isClosed, closed]).toEqual([false, []]);
    running.end();
    await Promise.all([result, closing]);
    expect(new Set(closed)).toEqual(new Set([1, 2]));
  });
});
