import { startApiStandIn, type ApiStandIn } from './api-stand-in.ts';

/** Fields that replace those of a recorded document. */
export type DocumentChanges = Readonly<Record<string, unknown>>;

/** Stands in for GitHub's REST API on loopback: a run, its jobs, the rules of its branch. */
export interface GithubApi extends ApiStandIn {
  /** Path of the run that is served. */
  readonly run: string;
  addRun(changes?: DocumentChanges): void;
  /** The jobs of an attempt, in pages. */
  addJobs(jobs: readonly DocumentChanges[], attempt?: number): void;
  /** The rules of all active rulesets for a branch, in pages. */
  addRules(rules: readonly unknown[], branch?: string): void;
  addProtection(protection: unknown, branch?: string): void;
}

/** Names and ids of the recorded run; the id of the run does not fit 32 bits. */
export const GITHUB_RUN = {
  repository: 'acme/app',
  repositoryId: 74,
  run: 18_446_744_073,
  job: 48_211_122_334,
  commit: 'a3f1c0d9e8b7a6f5e4d3c2b1a0f9e8d7c6b5a4f3',
  ref: 'refs/heads/main',
} as const;

/** Token that the API accepts. */
export const GITHUB_API_TOKEN = 'github_pat_11AAAAAAA0aBcDeFgHiJkL_mNoPqRsTuVwXyZ0123456789';

/**
 * Starts the API on a free loopback port. It accepts tokens of the app whose key is given where apps are asked for, and
 * {@link GITHUB_API_TOKEN} everywhere else; it hands that out as the token of the app's installation.
 */
export async function startGithubApi(isAppToken: (token: string) => boolean = () => false): Promise<GithubApi> {
  const api = await startApiStandIn((path, authorization) => {
    const token = authorization.replace(/^Bearer /, '');
    return path.endsWith('/installation') || path.startsWith('/app/') ? isAppToken(token) : token === GITHUB_API_TOKEN;
  });
  const repository = `/repos/${GITHUB_RUN.repository}`;
  const run = `${repository}/actions/runs/${GITHUB_RUN.run}`;
  api.serve(`${repository}/installation`, () => ({ id: 1_234_567, app_id: 9, repository_selection: 'selected' }));
  api.serve('/app/installations/1234567/access_tokens', () => ({
    token: GITHUB_API_TOKEN,
    expires_at: '2026-11-20T10:11:02Z',
    permissions: { actions: 'read', administration: 'read', metadata: 'read' },
    repository_selection: 'selected',
  }));
  return {
    ...api,
    run,
    addRun: (changes = {}) => api.serve(run, () => ({ ...RECORDED_RUN, ...changes })),
    addJobs: (jobs, attempt = 1) =>
      api.serve(`${run}/attempts/${attempt}/jobs`, (query) => ({
        total_count: jobs.length,
        jobs: pageOf(
          jobs.map((job) => ({ ...RECORDED_JOB, ...job })),
          query,
        ),
      })),
    addRules: (rules, branch = 'main') =>
      api.serve(`${repository}/rules/branches/${encodeURIComponent(branch)}`, (query) => pageOf(rules, query)),
    addProtection: (protection, branch = 'main') =>
      api.serve(`${repository}/branches/${encodeURIComponent(branch)}/protection`, () => protection),
  };
}

function pageOf<T>(items: readonly T[], query: URLSearchParams): readonly T[] {
  const size = Number(query.get('per_page') ?? '30');
  const start = (Number(query.get('page') ?? '1') - 1) * size;
  return items.slice(start, start + size);
}

/** Shape: REST API 2022-11-28, Get a workflow run. */
const RECORDED_RUN = {
  id: GITHUB_RUN.run,
  name: 'release',
  node_id: 'WFR_kwLOAAAAAA',
  head_branch: 'main',
  head_sha: GITHUB_RUN.commit,
  path: '.github/workflows/release.yml',
  display_title: 'Release',
  run_number: 10,
  event: 'push',
  status: 'in_progress',
  conclusion: null,
  workflow_id: 9001,
  check_suite_id: 31_990_000_001,
  pull_requests: [],
  created_at: '2026-11-20T09:11:02Z',
  actor: { login: 'octocat', id: 1 },
  run_attempt: 1,
  referenced_workflows: [],
  run_started_at: '2026-11-20T09:11:02Z',
  triggering_actor: { login: 'octocat', id: 1 },
  head_commit: { id: GITHUB_RUN.commit, message: 'Release' },
  repository: { id: GITHUB_RUN.repositoryId, name: 'app', full_name: GITHUB_RUN.repository, private: true },
  head_repository: { id: GITHUB_RUN.repositoryId, name: 'app', full_name: GITHUB_RUN.repository },
};

/** Shape: List jobs for a workflow run attempt. */
const RECORDED_JOB = {
  id: GITHUB_RUN.job,
  run_id: GITHUB_RUN.run,
  workflow_name: 'release',
  head_branch: 'main',
  run_attempt: 1,
  head_sha: GITHUB_RUN.commit,
  status: 'in_progress',
  conclusion: null,
  started_at: '2026-11-20T09:11:20Z',
  completed_at: null,
  name: 'sign',
  steps: [{ name: 'Set up job', status: 'completed', conclusion: 'success', number: 1 }],
  labels: ['self-hosted', 'signing'],
  runner_id: 12,
  runner_name: 'signer-1',
  runner_group_id: 3,
  runner_group_name: 'signing',
};

/** A job that no runner has taken, and none will: skipped, or of a workflow that is called. */
export const SKIPPED_JOB = {
  id: 48_211_122_335,
  status: 'completed',
  conclusion: 'skipped',
  steps: [],
  labels: [],
  runner_id: null,
  runner_name: null,
  runner_group_id: null,
  runner_group_name: null,
} as const;

/** Classic branch protection that asks for much. Shape: Get branch protection. */
export const BRANCH_PROTECTION = {
  url: 'https://api.github.com/repos/acme/app/branches/main/protection',
  required_status_checks: { strict: true, contexts: ['build'], checks: [{ context: 'build', app_id: 15_368 }] },
  required_pull_request_reviews: {
    dismiss_stale_reviews: true,
    require_code_owner_reviews: true,
    require_last_push_approval: false,
    required_approving_review_count: 1,
  },
  required_signatures: { enabled: false },
  enforce_admins: { enabled: false },
  required_linear_history: { enabled: true },
  allow_force_pushes: { enabled: false },
  allow_deletions: { enabled: false },
  block_creations: { enabled: false },
  required_conversation_resolution: { enabled: false },
  lock_branch: { enabled: false },
  allow_fork_syncing: { enabled: false },
};

/** Rules of rulesets. Shape: Get rules for a branch. */
export const BRANCH_RULES = [
  { type: 'deletion', ruleset_source_type: 'Repository', ruleset_source: 'acme/app', ruleset_id: 21 },
  { type: 'non_fast_forward', ruleset_source_type: 'Organization', ruleset_source: 'acme', ruleset_id: 73 },
  { type: 'required_signatures', ruleset_source_type: 'Organization', ruleset_source: 'acme', ruleset_id: 73 },
  {
    type: 'pull_request',
    ruleset_source_type: 'Organization',
    ruleset_source: 'acme',
    ruleset_id: 73,
    parameters: {
      required_approving_review_count: 2,
      dismiss_stale_reviews_on_push: false,
      require_code_owner_review: false,
      require_last_push_approval: true,
      required_review_thread_resolution: false,
      allowed_merge_methods: ['squash'],
    },
  },
  {
    type: 'required_status_checks',
    ruleset_source_type: 'Repository',
    ruleset_source: 'acme/app',
    ruleset_id: 21,
    parameters: {
      strict_required_status_checks_policy: true,
      do_not_enforce_on_create: false,
      required_status_checks: [{ context: 'test', integration_id: 15_368 }, { context: 'build' }],
    },
  },
] as const;
