import type { ClaimSchema } from './claim-schema.ts';

/** Claims that the platform's REST API brings. */
export const GITHUB_CONNECTOR_CLAIMS: readonly ClaimSchema[] = [];
