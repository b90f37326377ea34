import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OriginSignError } from '@originsign/core/errors/error';
import { tilePath, tilesOfTree } from '@originsign/core/log/tile-paths';
import { APPROVAL_EXPORT } from '@originsign/core/verify/approval-export';
import { latestCheckpoint } from '../log/checkpoints.ts';
import { readLogResource } from '../log/resources.ts';
import type { Db } from '../store/database.ts';
import { exportedApprovals } from './export-approvals.ts';

/**
 * Writes the log as its newest checkpoint has it into a directory: checkpoint, tiles and bundles of entries, under their C2SP
 * paths; beside them what auditors need to check approvals. Returns size and number of files. Throws `log.unavailable` before the first checkpoint, `input.file`.
 */
export async function exportLog(db: Db, directory: string): Promise<{ readonly size: number; readonly files: number }> {
  const checkpoint = await latestCheckpoint(db);
  if (checkpoint === undefined) throw new OriginSignError('log.unavailable', 'The log has no checkpoint yet.');
  const paths = [...tilesOfTree(checkpoint.size)].flatMap((tile) => [
    tilePath(tile),
    ...(tile.level === 0 ? [tilePath({ ...tile, level: 'entries' })] : []),
  ]);
  for (const path of paths) {
    const file = await readLogResource(db, path);
    if (file === undefined) throw new OriginSignError('log.corrupt', `The log lacks ${path}.`);
    await write(join(directory, path), file.body);
  }
  await write(join(directory, 'checkpoint'), checkpoint.note);
  await write(join(directory, APPROVAL_EXPORT), await exportedApprovals(db, checkpoint.size));
  return { size: checkpoint.size, files: paths.length + 2 };
}

async function write(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    throw new OriginSignError('input.file', `The file ${path} cannot be written.`, { cause });
  }
}
