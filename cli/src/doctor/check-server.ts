import type { Clock } from '@originsign/core/client/clock';
import type { FetchPort, FetchResponse } from '@originsign/core/client/fetch-port';
import { isOriginSignError } from '@originsign/core/errors/error';
import type { Finding } from './finding.ts';

/** The server takes request signatures that are at most this far off, seconds. */
const ALLOWED_SKEW = 300;
/** From here on somebody should look at the clock, seconds. */
const ODD_SKEW = 60;

/** Whether the server is reached and trusted, can sign, and agrees about the time. */
export async function checkServer(server: string, fetch: FetchPort, clock: Clock): Promise<readonly Finding[]> {
  let answer: FetchResponse;
  try {
    answer = await fetch(`${server}/healthz`, { method: 'GET', headers: {}, timeout: 15_000 });
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    const { code, message, hint } = error;
    const text = message.replace(/\.$/, '');
    return [{ state: 'fail', name: 'server', text, code, ...(hint === undefined ? {} : { hint }) }];
  }
  return [reached(server, answer), await ready(server, fetch), skew(answer, clock.now())];
}

function reached(server: string, { status }: FetchResponse): Finding {
  if (status === 200) return { state: 'ok', name: 'server', text: `${server} answers` };
  return {
    state: 'fail',
    name: 'server',
    text: `${server} answers with status ${status}`,
    hint: 'check the server URL and what stands between',
    code: 'server.unexpected',
  };
}

async function ready(server: string, fetch: FetchPort): Promise<Finding> {
  const name = 'ready';
  try {
    const { status } = await fetch(`${server}/readyz`, { method: 'GET', headers: {}, timeout: 15_000 });
    if (status === 200) return { state: 'ok', name, text: 'HSM, log and database work' };
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
  }
  const hint = 'the platform team sees the reason in the log of the server';
  return { state: 'warn', name, text: 'the server cannot sign at the moment', hint };
}

function skew({ headers }: FetchResponse, now: Date): Finding {
  const name = 'clock';
  const theirs = Date.parse(headers['date'] ?? '');
  if (Number.isNaN(theirs)) return { state: 'warn', name, text: 'the server does not say what time it is' };
  const seconds = Math.round(Math.abs(theirs - now.getTime()) / 1000);
  const text = `${seconds} s from the time of the server`;
  const hint = 'let this machine take its time from the network';
  if (seconds > ALLOWED_SKEW) return { state: 'fail', name, text, hint, code: 'request.clock' };
  return seconds > ODD_SKEW ? { state: 'warn', name, text, hint } : { state: 'ok', name, text };
}
