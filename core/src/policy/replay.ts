import type { ExportedRequest } from '../protocol/request-export.ts';
import type { DecisionTrace } from '../protocol/trace.ts';
import type { CheckedPolicies } from './check.ts';
import { evaluate, failedClaims } from './evaluate.ts';
import { isLinkedRepository } from './linked-repository.ts';

/** How policies decide a request of the past. */
export type ReplayedDecision =
  | { readonly decision: 'allow'; readonly rule: string; readonly keys: Readonly<Record<string, string>> }
  | {
      readonly decision: 'deny';
      readonly rule?: string;
      /** Why, on one line. */
      readonly reason: string;
      /** Left out where no rule was asked. */
      readonly trace?: DecisionTrace;
    };

/** A request of the past, decided again. */
export interface Replayed {
  readonly request: ExportedRequest;
  readonly now: ReplayedDecision;
  /** What is otherwise than it was: allowed or not, the keys that sign, or just the rule that decides. */
  readonly change: 'decision' | 'keys' | 'rule' | 'none';
}

/**
 * Decides an accepted request again under other policies, as of the time when it came. Limits and approvals are not counted
 * again: what rests on other requests is no property of the policies.
 */
export function replayRequest(
  request: ExportedRequest,
  policies: Pick<CheckedPolicies, 'projects' | 'systems'>,
): Replayed {
  const now = decideAgain(request, policies);
  return { request, now, change: changeOf(request, now) };
}

function changeOf({ decision: before }: ExportedRequest, now: ReplayedDecision): Replayed['change'] {
  if (now.decision === 'deny') return 'decision';
  const isSameKey = ([format, label]: [string, string]): boolean => now.keys[format] === label;
  if (!Object.entries(before.keys).every(isSameKey)) return 'keys';
  return now.rule === before.rule ? 'none' : 'rule';
}

function decideAgain(
  request: ExportedRequest,
  { projects, systems }: Pick<CheckedPolicies, 'projects' | 'systems'>,
): ReplayedDecision {
  const refuse = (reason: string): ReplayedDecision => ({ decision: 'deny', reason });
  const { system, binding, artifacts, policy, claims, origin } = request;
  if (systems.get(system)?.type !== origin.platform || origin.system !== system) {
    return refuse(`there is no trusted build system ${system} of the type ${origin.platform}`);
  }
  const project = projects.get(request.project);
  if (project === undefined) return refuse(`there is no project ${request.project}`);
  if (!isLinkedRepository(project, { system, claims, origin }))
    return refuse('the project does not link the repository');
  if (!project.policies.has(policy)) return refuse(`the project has no policy ${policy}`);
  const facts = { system, claims, origin, binding, artifacts, now: new Date(request.createdAt) };
  const decision = evaluate(project, policy, facts);
  if (decision.decision === 'allow') {
    return { decision: 'allow', rule: decision.rule, keys: Object.fromEntries(decision.requirements.keys) };
  }
  const { trace, rule } = decision;
  const effect = trace.rules.find((candidate) => candidate.rule === rule)?.effect;
  const reason =
    rule === undefined
      ? 'no rule is for it'
      : effect === 'deny'
        ? `deny rule ${rule}`
        : `rule ${rule}: ${failedClaims(trace).join(', ')}`;
  return { decision: 'deny', ...(rule === undefined ? {} : { rule }), reason, trace };
}
