import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { scanImports } from './imports.ts';
import { PACKAGES, SCOPE } from './rooms.ts';
import { isSource, isTest, type Files, type Violation } from './violation.ts';

type Table = Readonly<Record<string, string>>;

/** The part of a `package.json` that says what may be imported. */
interface Manifest {
  readonly dependencies?: Table;
  readonly optionalDependencies?: Table;
  readonly devDependencies?: Table;
}

interface Reference {
  readonly path: string;
}

const namesOf = (...tables: readonly (Table | undefined)[]): string[] =>
  tables.flatMap((table) => Object.keys(table ?? {}));

/** A package imports what it declares, and declares what it imports. Types and tests may also use what the root declares. */
export function checkDependencies(files: Files): readonly Violation[] {
  const root = manifestAt(files, 'package.json');
  return Object.keys(PACKAGES).flatMap((folder) => {
    const manifest = manifestAt(files, `${folder}/package.json`);
    const mine = [...files].filter(([file]) => file.startsWith(`${folder}/`) && isSource(file));
    const declared = new Set(namesOf(manifest.dependencies, manifest.optionalDependencies, manifest.devDependencies));
    // The scripts of the repository run beside the tools of the root; tests may use them and the world of the testkit.
    const shared = new Set([...namesOf(root.devDependencies), `${SCOPE}testkit`]);
    const undeclared = mine.flatMap(([file, text]) =>
      packagesIn(text)
        .filter((name) => !declared.has(name) && !((isTest(file) || folder === 'tools') && shared.has(name)))
        .map((name) => violation(file, `${name} is imported but not declared in ${folder}/package.json.`)),
    );
    const imported = new Set(mine.flatMap(([, text]) => packagesIn(text)));
    // Packages of the repository may be run instead of imported.
    const idle = [...declared]
      .filter((name) => !imported.has(name) && !name.startsWith('@types/') && !name.startsWith(SCOPE))
      .map((name) => violation(`${folder}/package.json`, `${name} is declared but never imported.`));
    return [...undeclared, ...idle];
  });
}

/** What a package imports from the repository is what its TypeScript project refers to. */
export function checkReferences(files: Files): readonly Violation[] {
  return Object.keys(PACKAGES).flatMap((folder) => {
    const path = [`${folder}/tsconfig.src.json`, `${folder}/tsconfig.json`].find((candidate) => files.has(candidate));
    if (path === undefined) return [];
    const { references = [] } = JSON.parse(files.get(path) ?? '{}') as { readonly references?: readonly Reference[] };
    const referred = references.map((reference) => posix.join(folder, reference.path).split('/')[0]);
    const imported = [...files]
      .filter(([file]) => file.startsWith(`${folder}/`) && isSource(file) && !isTest(file))
      .flatMap(([, source]) => packagesIn(source))
      .filter((name) => name.startsWith(SCOPE))
      .map((name) => name.slice(SCOPE.length));
    return [...new Set(imported)]
      .filter((name) => !referred.includes(name))
      .map((name) => violation(path, `${name} is imported but not referred to.`));
  });
}

function violation(file: string, message: string): Violation {
  return { rule: 'dependencies', file, message };
}

function manifestAt(files: Files, path: string): Manifest {
  return JSON.parse(files.get(path) ?? '{}') as Manifest;
}

function packagesIn(text: string): string[] {
  const specifiers = scanImports(text).map((imported) => imported.specifier ?? '.');
  const outside = specifiers.filter((name) => !name.startsWith('.') && !isBuiltin(name));
  return outside.map((name) =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/'),
  );
}
