import { timingSafeEqual } from 'node:crypto';
import { utf8 } from '@originsign/core/encoding/bytes';
import { isInNetworks } from '@originsign/core/encoding/network';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { OriginSignError } from '@originsign/core/errors/error';
import { checkStaticTokenText } from '@originsign/core/platforms/static-token';

/** A build system with static tokens. */
export interface StaticSystem {
  readonly id: string;
  readonly tokens: readonly {
    readonly name: string;
    readonly sha256: string;
    readonly project: string;
    readonly expires: Date;
  }[];
  readonly addresses?: readonly string[];
}

/** A static token that counts, and where. */
export interface VerifiedStaticToken {
  readonly system: string;
  readonly name: string;
  readonly project: string;
  readonly sha256: string;
  readonly expires: Date;
}

/**
 * Finds a static token by its hash, which is all that the server has. Unknown, expired and used from elsewhere are one answer:
 * whoever tries tokens learns nothing. Throws `token.malformed`, `token.static`.
 */
export function verifyStaticToken(
  text: string,
  call: { readonly address: string | undefined; readonly now: Date },
  systems: Iterable<StaticSystem>,
): VerifiedStaticToken {
  checkStaticTokenText(text);
  const sha256 = sha256Hex(utf8(text));
  const found: VerifiedStaticToken[] = [];
  for (const { id, tokens, addresses } of systems) {
    for (const token of tokens) {
      const isPlaced = addresses === undefined || isInNetworks(call.address ?? '', addresses);
      if (isSame(token.sha256, sha256) && isPlaced && call.now < token.expires) found.push({ ...token, system: id });
    }
  }
  const [token, ...others] = found;
  // Of one token in two systems nobody could say which of them asks.
  if (token === undefined || others.length > 0) {
    throw new OriginSignError('token.static', 'The static token is not one that counts here and now.', {
      hint: 'it may be expired, replaced, or for another address: ask the platform team',
    });
  }
  return token;
}

function isSame(left: string, right: string): boolean {
  return timingSafeEqual(utf8(left), utf8(right));
}
