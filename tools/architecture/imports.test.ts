import { describe, expect, it } from 'vitest';
import { scanImports } from './imports.ts';
import { maskSource } from './masked-source.ts';

describe('the import scanner', () => {
  it.each([
    ["import { a } from 'x';", 'x', false, ['a']],
    ["import { a as b, type C } from 'x';", 'x', false, ['a', 'C']],
    ["import {\n  a,\n  b,\n} from 'x';", 'x', false, ['a', 'b']],
    ["import type { A } from 'x';", 'x', true, ['A']],
    ["import { type A, type B } from 'x';", 'x', true, ['A', 'B']],
    ["import type A from 'x';", 'x', true, ['*']],
    ["import a from 'x';", 'x', false, ['*']],
    ["import a, { b } from 'x';", 'x', false, ['b', '*']],
    ["import * as a from 'x';", 'x', false, ['*']],
    ["import type from 'x';", 'x', false, ['*']],
    ["import 'x';", 'x', false, ['*']],
    ["export { a } from 'x';", 'x', false, ['a']],
    ["export type { A } from 'x';", 'x', true, ['A']],
    ["export * from 'x';", 'x', false, ['*']],
    ["export * as a from 'x';", 'x', false, ['*']],
    ['const a = await import("x");', 'x', false, ['*']],
    ['const a = await import(`x`);', 'x', false, ['*']],
    ["const a = require('x');", 'x', false, ['*']],
    ["let a: import('x').A;", 'x', false, ['*']],
    ['const a = await import(name);', undefined, false, ['*']],
    ['const a = await import(`x/${name}`);', undefined, false, ['*']],
    ["const a = `${await import('x')}`;", 'x', false, ['*']],
  ])('reads %j', (source, specifier, typeOnly, names) => {
    expect(scanImports(source)).toEqual([{ specifier, typeOnly, names }]);
  });

  it.each([
    "// import { a } from 'x';",
    "/* import { a } from 'x'; */",
    `const a = "import { a } from 'x';";`,
    "const a = `import { a } from 'x';`;",
    "const a = /import 'x'/;",
    'const a = import.meta.url;',
    "export const a = 'from';",
    "port.import('x');",
    "const text = `a ${b ? `c ${d}` : '`'} import 'x'`;",
  ])('reads nothing in %j', (source) => {
    expect(scanImports(source)).toEqual([]);
  });

  it('finds every import of a file with all of them', () => {
    const source = ["import a from 'one';", 'export const b = 1;', "import 'two';", "export { c } from 'three';"].join(
      '\n',
    );
    expect(scanImports(source).map((imported) => imported.specifier)).toEqual(['one', 'three', 'two']);
  });
});

describe('masking', () => {
  it.each([
    ["a = 'x y' + 1", "a = '   ' + 1"],
    ['a = /x"y/.test(b)', 'a =      .test(b)'],
    ['a = b / c / d', 'a = b / c / d'],
    ['a = (b) / "x" / c', 'a = (b) / " " / c'],
    ['return /[/"]/', 'return       '],
    ['a // x\nb', 'a     \nb'],
    ['`x ${a} y ${`z ${b}`}`', '`  ${a}   ${`  ${b}`}`'],
    ['`${{ a: 1 }.a} x`', '`${{ a: 1 }.a}  `'],
  ])('turns %j into %j', (source, code) => {
    expect(maskSource(source).code).toBe(code);
  });

  it.each(["'open", '`open', '/* open', '`${open', '/'])('keeps the length of the unfinished %j', (source) => {
    expect(maskSource(source).code).toHaveLength(source.length);
  });
});
