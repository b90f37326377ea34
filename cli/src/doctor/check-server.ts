import type { Clock } from '@originsign/core/client/clock';
import type { FetchPort, FetchResponse } from '@originsign/core/client/fetch-port';
import { isOriginSignError } from '@originsign/core/errors/error';
import { parseTrustFile } from '@originsign/core/protocol/trust-file';
import { parseNote } from '@originsign/core/log/signed-note';
import { utf8 } from '@originsign/core/encoding/bytes';
import { failed, type Finding } from './finding.ts';

/** The server takes request signatures that are at most this far off, seconds. */
const ALLOWED_SKEW = 300;
/** From here on somebody should look at the clock, seconds. */
const ODD_SKEW = 60;
const TIMEOUT = 15_000;

/** Whether the server is reached and trusted, goes by this name, can sign, and agrees about the time. */
export async function checkServer(server: string, fetch: FetchPort, clock: Clock): Promise<readonly Finding[]> {
  let answer: FetchResponse;
  try {
    answer = await get(fetch, `${server}/healthz`);
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    return [failed('server', error)];
  }
  return [
    reached(server, answer),
    ...(await goesByThisName(server, fetch)),
    await ready(server, fetch),
    skew(answer, clock.now()),
  ];
}

function get(fetch: FetchPort, url: string): Promise<FetchResponse> {
  return fetch(url, { method: 'GET', headers: {}, timeout: TIMEOUT });
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

/** Requests and tokens name the server by its own URL, so an alias that leads to it is not enough. */
async function goesByThisName(server: string, fetch: FetchPort): Promise<readonly Finding[]> {
  const name = 'url';
  const own = await ownUrl(server, fetch);
  if (own === undefined) return [];
  if (own === server) return [{ state: 'ok', name, text: 'the server calls itself so too' }];
  const hint = `give ${own} as the server`;
  return [{ state: 'fail', name, text: `the server calls itself ${own}`, hint, code: 'statement.server' }];
}

/** Said by whoever answers, and believed for a hint alone. */
async function ownUrl(server: string, fetch: FetchPort): Promise<string | undefined> {
  try {
    const { status, body } = await get(fetch, `${server}/v1/trust`);
    return status === 200 ? parseTrustFile(utf8(parseNote(body).text)).server : undefined;
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    return undefined;
  }
}

async function ready(server: string, fetch: FetchPort): Promise<Finding> {
  const name = 'ready';
  try {
    const { status } = await get(fetch, `${server}/readyz`);
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
