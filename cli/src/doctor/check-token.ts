import type { Runtime } from '@originsign/core/client/runtime';
import type { TokenSource } from '@originsign/core/client/ci/token-source';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { AZURE_DEVOPS } from '@originsign/core/platforms/azure-devops';
import { STATIC_TOKEN_PREFIX } from '@originsign/core/platforms/static-token';
import { failed, type Finding } from './finding.ts';
import { audiencesOf, claimFacts, readToken } from './token-text.ts';

/** Milliseconds to wait for the platform: a person sits before it. */
const PATIENCE = 20_000;
/** Seconds of difference from which on a clock is worth a word. */
const ODD_SKEW = 60;

/**
 * Whether this job gets an identity token, and what that token says. On platforms where a job chooses the audience it is asked
 * for one that no request has, so that nothing could be signed with it. The token itself is never shown.
 */
export async function checkToken(runtime: Runtime, server: string, now: Date): Promise<readonly Finding[]> {
  try {
    const source = runtime.tokens();
    const token = await ask(source, server);
    if (token.startsWith(STATIC_TOKEN_PREFIX)) return [STATIC, BEARER];
    const text = readToken(token);
    if (text === undefined)
      return [failed('token', new OriginSignError('token.malformed', 'It is no identity token.'))];
    const isChosen = source.platform === 'github-actions';
    return [
      madeBy(text.header, text.claims),
      ...timeFindings(text.claims, now, source.renewable),
      audienceFinding(text.claims, server),
      { state: 'ok', name: 'claims', text: 'what policies can look at', facts: claimFacts(text.claims) },
      isChosen ? AUDIENCE : PROOF,
    ];
  } catch (error) {
    if (isOriginSignError(error)) return [failed('token', error)];
    throw error;
  }
}

async function ask(source: TokenSource, server: string): Promise<string> {
  const signal = AbortSignal.timeout(PATIENCE);
  try {
    return await source.token(server, signal);
  } catch (error) {
    if (isOriginSignError(error) || !signal.aborted) throw error;
    throw new OriginSignError('token.unavailable', 'The CI platform gave no token within 20 seconds.', {
      hint: 'look at the status of the platform, then try again',
    });
  }
}

const STATIC: Finding = {
  state: 'warn',
  name: 'token',
  text: 'a static token, which says nothing of source or build',
  hint: 'the server takes it together with a client certificate, or from listed addresses alone',
};
const AUDIENCE: Finding = {
  state: 'ok',
  name: 'binding',
  text: 'audience: each token is made for one request, so a stolen one signs nothing else',
};
const PROOF: Finding = {
  state: 'ok',
  name: 'binding',
  text: 'proof: the first key that presents a token owns it, so theft is noticed and not prevented',
};
const BEARER: Finding = { state: 'warn', name: 'binding', text: 'bearer: whoever has the token can use it' };

function madeBy(header: JsonObject, claims: JsonObject): Finding {
  const facts = [
    ['issuer', shown(claims['iss'])],
    ['key', shown(header['kid'])],
    ['algorithm', shown(header['alg'])],
    ['lifetime', lifetime(claims)],
  ] as const;
  return { state: 'ok', name: 'token', text: 'the job has an identity token', facts };
}

function lifetime({ iat, exp }: JsonObject): string {
  return typeof iat === 'number' && typeof exp === 'number' ? `${exp - iat} s` : '(not stated)';
}

function shown(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : '(not stated)';
}

function timeFindings({ iat, exp }: JsonObject, now: Date, renewable: boolean): readonly Finding[] {
  const seconds = now.getTime() / 1000;
  if (typeof exp === 'number' && exp <= seconds) {
    return [
      {
        ...{ state: 'fail', name: 'expiry', code: 'token.time' },
        text: `the token expired ${Math.round(seconds - exp)} s ago, by the clock of this machine`,
        hint: 'get the token in the step that signs, or let this machine take its time from the network',
      },
    ];
  }
  const off = typeof iat === 'number' ? Math.round(Math.abs(seconds - iat)) : 0;
  if (!renewable || off <= ODD_SKEW) return [];
  const hint = 'let this machine take its time from the network';
  return [{ state: 'warn', name: 'clock', text: `${off} s from the time of the CI platform`, hint }];
}

/** Exactly one, and exactly ours: a token that another service takes too could be presented here by that service. */
function audienceFinding(claims: JsonObject, server: string): Finding {
  const audiences = audiencesOf(claims);
  const text = audiences.length === 0 ? '(none)' : audiences.join(', ');
  const isFixed = text === AZURE_DEVOPS.fixedAudience;
  if (isFixed || (audiences.length === 1 && text === server)) return { state: 'ok', name: 'audience', text };
  return {
    ...{ state: 'fail', name: 'audience', code: 'token.audience' },
    text,
    hint: `make the token for ${server} and nothing else; the server compares character by character`,
  };
}
