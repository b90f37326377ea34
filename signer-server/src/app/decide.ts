import { OriginSignError } from '@originsign/core/errors/error';
import { isLinkedRepository } from '@originsign/core/policy/linked-repository';
import { denialHint } from '@originsign/core/policy/explain';
import type { SigningRequestStatement } from '@originsign/core/attestation/statement';
import type { Origin } from '@originsign/core/platforms/origin';
import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { Binding } from '@originsign/core/platforms/platform';
import { evaluate, type Decision } from '@originsign/core/policy/evaluate';
import type { Project } from '@originsign/core/policy/model';

/** What is known of the asking job: verified claims and what follows from them. */
export interface Asker {
  readonly system: string;
  readonly binding: Binding;
  readonly claims: Claims;
  readonly origin: Origin;
}

/** The project where it links the asker's repository by its immutable ids; `undefined` for everyone else. */
export function linkedProject(projects: ReadonlyMap<string, Project>, name: string, asker: Asker): Project | undefined {
  const project = projects.get(name);
  return project !== undefined && isLinkedRepository(project, asker) ? project : undefined;
}

/** Evaluates the signing policy. Pure; throws `policy.unknown` where the project has none of that name. */
export function decide(
  project: Project,
  statement: Pick<SigningRequestStatement, 'policy' | 'subjects' | 'artifacts'>,
  { system, claims, origin, binding }: Asker,
  now: Date,
): Decision {
  const artifacts = statement.artifacts.map(({ format, claimed }, index) => ({
    format,
    name: statement.subjects[index]?.name ?? '',
    size: claimed.size,
  }));
  return evaluate(project, statement.policy, { system, claims, origin, binding, artifacts, now });
}

/** The denial as an error: which condition of which rule failed, expected and actual. */
export function deniedBy(decision: Extract<Decision, { decision: 'deny' }>, origin: Origin): OriginSignError {
  const { trace } = decision;
  const which = trace.rule === undefined ? 'no rule is for it' : `rule ${trace.rule}`;
  const hint = denialHint(trace);
  return new OriginSignError(decision.code, `Denied by ${trace.project}/${trace.policy}: ${which}.`, {
    details: { trace, origin: withoutPerson(origin) },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The origin as others may see it: who started the job is left out. */
export function withoutPerson(origin: Origin): Omit<Origin, 'actor' | 'actorId'> {
  const { actor: _actor, actorId: _actorId, ...rest } = origin;
  return rest;
}
