import { platformByType } from '../platforms/platforms.ts';
import { domainsOf } from './claim-domain.ts';
import { type ConditionLogic, conditionLogic } from './condition-logic.ts';
import type { LoadProblem, Position } from './load-problem.ts';
import type { AllowRule, Condition, DenyRule, Project, SigningPolicy } from './model.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';

/** Something in a file that loads and hardly means what its author thinks. */
export type LintWarning = Omit<LoadProblem, 'code'>;

type Warn = (at: Position, message: string, hint?: string) => void;
type Systems = ReadonlyMap<string, TrustedBuildSystem>;

/**
 * What is odd about the rules of a project: those that can never hold from `now` on, that hold for everything, and that others
 * leave nothing to decide. Nothing here keeps a file from loading, and not everything odd is found.
 */
export function lintProject(project: Project, systems: Systems, now: Date): readonly LintWarning[] {
  const warnings: LintWarning[] = [];
  const warn: Warn = ({ line, column }, message, hint) => {
    const warning = { file: project.file, line, column, message };
    if (warnings.some((known) => known.line === line && known.column === column && known.message === message)) return;
    warnings.push(hint === undefined ? warning : { ...warning, hint });
  };
  for (const policy of project.policies.values()) lintPolicy(project, policy, { systems, now, warn });
  return warnings.sort((left, right) => left.line - right.line || left.column - right.column);
}

/** A rule written out: its conditions with those of one of its alternatives. */
interface Case {
  readonly conditions: readonly Condition[];
  /** Where the alternative stands; the rule where it has none. */
  readonly at: Position;
}

interface Lint {
  readonly systems: Systems;
  readonly now: Date;
  readonly warn: Warn;
}

function lintPolicy(project: Project, policy: SigningPolicy, { systems, now, warn }: Lint): void {
  for (const id of project.systems) {
    const system = systems.get(id);
    if (system === undefined) continue;
    const logic = conditionLogic(domainsOf(project, policy, system), now);
    const allow = policy.allow.filter((rule) => rule.system === id);
    const deny = policy.deny.filter((rule) => (rule.system ?? id) === id);
    lintAllow(allow, deny, logic, warn);
    if (project.systems.length === 1 || deny.some((rule) => rule.system === id)) lintDeny(deny, logic, warn);
  }
  for (const rule of policy.deny) lintOtherSystems(rule, project, systems, warn);
}

function lintAllow(rules: readonly AllowRule[], deny: readonly DenyRule[], logic: ConditionLogic, warn: Warn): void {
  for (const [index, rule] of rules.entries()) {
    if (neverHolds(rule, logic, warn)) continue;
    const denying = deny.find((other) => covers(other, rule, logic));
    if (denying !== undefined) {
      warn(rule.at, `the rule allows nothing: the deny rule ${denying.id} denies all that it would allow`);
    }
    const earlier = rules.slice(0, index).find((other) => covers(other, rule, logic));
    if (earlier !== undefined) {
      const hint = 'the first rule that holds says what is required: put the stricter one first';
      warn(rule.at, `the rule never decides: the rule ${earlier.id} before it allows all that it would allow`, hint);
    }
  }
}

function lintDeny(rules: readonly DenyRule[], logic: ConditionLogic, warn: Warn): void {
  for (const rule of rules) {
    if (neverHolds(rule, logic, warn)) continue;
    if (casesOf(rule).some(({ conditions }) => conditions.every((condition) => logic.alwaysHolds(condition)))) {
      warn(rule.at, 'the rule denies every request: its conditions always hold');
      continue;
    }
    const other = rules.find((candidate, index) => {
      const isFirst = index < rules.indexOf(rule) || !covers(rule, candidate, logic);
      return candidate !== rule && isFirst && covers(candidate, rule, logic);
    });
    if (other !== undefined) {
      warn(rule.at, `the rule denies nothing more: the deny rule ${other.id} denies all that it denies`);
    }
  }
}

/** A condition on a claim that requests of another system do not have holds for none of them. */
function lintOtherSystems(rule: DenyRule, project: Project, systems: Systems, warn: Warn): void {
  if (rule.system !== undefined || project.systems.length < 2) return;
  for (const { claim, operator, at } of casesOf(rule).flatMap(({ conditions }) => conditions)) {
    const without = project.systems.filter((id) => {
      const platform = platformByType(systems.get(id)?.type ?? '');
      return platform !== undefined && isOfAnotherPlatform(claim, platform.prefix, project, systems);
    });
    if (operator === 'absent' || without.length === 0) continue;
    const hint = 'name the system of the rule, and write another rule for the others';
    warn(at, `the rule denies no request of ${without.join(', ')}, which has no ${claim}`, hint);
  }
}

function isOfAnotherPlatform(claim: string, prefix: string, project: Project, systems: Systems): boolean {
  const prefixes = project.systems.flatMap((id) => platformByType(systems.get(id)?.type ?? '')?.prefix ?? []);
  const own = claim.slice(0, claim.indexOf('.'));
  return prefixes.includes(own) && own !== prefix;
}

/** Warns of what cannot hold; true where nothing of the rule can. */
function neverHolds(rule: AllowRule | DenyRule, logic: ConditionLogic, warn: Warn): boolean {
  const own = logic.contradiction([...rule.conditions, ...rule.artifacts.each, ...rule.artifacts.all]);
  if (own !== undefined) {
    warn(placeOf(own, rule), `the rule can never hold: ${whyNever(own)}`);
    return true;
  }
  const impossible = casesOf(rule).map(({ conditions }) => logic.contradiction(conditions));
  const alternatives = rule.anyOf ?? [];
  for (const [index, { at }] of alternatives.entries()) {
    const condition = impossible[index];
    if (condition !== undefined)
      warn(placeOf(condition, { at }), `the alternative can never hold: ${whyNever(condition)}`);
  }
  return alternatives.length > 0 && impossible.every((condition) => condition !== undefined);
}

/** What a rule implies has no place of its own. */
function placeOf(condition: Condition, rule: { readonly at: Position }): Position {
  return condition.at.line < rule.at.line ? rule.at : condition.at;
}

function whyNever({ claim, operator }: Condition): string {
  if (operator === 'within') return 'its time is over';
  return `no request that gets here has a ${claim} that meets all of its conditions`;
}

function casesOf(rule: AllowRule | DenyRule): readonly Case[] {
  const { conditions, artifacts, anyOf, at } = rule;
  const own = [...conditions, ...artifacts.each, ...artifacts.all];
  if (anyOf === undefined) return [{ conditions: own, at }];
  return anyOf.map((alternative) => ({ conditions: [...own, ...alternative.conditions], at: alternative.at }));
}

/** Whether one rule holds wherever the other does. */
function covers(wide: AllowRule | DenyRule, narrow: AllowRule | DenyRule, logic: ConditionLogic): boolean {
  return casesOf(narrow).every(({ conditions }) =>
    casesOf(wide).some((one) => one.conditions.every((condition) => logic.follows(condition, conditions))),
  );
}
