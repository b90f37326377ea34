import { claimType, type ClaimValue, type Claims, missingClaim, parseStringClaims } from './claim-schema.ts';
import { GITHUB_CLAIMS } from './github-claims.ts';
import { checkGithubRule } from './github-rules.ts';
import { githubServerUrl } from './github-server-url.ts';
import { parseWorkflowRef, workflowRefText, type WorkflowRef } from './github-workflow-ref.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';

/** GitHub Actions, on github.com, GHE.com and GitHub Enterprise Server. */
export const GITHUB_ACTIONS: Platform = {
  type: 'github-actions',
  prefix: 'github',
  binding: 'audience',
  algorithms: ['RS256'],
  maxTokenLifetime: 15 * 60,
  maxTokenAge: 10 * 60,
  hasJti: true,
  claims: GITHUB_CLAIMS,
  unusableClaims: {
    sub: 'its form differs between repositories and their owners can replace it; the ids, ref and workflow say what it says',
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
    jti: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'github.repository_id', ownerId: 'github.repository_owner_id', match: 'exact' },
  attemptClaim: 'github.run_attempt',
  workflowClaims: {
    path: 'github.workflow_path',
    repository: 'github.workflow_repository',
    own: 'github.repository',
  },
  parseClaims: parseGithubClaims,
  origin: githubOrigin,
  checkIssuer: checkGithubIssuer,
  checkRule: checkGithubRule,
};

function parseGithubClaims(payload: unknown): Claims {
  const claims = parseStringClaims(payload, 'github', GITHUB_CLAIMS);
  return {
    ...claims,
    ...derivedClaims(payload, 'workflow_ref', 'workflow'),
    ...derivedClaims(payload, 'job_workflow_ref', 'job_workflow'),
  };
}

function derivedClaims(payload: unknown, claim: string, prefix: string): Claims {
  const raw = (payload as Readonly<Record<string, unknown>>)[claim];
  if (raw === undefined || raw === '') throw missingClaim(claim);
  if (typeof raw !== 'string' || raw.length > 4096 || /[\u0000-\u001f\u007f-\u009f]/.test(raw)) {
    throw claimType(claim, 'text without control characters');
  }
  const parts = parseWorkflowRef(raw, claim);
  return {
    [`github.${prefix}_repository`]: parts.repository,
    [`github.${prefix}_path`]: parts.path,
    [`github.${prefix}_ref`]: parts.ref,
  };
}

function githubOrigin(claims: Claims, system: SystemIdentity): Origin {
  const server = githubServerUrl(system);
  if (server === undefined) throw new TypeError('The system was loaded without checkIssuer.');
  const text = (name: string): string => required(claims, name, 'string');
  const commitOf = (name: string) => optional('commit', claims, name);
  const repositoryUri = `${server}/${text('repository')}`;
  const attempt = required(claims, 'run_attempt', 'number');
  const workflow = workflowParts(claims, 'workflow');
  const callee = workflowParts(claims, 'job_workflow');
  const workflowUri = `${server}/${workflowRefText(workflow)}`;
  const calleeUri = `${server}/${workflowRefText(callee)}`;
  return {
    platform: 'github-actions',
    system: system.id,
    repository: { uri: repositoryUri, id: text('repository_id'), ownerId: text('repository_owner_id') },
    commit: text('sha'),
    ref: text('ref'),
    workflow: { uri: workflowUri, path: workflow.path, ref: workflow.ref, ...commitOf('workflow_sha') },
    ...(calleeUri === workflowUri ? {} : { callee: { uri: calleeUri, ...callee, ...commitOf('job_workflow_sha') } }),
    run: {
      id: text('run_id'),
      attempt,
      uri: `${repositoryUri}/actions/runs/${text('run_id')}/attempts/${attempt}`,
    },
    trigger: text('event_name'),
    runner: text('runner_environment'),
    ...optional('environment', claims, 'environment'),
    ...optional('actor', claims, 'actor'),
    ...optional('actorId', claims, 'actor_id'),
  };
}

function workflowParts(claims: Claims, prefix: string): WorkflowRef {
  return {
    repository: required(claims, `${prefix}_repository`, 'string'),
    path: required(claims, `${prefix}_path`, 'string'),
    ref: required(claims, `${prefix}_ref`, 'string'),
  };
}

function required(claims: Claims, name: string, type: 'string'): string;
function required(claims: Claims, name: string, type: 'number'): number;
function required(claims: Claims, name: string, type: 'string' | 'number'): ClaimValue {
  const value = claims[`github.${name}`];
  if (value === undefined) throw missingClaim(name);
  if (typeof value !== type) throw claimType(name, `a ${type}`);
  return value;
}

function optional<Key extends string>(key: Key, claims: Claims, name: string): { readonly [K in Key]?: string } {
  const value = claims[`github.${name}`];
  return typeof value === 'string' ? ({ [key]: value } as { readonly [K in Key]: string }) : {};
}

function checkGithubIssuer(system: SystemIdentity): string | undefined {
  if (githubServerUrl(system) !== undefined) return undefined;
  return 'the issuer has none of the forms that GitHub uses, so serverUrl must say where its repositories are';
}
