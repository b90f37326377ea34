import { describe, expect, it } from 'vitest';
import { checkDependencies, checkReferences } from './dependency-rules.ts';
import { checkNamesAndSizes, checkPlaces, checkTestsRun } from './file-rules.ts';
import { checkLayers } from './layer-rules.ts';
import { checkHomes, checkPurity } from './purity-rules.ts';
import { RULES } from './rules.ts';
import { checkTexts } from './text-rules.ts';
import type { Rule } from './violation.ts';
import { checkWorkflows } from './workflow-rules.ts';

type Planted = readonly [file: string, text: string, message: string | RegExp];

const run = (rule: Rule, files: Readonly<Record<string, string>>): readonly string[] =>
  rule(new Map(Object.entries(files))).map((violation) => `${violation.file}: ${violation.message}`);

const planted = new Set<Rule>([checkDependencies, checkReferences]);

function describeRule(rule: Rule, refused: readonly Planted[], accepted: readonly (readonly [string, string])[]): void {
  planted.add(rule);
  const name = Object.entries(RULES).find(([, known]) => known === rule)?.[0];
  describe(name ?? 'a rule that is not in the table', () => {
    it.each(refused)('refuses %s with %j', (file, text, message) => {
      const found = run(rule, { [file]: text });
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(message);
    });

    it.each(accepted)('accepts %s with %j', (file, text) => {
      expect(run(rule, { [file]: text })).toEqual([]);
    });
  });
}

describeRule(
  checkLayers,
  [
    ['core/src/log/a.ts', "import { b } from '../policy/b.ts';", 'log may not import policy, which stands above'],
    ['core/src/errors/a.ts', "import { b } from '../encoding/b.ts';", 'errors may not import encoding'],
    ['core/src/log/a.ts', "import { b } from '../x509/b.ts';", 'log may not import x509, which stands beside'],
    ['core/src/log/a.ts', "import type { B } from '../x509/b.ts';", 'beside it'],
    ['core/src/log/a.ts', "export { b } from '../client/b.ts';", 'log may not import client'],
    ['core/src/log/a.ts', "export * from '../client/b.ts';", 'log may not import client'],
    ['core/src/log/a.ts', "import '../client/b.ts';", 'log may not import client'],
    ['core/src/log/a.ts', "const b = await import('../client/b.ts');", 'log may not import client'],
    ['core/src/log/a.ts', "let b: import('../client/b.ts').B;", 'log may not import client'],
    ['core/src/log/a.ts', "import { b } from '@originsign/core/client/b';", 'log may not import client'],
    ['core/src/log/a.ts', 'const b = await import(name);', 'must name its module'],
    ['core/src/log/a.test.ts', "import { b } from '../policy/b.ts';", 'log may not import policy'],
    ['core/src/policy/a.ts', "import { b } from '@originsign/testkit/b';", 'core may not import testkit'],
    ['cli/src/a.ts', "import { b } from '@originsign/signer-server/app/b';", 'cli may not import signer-server'],
    ['cli/src/a.ts', "import { b } from '../../signer-server/src/app/b.ts';", 'leaves the package'],
    ['actions/sign/src/a.ts', "import { b } from '@originsign/cli/b';", 'actions may not import cli'],
    ['actions/sign/src/a.ts', "import { b } from '../../../cli/src/b.ts';", 'actions may not import cli'],
    ['tools/a.ts', "import { b } from '../signer-server/src/app/b.ts';", 'leaves the package'],
    ['tools/a.ts', "import { b } from '../core/src/log/b.ts';", 'leaves the package'],
    ['signer-server/src/app/a.ts', "import { b } from '@originsign/cli/b';", 'signer-server may not import cli'],
    ['signer-server/src/app/a.ts', "import { b } from '@originsign/core/client/b';", 'may not import the client'],
    ['signer-server/src/app/a.ts', "import { b } from '../http/b.ts';", 'app may not import http'],
    ['signer-server/src/hsm/a.ts', "import { b } from '../egress/b.ts';", 'hsm may not import egress'],
    ['signer-server/src/log/a.ts', "import { b } from '../store/b.ts';", 'log may not import store'],
    ['signer-server/src/http/a.ts', "import { b } from '../cli/b.ts';", 'http may not import cli'],
    ['core/src/log/a.ts', "import { b } from '../../../vitest.config.ts';", 'leaves the package'],
  ],
  [
    ['core/src/policy/a.ts', "import { b } from '../platforms/b.ts';"],
    ['core/src/policy/a.ts', "import { b } from './b.ts'; import { c } from './deeper/c.ts';"],
    ['core/src/policy/a.test.ts', "import { b } from '@originsign/testkit/b';"],
    ['core/src/log/a.test.ts', "import { b } from '../x509/b.ts';"],
    [
      'core/src/log/a.ts',
      "// import { b } from '../policy/b.ts';\nconst text = \"import { b } from '../policy/b.ts'\";",
    ],
    ['signer-server/src/log/a.ts', "import type { Database } from '../store/tables.ts';"],
    ['signer-server/src/main.ts', "import { serve } from './cli/serve.ts'; import { b } from './http/b.ts';"],
    ['signer-server/src/app/a.ts', "import { b } from '@originsign/core/verify/b';"],
    ['tools/a.ts', "import { b } from '../cli/src/b.ts';"],
  ],
);

describeRule(
  checkPurity,
  [
    ['core/src/log/a.ts', "import { readFileSync } from 'node:fs';", 'may not import node:fs'],
    ['core/src/log/a.ts', "import { request } from 'node:https';", 'may not import node:https'],
    ['core/src/log/a.ts', "import { spawn } from 'node:child_process';", 'may not import node:child_process'],
    ['core/src/log/a.ts', "import { fetch as get } from 'undici';", 'may not import undici'],
    ['core/src/log/a.ts', "const answer = await fetch('https://sign.acme.example');", 'network'],
    ['core/src/log/a.ts', 'const now = Date.now();', 'clock'],
    ['core/src/log/a.ts', 'const now = new Date();', 'clock'],
    ['core/src/log/a.ts', 'const now = new Date;', 'clock'],
    ['core/src/log/a.ts', 'const now = Date();', 'clock'],
    ['core/src/log/a.ts', 'const now = performance.now();', 'clock'],
    ['core/src/log/a.ts', 'const home = process.env.HOME;', 'process'],
    ['core/src/log/a.ts', 'const text = `${process.pid}`;', 'process'],
    ['core/src/log/a.ts', 'const dice = Math.random();', 'randomness'],
    ['core/src/log/a.ts', "import { randomBytes } from 'node:crypto';", 'randomness'],
    ['core/src/log/a.ts', 'crypto.getRandomValues(bytes);', 'randomness'],
    ['core/src/log/a.ts', 'setTimeout(later, 5);', 'timer'],
    ['core/src/log/a.ts', "console.log('here');", 'global'],
  ],
  [
    ['core/src/log/a.ts', "import { createHash } from 'node:crypto';"],
    ['core/src/log/a.ts', 'const then = new Date(0); const later = new Date(then.getTime()); let date: Date;'],
    ['core/src/log/a.ts', "// Date.now() and process.env\nconst text = 'process.env, Math.random()';"],
    ['core/src/log/a.ts', 'const pattern = /["`\'] process.env Date.now()/; const prefetch = port.fetch(url);'],
    ['core/src/log/a.ts', 'const half = (a + b) / 2 /* process.env */ / 3;'],
    ['core/src/client/a.ts', "import { readFile } from 'node:fs/promises'; const now = new Date();"],
    ['core/src/log/a.test.ts', "import { readFileSync } from 'node:fs'; const now = new Date();"],
  ],
);

describeRule(
  checkHomes,
  [
    ['signer-server/src/app/a.ts', "import { request } from 'undici';", 'undici may be imported in'],
    ['signer-server/src/app/a.ts', "const addon = await import('pkcs11js');", 'pkcs11js may be imported in'],
    ['signer-server/src/log/a.ts', "import Database from 'better-sqlite3';", 'better-sqlite3 may be imported in'],
    ['signer-server/src/app/a.ts', "import type { FastifyInstance } from 'fastify';", 'fastify may be imported in'],
    ['core/src/client/a.ts', "import { Command } from 'commander';", 'commander may be imported in'],
  ],
  [
    ['signer-server/src/egress/a.ts', "import { request } from 'undici';"],
    ['tools/a.ts', "import { request } from 'undici';"],
  ],
);

describeRule(
  checkNamesAndSizes,
  [
    ['core/src/log/utils.ts', '', '"utils" does not say what it holds'],
    ['core/src/log/helpers/merkle.ts', '', '"helpers" does not say what it holds'],
    ['core/src/log/index.ts', '', '"index" does not say what it holds'],
    ['core/src/log/signedNote.ts', '', 'not kebab-case'],
    ['core/src/log/signed_note.test.ts', '', 'not kebab-case'],
    ['core/src/log/merkle.ts', 'x\n'.repeat(401), '401 lines'],
    ['core/src/log/merkle.test.ts', 'x\n'.repeat(401), '401 lines'],
    ['signer-server/src/main.ts', 'x\n'.repeat(41), 'a main file may have 40'],
  ],
  [
    ['core/src/log/merkle.ts', 'x\n'.repeat(400)],
    ['core/src/log/signed-note.e2e.test.ts', ''],
    ['core/src/log/signed-note.test.fixture.ts', ''],
    ['signer-server/src/main.ts', 'x\n'.repeat(40)],
  ],
);

describeRule(
  checkPlaces,
  [
    ['core/src/cellar/a.ts', '', 'in no room of core'],
    ['core/src/a.ts', '', 'in no room of core'],
    ['core/a.ts', '', 'in no room of core'],
    ['signer-server/src/start.ts', '', 'in no room of signer-server'],
    ['src/a.ts', '', 'no part of the repository'],
    ['a.ts', '', 'The root holds no sources'],
    ['docs/a.ts', '', 'docs holds no sources'],
  ],
  [
    ['core/src/log/a.ts', ''],
    ['core/README.md', ''],
    ['README.md', ''],
    ['docs/spec/a.md', ''],
    ['signer-server/src/main.ts', ''],
    ['cli/src/commands/a.ts', ''],
  ],
);

describeRule(
  checkTestsRun,
  [
    ['core/src/log/a.test.ts', "it.only('runs alone', () => {});", 'switched off or runs alone'],
    ['core/src/log/a.test.ts', "describe.skip('is off', () => {});", 'switched off or runs alone'],
    ['core/src/log/a.test.ts', "test.todo('later');", 'switched off or runs alone'],
  ],
  [['core/src/log/a.test.ts', "it('says it.only', () => {}); // it.skip"]],
);

const machineFolder = ['', 'work', 'main'].join('/');
const registry = ['registry', 'npmjs', 'org'].join('.');
describeRule(
  checkTexts,
  [
    ['docs/a.md', `cd ${machineFolder}`, 'a folder of one machine'],
    ['core/src/log/a.ts', `const home = '${['', 'root', 'x'].join('/')}';`, 'a folder of one machine'],
    ['docs/a.md', `from https://${registry}/`, 'a package registry'],
    ['core/src/log/a.ts', `// ${'TO'}${'DO'}: more`, 'for later'],
    ['.ci/run', `# ${'FIX'}${'ME'}`, 'for later'],
    ['package-lock.json', `"resolved": "https://${registry}/x.tgz"`, 'ties everybody to one registry'],
  ],
  [
    ['docs/a.md', 'see ./work/notes, https://example.org/farms and tools/work/a'],
    ['package-lock.json', '"resolved": "core",\n"link": true'],
  ],
);

const commit = 'a'.repeat(40);
const workflow = (job: string, head = 'on: push\npermissions: {}\n'): string =>
  `${head}jobs:\n  build:\n    permissions: {}\n    steps:\n${job}`;
describeRule(
  checkWorkflows,
  [
    ['.github/workflows/a.yml', workflow('      - uses: actions/checkout@v7\n'), 'not pinned'],
    ['.github/workflows/a.yml', workflow(`      - uses: actions/checkout@${commit.slice(1)} # v7.0.1\n`), 'not pinned'],
    ['.github/workflows/a.yml', workflow(`      - uses: actions/checkout@${commit}\n`), 'which version'],
    ['.github/workflows/a.yml', workflow('', 'on: push\n'), 'start from no permissions'],
    ['.github/workflows/a.yml', workflow('', 'on:\n  pull_request_target:\npermissions: {}\n'), 'pull_request_target'],
    [
      '.github/workflows/a.yml',
      workflow('').replace('    permissions: {}\n', ''),
      'job build does not name its permissions',
    ],
  ],
  [
    ['.github/workflows/a.yml', workflow(`      - uses: actions/checkout@${commit} # v7.0.1\n`)],
    ['.github/workflows/a.yml', workflow('      - uses: ./actions/sign\n')],
    ['.github/dependabot.yml', 'version: 2\n'],
  ],
);

const root = JSON.stringify({ devDependencies: { vitest: '4.1.12' } });
const manifest = (dependencies: object): string => JSON.stringify({ dependencies });

describe('imports are declared, and declarations imported', () => {
  const refused: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    [
      'an undeclared import',
      { 'core/package.json': manifest({}), 'core/src/log/a.ts': "import * as z from 'zod/mini';" },
      'core/src/log/a.ts: zod is imported but not declared in core/package.json.',
    ],
    [
      'a tool of the tests in a source',
      { 'core/package.json': manifest({}), 'core/src/log/a.ts': "import { it } from 'vitest';" },
      'core/src/log/a.ts: vitest is imported but not declared in core/package.json.',
    ],
    [
      'an idle declaration',
      { 'core/package.json': manifest({ '@noble/curves': '1' }), 'core/src/log/a.ts': '' },
      'core/package.json: @noble/curves is declared but never imported.',
    ],
  ];
  it.each(refused)('refuses %s', (_what, files, message) => {
    expect(run(checkDependencies, { 'package.json': root, ...files })).toEqual([message]);
  });

  it('accepts what is declared, and what tests take from the root', () => {
    const files = {
      'package.json': root,
      'core/package.json': manifest({ '@noble/curves': '1', zod: '4' }),
      'core/src/log/a.ts': "import { p256 } from '@noble/curves/nist.js'; import * as z from 'zod/mini';",
      'core/src/log/a.test.ts': "import { it } from 'vitest'; import { readFile } from 'node:fs/promises';",
    };
    expect(run(checkDependencies, files)).toEqual([]);
  });
});

describe('TypeScript projects refer to what they import', () => {
  const files = (references: readonly object[]): Record<string, string> => ({
    'cli/tsconfig.src.json': JSON.stringify({ references }),
    'cli/src/a.ts': "import { b } from '@originsign/core/log/b';",
  });

  it('refuses an import without a reference', () => {
    expect(run(checkReferences, files([]))).toEqual(['cli/tsconfig.src.json: core is imported but not referred to.']);
  });

  it('accepts an import with a reference', () => {
    expect(run(checkReferences, files([{ path: '../core/tsconfig.src.json' }]))).toEqual([]);
  });
});

it('plants a violation of every rule', () => {
  expect(Object.entries(RULES).filter(([, rule]) => !planted.has(rule))).toEqual([]);
});
