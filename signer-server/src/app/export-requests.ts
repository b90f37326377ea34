import { open } from 'node:fs/promises';
import { OriginSignError } from '@originsign/core/errors/error';
import { formatExportLine, type ExportedRequest } from '@originsign/core/protocol/request-export';
import type { Db, RequestRow } from '../store/database.ts';
import { keyLabels } from '../store/artifacts.ts';
import { requestsAfter } from '../store/requests.ts';
import { storedAsker, storedStatement } from './stored-request.ts';

const PAGE = 200;

/** Which requests to export. */
export interface RequestExportOptions {
  /** URL of the server, for the header. */
  readonly server: string;
  readonly project?: string;
  /** Only those accepted at this time or later. */
  readonly since?: Date;
}

/**
 * Writes every accepted request with what its decision rested on, oldest first, as JSON lines; returns how many. The file can
 * name people, so only its owner may read it, and one that is there is not written over. Throws `input.file`, `store.*`.
 */
export async function exportRequests(db: Db, path: string, options: RequestExportOptions): Promise<number> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    throw new OriginSignError('input.file', `The file ${path} cannot be made.`, {
      hint: 'name a file that is not there yet',
      cause,
    });
  });
  try {
    const exportedAt = new Date().toISOString();
    const header = { type: 'originsign-requests', version: 1, server: options.server, exportedAt } as const;
    await file.write(`${formatExportLine(header)}\n`);
    let count = 0;
    for (let after = -1; ;) {
      const rows = await requestsAfter(db, after, PAGE);
      for (const row of rows.filter((candidate) => isWanted(candidate, options))) {
        await file.write(`${formatExportLine(exportedRequest(row, await keyLabels(db, row.id)))}\n`);
        count += 1;
      }
      const last = rows.at(-1);
      if (last === undefined) return count;
      after = last.request_index;
    }
  } finally {
    await file.close();
  }
}

function isWanted({ project, created_at: createdAt }: RequestRow, options: RequestExportOptions): boolean {
  if (options.project !== undefined && project !== options.project) return false;
  return options.since === undefined || new Date(createdAt) >= options.since;
}

function exportedRequest(row: RequestRow, keys: Readonly<Record<string, string>>): ExportedRequest {
  const { system, binding, claims, origin } = storedAsker(row);
  const statement = storedStatement(row);
  const { id, state, project, policy, policy_hash: policyHash, rule } = row;
  return {
    id,
    createdAt: row.created_at,
    state,
    project,
    policy,
    system,
    binding,
    claims,
    origin,
    artifacts: statement.artifacts.map(({ format, claimed }, index) => {
      return { name: statement.subjects[index]?.name ?? '', format, size: claimed.size };
    }),
    decision: { policyHash, rule, keys },
  };
}
