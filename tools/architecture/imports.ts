import { maskSource } from './masked-source.ts';

/** One import of a module by another. */
export interface ImportedModule {
  /** The text between the quotes; undefined where a dynamic import computes it. */
  readonly specifier: string | undefined;
  /** True where nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** Names as the other module exports them; `*` for all or an unknown part. */
  readonly names: readonly string[];
}

const CLAUSE =
  /(?<![.\w$])(?:import|export)\s+(type\s+(?!from\b|,))?(\*(?:\s+as\s+[\w$]+)?|[\w$\s,]*\{[^}]*\}|[\w$\s,*]+?)\s*from\s*(?=['"])/g;
const SIDE_EFFECT = /(?<![.\w$])import\s*(?=['"])/g;
const CALL = /(?<![.\w$])(?:import|require)\s*\(\s*/g;

/** All imports of a TypeScript source: static, re-exports, for side effects, dynamic, `require`, and `import()` types. */
export function scanImports(source: string): readonly ImportedModule[] {
  const { code, literals } = maskSource(source);
  const valueAt = new Map(literals.map((literal) => [literal.start, literal.value]));
  const specifierAfter = (match: RegExpExecArray): string | undefined => valueAt.get(match.index + match[0].length);

  const clauses = [...code.matchAll(CLAUSE)].map((match) => {
    const names = importedNames(match[2] ?? '');
    const typeOnly = match[1] !== undefined || (names.length > 0 && names.every((name) => name.startsWith('type ')));
    return { specifier: specifierAfter(match), typeOnly, names: names.map((name) => name.replace(/^type\s+/, '')) };
  });
  const others = [...code.matchAll(SIDE_EFFECT), ...code.matchAll(CALL)].map((match) => {
    return { specifier: specifierAfter(match), typeOnly: false, names: ['*'] };
  });
  return [...clauses, ...others];
}

function importedNames(clause: string): string[] {
  const braces = /\{([^}]*)\}/.exec(clause);
  if (braces === null) return ['*'];
  const named = (braces[1] ?? '').split(',').map((name) => name.trim().replace(/\s+as\s+[^]*$/, ''));
  const others = clause
    .replace(/\{[^}]*\}/, '')
    .replaceAll(',', ' ')
    .trim();
  return [...named.filter((name) => name !== ''), ...(others === '' ? [] : ['*'])];
}
