import { platformByType } from '../platforms/platforms.ts';
import { MAX_ARTIFACTS } from '../attestation/statement.ts';
import { claimTable } from './claims.ts';
import type { Project, Scalar, SigningPolicy } from './model.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';

/** What the value of a claim can be in a request that reaches a rule. */
export interface Domain {
  /** Every value that it can have; any where left out. */
  readonly values?: readonly Scalar[];
  readonly least?: number;
  readonly most?: number;
  /** Whether every request has it. */
  readonly isRequired: boolean;
  /** Whether it can have several values at once, each condition being met by another one. */
  readonly isPlural?: boolean;
}

/** Looks up what a name that conditions use can stand for. */
export type Domains = (claim: string) => Domain;

const ANYTHING: Domain = { isRequired: false };

/** The domains of requests of one system that reach the rules of a policy. */
export function domainsOf(project: Project, policy: SigningPolicy, system: TrustedBuildSystem): Domains {
  const platform = platformByType(system.type);
  if (platform === undefined) return () => ANYTHING;
  const known = new Map<string, Domain>();
  for (const [name, { required, values, type }] of claimTable([platform])) {
    const plural = type === 'list' ? { isPlural: true } : {};
    known.set(name, { isRequired: required, ...(values === undefined ? {} : { values }), ...plural });
  }
  const only = (name: string | undefined, values: readonly Scalar[]): void => {
    if (name !== undefined) known.set(name, { isRequired: true, values });
  };
  const linked = project.repositories.filter((repository) => repository.system === system.id);
  if (platform.repositoryClaims.match === 'exact') {
    const ids = linked.map(({ id }) => id);
    for (const name of [platform.repositoryClaims.id, 'origin.repository_id']) only(name, ids);
    only(
      platform.repositoryClaims.ownerId,
      linked.map(({ ownerId }) => ownerId ?? ''),
    );
  }
  only('origin.system', [system.id]);
  only('origin.platform', [platform.type]);
  only('origin.binding', [platform.binding]);
  known.set('time', { isRequired: true });
  only('artifacts.format', [...policy.keys.keys()]);
  known.set('artifacts.name', { isRequired: true });
  known.set('artifacts.size', { isRequired: true, least: 0 });
  known.set('artifacts', { isRequired: true, least: 1, most: MAX_ARTIFACTS });
  return (claim) => known.get(claim) ?? ANYTHING;
}
