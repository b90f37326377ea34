import { checkCertificateConditions } from '../platforms/client-certificate.ts';
import type { Platform } from '../platforms/platform.ts';
import { claimTable } from './claims.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Position, Report } from './load-problem.ts';
import type { Alternative, Condition } from './model.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';

/** An allow rule as its file has it, before anything is implied. */
interface WrittenRule {
  readonly conditions: readonly Condition[];
  readonly anyOf: readonly Alternative[] | undefined;
  readonly at: Position;
  /** Where `when` stands. */
  readonly whenAt: Position;
}

/** What an allow rule is judged against. */
interface Surroundings {
  readonly platform: Platform;
  readonly system: TrustedBuildSystem | undefined;
  /** Ids of the authorities whose client certificates count. */
  readonly authorities: ReadonlySet<string>;
  readonly report: Report;
}

/**
 * Applies the load rules of the platform to an allow rule. With alternatives it is as many rules, each of which has to keep them:
 * one that drops the ref would let every ref in, whatever the others say.
 */
export function checkRule(rule: WrittenRule, surroundings: Surroundings): void {
  const { conditions, anyOf, at, whenAt } = rule;
  if (anyOf === undefined) return checkWritten(conditions, { at, whenAt }, surroundings);
  const found = anyOf.map((alternative) => {
    const problems: Parameters<Report>[] = [];
    const collect = { ...surroundings, report: (...problem: Parameters<Report>) => void problems.push(problem) };
    const place = { at: alternative.at, whenAt: alternative.at };
    checkWritten([...conditions, ...alternative.conditions], place, collect);
    return problems;
  });
  const told = new Set<string>();
  for (const [place, message, extra] of found.flat()) {
    const name = `${place.line}:${place.column}: ${message}`;
    // What is wrong with a condition of the rule itself is wrong with every alternative.
    if (!told.has(name)) surroundings.report(place, message, extra);
    told.add(name);
  }
}

function checkWritten(
  conditions: readonly Condition[],
  { at, whenAt }: Pick<WrittenRule, 'at' | 'whenAt'>,
  surroundings: Surroundings,
): void {
  checkConditions(conditions, whenAt, surroundings);
  checkPlatformRules(conditions, at, surroundings);
  checkSources(conditions, surroundings);
  checkAuthorities(conditions, surroundings);
}

/** Refuses a rule that keeps nobody out. */
function checkConditions(conditions: readonly Condition[], at: Position, { platform, report }: Surroundings): void {
  const table = claimTable([platform]);
  const schemas = conditions.map(({ claim }) => table.get(claim)).filter((schema) => schema !== undefined);
  if (schemas.length === 0 || schemas.some((schema) => !schema.userControlled)) return;
  report(
    at,
    'every condition of the rule is on something that whoever starts a run chooses, so it would keep nobody out',
  );
}

function checkPlatformRules(
  conditions: readonly Condition[],
  at: Position,
  { platform, system, report }: Surroundings,
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
function checkSources(conditions: readonly Condition[], { platform, system, report }: Surroundings): void {
  if (system?.connector === true) return;
  const table = claimTable([platform]);
  for (const { claim, at } of conditions.filter((condition) => table.get(condition.claim)?.source === 'connector')) {
    report(at, `${claim} is what the API of the platform says, and the trusted build system has no connector`, {
      hint: 'add connector: true to its file, and its credential to the configuration of the server',
    });
  }
}

/** The authorities that a rule names must be there: a name of none could be given to another one later. */
function checkAuthorities(conditions: readonly Condition[], { authorities: known, report }: Surroundings): void {
  const named = conditions.filter((condition) => condition.claim === 'certificate.authority');
  const ids = named.flatMap((condition) =>
    condition.operator === 'is' ? [condition.value] : condition.operator === 'in' ? condition.values : [],
  );
  for (const id of ids.filter((candidate) => !known.has(String(candidate)))) {
    report(
      named[0]?.at ?? { line: 1, column: 1 },
      `there is no trusted build system "${String(id)}" of the type client-certificate`,
      {
        hint: didYouMean(String(id), known),
      },
    );
  }
}
