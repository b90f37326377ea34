import { refusalOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import { check, problemsOf, type ProjectParts, SYSTEMS } from './platform-policies.test.fixture.ts';
import { runPolicyTests } from './tests.ts';

const AZURE: ProjectParts = {
  system: 'azure',
  repository: '{id: 3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11, ownerId: 271ef6f7-5998-4b0c-86fb-4b54d9129990}',
  when: 'azure.def_id: {is: "42"}, azure.rpo_ref: {glob: "refs/tags/v*"}, azure.service_connection: {is: sc://acme/app/prod-signing}',
};
const JENKINS: ProjectParts = {
  system: 'jenkins',
  repository: '{id: https://jenkins.acme.example/job/team/}',
  when: 'jenkins.sub: {is: "https://jenkins.acme.example/job/team/job/app/"}, jenkins.scm_url: {is: "https://git.acme.example/acme/app"}, jenkins.scm_branch: {is: refs/heads/main}',
};
const PLAIN: ProjectParts = {
  system: 'plain',
  repository: '{id: https://ci.acme.example/job/team/}',
  when: 'jenkins.sub: {is: "https://ci.acme.example/job/team/job/app/"}',
};
const LEGACY: ProjectParts = { system: 'legacy', repository: '{id: packager}', when: 'static.token: {is: packager}' };

const PARTS = {
  azure: AZURE,
  entra: {
    ...AZURE,
    when: AZURE.when.replace(
      /azure\.service_connection:.*/,
      'azure.service_connection_id: {is: 6f9619ff-8b86-4d01-b42d-00cf4fc964ff}',
    ),
  },
  'hosted elsewhere': { ...AZURE, repository: '{id: acme/app, ownerId: 271ef6f7-5998-4b0c-86fb-4b54d9129990}' },
  jenkins: JENKINS,
  plain: PLAIN,
  strict: {
    ...JENKINS,
    when: `${JENKINS.when.replace('/job/app/"', '/job/app/**/"').replace('is: "https://jenkins', 'glob: "https://jenkins')}, jenkins.definition_from_scm: {is: true}, jenkins.other_checkouts: {absent: true}`,
  },
  folder: {
    ...PLAIN,
    when: 'jenkins.sub: {glob: "https://ci.acme.example/job/team/**/"}, jenkins.branch_name: {is: main}',
  },
  legacy: LEGACY,
} as const;

/** What the test of a project says: nothing where it passes. */
function differences(parts: ProjectParts, given: string, expected: string): readonly string[] {
  const test = `{name: t, given: {${given}}, expect: {policy: release, ${expected}}}`;
  expect(problemsOf({ ...parts, tests: test })).toEqual([]);
  const { projects, systems } = check({ ...parts, tests: test });
  const project = projects.get('acme');
  return project === undefined
    ? ['The project did not load.']
    : (runPolicyTests(project, systems)[0]?.differences ?? []);
}

describe('a policy decides on', () => {
  it.each<[keyof typeof PARTS, string, string]>([
    ['azure', 'fixture: azure-tag', 'decision: allow, rule: build'],
    ['azure', 'fixture: azure-branch', 'decision: deny, failed: [azure.rpo_ref]'],
    ['azure', 'fixture: azure-without-connection', 'decision: deny, failed: [azure.service_connection]'],
    ['azure', 'fixture: azure-tag-entra', 'decision: deny, failed: [azure.service_connection]'],
    ['azure', 'fixture: azure-tag, set: {azure.def_id: "43"}', 'decision: deny, failed: [azure.def_id]'],
    [
      'azure',
      'fixture: azure-tag, set: {azure.prj_id: 11111111-f0b0-4635-a98c-5866526961b6}',
      'decision: deny, failed: [azure.prj_id]',
    ],
    ['azure', 'fixture: azure-tag, set: {azure.rpo_id: other}', 'decision: deny, failed: [azure.rpo_id]'],
    ['entra', 'fixture: azure-tag-entra', 'decision: allow'],
    ['entra', 'fixture: azure-tag', 'decision: deny, failed: [azure.service_connection_id]'],
    ['hosted elsewhere', 'fixture: azure-github-repository', 'decision: allow'],
    ['jenkins', 'fixture: jenkins-job-connector', 'decision: allow'],
    ['jenkins', 'fixture: jenkins-job', 'decision: deny, failed: [jenkins.scm_url, jenkins.scm_branch]'],
    ['jenkins', 'fixture: jenkins-branch', 'decision: deny, failed: [jenkins.sub]'],
    [
      'jenkins',
      'fixture: jenkins-job-connector, set: {jenkins.scm_branch: refs/heads/next}',
      'decision: deny, failed: [jenkins.scm_branch]',
    ],
    [
      'plain',
      'fixture: jenkins-job, set: {jenkins.sub: "https://ci.acme.example/job/team/job/app/"}',
      'decision: allow',
    ],
    [
      'plain',
      'fixture: jenkins-job, set: {jenkins.sub: "https://ci.acme.example/job/team/job/tool/"}',
      'decision: deny, failed: [jenkins.sub]',
    ],
    ['strict', 'fixture: jenkins-branch, set: {jenkins.definition_from_scm: true}', 'decision: allow'],
    ['strict', 'fixture: jenkins-branch', 'decision: deny, failed: [jenkins.definition_from_scm]'],
    [
      'folder',
      'fixture: jenkins-job, set: {jenkins.sub: "https://ci.acme.example/job/team/job/a/job/b/", jenkins.branch_name: main}',
      'decision: allow',
    ],
    ['legacy', 'fixture: static-token', 'decision: allow'],
    ['legacy', 'fixture: static-token, set: {static.token: other}', 'decision: deny, failed: [static.token]'],
  ])('%s: %s, %s', (name, given, expected) => {
    expect(differences(PARTS[name], given, expected)).toEqual([]);
  });
});

describe('a test of a policy about a token that would be refused before it', () => {
  it.each<[keyof typeof PARTS, string, string]>([
    ['azure', 'fixture: azure-tag, set: {azure.rpo_ref: refs/pull/17/merge}', 'token.pull_request'],
    ['azure', 'fixture: azure-tag, set: {azure.org_id: 11111111-f0b0-4635-a98c-5866526961b6}', 'token.origin'],
    ['plain', 'fixture: jenkins-job, set: {jenkins.sub: "https://ci.acme.example/job/team/"}', 'token.origin'],
    ['jenkins', 'fixture: jenkins-job-connector, set: {jenkins.change_id: "17"}', 'token.pull_request'],
  ])('says so: %s, %s', async (name, given, code) => {
    const error = await refusalOf(() => differences(PARTS[name], given, 'decision: deny'));
    expect([error.code, error.message]).toEqual([
      code,
      expect.stringContaining('The server would refuse the token of the test "t" (line 8) before any policy: '),
    ]);
  });
});

describe('a claim that is a list', () => {
  const pools = (condition: string, more = ''): ProjectParts => ({
    ...AZURE,
    when: `${AZURE.when}, azure.agent_pools: ${condition}`,
    ...(more === '' ? {} : { deny: more }),
  });
  const connected = { azure: `${SYSTEMS['azure'] ?? ''}connector: true\n` };

  it('takes the operators of texts and no numbers', () => {
    expect(problemsOf(pools('{in: [Azure Pipelines, Default]}'), connected)).toEqual([]);
    expect(problemsOf(pools('{absent: true}'), connected)).toEqual([]);
    expect(problemsOf(pools('{gte: 2}'), connected)).toEqual([
      expect.stringContaining('"gte" does not fit azure.agent_pools, which is text; it takes is, in, glob, absent'),
    ]);
  });
});

describe('a project does not load', () => {
  const at = (parts: ProjectParts, name: string): string => {
    const line = `  {id: build${parts.rule ?? ''}, when: {${parts.when}}}]}}`;
    return `7:${line.indexOf(name) + 1}`;
  };
  /** Position of the operator in the condition on a claim. */
  const operatorAt = (parts: ProjectParts, claim: string): string => {
    const line = `  {id: build${parts.rule ?? ''}, when: {${parts.when}}}]}}`;
    return `7:${line.indexOf('{', line.indexOf(claim)) + 2}`;
  };

  it('where its rule relies on what only the API says, and nobody asks it', () => {
    for (const [parts, claim, condition] of [
      [AZURE, 'azure.reason', '{is: manual}'],
      [PLAIN, 'jenkins.scm_commit', `{is: ${'a'.repeat(40)}}`],
    ] as const) {
      const wanting = { ...parts, when: `${parts.when}, ${claim}: ${condition}` };
      expect(problemsOf(wanting)).toEqual([
        `${operatorAt(wanting, claim)}: ${claim} is what the API of the platform says, and the trusted build system has no connector; ` +
          'add connector: true to its file, and its credential to the configuration of the server',
      ]);
    }
    const asked = { ...AZURE, when: `${AZURE.when}, azure.reason: {is: manual}` };
    expect(problemsOf(asked, { azure: `${SYSTEMS['azure'] ?? ''}connector: true\n` })).toEqual([]);
  });

  it('where its rule looks at a certificate of no authority, or of one that is not there', () => {
    const none = { ...AZURE, when: `${AZURE.when}, certificate.subject: {is: "CN=node-1"}` };
    expect(problemsOf(none)).toEqual([
      '7:3: the rule does not say which authority the client certificate must come from; ' +
        'add certificate.authority: {is: build-nodes}, the id of a trusted build system of type client-certificate',
    ]);
    const wrong = { ...AZURE, when: `${AZURE.when}, certificate.authority: {is: node}` };
    expect(problemsOf(wrong)).toEqual([
      `${operatorAt(wrong, 'certificate.authority')}: there is no trusted build system "node" of the type client-certificate; did you mean "nodes"?`,
    ]);
    const good = { ...none, when: `${none.when}, certificate.authority: {is: nodes}` };
    expect(problemsOf(good)).toEqual([]);
    const waiting = { ...good, rule: ', approvals: {count: 1, from: [group:release-managers]}' };
    expect(problemsOf(waiting).join()).toContain('a client certificate is not checked again after an approval');
    expect(problemsOf(good, { nodes: 'version: 1\n' })).toHaveLength(1);
  });

  it('where it lists an authority as a build system', () => {
    expect(problemsOf({ ...LEGACY, system: 'nodes' })).toContain(
      '4:23: there is no trusted build system "nodes"; is trusted-build-systems/nodes.yml there and free of problems?',
    );
  });

  it.each(['azure', 'jenkins', 'legacy'] as const)('where it tells re-runs apart on %s, which does not', (name) => {
    const parts = PARTS[name];
    const rule = ', reRuns: deny';
    expect(problemsOf({ ...parts, rule })).toEqual([
      `${at({ ...parts, rule }, 'reRuns')}: the platform does not tell re-runs apart; use limits: {perRun: 1}`,
    ]);
  });

  it('where a static token counts alone', () => {
    const bare = { legacy: (SYSTEMS['legacy'] ?? '').replace('addresses: [192.0.2.0/24]\n', '') };
    expect(problemsOf(LEGACY, bare)).toEqual([
      '7:3: the rule relies on a static token alone, which whoever reads it once can use from anywhere; ' +
        'list addresses in the file of the trusted build system, or add certificate.authority: {is: …}',
    ]);
    const beside = { ...LEGACY, when: `${LEGACY.when}, certificate.authority: {is: nodes}` };
    expect(problemsOf(beside, bare)).toEqual([]);
  });

  it('where the token of an Azure job counts alone', () => {
    const alone = { ...AZURE, when: AZURE.when.replace(/, azure\.service_connection:.*/, '') };
    expect(problemsOf(alone)).toEqual([expect.stringContaining('7:3: the rule relies on the token of the job alone')]);
  });

  it.each([
    [
      'jenkins',
      '{id: https://jenkins.acme.example/job/team}',
      '5:21: "id" must be the URL of a job or folder that ends in "/"',
    ],
    ['jenkins', '{id: team}', '5:21: "id" must be the URL of a job or folder that ends in "/"'],
    [
      'jenkins',
      '{id: https://jenkins.acme.example/job/team/, ownerId: acme}',
      '5:61: repositories of this platform have no "ownerId"',
    ],
    ['azure', '{id: 3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11}', '5:16: a repository lacks the key "ownerId"'],
    [
      'azure',
      '{id: x, ownerId: app}',
      '5:33: "ownerId" must be the immutable id, not a name; the id is in the tokens of the repository and in the API of the platform',
    ],
    ['legacy', '{id: packager, ownerId: acme}', '5:31: repositories of this platform have no "ownerId"'],
  ] as const)('where a project of %s links %s', (name, repository, problem) => {
    expect(problemsOf({ ...PARTS[name], repository })).toEqual([problem]);
  });
});
