import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from './globs.ts';

let root = '';

async function create(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), name);
  }
}

async function names(patterns: readonly string[], platform?: NodeJS.Platform): Promise<readonly string[]> {
  const options = { workingDirectory: root, ...(platform === undefined ? {} : { platform }) };
  return (await findFiles(patterns, options)).files.map(({ name }) => name);
}

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'originsign-globs-')));
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

describe('findFiles', () => {
  it('finds what patterns mean, sorted, each file once, and takes excluded ones away', async () => {
    await create('dist/app.exe', 'dist/x/app-debug.exe', 'dist/x/lib.dll', 'dist/x/y/tool.exe', 'other/z.exe');
    expect(await names(['dist/**/*.exe', 'dist/*.exe', '!dist/**/*-debug.exe'])).toEqual(['app.exe', 'x/y/tool.exe']);
    expect(await names(['dist/**/*.{exe,dll}', '!dist/x/y'])).toEqual(['app.exe', 'x/app-debug.exe', 'x/lib.dll']);
    expect(await names(['dist/?/*'])).toEqual(['x/app-debug.exe', 'x/lib.dll']);
  });

  it('lets the last matching pattern decide', async () => {
    await create('a.exe', 'b.exe');
    expect(await names(['*.exe', '!a.exe', 'a.exe'])).toEqual(['a.exe', 'b.exe']);
    expect(await names(['!a.exe', '*.exe'])).toEqual(['a.exe', 'b.exe']);
  });

  it('names files below the deepest folder that all patterns share', async () => {
    await create('out/a/app.exe', 'out/b/app.exe');
    const found = await findFiles(['out/a/*.exe', 'out/b/app.exe'], { workingDirectory: root });
    expect(found.base).toBe(join(root, 'out'));
    expect(found.files.map(({ name }) => name)).toEqual(['a/app.exe', 'b/app.exe']);
    expect(await names([join(root, 'out/a/app.exe')])).toEqual(['app.exe']);
    expect(await names(['out/x/../a/*'])).toEqual(['app.exe']);
  });

  it('meets hidden files and takes brackets as they are', async () => {
    await create('.hidden/.app', 'app [1].exe');
    expect(await names(['**/*'])).toEqual(['.hidden/.app', 'app [1].exe']);
    expect(await names(['app [1].exe'])).toEqual(['app [1].exe']);
  });

  it('follows no link, says which ones it skipped, and refuses one that is named', async () => {
    await create('real/app.exe');
    await symlink(join(root, 'real'), join(root, 'linked'));
    await symlink(join(root, 'real/app.exe'), join(root, 'link.exe'));
    const found = await findFiles(['**/*.exe'], { workingDirectory: root });
    expect(found.files.map(({ name }) => name)).toEqual(['real/app.exe']);
    expect(found.links).toEqual([join(root, 'link.exe')]);
    await expect(names(['link.exe'])).rejects.toMatchObject({ code: 'input.file' });
  });

  it('does not take for input what an earlier run wrote', async () => {
    await create('app.exe', 'signed/app.exe', 'originsign-pQ3vT0sZc81K.tlog-proof');
    await create('originsign-pQ3vT0sZc81K.provenance.sigstore.json');
    const options = { workingDirectory: root, outputDirectory: join(root, 'signed') };
    expect((await findFiles(['**/*'], options)).files.map(({ name }) => name)).toEqual(['app.exe']);
    expect((await findFiles(['signed/*.exe'], options)).files.map(({ name }) => name)).toEqual(['app.exe']);
  });

  it('reports a wildcard that matches nothing', async () => {
    await create('a.exe');
    const found = await findFiles(['*.exe', '*.dll', 'missing/*'], { workingDirectory: root });
    expect(found.unmatched).toEqual(['*.dll', 'missing/*']);
  });

  it('reads backslashes and upper case as Windows does, and only there', async () => {
    await create('dist/App.EXE');
    expect(await names(['dist\\*.exe'], 'win32')).toEqual(['App.EXE']);
    await expect(names(['dist/*.exe'], 'linux')).rejects.toMatchObject({ code: 'input.no_files' });
  });

  it.each([
    [['*.exe'], 'input.no_files'],
    [[], 'input.no_files'],
    [['missing.exe'], 'input.no_files'],
    [['folder'], 'input.file'],
    [['!'], 'input.invalid'],
    [['*/../x'], 'input.invalid'],
    [['a{b'], 'input.invalid'],
    [['a}b'], 'input.invalid'],
    [[`${'{a,b}'.repeat(9)}`], 'input.invalid'],
  ])('refuses %j with %s', async (patterns, code) => {
    await create('folder/file');
    await expect(names(patterns)).rejects.toMatchObject({ code });
  });
});
