import { describe, expect, it } from 'vitest';
import type { Json } from '../encoding/canonical-json.ts';
import type { ConditionTrace, DecisionTrace } from '../protocol/trace.ts';
import { evaluate } from './evaluate.ts';
import { denialHint, explainDecision } from './explain.ts';
import { type FactChanges, factsOf } from './sample-facts.test.fixture.ts';
import { loadProject } from './sample-policies.test.fixture.ts';

const trace = (changes: FactChanges) => evaluate(loadProject().project, 'release', factsOf(changes)).trace;
const failing = (claim: string, operator: string, expected: Json, actual?: Json): DecisionTrace => {
  const condition: ConditionTrace = {
    claim,
    operator,
    expected,
    passed: false,
    ...(actual === undefined ? {} : { actual }),
  };
  const rules = [{ rule: 'r', effect: 'allow', passed: false, conditions: [condition] }] as const;
  return { project: 'p', policy: 'q', policyHash: '', decision: 'deny', rule: 'r', rules };
};

describe('the explanation of a denial', () => {
  it('names the nearest rule and its failed conditions in columns', () => {
    const denied = trace({ claims: { 'github.ref': 'refs/heads/main', 'github.runner_environment': 'self-hosted' } });
    expect(explainDecision(denied)).toEqual([
      'denied by acme-app/release',
      '  rule tag-build: 2 of 11 conditions failed',
      '    github.ref                  expected glob refs/tags/v*   actual refs/heads/main',
      '    github.runner_environment   expected is github-hosted    actual self-hosted',
    ]);
  });

  it('shows the deny rule that holds', () => {
    expect(explainDecision(trace({ now: new Date('2026-12-24T12:00:00Z') }))).toEqual([
      'denied by acme-app/release',
      '  deny rule freeze: holds',
      '    time   expected within 2026-12-20..2027-01-04 Europe/Berlin   actual 2026-12-24T12:00:00.000Z',
    ]);
  });

  it('says so where a policy has no rule', () => {
    const { rule: _rule, ...none } = failing('x', 'is', 'y');
    expect(explainDecision({ ...none, rules: [] })).toEqual(['denied by p/q']);
    expect(denialHint({ ...none, rules: [] })).toBeUndefined();
  });

  it.each<[string, Json, Json | undefined, string]>([
    ['in', ['push', 'release'], 'schedule', 'x   expected in push, release   actual schedule'],
    ['is', true, undefined, 'x   expected is true   actual (none)'],
    ['count', { gte: 1, lte: 40 }, 41, 'x   expected count gte 1, lte 40   actual 41'],
    ['is', 'a', 'b\n  ok', 'x   expected is a   actual "b\\n  ok"'],
    ['is', 'a', '\u001b[2J', 'x   expected is a   actual "\\u001b[2J"'],
    ['is', 'a', 'b   actual a', 'x   expected is a   actual "b   actual a"'],
    ['is', 'a', '', 'x   expected is a   actual ""'],
    ['is', 'a', 'b\u202e', 'x   expected is a   actual "b\\u202e"'],
    ['is', 'a', 'Grüße zum Tag', 'x   expected is a   actual Grüße zum Tag'],
  ])('shows %s %j and %j on one line', (operator, expected, actual, line) => {
    expect(
      explainDecision(failing('x', operator, expected, actual))
        .at(-1)
        ?.trim(),
    ).toBe(line);
  });
});

it('the explanation of a permission is one line, and every condition where asked for', () => {
  const allowed = trace({});
  expect(explainDecision(allowed)).toEqual(['allowed by acme-app/release', '  rule tag-build: all 11 conditions hold']);
  const all = explainDecision(allowed, { all: true });
  expect(all).toContain('  deny rule freeze: does not hold');
  expect(all.filter((line) => line.startsWith('    ok '))).toHaveLength(11);
});

describe('the hint of a denial', () => {
  it.each<[string, string, Json, string]>([
    ['github.ref', 'glob', 'refs/tags/v*', 'sign from a ref that matches refs/tags/v*'],
    ['github.ref', 'is', 'refs/heads/main', 'sign from the ref refs/heads/main'],
    ['github.event_name', 'in', ['push', 'release'], 'start the run by push or release'],
    ['github.run_attempt', 'is', 1, 'start a new run: re-runs may not sign'],
    ['github.workflow_path', 'is', 'a.yml', 'sign in the workflow a.yml'],
    ['github.runner_environment', 'is', 'github-hosted', 'run the job on a github-hosted runner'],
    ['github.environment', 'is', 'production', 'give the job the environment production'],
    ['github.repository_id', 'is', '7', 'the repository is not linked to the project, or moved to another owner'],
    ['artifacts', 'count', { lte: 40 }, 'split the artifacts over several requests'],
    ['artifacts.format', 'in', ['raw', 'jar'], 'the policy signs raw or jar'],
    ['azure.rpo_ref', 'glob', 'refs/tags/v*', 'sign from a ref that matches refs/tags/v*'],
    ['azure.prj_id', 'is', 'x', 'the repository is not linked to the project, or moved to another owner'],
    ['azure.def_id', 'in', ['42', '43'], 'sign in the pipeline with the definitionId 42 or 43'],
    ['azure.service_connection_id', 'is', 'x', 'name the signing-only service connection in oidcConnection: x'],
    ['certificate.authority', 'is', 'nodes', 'sign from a node that shows a client certificate of nodes'],
    ['origin.system', 'is', 'x', 'the policy has no rule for this trusted build system'],
    ['time', 'within', 'Mon 08:00-17:00 UTC', 'ask again within Mon 08:00-17:00 UTC'],
  ])('on %s %s %j', (claim, operator, expected, hint) => {
    expect(denialHint(failing(claim, operator, expected))).toBe(hint);
  });

  it('is missing where nothing is to be said', () => {
    expect(denialHint(failing('github.actor', 'is', 'x'))).toBeUndefined();
    expect(denialHint(trace({}))).toBeUndefined();
  });

  it('names the deny rule', () => {
    expect(denialHint(trace({ now: new Date('2026-12-24T12:00:00Z') }))).toBe(
      'the deny rule freeze holds whatever is allowed elsewhere',
    );
  });
});
