/**
 * One project of a company with three build systems and workstations, of which every rule asks for all that its platform can
 * prove. Its tests stand in it, as they do in the files of users.
 */
export const EXAMPLE_PROJECT = `version: 1
project: acme
owners: [group:team-acme]
trustedBuildSystems: [github, azure, jenkins, workstations]
repositories:
  - {system: github, id: "771245825", ownerId: "145685596"}
  - {system: azure, id: 3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11, ownerId: 271ef6f7-5998-4b0c-86fb-4b54d9129990}
  - {system: jenkins, id: "https://jenkins.acme.example/job/team/"}
  - {system: workstations, id: packager}
policies:
  release:
    keys: {authenticode-pe: prod-authenticode, authenticode-msi: prod-authenticode}
    allow:
      - id: gh-release
        description: A protected tag, the production environment, a hosted runner, a called workflow at one commit, no re-run.
        system: github
        when:
          github.ref_type: {is: tag}
          github.ref: {glob: "refs/tags/v*"}
          github.ref_protected: {is: true}
          github.event_name: {in: [push, release]}
          github.environment: {is: production}
          github.runner_environment: {is: github-hosted}
          github.job_workflow_repository: {is: acme/release-workflows}
          github.job_workflow_path: {is: .github/workflows/sign.yml}
          github.job_workflow_sha: {in: [6b906a4153c61a2486973a1347db8300dc9ce3ee]}
          time: {within: "Mon-Thu 08:00-17:00 Europe/Berlin"}
        artifacts: {format: {in: [authenticode-pe, authenticode-msi]}, name: {glob: "acme-*.exe"}, size: {lte: 500MiB}, count: {lte: 40}}
        limits: {perRun: 1, perHour: 20}
        approvals: {count: 2, from: [group:release-managers]}
      - id: ado-service-connection
        description: Both tokens, the second of a connection that only signing uses.
        system: azure
        when:
          azure.service_connection: {is: sc://acme/app/prod-signing}
          azure.prj_id: {is: 271ef6f7-5998-4b0c-86fb-4b54d9129990}
          azure.def_id: {is: "42"}
          azure.rpo_ref: {glob: "refs/tags/v*"}
    deny:
      - id: never-pr
        system: github
        when: {github.event_name: {in: [pull_request, pull_request_target, issue_comment, workflow_run]}}
      - id: freeze
        when: {time: {within: "2026-12-20..2027-01-04 Europe/Berlin"}}
  test-jar:
    keys: {jar: test-jar}
    allow:
      - id: jenkins-folder
        description: Any job of the folder, for one repository and branch, from a node that shows its certificate.
        system: jenkins
        when:
          jenkins.sub: {glob: "https://jenkins.acme.example/job/team/job/*/"}
          jenkins.build_number: {gte: 1}
          jenkins.scm_url: {is: "https://git.acme.example/acme/app"}
          jenkins.scm_branch: {is: refs/heads/main}
          certificate.authority: {is: nodes}
          certificate.subject_ou: {is: Build Nodes}
  driver:
    keys: {authenticode-cat: driver-ev, authenticode-pe: driver-ev}
    allow:
      - id: workstation
        description: A workstation of the release team, by the certificate that Active Directory gave it.
        system: workstations
        when:
          static.token: {is: packager}
          certificate.authority: {is: nodes}
          certificate.issuer: {is: "CN=Corp Issuing CA 2,O=Acme,C=DE"}
          certificate.subject_cn: {glob: "sign-*"}
          certificate.subject_ou: {is: Release}
          certificate.eku: {is: 1.3.6.1.5.5.7.3.2}
          certificate.template_id: {is: 1.3.6.1.4.1.311.21.8.1234.5678}
          certificate.template_major_version: {gte: 100}
        artifacts: {format: {is: authenticode-cat}}
tests:
TESTS
`;

type Claims = Readonly<Record<string, string | number | boolean>>;

const CALLED: Claims = {
  'github.environment': 'production',
  'github.ref_protected': true,
  'github.job_workflow_repository': 'acme/release-workflows',
  'github.job_workflow_path': '.github/workflows/sign.yml',
  'github.job_workflow_sha': '6b906a4153c61a2486973a1347db8300dc9ce3ee',
};
const NODE: Claims = { 'certificate.authority': 'nodes', 'certificate.subject_ou': 'Build Nodes' };
const WORKSTATION: Claims = {
  'certificate.authority': 'nodes',
  'certificate.issuer': 'CN=Corp Issuing CA 2,O=Acme,C=DE',
  'certificate.subject_cn': 'sign-07',
  'certificate.subject_ou': 'Release',
  'certificate.eku': '1.3.6.1.5.5.7.3.2',
  'certificate.template_id': '1.3.6.1.4.1.311.21.8.1234.5678',
  'certificate.template_major_version': 100,
};
const EXE = 'artifacts: [{name: acme-app.exe, format: authenticode-pe, size: 12MiB}]';
const CATALOG = 'artifacts: [{name: driver.cat, format: authenticode-cat}]';

const request = (fixture: string, set: Claims, rest = EXE): string =>
  `fixture: ${fixture}, set: ${JSON.stringify(set)}, ${rest}`;
const github = (changes: Claims = {}, rest = EXE): string =>
  request('github-reusable-workflow', { ...CALLED, ...changes }, rest);
const azure = (fixture: string, changes: Claims = {}): string => request(fixture, changes);
const jenkins = (fixture: string, changes: Claims = {}): string =>
  request(fixture, { ...NODE, ...changes }, 'artifacts: [{name: app.jar, format: jar}]');
const workstation = (changes: Claims = {}, rest = CATALOG): string =>
  request('static-token', { ...WORKSTATION, ...changes }, rest);

const denied = (policy: string, rule: string, ...failed: readonly string[]): string =>
  `policy: ${policy}, decision: deny, rule: ${rule}${failed.length === 0 ? '' : `, failed: [${failed.join(', ')}]`}`;
const gh = (...failed: readonly string[]): string => denied('release', 'gh-release', ...failed);

/** Name, request and expectation of each test. */
export const EXAMPLE_TESTS: readonly (readonly [name: string, given: string, expected: string])[] = [
  ['a release is allowed', github(), 'policy: release, decision: allow, rule: gh-release'],
  ['staging is refused', github({ 'github.environment': 'staging' }), gh('github.environment')],
  ['an unprotected tag is refused', github({ 'github.ref_protected': false }), gh('github.ref_protected')],
  [
    'a branch is refused',
    github({ 'github.ref': 'refs/heads/main', 'github.ref_type': 'branch' }),
    gh('github.ref_type', 'github.ref'),
  ],
  ['a tag below another is refused', github({ 'github.ref': 'refs/tags/v1/x' }), gh('github.ref')],
  ['a schedule is refused', github({ 'github.event_name': 'schedule' }), gh('github.event_name')],
  ['an own runner is refused', github({ 'github.runner_environment': 'self-hosted' }), gh('github.runner_environment')],
  [
    'another called workflow is refused',
    github({ 'github.job_workflow_path': '.github/workflows/other.yml' }),
    gh('github.job_workflow_path'),
  ],
  [
    'the called workflow at another commit is refused',
    github({ 'github.job_workflow_sha': '1'.repeat(40) }),
    gh('github.job_workflow_sha'),
  ],
  [
    'the same workflow of a fork is refused',
    github({ 'github.job_workflow_repository': 'mallory/release-workflows' }),
    gh('github.job_workflow_repository'),
  ],
  ['a re-run is refused', github({ 'github.run_attempt': 2 }), gh('github.run_attempt')],
  ['a repository of the same name is refused', github({ 'github.repository_id': '1' }), gh('github.repository_id')],
  [
    'a repository that moved is refused',
    github({ 'github.repository_owner_id': '1' }),
    gh('github.repository_owner_id'),
  ],
  ['a Friday is refused', github({}, `${EXE}, time: "2026-11-20T12:00:00Z"`), gh('time')],
  [
    'a name of somebody else is refused',
    github({}, 'artifacts: [{name: other.exe, format: authenticode-pe}]'),
    gh('artifacts.name'),
  ],
  [
    'a file too large is refused',
    github({}, 'artifacts: [{name: acme-a.exe, format: authenticode-pe, size: 501MiB}]'),
    gh('artifacts.size'),
  ],
  [
    'a format without a key is refused',
    github({}, 'artifacts: [{name: acme-a.exe, format: jar}]'),
    gh('artifacts.format'),
  ],
  [
    'a pull request is refused whatever is allowed',
    github({ 'github.event_name': 'pull_request' }),
    denied('release', 'never-pr'),
  ],
  ['the holidays are refused', github({}, `${EXE}, time: "2026-12-22T12:00:00Z"`), denied('release', 'freeze')],

  [
    'a pipeline with its connection is allowed',
    azure('azure-tag'),
    'policy: release, decision: allow, rule: ado-service-connection',
  ],
  [
    'a pipeline without it is refused',
    azure('azure-without-connection'),
    denied('release', 'ado-service-connection', 'azure.service_connection'),
  ],
  [
    'another pipeline is refused',
    azure('azure-tag', { 'azure.def_id': '43' }),
    denied('release', 'ado-service-connection', 'azure.def_id'),
  ],
  ['a branch of Azure is refused', azure('azure-branch'), denied('release', 'ado-service-connection', 'azure.rpo_ref')],

  [
    'a job of the folder is allowed',
    jenkins('jenkins-job-connector'),
    'policy: test-jar, decision: allow, rule: jenkins-folder',
  ],
  ['a job below a job is refused', jenkins('jenkins-branch'), denied('test-jar', 'jenkins-folder', 'jenkins.sub')],
  [
    'a job that the controller does not know is refused',
    jenkins('jenkins-job'),
    denied('test-jar', 'jenkins-folder', 'jenkins.scm_url', 'jenkins.scm_branch'),
  ],
  [
    'a node of another authority is refused',
    jenkins('jenkins-job-connector', { 'certificate.authority': 'other' }),
    denied('test-jar', 'jenkins-folder', 'certificate.authority'),
  ],
  ['a job cannot have a release signed', jenkins('jenkins-job-connector'), 'policy: release, decision: deny'],

  ['a workstation is allowed', workstation(), 'policy: driver, decision: allow, rule: workstation'],
  [
    'an older template is refused',
    workstation({ 'certificate.template_major_version': 99 }),
    denied('driver', 'workstation', 'certificate.template_major_version'),
  ],
  [
    'another template is refused',
    workstation({ 'certificate.template_id': '1.2.3' }),
    denied('driver', 'workstation', 'certificate.template_id'),
  ],
  [
    'another issuer is refused',
    workstation({ 'certificate.issuer': 'CN=Corp Issuing CA 3,O=Acme,C=DE' }),
    denied('driver', 'workstation', 'certificate.issuer'),
  ],
  [
    'a workstation without certificate is refused',
    `fixture: static-token, ${CATALOG}`,
    'policy: driver, decision: deny, rule: workstation',
  ],
  [
    'a key serves its formats alone',
    workstation({}, 'artifacts: [{name: app.exe, format: authenticode-pe}]'),
    denied('driver', 'workstation', 'artifacts.format'),
  ],
];
