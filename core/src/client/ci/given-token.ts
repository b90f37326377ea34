import { open } from 'node:fs/promises';
import { OriginSignError } from '../../errors/error.ts';
import { utf8Text } from '../../encoding/bytes.ts';
import { STATIC_TOKEN_PREFIX } from '../../platforms/static-token.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isTokenShaped } from './token-endpoint.ts';
import type { TokenSource } from './token-source.ts';

/** What the source needs from its surroundings. */
export interface GivenTokenPorts {
  /** `ORIGINSIGN_TOKEN`, or the path of a file in `ORIGINSIGN_TOKEN_FILE`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told of every token before anybody else sees it. */
  readonly mask: (secret: string) => void;
}

/** Bytes that are read of a token file: a token and the white space around it. */
const LONGEST_FILE = LIMITS.token + 1024;

/** True where somebody gave this process its token. */
export function isTokenGiven(environment: GivenTokenPorts['environment']): boolean {
  return (
    given(environment, 'ORIGINSIGN_TOKEN') !== undefined || given(environment, 'ORIGINSIGN_TOKEN_FILE') !== undefined
  );
}

/**
 * The token that the CI platform, or whoever set it up, put into the environment: for Jenkins and everything else without a
 * token endpoint, and for static tokens. A file is read for every request, because a binding may renew it. Throws
 * `input.invalid` where both variables are set; asking throws `input.invalid` for what is no token and `input.file` for
 * what cannot be read.
 */
export function givenTokens({ environment, mask }: GivenTokenPorts): TokenSource {
  const text = given(environment, 'ORIGINSIGN_TOKEN');
  const path = given(environment, 'ORIGINSIGN_TOKEN_FILE');
  if (text !== undefined && path !== undefined) {
    throw new OriginSignError('input.invalid', 'ORIGINSIGN_TOKEN and ORIGINSIGN_TOKEN_FILE are both set.', {
      hint: 'set one of them',
    });
  }
  return {
    platform: 'given',
    renewable: false,
    async token() {
      const token = path === undefined ? (text ?? '') : await readToken(path);
      const where = path === undefined ? 'ORIGINSIGN_TOKEN' : `The token file "${path}"`;
      return checked(token.trim(), where, mask);
    },
  };
}

function given(environment: GivenTokenPorts['environment'], name: string): string | undefined {
  const value = environment[name] ?? '';
  return value.trim() === '' ? undefined : value;
}

function checked(token: string, where: string, mask: GivenTokenPorts['mask']): string {
  // Whatever it is, it was meant to be a secret.
  if (token !== '') mask(token);
  if (isTokenShaped(token) || isStaticToken(token)) return token;
  throw new OriginSignError('input.invalid', `${where} holds no token.`, {
    hint: `it takes an identity token (a JWT: three parts joined by dots) or a static token (${STATIC_TOKEN_PREFIX}…), and nothing else`,
  });
}

/** The server knows how long one is; here only its alphabet keeps anything else from being sent. */
function isStaticToken(text: string): boolean {
  return text.startsWith(STATIC_TOKEN_PREFIX) && text.length <= LIMITS.token && /^[\w-]+$/.test(text);
}

async function readToken(path: string): Promise<string> {
  try {
    const file = await open(path, 'r');
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(LONGEST_FILE), 0, LONGEST_FILE, null);
      return utf8Text(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new OriginSignError('input.file', `The token file "${path}" cannot be read.`, { cause });
  }
}
