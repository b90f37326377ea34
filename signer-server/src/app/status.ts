import type { Db } from '../store/database.ts';
import { countArtifacts } from '../store/artifacts.ts';
import { findRequest } from '../store/requests.ts';

/** What anyone may see who knows the id of a request. */
export interface PublicStatus {
  readonly id: string;
  readonly state: string;
  readonly project: string;
  readonly policy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly artifacts: number;
}

/** The public status of a request. */
export async function publicStatus(db: Db, id: string): Promise<PublicStatus | undefined> {
  const request = await findRequest(db, id);
  if (request === undefined) return undefined;
  return {
    id,
    state: request.state,
    project: request.project,
    policy: request.policy,
    createdAt: request.created_at,
    updatedAt: request.updated_at,
    artifacts: await countArtifacts(db, id),
  };
}
