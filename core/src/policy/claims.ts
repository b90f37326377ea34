import type { ClaimSchema, ClaimValue, Claims } from '../platforms/claim-schema.ts';
import type { Origin } from '../platforms/origin.ts';
import type { Binding, Platform } from '../platforms/platform.ts';

type OriginClaim = ClaimSchema & { readonly of: (origin: Origin, binding: Binding) => string | number | undefined };

const claim = (
  name: string,
  required: boolean,
  userControlled: boolean,
  description: string,
  of: OriginClaim['of'],
  type: ClaimSchema['type'] = 'string',
): OriginClaim => ({ name, type, required, userControlled, description, of });

const ORIGIN_TABLE: readonly OriginClaim[] = [
  claim('system', true, false, 'Id of the trusted build system.', (o) => o.system),
  claim('platform', true, false, 'Type of the platform.', (o) => o.platform),
  {
    ...claim('binding', true, false, 'How the token is tied to the request.', (_o, binding) => binding),
    values: ['audience', 'proof'],
  },
  claim(
    'repository',
    true,
    false,
    'Web address of the repository. Names can be re-registered: pin the ids.',
    (o) => o.repository.uri,
  ),
  claim('repository_id', true, false, 'Immutable id of the repository.', (o) => o.repository.id),
  claim('owner_id', true, false, 'Immutable id of the owner of the repository.', (o) => o.repository.ownerId),
  claim('commit', true, false, 'Commit that started the run.', (o) => o.commit),
  claim('ref', true, false, 'Full ref that started the run.', (o) => o.ref),
  claim('workflow', true, false, 'Address of the workflow that was started.', (o) => o.workflow.uri),
  claim('workflow_path', true, false, 'Path of the workflow that was started.', (o) => o.workflow.path),
  claim('callee', false, false, 'Address of the called workflow that the job runs in.', (o) => o.callee?.uri),
  claim('run_id', true, true, 'Id of the run.', (o) => o.run.id),
  claim('run_attempt', true, true, 'Attempt of the run, from 1.', (o) => o.run.attempt, 'integer'),
  claim('trigger', true, false, "What started the run, in the platform's word.", (o) => o.trigger),
  claim('runner', true, false, "Kind of runner, in the platform's word.", (o) => o.runner),
  claim('environment', false, false, 'Deployment environment of the job.', (o) => o.environment),
  claim('actor', false, true, 'Account that started the run.', (o) => o.actor),
  claim('actor_id', false, true, 'Immutable id of that account.', (o) => o.actorId),
];

/** Claims that every platform has, under `origin.`, for rules that hold across platforms. */
export const ORIGIN_CLAIMS: readonly ClaimSchema[] = ORIGIN_TABLE.map(({ of: _of, ...schema }) => schema);

/** The `origin.` claims of a request. */
export function originClaims(origin: Origin, binding: Binding): Claims {
  const claims: Record<string, ClaimValue> = {};
  for (const { name, of } of ORIGIN_TABLE) {
    const value = of(origin, binding);
    if (value !== undefined) claims[`origin.${name}`] = value;
  }
  return claims;
}

/** Schemas by policy name: those of the platforms under their prefixes, and `origin.`. */
export function claimTable(platforms: Iterable<Platform>): ReadonlyMap<string, ClaimSchema> {
  const table = new Map(ORIGIN_CLAIMS.map((schema) => [`origin.${schema.name}`, schema]));
  for (const platform of platforms) {
    for (const schema of platform.claims) table.set(`${platform.prefix}.${schema.name}`, schema);
  }
  return table;
}
