import { checkPolicies, type CheckOptions } from './check.ts';
import { formatProblem } from './load-problem.ts';
import type { Project } from './model.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';

/** The trusted build system of the samples. */
export const GITHUB_YML =
  '{version: 1, id: github, type: github-actions, issuer: https://token.actions.githubusercontent.com}\n';

/** The project of the documentation, with everything it shows but approvals. */
export const ACME_YML = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {authenticode-pe: acme-2026, raw: acme-raw}
    allow:
      - id: tag-build
        when:
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {in: [push, release]}
          github.workflow_path: {is: .github/workflows/release.yml}
          github.runner_environment: {is: github-hosted}
        artifacts: {count: {lte: 40}}
        limits: {perRun: 1, perHour: 20}
        reRuns: deny
        timestamp: required
    deny:
      - id: freeze
        when: {time: {within: "2026-12-20..2027-01-04 Europe/Berlin"}}
tests:
  - name: a branch build is refused
    given: {fixture: github-tag-push, set: {github.ref: refs/heads/main}}
    expect: {policy: release, decision: deny, rule: tag-build, failed: [github.ref]}
`;

export const FORMATS = {
  'authenticode-pe': { purpose: 'authenticode', keyTypes: ['rsa-3072', 'p-256'] },
  'cms-detached': { purpose: 'cms', keyTypes: ['rsa-3072', 'p-256'] },
  raw: { purpose: 'raw', keyTypes: ['rsa-3072', 'p-256', 'ed25519'] },
} as const;

export const OPTIONS: CheckOptions = { trial: false, formats: FORMATS };

/** A directory with the sample system and one project, each text replaceable. */
export function directory(project = ACME_YML, system = GITHUB_YML): ReadonlyMap<string, string> {
  return new Map([
    ['trusted-build-systems/github.yml', system],
    ['projects/acme-app.yml', project],
  ]);
}

/** The loaded sample project; throws with the problems where the text does not load. */
export function loadProject(
  text = ACME_YML,
  options: CheckOptions = OPTIONS,
): { readonly project: Project; readonly systems: ReadonlyMap<string, TrustedBuildSystem> } {
  const { projects, systems, problems } = checkPolicies(directory(text), options);
  const project = projects.get('acme-app');
  if (project === undefined) throw new Error(problems.map(formatProblem).join('\n'));
  return { project, systems };
}

/** The sample with one text replaced by another; throws where it is not there exactly once. */
export function acmeWith(old: string, text: string): string {
  if (ACME_YML.split(old).length !== 2) throw new Error(`The sample does not have this exactly once: ${old}`);
  return ACME_YML.replace(old, () => text);
}

/** The problems of the sample project file, one line each, without its path. */
export function problemsOf(text: string, options: CheckOptions = OPTIONS): readonly string[] {
  const { files } = checkPolicies(directory(text), options);
  const problems = files.find(({ path }) => path === 'projects/acme-app.yml')?.problems ?? [];
  return problems.map((problem) => formatProblem(problem).replace('projects/acme-app.yml:', ''));
}
