import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCliBench, type CliBench } from './cli.test.fixture.ts';

const GITHUB = '{version: 1, id: github, type: github-actions, issuer: https://token.actions.githubusercontent.com}\n';
const ACME = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {authenticode-pe: acme-2026}
    allow:
      - id: tag-build
        when:
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {is: push}
          github.workflow_path: {is: .github/workflows/release.yml}
tests:
  - name: a tag build is allowed
    given: {fixture: github-tag-push}
    expect: {policy: release, decision: allow, rule: tag-build}
  - name: a branch build is refused
    given: {fixture: github-tag-push, set: {github.ref: refs/heads/main}}
    expect: {policy: release, decision: deny, rule: tag-build, failed: [github.ref]}
`;

let cli: CliBench;
beforeAll(async () => {
  cli = await createCliBench();
  await cli.write({
    'policies/trusted-build-systems/github.yml': GITHUB,
    'policies/projects/acme-app.yml': ACME,
    'bad/trusted-build-systems/github.yml': GITHUB,
    'bad/projects/acme-app.yml': ACME.replace('github.ref: {glob', 'github.reff: {glob'),
    'failing/trusted-build-systems/github.yml': GITHUB,
    'failing/projects/acme-app.yml': ACME.replace('decision: allow', 'decision: deny'),
    'local/trusted-build-systems/github.yml': GITHUB.replace(
      'https://token.actions.githubusercontent.com',
      'http://localhost:8081',
    ),
    'odd/trusted-build-systems/github.yml': GITHUB,
    'odd/projects/acme-app.yml': ACME.replace(
      'tests:',
      '    deny: [{id: never-push, when: {github.event_name: {is: push}}}]\ntests:',
    ),
    'token.json': JSON.stringify({ ref: 'refs/heads/main' }),
  });
});
afterAll(() => cli.close());

describe('originsign policy check', () => {
  test('names every file that loads', async () => {
    expect(await cli.run(['policy', 'check'])).toEqual({
      status: 0,
      stderr: '',
      stdout: `ok        projects/acme-app.yml
ok        trusted-build-systems/github.yml
checked   2 files, 0 problems
`,
    });
  });

  test('says where a problem is and what was meant', async () => {
    const { status, stdout, stderr } = await cli.run(['policy', 'check', 'bad']);
    expect(status).toBe(2);
    expect(stdout).toMatch(
      /^failed {4}projects\/acme-app\.yml\n {2}projects\/acme-app\.yml:12:\d+: .*github\.reff.*github\.ref/m,
    );
    expect(stderr).toBe('error: 1 policy file cannot be loaded [policy.invalid]\n');
  });

  test('looks at single files together with what they refer to', async () => {
    const { status, stdout } = await cli.run(['policy', 'check', 'policies/projects/acme-app.yml']);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'ok        projects/acme-app.yml\nchecked   1 file, 0 problems\n',
    });
  });

  test('takes issuers on this machine as a trial server does', async () => {
    expect(await cli.run(['policy', 'check', 'local'])).toMatchObject({ status: 2 });
    expect(await cli.run(['policy', 'check', 'local', '--trial'])).toMatchObject({ status: 0 });
  });

  test('warns of rules that cannot do anything, and fails on them with --strict', async () => {
    const warning =
      '  projects/acme-app.yml:10:9: warning: the rule allows nothing: the deny rule never-push denies all that it would allow\n';
    expect(await cli.run(['policy', 'check', 'odd'])).toEqual({
      status: 0,
      stderr: '',
      stdout: `ok        projects/acme-app.yml\n${warning}ok        trusted-build-systems/github.yml\nchecked   2 files, 0 problems, 1 warning\n`,
    });
    expect(await cli.run(['policy', 'check', 'odd', '--strict'])).toMatchObject({
      status: 2,
      stderr: 'error: There is 1 warning [policy.invalid]\n',
    });
    expect(await cli.run(['policy', 'check', '--strict'])).toMatchObject({ status: 0 });
    const { stdout } = await cli.run(['policy', 'check', 'odd', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, warnings: [{ file: 'projects/acme-app.yml', line: 10 }] });
  });

  test('with --json gives problems as data', async () => {
    const { stdout } = await cli.run(['policy', 'check', 'bad', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [{ file: 'projects/acme-app.yml', line: 12, code: 'policy.invalid' }],
    });
  });

  test('refuses a folder without policies, and one that is not there', async () => {
    await cli.write({ 'empty/readme.md': '' });
    expect((await cli.run(['policy', 'check', 'empty'])).stderr).toMatch(/\[input.no_files\]/);
    expect((await cli.run(['policy', 'check', 'nowhere'])).stderr).toMatch(/\[input.file\]/);
  });
});

describe('originsign policy test', () => {
  test('runs the tests of the files', async () => {
    expect(await cli.run(['policy', 'test'])).toEqual({
      status: 0,
      stderr: '',
      stdout: `ok        a tag build is allowed  projects/acme-app.yml:16
ok        a branch build is refused  projects/acme-app.yml:19
tests     2 passed, 0 failed
`,
    });
  });

  test('shows what differs and why, and ends with 1', async () => {
    const { status, stdout, stderr } = await cli.run(['policy', 'test', 'failing']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/^failed {4}a tag build is allowed .*\n {2}decision: expected deny, got allow\n/m);
    expect(stdout).toMatch(/^tests {5}1 passed, 1 failed$/m);
    expect(stderr).toBe('error: 1 of 2 policy tests failed [policy.test_failed]\n');
  });

  test('does not test what does not load', async () => {
    const { status, stdout, stderr } = await cli.run(['policy', 'test', 'bad']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/projects\/acme-app\.yml:12:.*\[policy\.invalid\]\nhint: originsign policy check shows all/);
  });
});

describe('originsign policy explain', () => {
  const explain = ['policy', 'explain', '--project', 'acme-app', '--policy', 'release'];

  test('shows every condition of an allowed request', async () => {
    const { status, stdout } = await cli.run([...explain, '--fixture', 'github-tag-push']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^allowed by acme-app\/release\n {2}rule tag-build: all \d+ conditions hold\n/);
    expect(stdout).toMatch(/ok +github\.ref +expected glob refs\/tags\/v\* +actual refs\/tags\/v1\.4\.0$/m);
  });

  test('shows which condition a change breaks and what to do', async () => {
    const { status, stdout } = await cli.run([
      ...explain,
      '--fixture',
      'github-tag-push',
      '--set',
      'github.ref=refs/heads/main',
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^denied by acme-app\/release$/m);
    expect(stdout).toMatch(/failed +github\.ref +expected glob refs\/tags\/v\* +actual refs\/heads\/main$/m);
    expect(stdout).toMatch(/^hint: +sign from a ref that matches refs\/tags\/v\*$/m);
  });

  test.each([
    [['--fixture', 'github-tag-puhs'], 'did you mean "github-tag-push"?'],
    [['--fixture', 'github-tag-push', '--set', 'github.reff=x'], 'did you mean "github.ref"?'],
    [[], 'give --fixture or --claims'],
  ])('corrects %j', async (words, hint) => {
    const { status, stderr } = await cli.run([...explain, ...words]);
    expect(status).toBe(2);
    expect(stderr).toContain(`hint: ${hint}`);
  });

  test('refuses a payload that lacks what every token of the platform has', async () => {
    const { status, stderr } = await cli.run([...explain, '--claims', 'token.json']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/\[token\.claim_missing\]/);
  });

  test('refuses a fixture together with claims', async () => {
    const { status, stderr } = await cli.run([...explain, '--claims', 'token.json', '--fixture', 'github-tag-push']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/cannot be used with/);
  });
});
