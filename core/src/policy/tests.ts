import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { FIXTURES, type Fixture } from '../platforms/fixtures/fixtures.ts';
import type { ClaimValue, Claims } from '../platforms/claim-schema.ts';
import type { Origin } from '../platforms/origin.ts';
import type { Platform } from '../platforms/platform.ts';
import { platformByType } from '../platforms/platforms.ts';
import type { DecisionTrace } from '../protocol/trace.ts';
import { type Decision, evaluate, failedClaims, type RequestFacts } from './evaluate.ts';
import type { PolicyTest, Project } from './model.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';

/** How one test of a project file went. */
export interface TestResult {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly passed: boolean;
  /** What differs from the expectation, one plain line each. */
  readonly differences: readonly string[];
  readonly trace: DecisionTrace;
}

/** Time of a test that names none: a Wednesday at noon. */
export const DEFAULT_TEST_TIME = '2026-11-18T12:00:00.000Z';

/** Runs the tests of a project against its own policies. */
export function runPolicyTests(
  project: Project,
  systems: ReadonlyMap<string, TrustedBuildSystem>,
): readonly TestResult[] {
  return project.tests.map((test) => {
    const decision = evaluate(project, test.expect.policy, factsOfTest(test, project, systems));
    const differences = compare(test.expect, decision);
    const { name, at } = test;
    return {
      name,
      file: project.file,
      line: at.line,
      passed: differences.length === 0,
      differences,
      trace: decision.trace,
    };
  });
}

/**
 * The request that a test describes. The fixture plays the project's own repository: it gets the ids that the project links,
 * so that tests need not repeat them. One artifact of the policy's first format where the test names none. Throws the `token.*`
 * error of a token that would be refused before any policy.
 */
export function factsOfTest(
  test: PolicyTest,
  project: Project,
  systems: ReadonlyMap<string, TrustedBuildSystem>,
): RequestFacts {
  const fixture = FIXTURES.get(test.fixture);
  const platform = platformByType(fixture?.platform ?? '');
  const system = systems.get(test.system);
  if (fixture === undefined || platform === undefined || system === undefined) {
    throw new TypeError('The project was loaded with other fixtures or systems.');
  }
  const claims = claimsOfTest(test, project, platform, {
    ...claimsOfFixture(platform, fixture),
    ...platform.sampleClaims?.(system),
  });
  const format = project.policies.get(test.expect.policy)?.keys.keys().next().value ?? 'raw';
  return {
    system: system.id,
    claims,
    origin: originOfTest(test, () => platform.origin(claims, system)),
    binding: platform.binding,
    artifacts: test.artifacts ?? [{ name: 'app', format, size: 1 }],
    now: test.time ?? new Date(DEFAULT_TEST_TIME),
  };
}

/** Some requests are refused before any policy: what a test of one expects, nobody would decide. */
function originOfTest({ name, at }: PolicyTest, read: () => Origin): Origin {
  try {
    return read();
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    const message = `The server would refuse the token of the test "${name}" (line ${at.line}) before any policy: ${error.message}`;
    throw new OriginSignError(error.code, message, error.hint === undefined ? {} : { hint: error.hint });
  }
}

function claimsOfFixture(platform: Platform, fixture: Fixture): Claims {
  const { payload, connection, connector } = fixture;
  return {
    ...platform.parseClaims(payload),
    ...(connection === undefined ? {} : platform.serviceConnection?.parseClaims(connection)),
    ...connector,
  };
}

function claimsOfTest(test: PolicyTest, project: Project, platform: Platform, recorded: Claims): Claims {
  const claims = new Map<string, ClaimValue>(Object.entries(recorded));
  const own = project.repositories.find(({ system }) => system === test.system);
  if (own !== undefined) {
    claims.set(platform.repositoryClaims.id, linkedId(own.id, claims.get(platform.repositoryClaims.id), platform));
    const owner = platform.repositoryClaims.ownerId;
    if (owner !== undefined && own.ownerId !== undefined) claims.set(owner, own.ownerId);
  }
  for (const [name, value] of test.set) claims.set(name, value);
  for (const name of test.unset) claims.delete(name);
  return Object.fromEntries(claims);
}

/** The fixture's own job where the link is a folder above it. */
function linkedId(linked: string, recorded: ClaimValue | undefined, { repositoryClaims }: Platform): ClaimValue {
  if (repositoryClaims.match === 'exact' || typeof recorded !== 'string') return linked;
  return recorded.startsWith(linked) ? recorded : linked;
}

function compare(expect: PolicyTest['expect'], decision: Decision): readonly string[] {
  const differences: string[] = [];
  const differ = (what: string, expected: string, actual: string): void => {
    if (expected !== actual) differences.push(`${what}: expected ${expected}, got ${actual}`);
  };
  differ('decision', expect.decision, decision.decision);
  if (expect.rule !== undefined) differ('rule', expect.rule, decision.rule ?? '(none)');
  if (expect.failed !== undefined) differ('failed', listed(expect.failed), listed(failedClaims(decision.trace)));
  return differences;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '(none)' : [...new Set(names)].sort().join(', ');
}
