import { describe, expect, it } from 'vitest';
import { ACME_YML, loadProject } from './sample-policies.test.fixture.ts';
import { runPolicyTests } from './tests.ts';

/** Runs the sample project with these tests instead of its own. */
function run(tests: string, project = ACME_YML) {
  const text = `${project.slice(0, project.indexOf('tests:'))}tests:\n${tests}`;
  const loaded = loadProject(text);
  return runPolicyTests(loaded.project, loaded.systems);
}
const test = (given: string, expected: string) =>
  `  - {name: t, given: {${given}}, expect: {policy: release, ${expected}}}\n`;
const differences = (given: string, expected: string, project?: string) =>
  run(test(given, expected), project)[0]?.differences;

describe('the tests of a project', () => {
  it.each([
    ['fixture: github-tag-push', 'decision: allow, rule: tag-build'],
    ['fixture: github-release', 'decision: allow'],
    ['fixture: github-environment', 'decision: allow'],
    ['fixture: github-enterprise', 'decision: allow'],
    ['fixture: github-enterprise-server', 'decision: allow'],
    ['fixture: github-reusable-workflow', 'decision: allow'],
    ['fixture: github-branch-push', 'decision: deny, rule: tag-build, failed: [github.ref]'],
    ['fixture: github-immutable-subject', 'decision: deny, failed: [github.ref]'],
    ['fixture: github-workflow-dispatch', 'decision: deny, failed: [github.event_name, github.ref]'],
    ['fixture: github-rerun', 'decision: deny, failed: [github.run_attempt]'],
    ['fixture: github-self-hosted', 'decision: deny, failed: [github.runner_environment]'],
    ['fixture: github-fork-pull-request', 'decision: deny, failed: [github.ref, github.event_name]'],
    ['fixture: github-pull-request-target', 'decision: deny, failed: [github.ref, github.event_name]'],
    ['fixture: github-tag-push, set: {github.run_attempt: 2}', 'decision: deny, failed: [github.run_attempt]'],
    ['fixture: github-tag-push, set: {github.ref_protected: false}', 'decision: allow'],
    ['fixture: github-tag-push, unset: [github.actor]', 'decision: allow'],
    ['fixture: github-tag-push, time: "2026-12-24T12:00:00Z"', 'decision: deny, rule: freeze'],
    ['fixture: github-tag-push, time: "2027-01-05T00:30:00+01:00"', 'decision: allow'],
    [
      'fixture: github-tag-push, artifacts: [{name: a, format: cms-detached}]',
      'decision: deny, failed: [artifacts.format]',
    ],
    ['fixture: github-tag-push, artifacts: [{name: a, format: raw, size: 1GiB}]', 'decision: allow'],
    ['fixture: github-tag-push, system: github', 'decision: allow'],
  ])('pass: %s, %s', (given, expected) => {
    expect(differences(given, expected)).toEqual([]);
  });

  it.each([
    ['decision: deny', ['decision: expected deny, got allow']],
    ['decision: allow, rule: freeze', ['rule: expected freeze, got tag-build']],
    ['decision: allow, failed: [github.ref]', ['failed: expected github.ref, got (none)']],
  ])('fail and say how: %s', (expected, reasons) => {
    const [result] = run(test('fixture: github-tag-push', expected));
    expect(result).toMatchObject({
      name: 't',
      file: 'projects/acme-app.yml',
      line: 24,
      passed: false,
      differences: reasons,
    });
    expect(result?.trace.rules.length).toBe(2);
  });

  it('play the repository of the project, whatever its ids', () => {
    const other = ACME_YML.replace('771245825', '42').replace('145685596', '43');
    expect(differences('fixture: github-tag-push', 'decision: allow', other)).toEqual([]);
    const foreign = 'fixture: github-tag-push, set: {github.repository_id: "771245825"}';
    expect(differences(foreign, 'decision: deny, failed: [github.repository_id]', other)).toEqual([]);
  });

  it('want all failed claims, in any order', () => {
    const dispatch = 'fixture: github-workflow-dispatch';
    expect(differences(dispatch, 'decision: deny, failed: [github.ref]')).toEqual([
      'failed: expected github.ref, got github.event_name, github.ref',
    ]);
  });
});
