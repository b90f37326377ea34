import { scanImports } from './imports.ts';
import { maskSource } from './masked-source.ts';
import { CORE_ROOMS_WITH_EFFECTS, placeOf } from './rooms.ts';
import { isSource, isTest, type Files, type Violation } from './violation.ts';

/** All that a pure room may import from outside the repository. */
const PURE_MODULES: readonly string[] = ['node:crypto', 'node:buffer', 'zod/mini', 'yaml'];
const PURE_PACKAGES: readonly string[] = ['@noble/curves/'];

/** What a pure room may not say, and why. Looked for in code alone, never in comments or strings. */
const IMPURE: readonly (readonly [RegExp, string])[] = [
  [/(?<![.\w$])fetch\s*\(/, 'calls the network'],
  [
    /\bDate\.now\b|\bnew\s+Date\b(?!\s*\(\s*[^\s)])|(?<![.\w$]|new\s)Date\s*\(|\bperformance\.now\b/,
    'reads the clock: take `now` as an argument',
  ],
  [/(?<![.\w$])process\b(?!\s*:)/, 'touches the process'],
  [/\bMath\.random\b|\b(?:random(?:Bytes|Int|UUID|Fill\w*)|getRandomValues|generateKey\w*)\b/, 'draws randomness'],
  [/(?<![.\w$])(?:setTimeout|setInterval|setImmediate)\b/, 'starts a timer'],
  [/(?<![.\w$])(?:console|globalThis)\b/, 'reaches for a global'],
];

/** Modules with effects, and the places that may import them. */
const HOMES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^undici$/, ['core/src/client/', 'signer-server/src/egress/']],
  [/^pkcs11js$/, ['signer-server/src/hsm/']],
  [/^better-sqlite3$/, ['signer-server/src/store/']],
  [/^fastify$|^@fastify\//, ['signer-server/src/http/']],
  [/^commander$/, ['cli/src/', 'signer-server/src/cli/']],
];

/** Pure rooms never touch network, process, file, clock or chance; time and files come in as arguments. */
export function checkPurity(files: Files): readonly Violation[] {
  return [...files].flatMap(([file, text]) => {
    const place = placeOf(file);
    if (place?.package !== 'core' || CORE_ROOMS_WITH_EFFECTS.has(place.room) || !isSource(file) || isTest(file))
      return [];
    const { code } = maskSource(text);
    const words = IMPURE.filter(([pattern]) => pattern.test(code)).map(([, what]) => `A pure room ${what}.`);
    const imports = outsideModules(text)
      .filter((name) => !PURE_MODULES.includes(name) && !PURE_PACKAGES.some((prefix) => name.startsWith(prefix)))
      .map((name) => `A pure room may not import ${name}.`);
    return [...words, ...imports].map((message) => ({ rule: 'purity', file, message }));
  });
}

/** Packages that are no part of the product. */
const SCAFFOLD = /^(?:examples|testkit|tools)\//;

/** Each module with effects is imported in its home alone. */
export function checkHomes(files: Files): readonly Violation[] {
  return [...files]
    .filter(([file]) => isSource(file) && !isTest(file) && placeOf(file) !== undefined && !SCAFFOLD.test(file))
    .flatMap(([file, text]) =>
      HOMES.filter(([, homes]) => !homes.some((home) => file.startsWith(home))).flatMap(([pattern, homes]) =>
        outsideModules(text)
          .filter((name) => pattern.test(name))
          .map((name) => ({
            rule: 'homes',
            file,
            message: `${name} may be imported in ${homes.join(' and ')} alone.`,
          })),
      ),
    );
}

function outsideModules(text: string): string[] {
  const names = scanImports(text).map((imported) => imported.specifier ?? '');
  return names.filter((name) => name !== '' && !name.startsWith('.') && !name.startsWith('@originsign/'));
}
