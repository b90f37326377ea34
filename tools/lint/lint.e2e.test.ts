import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED } from './planted.test.fixture.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

interface Diagnostic {
  readonly code?: string;
  readonly message: string;
  readonly filename: string;
  readonly severity: string;
}

const CLEAN = `export function half(value: number): number {\n  return value / 2;\n}\n`;
const TSCONFIG = JSON.stringify({
  compilerOptions: { target: 'ES2023', module: 'NodeNext', strict: true, noUncheckedIndexedAccess: true, types: [] },
  include: ['**/*.ts'],
});

function lint(folder: string): Promise<{ status: number; diagnostics: readonly Diagnostic[] }> {
  return new Promise((resolve, reject) => {
    const programs = join(ROOT, 'node_modules/.bin');
    const env = { ...process.env, PATH: `${programs}${delimiter}${process.env['PATH'] ?? ''}` };
    execFile(
      join(programs, 'oxlint'),
      ['-f', 'json'],
      { cwd: folder, env, maxBuffer: 1 << 24 },
      (error, stdout, stderr) => {
        if (!stdout.startsWith('{')) reject(new Error(`${stdout}${stderr}`));
        else resolve({ status: Number(error?.code ?? 0), ...(JSON.parse(stdout) as { diagnostics: Diagnostic[] }) });
      },
    );
  });
}

async function write(folder: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function project(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-lint-'));
  await copyFile(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  await write(folder, 'tsconfig.json', TSCONFIG);
  await write(folder, 'core/clean.ts', CLEAN);
  return folder;
}

describe('the linter', () => {
  const folders: string[] = [];
  let found: readonly Diagnostic[] = [];
  let status = 0;

  beforeAll(async () => {
    const folder = await project();
    folders.push(folder);
    for (const { file, text } of PLANTED) await write(folder, file, text);
    await write(folder, 'core/linked.ts', "import { a } from './cycle.ts';\nexport const b = a;\n");
    ({ status, diagnostics: found } = await lint(folder));
  });

  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  it.each(PLANTED)('refuses $rule', ({ file, rule }) => {
    const codes = found
      .filter((one) => one.filename === file && one.severity === 'error')
      .map((one) => one.code ?? one.message);
    expect(codes).toContain(rule);
  });

  it('fails where it refuses something', () => {
    expect(status).toBe(1);
  });

  it('accepts what is clean', async () => {
    const folder = await project();
    folders.push(folder);
    await write(folder, 'cli/prints.ts', "console.log('the command may print');\n");
    await write(
      folder,
      'core/long.test.ts',
      `export const x = () => {\n${'  half(1);\n'.repeat(60)}};\nconst half = (v: number): number => v;\n`,
    );
    expect(await lint(folder)).toMatchObject({ status: 0, diagnostics: [] });
  });

  it('refuses a configuration with a rule that does not exist', async () => {
    const folder = await project();
    folders.push(folder);
    await write(folder, '.oxlintrc.json', JSON.stringify({ rules: { 'typescript/no-such-rule': 'error' } }));
    await expect(lint(folder)).rejects.toThrow('no-such-rule');
  });
});
