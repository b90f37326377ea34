import { describe, expect, it } from 'vitest';
import type { Claims } from '../platforms/claim-schema.ts';
import { evaluate, failedClaims } from './evaluate.ts';
import { denialHint, explainDecision } from './explain.ts';
import { factsOf } from './sample-facts.test.fixture.ts';
import { ACME_YML, acmeWith, loadProject, problemsOf } from './sample-policies.test.fixture.ts';

/** The sample with its ref condition in alternatives. */
const REF = '          github.ref: {glob: "refs/tags/v*"}\n';
const either = (...alternatives: readonly string[]) =>
  ACME_YML.replace(REF, '').replace(
    '        reRuns: deny',
    `        anyOf:\n${alternatives.map((one) => `          - ${one}`).join('\n')}\n        reRuns: deny`,
  );
const TAG = '{github.ref: {glob: "refs/tags/v*"}}';
const BRANCH = '{github.ref: {is: refs/heads/main}, github.environment: {is: production}}';
const POLICY = either(TAG, BRANCH);
const decide = (claims: Claims, text = POLICY) => evaluate(loadProject(text).project, 'release', factsOf({ claims }));
const MAIN = { 'github.ref': 'refs/heads/main' };

describe('a rule with alternatives', () => {
  it.each<[string, Claims]>([
    ['the first', {}],
    ['another one', { ...MAIN, 'github.environment': 'production' }],
  ])('allows what meets its conditions and %s', (_name, claims) => {
    expect(decide(claims)).toMatchObject({ decision: 'allow', rule: 'tag-build' });
  });

  it('denies what meets none, and names what fails in the nearest', () => {
    const { decision, trace } = decide({ ...MAIN, 'github.environment': 'staging' });
    expect([decision, failedClaims(trace)]).toEqual(['deny', ['github.ref']]);
    const far = { 'github.ref': 'refs/heads/main', 'github.environment': 'staging' };
    expect(failedClaims(decide(far, either(BRANCH, TAG)).trace)).toEqual(['github.environment']);
  });

  it('denies what meets an alternative and not its conditions', () => {
    const { decision, trace } = decide({ 'github.runner_environment': 'self-hosted' });
    expect([decision, failedClaims(trace)]).toEqual(['deny', ['github.runner_environment']]);
  });

  it('does not take an alternative for the lack of a key', () => {
    const { trace } = decide({ ...MAIN, 'github.environment': 'staging' });
    expect(trace.rules.find(({ rule }) => rule === 'tag-build')?.conditions.at(-1)).toMatchObject({ passed: true });
    expect(decide({ ...MAIN })).toMatchObject({ decision: 'deny', code: 'policy.denied' });
  });

  it('is explained by the alternative that came nearest', () => {
    const { trace } = decide({ ...MAIN, 'github.environment': 'staging' }, either(TAG, BRANCH));
    expect(explainDecision(trace)).toEqual([
      'denied by acme-app/release',
      '  rule tag-build: 1 of 11 conditions failed, with the nearest, alternative 1 of 2',
      '    github.ref   expected glob refs/tags/v*   actual refs/heads/main',
    ]);
    expect(denialHint(trace)).toBe('sign from a ref that matches refs/tags/v*');
  });

  it('is explained with all alternatives where everything is', () => {
    const lines = explainDecision(decide({}).trace, { all: true });
    expect(lines).toContain('  rule tag-build: all 11 conditions hold, by alternative 1 of 2');
    const rest = lines.slice(lines.findIndex((line) => line.includes('alternative 2 of 2')));
    expect(rest).toEqual([
      '    alternative 2 of 2: 2 of 2 conditions failed',
      '      failed   github.ref           expected is refs/heads/main   actual refs/tags/v1.4.0',
      '      failed   github.environment   expected is production        actual (none)',
    ]);
  });
});

describe('a deny rule with alternatives', () => {
  const text = acmeWith(
    '      - id: freeze\n        when: {time: {within: "2026-12-20..2027-01-04 Europe/Berlin"}}',
    '      - id: freeze\n        anyOf: [{github.event_name: {is: release}}, {github.actor_id: {is: "1"}}]',
  );

  it.each<[string, Claims, 'allow' | 'deny']>([
    ['the first', { 'github.event_name': 'release' }, 'deny'],
    ['the second', { 'github.actor_id': '1' }, 'deny'],
    ['none', {}, 'allow'],
  ])('where %s holds: %o is decided as %s', (_name, claims, decision) => {
    expect(decide(claims, text).decision).toBe(decision);
  });
});

describe('load rules hold for every alternative', () => {
  it('of which none may drop what the platform asks for', () => {
    expect(problemsOf(either(TAG, '{github.environment: {is: production}}'))).toEqual([
      expect.stringMatching(/^19:13: the rule does not say which refs it allows/),
    ]);
  });

  it('of which none may let in what the others keep out', () => {
    expect(problemsOf(either(TAG, '{github.ref: {glob: "refs/**"}}'))).toEqual([expect.stringMatching(/^19:27: refs/)]);
  });

  it('and what is wrong beside them is said once', () => {
    const text = either(TAG, BRANCH).replace('{in: [push, release]}', '{in: [push, workflow_run]}');
    expect(problemsOf(text)).toEqual([expect.stringMatching(/^12:31: a rule must not allow the event workflow_run/)]);
  });

  it('and an alternative can bring all that is asked for', () => {
    expect(problemsOf(POLICY)).toEqual([]);
  });
});

describe('a workflow file', () => {
  const SHARED = { 'github.workflow_repository': 'acme/shared' };
  const ownOrShared = either(
    TAG,
    '{github.ref: {glob: "refs/tags/w*"}, github.workflow_repository: {is: acme/shared}}',
  );

  it('is one of the own repository in each alternative that names no other', () => {
    expect(failedClaims(decide(SHARED, ownOrShared).trace)).toEqual(['github.workflow_repository']);
    expect(decide({ ...SHARED, 'github.ref': 'refs/tags/w1' }, ownOrShared).decision).toBe('allow');
    expect(decide({ 'github.ref': 'refs/tags/w1' }, ownOrShared).decision).toBe('deny');
    expect(decide({}, ownOrShared).decision).toBe('allow');
  });
});
