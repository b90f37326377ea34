import type { Platform } from '../platforms/platform.ts';
import { platformByType } from '../platforms/platforms.ts';
import { parseArtifactRules } from './artifact-rules.ts';
import { parseDemands } from './demands.ts';
import { didYouMean } from './did-you-mean.ts';
import type { EnforcedFeatures } from './features.ts';
import type { Position, Report } from './load-problem.ts';
import type { AllowRule, Condition, DenyRule } from './model.ts';
import { type Fields, type Keys, readFields, readName, readSentence } from './reader.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';
import { checkRule } from './rule-checks.ts';
import { parseAnyOf, parseWhen } from './when-section.ts';
import type { Tree } from './yaml-tree.ts';

/** Keys of an allow rule. */
export const ALLOW_KEYS: Keys = {
  required: ['id', 'when'],
  optional: ['description', 'system', 'anyOf', 'artifacts', 'limits', 'approvals', 'timestamp', 'reRuns'],
  unsupported: ['inspection', 'witnesses'],
};

/** Keys of a deny rule. */
export const DENY_KEYS: Keys = {
  required: ['id'],
  optional: ['description', 'system', 'when', 'anyOf', 'artifacts'],
};

/** What the rest of the project says that rules depend on. */
export interface RuleContext {
  readonly report: Report;
  readonly enforced: EnforcedFeatures;
  /** Every trusted build system that loaded, by id. */
  readonly known: ReadonlyMap<string, TrustedBuildSystem>;
  /** Ids of the authorities whose client certificates count. */
  readonly authorities: ReadonlySet<string>;
  /** Ids that the project lists. */
  readonly systems: readonly string[];
  /** Formats that the policy has keys for. */
  readonly formats: readonly string[];
}

/** Reads one rule under `allow` and applies the load rules of its platform. */
export function parseAllowRule(tree: Tree, context: RuleContext): AllowRule | undefined {
  const { report } = context;
  const fields = readFields(tree, 'an allow rule', ALLOW_KEYS, report);
  if (fields === undefined) return undefined;
  const named = readNaming(fields, 'the rule', report);
  const system = readSystem(fields, tree.at, context);
  const platform = platformOf(system, context);
  const when = fields.get('when');
  const unclear: Position[] = [];
  const reportCondition: Report = (at, ...problem) => {
    unclear.push(at);
    report(at, ...problem);
  };
  const platforms = platform === undefined ? [] : [platform];
  const conditions = platform === undefined ? [] : parseWhen(when, platforms, reportCondition);
  const anyOf = platform === undefined ? undefined : parseAnyOf(fields.get('anyOf'), platforms, reportCondition);
  const artifacts = parseArtifactRules(fields.get('artifacts')?.value, context.formats, report);
  const demands = parseDemands(fields, context.enforced, report);
  if (system === undefined || platform === undefined || named === undefined) return undefined;
  // What a rule lacks can only be said where all that it has was understood.
  if (when !== undefined && unclear.length === 0) {
    const rule = { conditions, anyOf, at: tree.at, whenAt: when.at };
    const { authorities, known } = context;
    checkRule(rule, { platform, system: known.get(system), authorities, report });
  }
  checkWaiting(
    fields.get('approvals')?.at,
    [...conditions, ...(anyOf ?? []).flatMap((alternative) => alternative.conditions)],
    report,
  );
  const reRuns = fields.get('reRuns');
  if (reRuns !== undefined && platform.attemptClaim === undefined) {
    report(reRuns.at, 'the platform does not tell re-runs apart', { hint: 'use limits: {perRun: 1}' });
  }
  const implied = impliedConditions(system, platform, demands.reRuns, tree.at);
  const all = { conditions: [...implied, ...conditions], ...(anyOf === undefined ? {} : { anyOf }) };
  return { ...named, ...demands, system, ...all, artifacts, at: tree.at };
}

/** What waits for people may have been revoked meanwhile, and nobody looks at a certificate a second time. */
function checkWaiting(approvals: Position | undefined, conditions: readonly Condition[], report: Report): void {
  if (approvals === undefined || !conditions.some(({ claim }) => claim.startsWith('certificate.'))) return;
  report(approvals, 'a client certificate is not checked again after an approval, so a rule cannot ask for both', {
    hint: 'ask for the certificate in a policy without approvals',
  });
}

/** Reads one rule under `deny`. It may look at claims of any platform that the project uses. */
export function parseDenyRule(tree: Tree, context: RuleContext): DenyRule | undefined {
  const { report } = context;
  const fields = readFields(tree, 'a deny rule', DENY_KEYS, report);
  if (fields === undefined) return undefined;
  const named = readNaming(fields, 'the rule', report);
  const system = fields.has('system') ? readSystem(fields, tree.at, context) : undefined;
  const systems = system === undefined ? context.systems : [system];
  const platforms = systems.map((id) => platformOf(id, context)).filter((platform) => platform !== undefined);
  // Without a platform, which was reported where the system is named, every claim would be unknown.
  const conditions = platforms.length === 0 ? [] : parseWhen(fields.get('when'), platforms, report);
  const anyOf = platforms.length === 0 ? undefined : parseAnyOf(fields.get('anyOf'), platforms, report);
  const artifacts = parseArtifactRules(fields.get('artifacts')?.value, context.formats, report);
  if (!['when', 'anyOf', 'artifacts'].some((key) => fields.has(key))) report(tree.at, 'the rule has no conditions');
  if (named === undefined) return undefined;
  const where = { ...(system === undefined ? {} : { system }), ...(anyOf === undefined ? {} : { anyOf }) };
  return { ...named, ...where, conditions, artifacts, at: tree.at };
}

function readNaming(fields: Fields, what: string, report: Report): { id: string; description?: string } | undefined {
  const idTree = fields.get('id')?.value;
  const id = idTree && readName(idTree, `"id" of ${what}`, report);
  const descriptionTree = fields.get('description')?.value;
  const description = descriptionTree && readSentence(descriptionTree, '"description"', 1000, report);
  return id === undefined ? undefined : { id, ...(description === undefined ? {} : { description }) };
}

function readSystem(fields: Fields, at: Position, context: RuleContext): string | undefined {
  const tree = fields.get('system')?.value;
  if (tree === undefined) {
    const [only, ...others] = context.systems;
    if (others.length === 0) return only;
    return void context.report(at, 'the rule must name one trusted build system, because the project has several', {
      hint: `add system: ${context.systems.join(' or ')}`,
    });
  }
  const system = readName(tree, '"system"', context.report);
  if (system === undefined || context.systems.includes(system)) return system;
  return void context.report(tree.at, `the project does not list the trusted build system "${system}"`, {
    hint: didYouMean(system, context.systems),
  });
}

function platformOf(system: string | undefined, context: RuleContext): Platform | undefined {
  const type = system === undefined ? undefined : context.known.get(system)?.type;
  return type === undefined ? undefined : platformByType(type);
}

function impliedConditions(
  system: string,
  platform: Platform,
  reRuns: AllowRule['reRuns'],
  at: Position,
): readonly Condition[] {
  const own: Condition = { claim: 'origin.system', operator: 'is', value: system, expected: system, at };
  if (reRuns === 'allow' || platform.attemptClaim === undefined) return [own];
  return [own, { claim: platform.attemptClaim, operator: 'is', value: 1, expected: 1, at }];
}
