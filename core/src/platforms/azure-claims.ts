import { AZURE_CONNECTOR_CLAIMS } from './azure-connector-claims.ts';
import type { ClaimSchema } from './claim-schema.ts';
import { always, alwaysByUser, sometimes } from './claim-table.ts';

/**
 * Claims of Azure Pipelines: those of the token that a job gets without naming a service connection, those of the token of a
 * service connection, and what the REST API adds. The names follow the platform's tokens; it does not document them all.
 */
export const AZURE_CLAIMS: readonly ClaimSchema[] = [
  always('org_id', 'string', 'Immutable id of the organization. The issuer names it too.', { spelling: 'uuid' }),
  always('prj_id', 'string', 'Immutable id of the project.', { spelling: 'uuid' }),
  always('def_id', 'string', 'Id of the pipeline definition.', { spelling: 'digits' }),
  always('rpo_id', 'string', 'Id of the repository: a GUID for Azure Repos, owner/name for a repository on GitHub.'),
  always('rpo_uri', 'string', 'Web address of the repository.'),
  always('rpo_ver', 'string', 'Commit that the run was started for. The job may have checked out another one.', {
    spelling: 'commit',
  }),
  always('rpo_ref', 'string', 'Full ref that the run was started for.'),
  alwaysByUser('run_id', 'string', 'Id of the run.', { spelling: 'digits' }),
  always('sub', 'string', 'p://organization/project/pipeline. Names can be re-registered: use the ids.'),
  sometimes('service_connection', 'string', 'Subject of the second token, sc://organization/project/connection.', {
    source: 'connection',
    derivedFrom: 'sub',
  }),
  sometimes('service_connection_id', 'string', 'Id of the service connection, where its issuer is Microsoft Entra.', {
    source: 'connection',
    derivedFrom: 'sub',
    spelling: 'uuid',
  }),
  sometimes('service_connection_organization', 'string', 'Id of the organization of that connection, likewise.', {
    source: 'connection',
    derivedFrom: 'sub',
    spelling: 'uuid',
  }),
  sometimes('service_connection_issuer', 'string', 'Issuer of the second token.', {
    source: 'connection',
    derivedFrom: 'iss',
  }),
  ...AZURE_CONNECTOR_CLAIMS,
];
