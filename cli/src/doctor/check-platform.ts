import { detectPlatform, type CiPlatform } from '@originsign/core/client/ci/detect';
import { checkAzureJob } from './check-azure-job.ts';
import { checkGithubJob } from './check-github-job.ts';
import type { Environment, Finding } from './finding.ts';

const NAMES: Readonly<Record<CiPlatform, string>> = {
  given: 'whatever gave this process a token (ORIGINSIGN_TOKEN or ORIGINSIGN_TOKEN_FILE)',
  'github-actions': 'a job of GitHub Actions',
  'azure-devops': 'a job of Azure Pipelines',
  jenkins: 'a build of Jenkins',
  gitlab: 'a job of GitLab CI',
  forgejo: 'a job of Forgejo Actions',
  buildkite: 'a job of Buildkite',
  circleci: 'a job of CircleCI',
  bitbucket: 'a step of Bitbucket Pipelines',
  none: 'this is no CI job that can sign',
};

/** Which CI platform this is, and what it says of the run. `event` is the document of `GITHUB_EVENT_PATH`, where there is one. */
export function checkPlatform(environment: Environment, event?: unknown): readonly Finding[] {
  const platform = detectPlatform(environment);
  const text = NAMES[platform];
  if (platform === 'none') {
    const hint = 'origin comes from a CI job: policies can be tried with "originsign policy explain"';
    return [{ state: 'warn', name: 'platform', text, hint }];
  }
  const found: Finding = { state: 'ok', name: 'platform', text };
  if (platform === 'github-actions') return [found, ...checkGithubJob(environment, event)];
  return platform === 'azure-devops' ? [found, ...checkAzureJob(environment)] : [found];
}
