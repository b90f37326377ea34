import type { ClaimSchema, ClaimValue, Claims } from '../platforms/claim-schema.ts';
import type { Origin } from '../platforms/origin.ts';
import { CERTIFICATE_CLAIMS } from '../platforms/client-certificate.ts';
import type { Binding, Platform } from '../platforms/platform.ts';

type OriginClaim = ClaimSchema & { readonly of: (origin: Origin, binding: Binding) => string | number | undefined };

type Of = OriginClaim['of'];

const claim = (required: boolean, userControlled: boolean, type: ClaimSchema['type'] = 'string') => {
  return (name: string, description: string, of: Of, values?: readonly string[]): OriginClaim => ({
    name,
    type,
    required,
    userControlled,
    description,
    of,
    ...(values === undefined ? {} : { values }),
  });
};
const always = claim(true, false);
const sometimes = claim(false, false);
const alwaysByUser = claim(true, true);
const sometimesByUser = claim(false, true);

const ORIGIN_TABLE: readonly OriginClaim[] = [
  always('system', 'Id of the trusted build system.', (o) => o.system),
  always('platform', 'Type of the platform.', (o) => o.platform),
  always('binding', 'How the token is tied to the request.', (_o, binding) => binding, ['audience', 'proof', 'bearer']),
  always(
    'repository',
    'Web address of the repository. Names can be re-registered: pin the ids.',
    (o) => o.repository.uri,
  ),
  always('repository_id', 'Immutable id of the repository.', (o) => o.repository.id),
  sometimes('owner_id', 'Immutable id of the owner of the repository.', (o) => o.repository.ownerId),
  sometimes('commit', 'Commit that started the run.', (o) => o.commit),
  sometimes('ref', 'Full ref that started the run.', (o) => o.ref),
  always('workflow', 'Address of the workflow that was started.', (o) => o.workflow.uri),
  always('workflow_path', 'Path of the workflow that was started.', (o) => o.workflow.path),
  sometimes('callee', 'Address of the called workflow that the job runs in.', (o) => o.callee?.uri),
  alwaysByUser('run_id', 'Id of the run.', (o) => o.run.id),
  claim(false, true, 'integer')('run_attempt', 'Attempt of the run, from 1.', (o) => o.run.attempt),
  sometimes('trigger', "What started the run, in the platform's word.", (o) => o.trigger),
  sometimes('runner', "Kind of runner, in the platform's word.", (o) => o.runner),
  sometimes('environment', 'Deployment environment of the job.', (o) => o.environment),
  sometimesByUser('actor', 'Account that started the run.', (o) => o.actor),
  sometimesByUser('actor_id', 'Immutable id of that account.', (o) => o.actorId),
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

/** Schemas by policy name: those of the platforms under their prefixes, `certificate.` and `origin.`. */
export function claimTable(platforms: Iterable<Platform>): ReadonlyMap<string, ClaimSchema> {
  const table = new Map(ORIGIN_CLAIMS.map((schema) => [`origin.${schema.name}`, schema]));
  for (const schema of CERTIFICATE_CLAIMS) table.set(`certificate.${schema.name}`, schema);
  for (const platform of platforms) {
    for (const schema of platform.claims) table.set(`${platform.prefix}.${schema.name}`, schema);
  }
  return table;
}
