import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { AnswerFields } from './answer-fields.ts';
import { presentClaims } from './claims-in-and-out.ts';

/** What rules demand of a branch, whether they stand in rulesets or in classic branch protection. */
export interface BranchRules {
  readonly requiresPullRequest: boolean;
  readonly approvals: number;
  readonly codeOwnerReview: boolean;
  readonly dismissesStaleReviews: boolean;
  readonly lastPushApproval: boolean;
  readonly blocksForcePushes: boolean;
  readonly signedCommits: boolean;
  readonly linearHistory: boolean;
  readonly statusChecks: readonly string[];
  /** Whether classic branch protection binds administrators too; missing where the branch has none. */
  readonly bindsAdministrators?: boolean;
}

const NO_RULES: BranchRules = {
  requiresPullRequest: false,
  approvals: 0,
  codeOwnerReview: false,
  dismissesStaleReviews: false,
  lastPushApproval: false,
  blocksForcePushes: false,
  signedCommits: false,
  linearHistory: false,
  statusChecks: [],
};

/** One rule of `/rules/branches/{branch}`, which lists the rules of all active rulesets. Unknown types demand nothing here. */
export function parseRule(rule: AnswerFields): BranchRules {
  switch (rule.text('type')) {
    case 'pull_request':
      return { ...NO_RULES, requiresPullRequest: true, ...pullRequestRule(rule.optionalObject('parameters')) };
    case 'required_status_checks': {
      const checks = rule.object('parameters').objects('required_status_checks');
      return { ...NO_RULES, statusChecks: checks.map((check) => check.text('context')) };
    }
    case 'non_fast_forward':
      return { ...NO_RULES, blocksForcePushes: true };
    case 'required_signatures':
      return { ...NO_RULES, signedCommits: true };
    case 'required_linear_history':
      return { ...NO_RULES, linearHistory: true };
    default:
      return NO_RULES;
  }
}

function pullRequestRule(parameters: AnswerFields | undefined): Partial<BranchRules> {
  if (parameters === undefined) return {};
  return {
    approvals: parameters.optionalInteger('required_approving_review_count') ?? 0,
    codeOwnerReview: parameters.optionalFlag('require_code_owner_review') ?? false,
    dismissesStaleReviews: parameters.optionalFlag('dismiss_stale_reviews_on_push') ?? false,
    lastPushApproval: parameters.optionalFlag('require_last_push_approval') ?? false,
  };
}

/** `/branches/{branch}/protection`: classic branch protection. */
export function parseProtection(protection: AnswerFields): BranchRules {
  const enabled = (name: string): boolean => protection.optionalObject(name)?.optionalFlag('enabled') ?? false;
  const reviews = protection.optionalObject('required_pull_request_reviews');
  return {
    requiresPullRequest: reviews !== undefined,
    approvals: reviews?.optionalInteger('required_approving_review_count') ?? 0,
    codeOwnerReview: reviews?.optionalFlag('require_code_owner_reviews') ?? false,
    dismissesStaleReviews: reviews?.optionalFlag('dismiss_stale_reviews') ?? false,
    lastPushApproval: reviews?.optionalFlag('require_last_push_approval') ?? false,
    blocksForcePushes: !enabled('allow_force_pushes'),
    signedCommits: enabled('required_signatures'),
    linearHistory: enabled('required_linear_history'),
    statusChecks: protection.optionalObject('required_status_checks')?.texts('contexts') ?? [],
    bindsAdministrators: enabled('enforce_admins'),
  };
}

/** What all rules demand together: each adds to the others, as on GitHub the strictest of them holds. */
export function combineRules(rules: readonly BranchRules[]): BranchRules {
  const some = (demands: (rule: BranchRules) => boolean): boolean => rules.some(demands);
  const binding = rules.map(({ bindsAdministrators }) => bindsAdministrators).find((binds) => binds !== undefined);
  return {
    requiresPullRequest: some((rule) => rule.requiresPullRequest),
    approvals: Math.max(0, ...rules.map(({ approvals }) => approvals)),
    codeOwnerReview: some((rule) => rule.codeOwnerReview),
    dismissesStaleReviews: some((rule) => rule.dismissesStaleReviews),
    lastPushApproval: some((rule) => rule.lastPushApproval),
    blocksForcePushes: some((rule) => rule.blocksForcePushes),
    signedCommits: some((rule) => rule.signedCommits),
    linearHistory: some((rule) => rule.linearHistory),
    statusChecks: [...new Set(rules.flatMap(({ statusChecks }) => statusChecks))].sort(),
    ...(binding === undefined ? {} : { bindsAdministrators: binding }),
  };
}

/** The rules as policies see them. */
export function ruleClaims(rules: BranchRules): Claims {
  return presentClaims({
    'github.requires_pull_request': rules.requiresPullRequest,
    'github.required_approvals': rules.approvals,
    'github.requires_code_owner_review': rules.codeOwnerReview,
    'github.dismisses_stale_reviews': rules.dismissesStaleReviews,
    'github.requires_last_push_approval': rules.lastPushApproval,
    'github.blocks_force_pushes': rules.blocksForcePushes,
    'github.requires_signed_commits': rules.signedCommits,
    'github.requires_linear_history': rules.linearHistory,
    'github.requires_status_checks': rules.statusChecks.length === 0 ? undefined : rules.statusChecks,
    'github.protection_binds_admins': rules.bindsAdministrators,
  });
}
