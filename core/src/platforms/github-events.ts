/**
 * Events whose run has the rights and the refs of the default branch although a person without write access can start it or
 * decide what it works on. Their claims look like a build of the default branch, so no rule may allow them.
 */
export const GITHUB_FORBIDDEN_EVENTS: readonly string[] = [
  'pull_request_target',
  'workflow_run',
  'issue_comment',
  'issues',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'watch',
];

/** Events that start workflows. Source: docs.github.com, Events that trigger workflows. */
export const GITHUB_EVENTS: readonly string[] = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'dynamic',
  'image_version',
  'label',
  'merge_group',
  'milestone',
  'page_build',
  'public',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'status',
  'workflow_dispatch',
  ...GITHUB_FORBIDDEN_EVENTS,
];
