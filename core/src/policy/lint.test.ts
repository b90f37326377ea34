import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProblem } from './load-problem.ts';
import { lintProject } from './lint.ts';
import { evaluate } from './evaluate.ts';
import { check } from './platform-policies.test.fixture.ts';
import { factsOf } from './sample-facts.test.fixture.ts';
import { ACME_YML, loadProject } from './sample-policies.test.fixture.ts';

const NOW = new Date('2026-11-22T09:14:03Z');
const RULE = `github.ref: {glob: "refs/tags/v*"}, github.event_name: {in: [push, release]}, github.workflow_path: {is: .github/workflows/release.yml}`;
const allow = (id: string, rest = '', when = RULE) => `- {id: ${id}, when: {${when}}${rest}}`;
const withRules = (allowing: readonly string[], denying: readonly string[] = []) => `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {authenticode-pe: acme-2026, raw: acme-raw}
    allow:
${allowing.map((rule) => `      ${rule}`).join('\n')}
${denying.length === 0 ? '' : `    deny:\n${denying.map((rule) => `      ${rule}`).join('\n')}\n`}`;
const warnings = (text: string, now = NOW) => {
  const { project, systems } = loadProject(text);
  return lintProject(project, systems, now).map((warning) =>
    formatProblem(warning).replace('projects/acme-app.yml:', ''),
  );
};
const first = (...rules: readonly string[]) => warnings(withRules(rules));

describe('nothing is odd about', () => {
  it.each<[string, string]>([
    ['the sample', ACME_YML],
    ['rules for different refs', withRules([allow('a'), allow('b', '', RULE.replace('tags/v*', 'tags/w*'))])],
    ['a stricter rule first', withRules([allow('a', ', artifacts: {count: {lte: 1}}'), allow('b')])],
    [
      'globs that overlap',
      withRules([allow('a', '', `${RULE.replace('{glob: "refs/tags/v*"}', '{glob: "refs/tags/**"}')}`)]),
    ],
    ['a deny rule for some', withRules([allow('a')], ['- {id: no, when: {github.actor_id: {is: "1"}}}'])],
    [
      'a claim of several platforms',
      withRules([allow('a')], ['- {id: no, when: {origin.ref: {glob: "refs/heads/**"}}}']),
    ],
  ])('%s', (_name, text) => {
    expect(warnings(text)).toEqual([]);
  });
});

describe('a rule can never hold', () => {
  it.each<[string, string, RegExp]>([
    [
      'two values of one claim',
      'github.environment: {is: a, in: [b, c]}',
      /^10:\d+: the rule can never hold: no request that gets here has a github\.environment /,
    ],
    [
      'lists without a common value',
      'github.environment: {in: [a, b]}, origin.environment: {in: [b]}, github.actor_id: {in: ["1"], is: "2"}',
      /github\.actor_id/,
    ],
    [
      'a value that the pattern does not match',
      'github.environment: {is: staging, glob: "prod-*"}',
      /github\.environment/,
    ],
    [
      'patterns that begin otherwise',
      'github.sha: {glob: "a*"}, github.head_ref: {glob: "feature/*"}, github.environment: {glob: "prod-*"}, github.base_ref: {glob: "x/**"}, github.job_workflow_path: {glob: "a/**"}',
      /^$/,
    ],
    ['absence beside a value', 'github.environment: {absent: true, is: production}', /github\.environment/],
    ['a re-run that the rule denies', 'github.run_attempt: {gte: 2}', /github\.run_attempt/],
    ['a number between bounds that cross', 'github.run_number: {gte: 5, lte: 4}', /github\.run_number/],
    ['a repository that is not linked', 'github.repository_id: {is: "1"}', /github\.repository_id/],
    ['another platform', 'origin.platform: {is: jenkins}', /origin\.platform/],
    ['another binding', 'origin.binding: {in: [proof, bearer]}', /origin\.binding/],
    [
      'a time that is over',
      'time: {within: ["2025-12-20..2026-01-04 Europe/Berlin", "2026-11-01..2026-11-21 UTC"]}',
      /its time is over/,
    ],
  ])('because of %s', (_name, when, expected) => {
    const found = first(allow('a', '', `${RULE}, ${when}`));
    expect(found.join('\n')).toMatch(expected);
    expect(found.length).toBe(expected.source === '^$' ? 0 : 1);
  });

  it.each<[string, string]>([
    ['no artifact at all', 'artifacts: {count: {lte: 0}}'],
    ['more artifacts than a request has', 'artifacts: {count: {gte: 1025}}'],
    ['a size between bounds that cross', 'artifacts: {size: {gte: 2MiB, lte: 1MiB}}'],
    ['names that end otherwise', 'artifacts: {name: {glob: "*.exe", is: setup.msi}}'],
  ])('because of %s', (_name, artifacts) => {
    expect(first(allow('a', `, ${artifacts}`))).toEqual([expect.stringMatching(/^10:\d+: the rule can never hold/)]);
  });

  it('from the day on which its last window ends', () => {
    const text = withRules([allow('a', '', `${RULE}, time: {within: "2026-11-01..2026-11-22 Europe/Berlin"}`)]);
    expect(warnings(text, new Date('2026-11-22T22:59:59Z'))).toEqual([]);
    expect(warnings(text, new Date('2026-11-22T23:00:00Z'))).toHaveLength(1);
  });

  it('and one of its alternatives can be odd alone', () => {
    const rest = ', anyOf: [{github.environment: {is: a}}, {github.ref: {is: refs/heads/main}}]';
    expect(first(allow('a', rest))).toEqual([
      expect.stringMatching(/^10:\d+: the alternative can never hold: .*github\.ref/),
    ]);
  });
});

describe('a rule that others leave nothing to decide', () => {
  it('is an allow rule behind a wider one, whose demands would be the weaker ones', () => {
    expect(
      first(allow('a'), allow('b', ', limits: {perRun: 1}', `${RULE}, github.environment: {is: production}`)),
    ).toEqual([
      '11:9: the rule never decides: the rule a before it allows all that it would allow; the first rule that holds says what is required: put the stricter one first',
    ]);
  });

  it('is an allow rule that a deny rule denies', () => {
    const text = withRules([allow('a')], ['- {id: no, when: {github.event_name: {in: [push, release, schedule]}}}']);
    expect(warnings(text)).toEqual(['10:9: the rule allows nothing: the deny rule no denies all that it would allow']);
  });

  it('is a deny rule beside a wider one', () => {
    const text = withRules(
      [allow('a')],
      ['- {id: one, when: {github.actor_id: {is: "1"}}}', '- {id: more, when: {github.actor_id: {in: ["1", "2"]}}}'],
    );
    expect(warnings(text)).toEqual([
      '12:9: the rule denies nothing more: the deny rule more denies all that it denies',
    ]);
  });

  it('is one of two deny rules that are alike, and not both', () => {
    const same = (id: string) => `- {id: ${id}, when: {github.actor_id: {is: "1"}}}`;
    expect(warnings(withRules([allow('a')], [same('x'), same('y')]))).toEqual([
      expect.stringMatching(/^13:9: .*rule x/),
    ]);
  });
});

it('a deny rule that always holds denies every request', () => {
  const text = withRules([allow('a')], ['- {id: no, artifacts: {count: {gte: 1}}}']);
  expect(warnings(text)).toContain('12:9: the rule denies every request: its conditions always hold');
});

it('a deny rule on a claim that another system does not have says nothing about its requests', () => {
  const parts = {
    system: 'azure, jenkins',
    repository:
      '{system: azure, id: 3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11, ownerId: 271ef6f7-5998-4b0c-86fb-4b54d9129990}, {system: jenkins, id: https://jenkins.acme.example/job/team/}',
    rule: ', system: azure',
    when: 'azure.def_id: {is: "42"}, azure.rpo_ref: {glob: "refs/tags/v*"}, azure.service_connection: {is: sc://acme/app/prod-signing}',
    deny: '{id: no, when: {azure.rpo_ref: {is: refs/heads/main}}}',
  };
  const { projects, systems } = check(parts);
  const project = projects.get('acme');
  expect(project && lintProject(project, systems, NOW).map(({ message }) => message)).toEqual([
    'the rule denies no request of jenkins, which has no azure.rpo_ref',
  ]);
});

describe('whatever the rules', () => {
  const VALUES = ['a', 'b', 'a/x', 'b/y'];
  const value = fc.constantFrom(...VALUES);
  const operators = [
    value.map((text) => `is: ${text}`),
    fc.uniqueArray(value, { minLength: 1 }).map((list) => `in: [${list.join(', ')}]`),
    fc.constantFrom('a*', '*/x', '**', 'a/**', '**/y', 'b').map((glob) => `glob: "${glob}"`),
    fc.boolean().map((absent) => `absent: ${absent}`),
  ];
  const condition = fc
    .subarray(operators, { minLength: 1, maxLength: 2 })
    .chain((chosen) => fc.tuple(...chosen))
    .map((parts) => `{${parts.join(', ')}}`);
  const extra = condition.map((environment) => `, github.environment: ${environment}`);
  const REQUESTS = [undefined, ...VALUES].map((environment) =>
    factsOf({ claims: { 'github.environment': environment } }),
  );

  it('what the linter says can never hold or decide does not', () => {
    const found = { never: 0, covered: 0 };
    fc.assert(
      fc.property(extra, extra, (left, right) => {
        const text = withRules([allow('a', '', RULE + left), allow('b', '', RULE + right)]);
        const { project, systems } = loadProject(text);
        const odd = lintProject(project, systems, NOW).filter(({ line }) => line === 11);
        const decided = REQUESTS.map((request) => evaluate(project, 'release', request));
        if (odd.some(({ message }) => message.includes('never hold'))) found.never += 1;
        if (odd.some(({ message }) => message.includes('never decides'))) found.covered += 1;
        if (odd.length > 0)
          expect(decided.filter(({ decision, rule }) => decision === 'allow' && rule === 'b')).toEqual([]);
      }),
      { numRuns: 150 },
    );
    expect(found.never).toBeGreaterThan(0);
    expect(found.covered).toBeGreaterThan(0);
  });
});
