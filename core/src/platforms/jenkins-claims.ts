import type { ClaimSchema } from './claim-schema.ts';
import { always, alwaysByUser, sometimes } from './claim-table.ts';
import { JENKINS_CONNECTOR_CLAIMS } from './jenkins-connector-claims.ts';

/**
 * Claims of tokens that the OpenID Connect Provider plugin of Jenkins makes. By itself it sends `sub` and `build_number`; the
 * others are there where an administrator added a claim template of this name. No token names a commit: the connector brings it.
 */
export const JENKINS_CLAIMS: readonly ClaimSchema[] = [
  always('sub', 'string', 'URL of the job, with a slash at the end: ${JOB_URL}.'),
  alwaysByUser('build_number', 'integer', 'Number of the build within its job: ${BUILD_NUMBER}.'),
  sometimes('branch_name', 'string', 'Branch of a multibranch job: a template with ${BRANCH_NAME}.'),
  sometimes('tag_name', 'string', 'Tag of a multibranch job: a template with ${TAG_NAME}.'),
  sometimes(
    'change_id',
    'string',
    'Pull request of a multibranch job: a template with ${CHANGE_ID}. Such builds are refused.',
  ),
  sometimes('job_name', 'string', 'Full name of the job: a template with ${JOB_NAME}.'),
  sometimes('build_url', 'string', 'URL of the build: a template with ${BUILD_URL}.'),
  sometimes('node_name', 'string', 'Name of the agent: a template with ${NODE_NAME}.'),
  ...JENKINS_CONNECTOR_CLAIMS,
];
