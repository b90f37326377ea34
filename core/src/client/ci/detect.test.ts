import { describe, expect, it } from 'vitest';
import { detectPlatform, detectTokens } from './detect.ts';

const GITHUB = {
  GITHUB_ACTIONS: 'true',
  ACTIONS_ID_TOKEN_REQUEST_URL: 'https://runner.example/idtoken',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bearer',
};
const AZURE = {
  TF_BUILD: 'True',
  SYSTEM_OIDCREQUESTURI: 'https://dev.azure.com/acme/oidctoken',
  SYSTEM_ACCESSTOKEN: 'access',
};
const JENKINS = { JENKINS_URL: 'https://jenkins.acme.example/', BUILD_URL: 'https://jenkins.acme.example/job/app/17/' };

const FORGEJO = { ...GITHUB, FORGEJO_ACTIONS: 'true' };
const BUILDKITE = { BUILDKITE: 'true', BUILDKITE_AGENT_ACCESS_TOKEN: 'agent', BUILDKITE_JOB_ID: 'job' };
const CIRCLECI = { CIRCLECI: 'true' };
const BITBUCKET = { BITBUCKET_PIPELINE_UUID: '{run}', BITBUCKET_STEP_OIDC_TOKEN: 'a.b.c' };
const GITLAB = { GITLAB_CI: 'true' };

function open(environment: Readonly<Record<string, string>>) {
  const clock = { now: () => new Date(0), random: () => 0, sleep: () => Promise.resolve() };
  const fetch = () => Promise.reject(new Error('nobody may be called'));
  return detectTokens({ environment, fetch, clock, mask: () => undefined });
}

describe('the platform of a process', () => {
  it.each([
    [{}, 'none'],
    [{ CI: 'true' }, 'none'],
    [JENKINS, 'jenkins'],
    [{ BUILD_URL: JENKINS.BUILD_URL }, 'jenkins'],
    [AZURE, 'azure-devops'],
    [GITHUB, 'github-actions'],
    [FORGEJO, 'forgejo'],
    [BUILDKITE, 'buildkite'],
    [CIRCLECI, 'circleci'],
    [BITBUCKET, 'bitbucket'],
    [GITLAB, 'gitlab'],
    [{ ...GITLAB, ORIGINSIGN_TOKEN: 'a.b.c' }, 'given'],
    [{ ...JENKINS, ...AZURE }, 'azure-devops'],
    [{ ...JENKINS, ...AZURE, ...GITHUB }, 'github-actions'],
    [{ ...JENKINS, ...AZURE, ...GITHUB, ORIGINSIGN_TOKEN: 'a.b.c' }, 'given'],
    [{ ...GITHUB, ORIGINSIGN_TOKEN_FILE: 'token' }, 'given'],
    [{ ...GITHUB, ORIGINSIGN_TOKEN: '' }, 'github-actions'],
  ])('with %j is %s', (environment, platform) => {
    expect(detectPlatform(environment)).toBe(platform);
  });

  it.each([
    [AZURE, 'azure-devops'],
    [GITHUB, 'github-actions'],
    [FORGEJO, 'forgejo'],
    [BUILDKITE, 'buildkite'],
    [CIRCLECI, 'circleci'],
    [BITBUCKET, 'bitbucket'],
    [{ ...JENKINS, ORIGINSIGN_TOKEN: 'a.b.c' }, 'given'],
  ])('with %j hands out tokens of %s', (environment, platform) => {
    expect(open(environment).platform).toBe(platform);
  });

  it.each([
    [
      {},
      'token.unavailable',
      /GitHub Actions.*id-token: write.*Azure Pipelines.*ORIGINSIGN_TOKEN.*ORIGINSIGN_TOKEN_FILE/,
    ],
    [JENKINS, 'token.permission', /ORIGINSIGN_TOKEN = credentials\(/],
    [{ GITHUB_ACTIONS: 'true' }, 'token.permission', /id-token: write/],
    [{ FORGEJO_ACTIONS: 'true' }, 'token.permission', /enable-openid-connect: true/],
    [{ BUILDKITE: 'true' }, 'token.permission', /BUILDKITE_AGENT_ACCESS_TOKEN/],
    [{ BITBUCKET_PIPELINE_UUID: '{run}' }, 'token.permission', /oidc: \{audiences: /],
    [GITLAB, 'token.permission', /id_tokens: \{ORIGINSIGN_TOKEN: /],
    [{ TF_BUILD: 'True' }, 'token.unavailable', /SYSTEM_OIDCREQUESTURI/],
    [{ ...AZURE, SYSTEM_ACCESSTOKEN: '' }, 'token.permission', /SYSTEM_ACCESSTOKEN: \$\(System\.AccessToken\)/],
    [{ ...AZURE, ORIGINSIGN_TOKEN: 'a.b.c', ORIGINSIGN_TOKEN_FILE: 'x' }, 'input.invalid', /set one of them/],
  ])('with %j ends with %s and says what to do', (environment, code, hint) => {
    expect(() => open(environment as Record<string, string>)).toThrow(
      expect.objectContaining({ code, hint: expect.stringMatching(hint) as unknown }),
    );
  });
});
