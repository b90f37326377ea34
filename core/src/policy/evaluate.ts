import type { ErrorCode } from '../errors/codes.ts';
import { OriginSignError } from '../errors/error.ts';
import type { Claims } from '../platforms/claim-schema.ts';
import type { Origin } from '../platforms/origin.ts';
import type { Binding } from '../platforms/platform.ts';
import type { ConditionTrace, DecisionTrace, RuleTrace } from '../protocol/trace.ts';
import { artifactTraces, SHOWN_VALUES } from './artifact-conditions.ts';
import { originClaims } from './claims.ts';
import { claimLookup, type Lookup, traceCondition } from './claim-lookup.ts';
import { nearest } from './did-you-mean.ts';
import type {
  AllowRule,
  Alternative,
  ArtifactFacts,
  Condition,
  DenyRule,
  Project,
  RuleDemands,
  SigningPolicy,
} from './model.ts';
import { repositoryTraces } from './linked-repository.ts';
import { ownWorkflowTrace } from './own-workflow.ts';

/** Everything a decision depends on besides the policy. */
export interface RequestFacts {
  /** Id of the trusted build system that the token came from. */
  readonly system: string;
  /** Typed claims of the verified token. */
  readonly claims: Claims;
  /** Written by the server from those claims. */
  readonly origin: Origin;
  readonly binding: Binding;
  /** At least one. */
  readonly artifacts: readonly ArtifactFacts[];
  readonly now: Date;
}

/** What the rule that allowed a request asks for. */
export interface Requirements extends RuleDemands {
  /** Format id -> key label, for the formats of the request. */
  readonly keys: ReadonlyMap<string, string>;
  readonly programName?: string;
  readonly programUrl?: string;
}

/** The outcome of one evaluation. */
export type Decision =
  | {
      readonly decision: 'allow';
      readonly rule: string;
      readonly requirements: Requirements;
      readonly trace: DecisionTrace;
    }
  | {
      readonly decision: 'deny';
      /** The deny rule that held, else the allow rule that came nearest; missing where the policy has no rule for it. */
      readonly rule?: string;
      /** `policy.format` where only the lack of a key for a format stands against it. */
      readonly code: Extract<ErrorCode, 'policy.denied' | 'policy.format'>;
      readonly trace: DecisionTrace;
    };

/** Claim of the condition that every rule has: the policy has a key for each format. */
const FORMAT_CLAIM = 'artifacts.format';

/**
 * Decides one request under one signing policy, denying by default. A rule holds where all of its conditions do. A deny rule
 * that holds wins; else the first allow rule that holds, in the order of the file, says what is required. The same input gives
 * the same decision at any time and place. Throws `policy.unknown` where the project has no such policy.
 */
export function evaluate(project: Project, policyName: string, facts: RequestFacts): Decision {
  const policy = policyOf(project, policyName);
  if (Number.isNaN(facts.now.getTime())) throw new TypeError('A decision needs a valid time.');
  if (facts.origin.system !== facts.system) throw new TypeError('The origin is that of another system.');
  const lookup = claimLookup(facts.claims, originClaims(facts.origin, facts.binding), facts.now);
  const deny = policy.deny.map((rule) => traceDenyRule(rule, facts, lookup));
  const allow = policy.allow.map((rule) => traceAllowRule(rule, { project, policy, facts, lookup }));
  const forbidding = deny.find((trace) => trace.passed);
  const permitting = policy.allow.find((_rule, index) => allow[index]?.passed === true);
  const decision = forbidding === undefined && permitting !== undefined ? 'allow' : 'deny';
  const rule = forbidding?.rule ?? permitting?.id ?? nearestRule(allow)?.rule;
  const trace: DecisionTrace = {
    project: project.name,
    policy: policy.name,
    policyHash: project.hash,
    decision,
    ...(rule === undefined ? {} : { rule }),
    rules: [...deny, ...allow],
  };
  if (decision === 'allow' && permitting !== undefined) {
    return { decision, rule: permitting.id, requirements: requirementsOf(policy, permitting, facts), trace };
  }
  return { decision: 'deny', ...(rule === undefined ? {} : { rule }), code: denialCode(trace), trace };
}

/** The claims whose conditions failed in the rule that the trace names, in the order of the rule, each once. */
export function failedClaims(trace: DecisionTrace): readonly string[] {
  const rule = trace.rules.find((candidate) => candidate.rule === trace.rule);
  const failed = rule?.conditions.filter(({ passed }) => !passed).map(({ claim }) => claim) ?? [];
  return [...new Set(failed)];
}

function policyOf(project: Project, name: string): SigningPolicy {
  const policy = project.policies.get(name);
  if (policy !== undefined) return policy;
  const names = [...project.policies.keys()];
  const close = nearest(name, names);
  throw new OriginSignError('policy.unknown', `The project ${project.name} has no signing policy of this name.`, {
    hint: close === undefined ? `it has ${names.join(', ')}` : `did you mean "${close}"?`,
  });
}

function traceDenyRule(rule: DenyRule, facts: RequestFacts, lookup: Lookup): RuleTrace {
  const system: readonly Condition[] =
    rule.system === undefined
      ? []
      : [{ claim: 'origin.system', operator: 'is', value: rule.system, expected: rule.system, at: rule.at }];
  const anyOf = traceAlternatives(rule, ({ conditions }) => traceAll(conditions, lookup));
  const conditions = [
    ...traceAll([...system, ...rule.conditions], lookup),
    ...nearestOf(anyOf),
    ...artifactTraces(rule.artifacts, facts.artifacts, 'some'),
  ];
  return ruleTrace({ rule: rule.id, effect: 'deny', conditions, anyOf });
}

interface Evaluation {
  readonly project: Project;
  readonly policy: SigningPolicy;
  readonly facts: RequestFacts;
  readonly lookup: Lookup;
}

function traceAllowRule(rule: AllowRule, { project, policy, facts, lookup }: Evaluation): RuleTrace {
  const { platform } = facts.origin;
  const [system, ...rest] = traceAll(rule.conditions, lookup);
  const own = (alternative?: Alternative): readonly ConditionTrace[] => {
    const conditions = [...rule.conditions, ...(alternative?.conditions ?? [])];
    return ownWorkflowTrace({ conditions, at: rule.at }, platform, lookup);
  };
  // What an alternative implies depends on what the rule states besides it: together they are a rule of their own.
  const isImplied = (rule.anyOf ?? [undefined]).every((alternative) => own(alternative).length > 0);
  const anyOf = traceAlternatives(rule, (alternative) => [
    ...(isImplied ? [] : own(alternative)),
    ...traceAll(alternative.conditions, lookup),
  ]);
  const conditions = [
    ...(system === undefined ? [] : [system]),
    ...repositoryTraces(rule.system, project, platform, lookup),
    ...(isImplied ? own(rule.anyOf?.[0]) : []),
    ...rest,
    ...nearestOf(anyOf),
    ...artifactTraces(rule.artifacts, facts.artifacts, 'every'),
    keyTrace(policy, facts),
  ];
  return ruleTrace({ rule: rule.id, effect: 'allow', conditions, anyOf });
}

function ruleTrace({
  rule,
  effect,
  conditions,
  anyOf,
}: Pick<RuleTrace, 'rule' | 'effect' | 'conditions'> & { readonly anyOf: RuleTrace['anyOf'] }): RuleTrace {
  // A rule without conditions, or without one alternative, cannot load; if one did, it must not hold.
  const isEmpty = conditions.length === 0 || anyOf?.alternatives.length === 0;
  const passed = !isEmpty && conditions.every((condition) => condition.passed);
  return { rule, effect, passed, conditions, ...(anyOf === undefined ? {} : { anyOf }) };
}

function traceAll(conditions: readonly Condition[], lookup: Lookup): readonly ConditionTrace[] {
  return conditions.map((condition) => traceCondition(condition, lookup));
}

/** The alternatives of a rule; the nearest is the first with the fewest failed conditions, so one that holds if there is one. */
function traceAlternatives(
  { anyOf }: Pick<AllowRule, 'anyOf'>,
  trace: (alternative: Alternative) => readonly ConditionTrace[],
): RuleTrace['anyOf'] {
  if (anyOf === undefined) return undefined;
  const alternatives = anyOf.map(trace);
  const failed = alternatives.map((conditions) => conditions.filter(({ passed }) => !passed).length);
  return { nearest: failed.indexOf(Math.min(...failed)) + 1, alternatives };
}

function nearestOf(anyOf: RuleTrace['anyOf']): readonly ConditionTrace[] {
  return anyOf?.alternatives[anyOf.nearest - 1] ?? [];
}

/** Not part of any rule, but a format without a key can never be signed. */
function keyTrace(policy: SigningPolicy, facts: RequestFacts): ConditionTrace {
  const formats = [...new Set(facts.artifacts.map(({ format }) => format))];
  const keyless = formats.filter((format) => !policy.keys.has(format));
  return {
    claim: FORMAT_CLAIM,
    operator: 'in',
    expected: [...policy.keys.keys()],
    actual: (keyless.length > 0 ? keyless : formats).slice(0, SHOWN_VALUES),
    passed: formats.length > 0 && keyless.length === 0,
  };
}

/** The allow rule with the fewest failed conditions, rules of the request's own system before others. */
function nearestRule(traces: readonly RuleTrace[]): RuleTrace | undefined {
  const distance = ({ conditions }: RuleTrace): number => {
    const otherSystem = conditions[0]?.passed === false ? 1000 : 0;
    return otherSystem + conditions.filter(({ passed }) => !passed).length;
  };
  return traces.reduce<RuleTrace | undefined>((best, trace) => {
    return best === undefined || distance(trace) < distance(best) ? trace : best;
  }, undefined);
}

function denialCode(trace: DecisionTrace): 'policy.denied' | 'policy.format' {
  const rule = trace.rules.find((candidate) => candidate.rule === trace.rule);
  const failed = rule?.conditions.filter(({ passed }) => !passed) ?? [];
  const onlyFormat = failed.length === 1 && failed[0] === rule?.conditions.at(-1);
  return rule?.effect === 'allow' && onlyFormat ? 'policy.format' : 'policy.denied';
}

function requirementsOf(policy: SigningPolicy, rule: AllowRule, facts: RequestFacts): Requirements {
  const used = new Set(facts.artifacts.map(({ format }) => format));
  return {
    keys: new Map([...policy.keys].filter(([format]) => used.has(format))),
    limits: rule.limits,
    ...(rule.approvals === undefined ? {} : { approvals: rule.approvals }),
    timestamp: rule.timestamp,
    reRuns: rule.reRuns,
    ...(policy.programName === undefined ? {} : { programName: policy.programName }),
    ...(policy.programUrl === undefined ? {} : { programUrl: policy.programUrl }),
  };
}
