import type { AzureIssuer } from '@originsign/testkit/azure-issuer';

/** A signing-only service connection of each issuer. */
export const ENTRA_CONNECTION = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
export const OLD_CONNECTION = '0b0f6d4c-0c6b-4e8e-8f5b-6d1f1e1d2c3b';

const REPOSITORY = '3b1d5a5e-8a0c-4a39-9f4c-0b7f3a6e2d11';
const PROJECT = '271ef6f7-5998-4b0c-86fb-4b54d9129990';

/** Policies of one project whose builds run on Azure Pipelines: `release` for connections of Entra, `older` for the others. */
export function azurePolicies(issuer: AzureIssuer): Readonly<Record<string, string>> {
  const origin = 'azure.def_id: {is: "42"}, azure.rpo_ref: {glob: "refs/tags/v*"}';
  const keys = '{authenticode-pe: trial-authenticode, cms-detached: trial-cms, raw: trial-raw}';
  return {
    'trusted-build-systems/azure.yml': `version: 1
id: azure
type: azure-devops
issuer: "${issuer.issuer()}"
serviceConnectionIssuer: "${issuer.entraIssuer}"
allowPrivateAddress: true
`,
    'projects/acme-azure.yml': `version: 1
project: acme-azure
owners: [group:team-acme]
trustedBuildSystems: [azure]
repositories: [{system: azure, id: "${REPOSITORY}", ownerId: "${PROJECT}"}]
policies:
  release:
    keys: ${keys}
    allow: [{id: tag-build, when: {${origin}, azure.service_connection_id: {is: "${ENTRA_CONNECTION}"}}, timestamp: required}]
  older:
    keys: ${keys}
    allow: [{id: tag-build, when: {${origin}, azure.service_connection: {is: "sc://acme/app/prod-signing"}}}]
`,
  };
}
