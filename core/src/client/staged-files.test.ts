import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { StagedFiles } from './staged-files.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'originsign-staged-'));
  await writeFile(join(folder, 'a'), 'old');
});
afterEach(() => rm(folder, { recursive: true }));

const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');

describe('StagedFiles', () => {
  it('changes nothing before commit, and everything then', async () => {
    const staged = new StagedFiles();
    const path = await staged.write(join(folder, 'a'), 0o750, (handle) => handle.writeFile(utf8('new')));
    await staged.copy(join(folder, 'a'), join(folder, 'sub/b'), 0o600);
    expect(await text('a')).toBe('old');
    expect(await readFile(path, 'utf8')).toBe('new');
    await staged.commit();
    expect([await text('a'), await text('sub/b')]).toEqual(['new', 'old']);
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o750);
    expect(await readdir(folder)).toEqual(['a', 'sub']);
  });

  it('leaves nothing behind when it is discarded', async () => {
    const staged = new StagedFiles();
    await staged.write(join(folder, 'a'), 0o644, (handle) => handle.writeFile(utf8('new')));
    const broken = staged.write(join(folder, 'c'), 0o644, () => Promise.reject(new Error('disk full')));
    await expect(broken).rejects.toMatchObject({ code: 'input.file' });
    await staged.discard();
    expect(await readdir(folder)).toEqual(['a']);
    expect(await text('a')).toBe('old');
  });

  it('refuses two results for one place, and a place that cannot be', async () => {
    const staged = new StagedFiles();
    const write = (name: string) => staged.write(join(folder, name), 0o644, () => Promise.resolve());
    await write('b');
    await expect(write('b')).rejects.toMatchObject({ code: 'input.invalid' });
    await expect(write('a/b')).rejects.toMatchObject({ code: 'input.file' });
    await expect(staged.copy(join(folder, 'missing'), join(folder, 'd'), 0o644)).rejects.toMatchObject({
      code: 'input.file',
    });
    await staged.discard();
  });

  it('lets nobody else read a file before it is finished', async () => {
    const staged = new StagedFiles();
    await staged.write(join(folder, 'b'), 0o644, async () => {
      const [temporary = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tmp'));
      expect((await stat(join(folder, temporary))).mode & 0o077).toBe(0);
    });
    await staged.discard();
    await chmod(folder, 0o700);
  });
});
