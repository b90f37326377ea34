import { checkPolicies, type CheckedPolicies } from './check.ts';
import { formatProblem } from './load-problem.ts';
import { OPTIONS } from './sample-policies.test.fixture.ts';

/** A trusted build system of each platform without GitHub, and one authority of client certificates. */
export const SYSTEMS: Readonly<Record<string, string>> = {
  azure: `version: 1
id: azure
type: azure-devops
issuer: https://vstoken.dev.azure.com/0ca3ddd9-f0b0-4635-a98c-5866526961b6
serviceConnectionIssuer: https://login.microsoftonline.com/7d2c8a2e-64a0-4f6c-8d2f-6a0f0b8f5d11/v2.0
`,
  jenkins: 'version: 1\nid: jenkins\ntype: jenkins\nissuer: https://jenkins.acme.example/oidc\nconnector: true\n',
  plain: 'version: 1\nid: plain\ntype: jenkins\nissuer: https://ci.acme.example/oidc/job/team\n',
  legacy: `version: 1
id: legacy
type: static-token
addresses: [192.0.2.0/24]
tokens: [{name: packager, sha256: ${'a'.repeat(64)}, project: acme, expires: "2027-01-31"}]
`,
  nodes: `version: 1
id: nodes
type: client-certificate
authorities: ca/nodes.pem
revocation: {none: "The authority issues for an hour."}
`,
};

/** Parts of a project that differ from case to case, each one line. */
export interface ProjectParts {
  readonly system: string;
  readonly repository: string;
  /** Conditions of the one allow rule. */
  readonly when: string;
  /** Keys of the rule besides. */
  readonly rule?: string;
  /** Deny rules. */
  readonly deny?: string;
  readonly tests?: string;
}

/** Text of a project: the rule stands in line 7, its conditions from column 40 on. */
export function projectText({ system, repository, when, rule = '', deny, tests }: ProjectParts): string {
  return `version: 1
project: acme
owners: [group:team-acme]
trustedBuildSystems: [${system}]
repositories: [${repository}]
policies: {release: {keys: {raw: acme-raw}${deny === undefined ? '' : `, deny: [${deny}]`}, allow: [
  {id: build${rule}, when: {${when}}}]}}
${tests === undefined ? '' : `tests: [${tests}]\n`}`;
}

/** Checks a project against the systems above; those of `changed` instead of the ones of their name. */
export function check(parts: ProjectParts, changed: Readonly<Record<string, string>> = {}): CheckedPolicies {
  const systems = Object.entries({ ...SYSTEMS, ...changed });
  const texts = systems.map(([id, text]) => [`trusted-build-systems/${id}.yml`, text] as const);
  return checkPolicies(new Map([...texts, ['projects/acme.yml', projectText(parts)]]), OPTIONS);
}

/** What keeps the project from loading, `line:column: sentence; hint`. */
export function problemsOf(parts: ProjectParts, changed: Readonly<Record<string, string>> = {}): readonly string[] {
  const { files } = check(parts, changed);
  const problems = files.find(({ path }) => path === 'projects/acme.yml')?.problems ?? [];
  return problems.map((problem) => formatProblem(problem).replace('projects/acme.yml:', ''));
}
