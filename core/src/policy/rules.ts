import type { ClaimSchema } from '../platforms/claim-schema.ts';
import type { Platform } from '../platforms/platform.ts';
import { checkCertificateConditions } from '../platforms/client-certificate.ts';
import { platformByType } from '../platforms/platforms.ts';
import { parseArtifactRules } from './artifact-rules.ts';
import { claimTable } from './claims.ts';
import { parseDemands } from './demands.ts';
import { didYouMean } from './did-you-mean.ts';
import type { EnforcedFeatures } from './features.ts';
import type { Position, Report } from './load-problem.ts';
import type { AllowRule, Condition, DenyRule } from './model.ts';
import { type Fields, type Keys, readFields, readName, readSentence } from './reader.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';
import { parseWhen } from './when-section.ts';
import type { Tree } from './yaml-tree.ts';

/** Keys of an allow rule. */
export const ALLOW_KEYS: Keys = {
  required: ['id', 'when'],
  optional: ['description', 'system', 'artifacts', 'limits', 'approvals', 'timestamp', 'reRuns'],
  unsupported: ['anyOf', 'inspection', 'witnesses'],
};

/** Keys of a deny rule. */
export const DENY_KEYS: Keys = {
  required: ['id'],
  optional: ['description', 'system', 'when', 'artifacts'],
  unsupported: ['anyOf'],
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
  const conditions = platform === undefined ? [] : parseWhen(when, [platform], reportCondition);
  const artifacts = parseArtifactRules(fields.get('artifacts')?.value, context.formats, report);
  const demands = parseDemands(fields, context.enforced, report);
  if (system === undefined || platform === undefined || named === undefined) return undefined;
  // What a rule lacks can only be said where all that it has was understood.
  if (when !== undefined && unclear.length === 0) {
    checkConditions(conditions, claimTable([platform]), when.at, report);
    checkPlatformRules(platform, conditions, context.known.get(system), { at: tree.at, report });
    checkSources(conditions, platform, context.known.get(system), report);
    checkAuthorities(conditions, context.authorities, report);
  }
  const reRuns = fields.get('reRuns');
  if (reRuns !== undefined && platform.attemptClaim === undefined) {
    report(reRuns.at, 'the platform does not tell re-runs apart', { hint: 'use limits: {perRun: 1}' });
  }
  const implied = impliedConditions(system, platform, demands.reRuns, tree.at);
  return { ...named, ...demands, system, conditions: [...implied, ...conditions], artifacts, at: tree.at };
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
  const artifacts = parseArtifactRules(fields.get('artifacts')?.value, context.formats, report);
  if (!fields.has('when') && !fields.has('artifacts')) report(tree.at, 'the rule has no conditions');
  if (named === undefined) return undefined;
  return { ...named, ...(system === undefined ? {} : { system }), conditions, artifacts, at: tree.at };
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

function checkConditions(
  conditions: readonly Condition[],
  table: ReadonlyMap<string, ClaimSchema>,
  at: Position,
  report: Report,
): void {
  const schemas = conditions.map(({ claim }) => table.get(claim)).filter((schema) => schema !== undefined);
  if (schemas.length === 0 || schemas.some((schema) => !schema.userControlled)) return;
  report(
    at,
    'every condition of the rule is on something that whoever starts a run chooses, so it would keep nobody out',
  );
}

const START: Position = { line: 1, column: 1 };

interface Place {
  readonly at: Position;
  readonly report: Report;
}

function checkPlatformRules(
  platform: Platform,
  conditions: readonly Condition[],
  system: TrustedBuildSystem | undefined,
  { at, report }: Place,
): void {
  const view = {
    conditions,
    hasConnector: system?.connector === true,
    isAddressBound: (system?.addresses?.length ?? 0) > 0,
  };
  for (const { claim, message, hint } of [...platform.checkRule(view), ...checkCertificateConditions(view)]) {
    const condition = conditions.find((candidate) => candidate.claim === claim);
    report(condition?.at ?? at, message, { hint });
  }
}

/** What only the platform's API says is never there where the server does not ask it. */
function checkSources(
  conditions: readonly Condition[],
  platform: Platform,
  system: TrustedBuildSystem | undefined,
  report: Report,
): void {
  if (system?.connector === true) return;
  const table = claimTable([platform]);
  for (const { claim, at } of conditions.filter((condition) => table.get(condition.claim)?.source === 'connector')) {
    report(at, `${claim} is what the API of the platform says, and the trusted build system has no connector`, {
      hint: 'add connector: true to its file, and its credential to the configuration of the server',
    });
  }
}

/** The authorities that a rule names must be there: a name of none could be given to another one later. */
function checkAuthorities(conditions: readonly Condition[], known: ReadonlySet<string>, report: Report): void {
  const named = conditions.filter((condition) => condition.claim === 'certificate.authority');
  const ids = named.flatMap((condition) =>
    condition.operator === 'is' ? [condition.value] : condition.operator === 'in' ? condition.values : [],
  );
  for (const id of ids.filter((candidate) => !known.has(String(candidate)))) {
    report(named[0]?.at ?? START, `there is no trusted build system "${String(id)}" of the type client-certificate`, {
      hint: didYouMean(String(id), known),
    });
  }
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
