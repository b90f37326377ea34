import type { Json } from '../encoding/canonical-json.ts';
import type { ConditionTrace, DecisionTrace, RuleTrace } from '../protocol/trace.ts';

/**
 * The decision in lines for people. A denial shows the rule that decided, or came nearest, and its failed conditions; with
 * `all` every rule is shown with every condition.
 *
 *     denied by acme-app/release
 *       rule tag-build: 1 of 5 conditions failed
 *         github.ref   expected glob refs/tags/v*   actual refs/heads/main
 */
export function explainDecision(trace: DecisionTrace, options: { readonly all?: boolean } = {}): readonly string[] {
  const verb = trace.decision === 'allow' ? 'allowed' : 'denied';
  const shown = options.all === true ? trace.rules : trace.rules.filter(({ rule }) => rule === trace.rule);
  const heading = `${verb} by ${trace.project}/${trace.policy}`;
  return [heading, ...shown.flatMap((rule) => explainRule(rule, options.all === true).map((line) => `  ${line}`))];
}

/** What somebody whose request was denied can do, if the failed conditions tell. */
export function denialHint(trace: DecisionTrace): string | undefined {
  if (trace.decision === 'allow') return undefined;
  const rule = trace.rules.find((candidate) => candidate.rule === trace.rule);
  if (rule === undefined) return undefined;
  if (rule.effect === 'deny') return `the deny rule ${rule.rule} holds whatever is allowed elsewhere`;
  const hints = rule.conditions.filter(({ passed }) => !passed).map(conditionHint);
  return hints.find((hint) => hint !== undefined);
}

function explainRule(rule: RuleTrace, all: boolean): readonly string[] {
  const failed = rule.conditions.filter(({ passed }) => !passed);
  const shown = all || rule.effect === 'deny' ? rule.conditions : failed;
  return [
    headline(rule, failed.length),
    ...table(shown.map((condition) => row(condition, all))).map((line) => `  ${line}`),
    ...(all ? otherAlternatives(rule) : []).map((line) => `  ${line}`),
  ];
}

/** The alternatives that did not come nearest; those of the one that did stand among the conditions of the rule. */
function otherAlternatives({ anyOf }: RuleTrace): readonly string[] {
  const alternatives = anyOf?.alternatives ?? [];
  return alternatives.flatMap((conditions, index) => {
    if (index + 1 === anyOf?.nearest) return [];
    const failed = conditions.filter(({ passed }) => !passed).length;
    const what = failed === 0 ? 'holds as well' : `${failed} of ${counted(conditions.length)} failed`;
    return [
      `alternative ${index + 1} of ${alternatives.length}: ${what}`,
      ...table(conditions.map((condition) => row(condition, true))).map((line) => `  ${line}`),
    ];
  });
}

function counted(conditions: number): string {
  return `${conditions} ${conditions === 1 ? 'condition' : 'conditions'}`;
}

function headline(rule: RuleTrace, failed: number): string {
  const { anyOf, conditions } = rule;
  const which = anyOf === undefined ? '' : `alternative ${anyOf.nearest} of ${anyOf.alternatives.length}`;
  const holding = which === '' ? '' : `, by ${which}`;
  if (rule.effect === 'deny') {
    return rule.passed ? `deny rule ${rule.rule}: holds${holding}` : `deny rule ${rule.rule}: does not hold`;
  }
  return failed === 0
    ? `rule ${rule.rule}: all ${counted(conditions.length)} hold${holding}`
    : `rule ${rule.rule}: ${failed} of ${counted(conditions.length)} failed${which === '' ? '' : `, with the nearest, ${which}`}`;
}

/** One condition in words: `glob refs/tags/v*` was expected, `refs/heads/main` came. */
export function conditionWords({ claim, operator, expected, actual }: ConditionTrace): {
  readonly claim: string;
  readonly expected: string;
  readonly actual: string;
} {
  return {
    claim,
    expected: `${operator} ${plain(expected)}`,
    actual: actual === undefined ? '(none)' : plain(actual),
  };
}

function row(condition: ConditionTrace, all: boolean): readonly string[] {
  const { claim, expected, actual } = conditionWords(condition);
  const mark = condition.passed ? 'ok' : 'failed';
  return [...(all ? [mark] : []), claim, `expected ${expected}`, `actual ${actual}`];
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}

/** One value on one line. Text that could forge lines or columns, or be read in another order, is shown escaped. */
function plain(value: Json): string {
  if (typeof value === 'string') {
    const harmless = /^[\p{L}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{N}\p{P}\p{S}]+)*$/u.test(value);
    return harmless ? value : JSON.stringify(value).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, escaped);
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map(plain).join(', ');
  if (value !== null && typeof value === 'object') {
    return Object.entries(value)
      .map(([operator, bound]) => `${operator} ${plain(bound ?? null)}`)
      .join(', ');
  }
  return String(value);
}

function conditionHint(condition: ConditionTrace): string | undefined {
  const { claim, operator, expected } = condition;
  const wanted = alternatives(expected);
  const matching = operator === 'glob' ? `a ref that matches ${wanted}` : `the ref ${wanted}`;
  switch (claim) {
    case 'origin.system':
      return 'the policy has no rule for this trusted build system';
    case 'github.repository_id':
    case 'github.repository_owner_id':
    case 'azure.rpo_id':
    case 'azure.prj_id':
      return 'the repository is not linked to the project, or moved to another owner';
    case 'github.ref':
    case 'azure.rpo_ref':
      return `sign from ${matching}`;
    case 'github.event_name':
      return `start the run by ${wanted}`;
    case 'github.run_attempt':
      return 'start a new run: re-runs may not sign';
    case 'github.workflow_path':
    case 'github.job_workflow_path':
      return `sign in the workflow ${wanted}`;
    case 'github.runner_environment':
      return `run the job on a ${wanted} runner`;
    case 'github.environment':
      return `give the job the environment ${wanted}`;
    case 'azure.def_id':
      return `sign in the pipeline with the definitionId ${wanted}`;
    case 'azure.service_connection':
    case 'azure.service_connection_id':
      return `name the signing-only service connection in oidcConnection: ${wanted}`;
    case 'certificate.authority':
      return `sign from a node that shows a client certificate of ${wanted}`;
    case 'artifacts.format':
      return `the policy signs ${wanted}`;
    case 'artifacts':
      return 'split the artifacts over several requests';
    case 'time':
      return `ask again within ${wanted}`;
    default:
      return undefined;
  }
}

function alternatives(expected: Json): string {
  return Array.isArray(expected) ? (expected as readonly Json[]).map(plain).join(' or ') : plain(expected);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
