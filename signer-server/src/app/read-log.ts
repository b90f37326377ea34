import { OriginSignError } from '@originsign/core/errors/error';
import { readLogResource, resourceKind, type LogResource } from '../log/resources.ts';
import type { Db } from '../store/database.ts';

/** A file of the public log. Entries name repositories and people's requests: they are for auditors, through the export. */
export async function readPublicLog(db: Db, path: string): Promise<LogResource | undefined> {
  if (resourceKind(path) === 'entries') throw new OriginSignError('access.role', 'Entries of the log are not public.');
  return readLogResource(db, path);
}
