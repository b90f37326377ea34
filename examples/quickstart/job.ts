/** Claims of a job of acme/app's release workflow on one ref, as GitHub would state them. */
export function releaseJob(ref: string): Record<string, string> {
  const workflow = `acme/app/.github/workflows/release.yml@${ref}`;
  const tag = ref.startsWith('refs/tags/');
  return {
    sub: `repo:acme@145685596/app@771245825:ref:${ref}`,
    repository: 'acme/app',
    repository_id: '771245825',
    repository_owner: 'acme',
    repository_owner_id: '145685596',
    repository_visibility: 'private',
    ref,
    ref_type: tag ? 'tag' : 'branch',
    ref_protected: 'true',
    sha: '9f31c2e0a4b5d6c7e8f90123456789abcdef0123',
    event_name: 'push',
    head_ref: '',
    base_ref: '',
    actor: 'octocat',
    actor_id: '583231',
    workflow: 'release',
    workflow_ref: workflow,
    workflow_sha: '9f31c2e0a4b5d6c7e8f90123456789abcdef0123',
    job_workflow_ref: workflow,
    job_workflow_sha: '9f31c2e0a4b5d6c7e8f90123456789abcdef0123',
    run_id: tag ? '30433642' : '30433700',
    run_number: '10',
    run_attempt: '1',
    runner_environment: 'github-hosted',
  };
}
