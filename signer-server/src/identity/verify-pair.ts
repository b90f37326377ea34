import { OriginSignError } from '@originsign/core/errors/error';
import type { TokenSystem, TokenContext, VerifiedToken } from './verify-token.ts';
import { verifyToken } from './verify-token.ts';

/**
 * Verifies the token of a service connection beside the job's own, and that both are of one job. The issuer is the job's own
 * or the one that the system names for connections, and no other. Throws what {@link verifyToken} throws, and `token.pair`.
 */
export async function verifyServiceConnection(
  text: string,
  job: VerifiedToken,
  context: TokenContext,
): Promise<VerifiedToken> {
  const rules = job.platform.serviceConnection;
  const system = context.systemByIssuer(job.issuer);
  if (rules === undefined || system === undefined) {
    throw new OriginSignError('request.malformed', 'This trusted build system has no second token.');
  }
  const connection = await verifyToken(text, {
    ...context,
    systemByIssuer: (issuer) => connectionSystem(issuer, { ...system, rules }),
  });
  rules.checkPair(job, connection);
  return connection;
}

/** Where connections have an issuer of their own, one of the job's issuer is of an older connection, and counts too. */
function connectionSystem(issuer: string, system: TokenSystem): TokenSystem | undefined {
  const { config } = system;
  if (issuer === config.issuer) return system;
  if (issuer !== config.serviceConnectionIssuer) return undefined;
  const { id, allowPrivateAddress } = config;
  return { ...system, config: { id, issuer, allowPrivateAddress } };
}
