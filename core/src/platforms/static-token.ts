import { OriginSignError } from '../errors/error.ts';
import { claimType, type ClaimSchema, type Claims } from './claim-schema.ts';
import { always } from './claim-table.ts';
import { requiredText } from './claim-text.ts';
import { conditionsOn, isExact } from './platform-rules.ts';
import type { Platform } from './platform.ts';

const CLAIMS: readonly ClaimSchema[] = [
  always('token', 'string', 'Name of the token in the file of the trusted build system.'),
  always('address', 'string', 'Address that the call came from, as the server sees it.'),
];

/**
 * Build systems without identity tokens. A static token is a password: it proves that its holder has it, and nothing about
 * source or build, so it counts only together with a client certificate or from the addresses that the system lists.
 */
export const STATIC_TOKEN: Platform = {
  type: 'static-token',
  prefix: 'static',
  binding: 'bearer',
  algorithms: [],
  maxTokenLifetime: 0,
  maxTokenAge: 0,
  hasJti: false,
  claims: CLAIMS,
  unusableClaims: {},
  repositoryClaims: { id: 'static.token', match: 'exact' },
  parseClaims(payload): Claims {
    const { token, address } = (payload ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof token !== 'string' || typeof address !== 'string') throw claimType('token', 'text');
    return { 'static.token': token, 'static.address': address };
  },
  origin(claims, system) {
    const token = requiredText(claims, 'static', 'token');
    const uri = `urn:originsign:static-token:${system.id}:${token}`;
    return {
      platform: 'static-token',
      system: system.id,
      repository: { uri, id: token },
      workflow: { uri: `urn:originsign:trusted-build-system:${system.id}`, path: system.id },
      run: { id: token, uri },
    };
  },
  checkIssuer: () => undefined,
  checkRule(rule) {
    if (rule.isAddressBound || conditionsOn(rule, 'certificate.authority').some(isExact)) return [];
    return [
      {
        message: 'the rule relies on a static token alone, which whoever reads it once can use from anywhere',
        hint: 'list addresses in the file of the trusted build system, or add certificate.authority: {is: …}',
      },
    ];
  },
};

/** Every static token begins so, which tells it from an identity token and lets scanners of secrets find it. */
export const STATIC_TOKEN_PREFIX = 'ost_';

/** Throws `token.malformed` unless the text is a static token: the prefix and 256 bits in base64url. */
export function checkStaticTokenText(text: string): void {
  if (/^ost_[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(text)) return;
  throw new OriginSignError('token.malformed', 'The static token does not have the form of one.');
}
