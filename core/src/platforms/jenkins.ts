import { OriginSignError } from '../errors/error.ts';
import { type ClaimValue, type Claims, parseTypedClaims } from './claim-schema.ts';
import { optionalText, requiredText } from './claim-text.ts';
import { JENKINS_CLAIMS } from './jenkins-claims.ts';
import { jenkinsJobPath, jenkinsScope } from './jenkins-job.ts';
import { checkJenkinsRule } from './jenkins-rules.ts';
import type { Origin } from './origin.ts';
import type { Platform, SystemIdentity } from './platform.ts';

/**
 * Jenkins with the OpenID Connect Provider plugin. Its tokens have a fixed audience, no `jti` and no `nbf`, live an hour, and
 * say which job and build they are of; source and commit are known only where the server asks the controller.
 */
export const JENKINS: Platform = {
  type: 'jenkins',
  prefix: 'jenkins',
  binding: 'proof',
  algorithms: ['RS256'],
  maxTokenLifetime: 65 * 60,
  maxTokenAge: 10 * 60,
  hasJti: false,
  claims: JENKINS_CLAIMS,
  unusableClaims: {
    iss: 'a rule names its trusted build system instead',
    aud: 'the server checks it before any policy',
  },
  repositoryClaims: { id: 'jenkins.sub', match: 'below' },
  parseClaims: (payload) => parseTypedClaims(payload, 'jenkins', JENKINS_CLAIMS),
  origin: jenkinsOrigin,
  checkIssuer: (system) =>
    jenkinsScope(system) === undefined
      ? 'the issuer is not <root>/oidc nor <root>/oidc/job/<folder>, so serverUrl must say where the controller is'
      : undefined,
  checkRule: checkJenkinsRule,
};

function jenkinsOrigin(claims: Claims, system: SystemIdentity): Origin {
  const scope = jenkinsScope(system);
  if (scope === undefined) throw new TypeError('The system was loaded without checkIssuer.');
  const job = requiredText(claims, 'jenkins', 'sub');
  const path = jenkinsJobPath(job, scope);
  if (claims['jenkins.change_id'] !== undefined) {
    throw new OriginSignError(
      'token.pull_request',
      'The build is one of a pull request, whose commits are not reviewed yet.',
    );
  }
  const number = Number(claims['jenkins.build_number']);
  const source = requiredOr(claims['jenkins.scm_url'], job);
  return {
    platform: 'jenkins',
    system: system.id,
    repository: { uri: source, id: job },
    ...optionalText('commit', claims, 'jenkins', 'scm_commit'),
    ...optionalText('ref', claims, 'jenkins', 'scm_branch'),
    workflow: { uri: job, path: path.slice(1) },
    run: { id: runId(number, claims['jenkins.build_started']), uri: `${job}${number}/` },
    ...optionalText('runner', claims, 'jenkins', 'node'),
  };
}

/** A job that is deleted and made again starts over with build 1; the time of its start tells the two apart. */
function runId(number: number, started: ClaimValue | undefined): string {
  return typeof started === 'number' ? `${number}@${started}` : String(number);
}

function requiredOr(value: ClaimValue | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
