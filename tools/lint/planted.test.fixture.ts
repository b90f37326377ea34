/** One file that breaks one rule. */
export interface Planted {
  readonly rule: string;
  readonly file: string;
  readonly text: string;
}

const later = 'async function later(): Promise<void> {\n  await Promise.resolve();\n}\n';
const typescript = (rule: string, text: string): Planted => ({
  rule: `typescript(${rule})`,
  file: `core/${rule}.ts`,
  text,
});

/** A violation of each rule of the linter that this repository relies on. */
export const PLANTED: readonly Planted[] = [
  typescript('no-floating-promises', `${later}export function start(): void {\n  later();\n}\n`),
  typescript('no-misused-promises', `${later}export function start(): void {\n  [1].forEach(later);\n}\n`),
  typescript('await-thenable', 'export async function wait(): Promise<void> {\n  await 1;\n}\n'),
  typescript(
    'switch-exhaustiveness-check',
    "export function f(x: 'a' | 'b'): number {\n  switch (x) {\n    case 'a':\n      return 1;\n  }\n  return 0;\n}\n",
  ),
  typescript('only-throw-error', "export function fail(): never {\n  throw 'text';\n}\n"),
  typescript(
    'use-unknown-in-catch-callback-variable',
    `${later}export const done = later().catch((error: Error) => error.message);\n`,
  ),
  typescript('no-unnecessary-condition', 'export function f(x: { readonly y: number }): number {\n  return x?.y;\n}\n'),
  typescript('no-unnecessary-type-assertion', 'export function f(x: number): number {\n  return x as number;\n}\n'),
  typescript(
    'consistent-type-imports',
    "import { Clean } from './clean-type.ts';\nexport function f(x: Clean): Clean {\n  return x;\n}\n",
  ),
  {
    rule: 'eslint(no-unused-vars)',
    file: 'core/clean-type.ts',
    text: 'export interface Clean {}\nconst unused = 1;\n',
  },
  typescript('no-explicit-any', 'export function f(x: any): unknown {\n  return x;\n}\n'),
  typescript('no-unsafe-return', 'export function f(x: string): number {\n  return JSON.parse(x);\n}\n'),
  typescript('no-non-null-assertion', 'export function f(x: number | undefined): number {\n  return x!;\n}\n'),
  { rule: 'eslint(no-console)', file: 'core/prints.ts', text: "console.log('printed');\nexport {};\n" },
  { rule: 'eslint(eqeqeq)', file: 'core/equal.ts', text: 'export const f = (x: unknown): boolean => x == 1;\n' },
  {
    rule: 'eslint(max-lines)',
    file: 'core/long.ts',
    text: `${'export type A = 1;\n'.replace('A', 'B')}${Array.from({ length: 400 }, (_, i) => `export type T${i} = 1;\n`).join('')}`,
  },
  {
    rule: 'eslint(max-lines-per-function)',
    file: 'core/long-function.ts',
    text: `export function f(): number {\n  let x = 0;\n${'  x += 1;\n'.repeat(60)}  return x;\n}\n`,
  },
  {
    rule: 'eslint(max-params)',
    file: 'core/many.ts',
    text: 'export function f(a: number, b: number, c: number, d: number, e: number): number {\n  return a + b + c + d + e;\n}\n',
  },
  {
    rule: 'import(no-cycle)',
    file: 'core/cycle.ts',
    text: "import { b } from './linked.ts';\nexport const a = 1;\nexport const c = b;\n",
  },
  { rule: 'import(no-default-export)', file: 'core/default.ts', text: 'export default 1;\n' },
  { rule: 'oxc(no-barrel-file)', file: 'core/barrel.ts', text: "export * from './clean.ts';\n" },
  { rule: 'unicorn(filename-case)', file: 'core/camelCase.ts', text: 'export const x = 1;\n' },
  {
    rule: 'Unused oxlint-disable directive (no problems were reported).',
    file: 'core/disabled.ts',
    text: '// oxlint-disable-next-line no-console\nexport const x = 1;\n',
  },
  {
    rule: 'vitest(expect-expect)',
    file: 'core/idle.test.ts',
    text: "import { it } from 'vitest';\nit('checks nothing', () => {\n  String(1);\n});\n",
  },
];
