import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkPolicies } from './check.ts';
import { ENFORCED_FEATURES } from './features.ts';
import { formatProblem } from './load-problem.ts';
import { ACME_YML, acmeWith, directory, FORMATS, loadProject, OPTIONS } from './sample-policies.test.fixture.ts';
import { runPolicyTests } from './tests.ts';

/** The example of the documentation, word for word. */
const DOCUMENTED = acmeWith(
  '        reRuns: deny\n',
  '        reRuns: deny\n        approvals: {count: 1, from: [group:release-managers]}\n',
).replace(
  'keys: {authenticode-pe: acme-2026, raw: acme-raw}',
  'keys: {authenticode-pe: acme-2026, jar: acme-jar-2026}',
);
const WITH_JAR = { ...OPTIONS, formats: { ...FORMATS, jar: { purpose: 'jar', keyTypes: ['rsa-3072'] } } };

describe('the documented project', () => {
  it('loads, and its test passes', () => {
    expect(ENFORCED_FEATURES.approvals).toBe(true);
    const { project, systems } = loadProject(DOCUMENTED, WITH_JAR);
    expect(runPolicyTests(project, systems).map(({ name, passed }) => [name, passed])).toEqual([
      ['a branch build is refused', true],
    ]);
    const [rule] = project.policies.get('release')?.allow ?? [];
    expect(rule?.approvals).toEqual({ count: 1, from: ['group:release-managers'] });
    const long = DOCUMENTED.replace('managers]}', 'managers], expiresAfter: 90m, unknownRequester: allow}');
    const [later] = loadProject(long, WITH_JAR).project.policies.get('release')?.allow ?? [];
    expect(later?.approvals).toMatchObject({ expiresAfter: 5400, unknownRequester: 'allow' });
    expect(rule?.limits).toEqual({ perRun: 1, perHour: 20 });
    expect(project.owners).toEqual(['group:team-acme']);
  });

  it('does not load where nobody enforces approvals', () => {
    const { projects, problems } = checkPolicies(directory(DOCUMENTED), {
      ...WITH_JAR,
      enforced: { approvals: false },
    });
    expect(projects.size).toBe(0);
    expect(problems.map((problem) => [problem.code, problem.line, problem.column])).toEqual([
      ['policy.approval_unsupported', 19, 9],
    ]);
  });

  it.each([
    ['{count: 0, from: [group:a]}', '"count" must be between 1 and 10'],
    ['{count: 1, from: []}', '"from" must not be empty'],
    ['{count: 1, from: [a]}', '"a" is neither group:name nor user:name'],
    [
      '{count: 1, from: [group:a], expiresAfter: 1d}',
      '"expiresAfter" must be a duration such as 90m or 24h, at most 720h',
    ],
    [
      '{count: 1, from: [group:a], expiresAfter: 721h}',
      '"expiresAfter" must be a duration such as 90m or 24h, at most 720h',
    ],
    [
      '{count: 1, from: [group:a], unknownRequester: distinct}',
      '"unknownRequester" must be "refuse" or "allow", not "distinct"',
    ],
    [
      `{count: 1, from: [${Array.from({ length: 65 }, (_, n) => `user:a${n}`).join(', ')}]}`,
      '"from" has more than 64 entries',
    ],
    ['{count: 1}', '"approvals" lacks the key "from"'],
    [
      '{count: 1, from: [group:a], bind: digests}',
      '"approvals" has no key "bind"; it has count, from, expiresAfter, unknownRequester',
    ],
  ])('does not load with approvals %s', (approvals, message) => {
    const text = DOCUMENTED.replace('{count: 1, from: [group:release-managers]}', approvals);
    const { problems } = checkPolicies(directory(text), WITH_JAR);
    expect(problems.map((problem) => formatProblem(problem).split(': ').slice(1).join(': '))).toEqual([message]);
  });
});

describe('a loaded project', () => {
  it('has the strict choice wherever the file says nothing', () => {
    const text = acmeWith(
      '        limits: {perRun: 1, perHour: 20}\n        reRuns: deny\n        timestamp: required\n',
      '',
    );
    expect(loadProject(text).project.policies.get('release')?.allow[0]).toMatchObject({
      limits: {},
      reRuns: 'deny',
      timestamp: 'required',
    });
  });

  it('is named in the log by the sha256 of the bytes of its file', () => {
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    expect(loadProject().project.hash).toBe(hash(ACME_YML));
    const commented = `${ACME_YML}# ümlaut\n`;
    expect(loadProject(commented).project.hash).toBe(hash(commented));
  });

  it('keeps descriptions, and what signatures show', () => {
    const text = acmeWith(
      '    allow:\n',
      '    description: For customers.\n    programName: Acme App\n    programUrl: https://acme.example/app\n    allow:\n',
    )
      .replace('owners:', 'description: The app.\nowners:')
      .replace('      - id: tag-build\n', '      - id: tag-build\n        description: Tags only.\n');
    const { project } = loadProject(text);
    const policy = project.policies.get('release');
    expect([project.description, policy?.description, policy?.allow[0]?.description]).toEqual([
      'The app.',
      'For customers.',
      'Tags only.',
    ]);
    expect([policy?.programName, policy?.programUrl]).toEqual(['Acme App', 'https://acme.example/app']);
  });

  it('may leave the system of a repository to the only one there is', () => {
    const text = acmeWith('{system: github, id:', '{id:');
    expect(loadProject(text).project.repositories).toEqual([
      { system: 'github', id: '771245825', ownerId: '145685596' },
    ]);
  });
});

describe('a project with several systems', () => {
  const GHES = '{version: 1, id: ghes, type: github-actions, issuer: "https://git.acme.example/_services/token"}\n';
  const TWO = ACME_YML.replace('[github]', '[github, ghes]').replace(
    'ownerId: "145685596"}]',
    'ownerId: "145685596"}, {system: ghes, id: "7", ownerId: "8"}]',
  );
  const check = (text: string) =>
    checkPolicies(new Map([...directory(text), ['trusted-build-systems/ghes.yml', GHES]]), OPTIONS);

  it('must name one in every allow rule', () => {
    expect(check(TWO).problems.map(formatProblem)).toEqual([
      'projects/acme-app.yml:10:9: the rule must name one trusted build system, because the project has several; add system: github or ghes',
    ]);
    const named = check(TWO.replace('id: tag-build\n', 'id: tag-build\n        system: ghes\n'));
    expect(named.problems).toEqual([]);
    expect(named.projects.get('acme-app')?.policies.get('release')?.allow[0]?.system).toBe('ghes');
  });

  it('must name one for every repository, and link one of every system', () => {
    const unnamed = TWO.replace('{system: ghes, id: "7"', '{id: "7"').replace(
      '- id: tag-build',
      '- system: github\n        id: tag-build',
    );
    expect(check(unnamed).problems.map(formatProblem)).toEqual([
      'projects/acme-app.yml:5:73: a repository must name its system, because the project has several',
    ]);
    const unlinked = ACME_YML.replace('[github]', '[github, ghes]').replace(
      '- id: tag-build',
      '- system: github\n        id: tag-build',
    );
    expect(check(unlinked).problems.map(formatProblem)).toEqual([
      'projects/acme-app.yml:5:15: the project links no repository of the trusted build system "ghes"',
    ]);
  });
});
