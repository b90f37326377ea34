import { isOriginSignError } from '@originsign/core/errors/error';
import type { Hsm } from '../hsm/hsm.ts';
import { readHead } from '../log/head.ts';
import type { Context } from './context.ts';

type Check = () => Promise<string | undefined>;

/** What has to work before requests are taken: the HSM with a real signature, the log with a real checkpoint. */
export function readinessChecks(context: Context, hsm: Hsm): Readonly<Record<'hsm' | 'log', Check>> {
  return {
    hsm: reasonOf(() => hsm.health()),
    log: reasonOf(async () => {
      const { size } = await readHead(context.db);
      await context.publisher.checkpointFor(size);
    }),
  };
}

function reasonOf(work: () => Promise<unknown>): Check {
  return async () => {
    try {
      await work();
      return undefined;
    } catch (error) {
      return isOriginSignError(error) ? error.code : 'internal.error';
    }
  };
}

/** Asks once in so many milliseconds: anyone may call the readiness page, and each check costs a signature. */
export function cached(check: Check, milliseconds: number, clock: () => number = Date.now): Check {
  let answer: Promise<string | undefined> | undefined;
  let askedAt = 0;
  return () => {
    if (answer === undefined || clock() - askedAt >= milliseconds) {
      askedAt = clock();
      answer = check();
    }
    return answer;
  };
}
