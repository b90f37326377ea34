import { posix } from 'node:path';
import { scanImports, type ImportedModule } from './imports.ts';
import { COMMANDS, CORE_ROOMS_WITH_EFFECTS, levelOf, PACKAGES, placeOf, SCOPE, type Place } from './rooms.ts';
import { isSource, isTest, type Files, type Violation } from './violation.ts';

const RULE = 'layers';

/** Imports run downwards, never sideways, between the rooms and packages that the tables of rooms name. */
export function checkLayers(files: Files): readonly Violation[] {
  const violations: Violation[] = [];
  for (const [file, text] of files) {
    const from = placeOf(file);
    if (from === undefined || !isSource(file)) continue;
    for (const imported of scanImports(text)) {
      const message =
        imported.specifier === undefined ? unreadable() : problemOf(file, from, imported, imported.specifier);
      if (message !== undefined) violations.push({ rule: RULE, file, message });
    }
  }
  return violations;
}

function unreadable(): string {
  return 'A dynamic import must name its module, so that it can be checked.';
}

function problemOf(file: string, from: Place, imported: ImportedModule, specifier: string): string | undefined {
  const target = targetOf(file, specifier);
  if (target === undefined) return undefined;
  const to = placeOf(target);
  const byPath = specifier.startsWith('.');
  if (to === undefined || (byPath && to.package !== from.package && !COMMANDS.has(to.package))) {
    return `${specifier} leaves the package: import other packages by their name.`;
  }
  if (to.package !== from.package) return packageProblem(file, from, to, specifier);
  return to.room === from.room ? undefined : roomProblem(file, from, to, imported);
}

/** Path of the imported file in the repository; undefined for modules that are not ours. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier);
  if (!specifier.startsWith(SCOPE)) return undefined;
  const [name = '', ...path] = specifier.slice(SCOPE.length).split('/');
  return `${name}/src/${path.join('/')}.ts`;
}

function packageProblem(file: string, from: Place, to: Place, specifier: string): string | undefined {
  const allowed = PACKAGES[from.package] ?? [];
  if (to.package === 'testkit' && isTest(file)) return undefined;
  if (!allowed.includes(to.package)) return `${from.package} may not import ${to.package} (${specifier}).`;
  if (from.package === 'signer-server' && to.package === 'core' && CORE_ROOMS_WITH_EFFECTS.has(to.room)) {
    return `The server may not import the client (${specifier}).`;
  }
  return undefined;
}

function roomProblem(file: string, from: Place, to: Place, imported: ImportedModule): string | undefined {
  const here = levelOf(from);
  const there = levelOf(to);
  if (here < 0 || there < 0) return undefined; // not a room: the rule about places says so
  if (there < here) return undefined;
  if (there > here) return `${from.room} may not import ${to.room}, which stands above it.`;
  // Tests put neighbours together to see them work; the tables of the store are the words in which its users speak.
  if (isTest(file) || (to.room === 'store' && from.package === 'signer-server' && imported.typeOnly)) return undefined;
  return `${from.room} may not import ${to.room}, which stands beside it: declare a port.`;
}
