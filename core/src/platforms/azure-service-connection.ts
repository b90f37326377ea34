import { isJsonObject } from '../encoding/strict-json.ts';
import { OriginSignError } from '../errors/error.ts';
import { claimType, type Claims, missingClaim } from './claim-schema.ts';
import type { PairedToken, ServiceConnectionRules } from './platform.ts';

/** Audience of every token that Azure DevOps makes; no job can choose another one. */
export const AZURE_AUDIENCE = 'api://AzureADTokenExchange';

/** Tokens of one job are asked for one after the other; further apart they are of two jobs. Seconds. */
const MAX_DISTANCE = 120;

const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** Connections with the older issuer: names of organization, project and connection. */
const NAMED = /^sc:\/\/[^/\s]{1,100}\/[^/\s][^/]{0,99}\/[^/]{1,300}$/;
/** Connections whose issuer is Microsoft Entra: ids of the organization and the connection at the end. */
const ENTRA = new RegExp(`^/eid1/c/pub/t/[\\w-]{1,64}/a/[\\w-]{1,64}/sc/(${GUID})/(${GUID})$`);

/**
 * The token of a service connection. It proves that the job was let use the connection, for which approvals and checks can be
 * demanded, and says nothing about source or run: those are in the job's own token.
 */
export const AZURE_SERVICE_CONNECTION: ServiceConnectionRules = {
  binding: 'proof',
  algorithms: ['RS256'],
  maxTokenLifetime: 65 * 60,
  maxTokenAge: 10 * 60,
  // Microsoft Entra does not promise a jti.
  hasJti: false,
  fixedAudience: AZURE_AUDIENCE,
  parseClaims: parseConnectionClaims,
  checkPair,
};

function parseConnectionClaims(payload: unknown): Claims {
  const { sub, iss } = isJsonObject(payload) ? payload : {};
  if (sub === undefined || iss === undefined) throw missingClaim(sub === undefined ? 'sub' : 'iss');
  if (typeof sub !== 'string' || typeof iss !== 'string') throw claimType('sub', 'text');
  // A control character could forge lines in logs and terminals.
  if (/[\u0000-\u001f\u007f-\u009f]/.test(sub)) throw claimType('sub', 'text without control characters');
  const issuer = { 'azure.service_connection_issuer': iss };
  const [, organization = '', connection = ''] = ENTRA.exec(sub) ?? [];
  if (connection !== '') {
    return {
      ...issuer,
      'azure.service_connection_id': connection,
      'azure.service_connection_organization': organization,
    };
  }
  if (!NAMED.test(sub)) throw claimType('sub', 'that of a service connection');
  return { ...issuer, 'azure.service_connection': sub };
}

/** A token of another organization is as genuine as one of this: one key set signs for all. */
function checkPair(job: PairedToken, connection: PairedToken): void {
  if (Math.abs(job.issuedAt.getTime() - connection.issuedAt.getTime()) > MAX_DISTANCE * 1000) {
    throw pairError('were not issued together', 'ask for both right before the request');
  }
  const organization = connection.claims['azure.service_connection_organization'];
  const same =
    organization === undefined ? job.issuer === connection.issuer : organization === job.claims['azure.org_id'];
  if (!same)
    throw pairError('come from two organizations', 'take a service connection of the organization that builds');
}

function pairError(what: string, hint: string): OriginSignError {
  return new OriginSignError('token.pair', `The token of the job and that of the service connection ${what}.`, {
    hint,
  });
}
