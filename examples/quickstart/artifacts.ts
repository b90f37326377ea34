import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runChild } from '@originsign/testkit/child';
import { windowsExecutable } from '@originsign/testkit/windows-executables';

/** Puts a real Windows executable and a tarball into `dist/` of the workspace; returns their names. */
export async function makeArtifacts(workspace: string): Promise<readonly string[]> {
  await mkdir(join(workspace, 'dist', 'source'), { recursive: true });
  await copyFile(await windowsExecutable('rcedit'), join(workspace, 'dist', 'app.exe'));
  await writeFile(join(workspace, 'dist', 'source', 'index.js'), 'export const answer = 42;\n');
  const tar = await runChild('tar', ['-czf', 'app.tgz', 'source'], { cwd: join(workspace, 'dist') });
  if (tar.status !== 0) throw new Error(tar.stderr);
  return ['dist/app.exe', 'dist/app.tgz'];
}
