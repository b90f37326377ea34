import type { RequestRow } from '../store/database.ts';
import type { Context } from './context.ts';

/** What the rule that allowed the request says of timestamps; the strict answer where the rule is gone. */
export function timestampWish(
  context: Pick<Context, 'policies'>,
  { project, policy, rule }: Pick<RequestRow, 'project' | 'policy' | 'rule'>,
): 'required' | 'best-effort' {
  const rules = context.policies().projects.get(project)?.policies.get(policy)?.allow ?? [];
  return rules.find((candidate) => candidate.id === rule)?.timestamp ?? 'required';
}
