import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const LIBRARY = join(import.meta.dirname, '..');
const groovyFiles = ['vars', 'src/dev/originsign'].flatMap((folder) =>
  readdirSync(join(LIBRARY, folder))
    .filter((name) => name.endsWith('.groovy'))
    .map((name) => `${folder}/${name}`),
);
const read = (path: string) => readFileSync(join(LIBRARY, path), 'utf8');
/** Without comments, and with texts emptied. */
const code = (path: string) =>
  read(path)
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/'''[\s\S]*?'''/g, "''")
    .replace(/'(?:[^'\\]|\\.)*'/g, "''")
    .replace(/\/\/.*$/gm, '');
const STEPS = /\b(?:steps\.|sh\(|bat\(|echo\(|error\(|withEnv\(|withCredentials\(|writeFile\(|readFile\(|dir\(|pwd\()/;

/** Methods with the annotation above them, as name and body, by their indentation. */
function methodsOf(path: string): readonly { name: string; isPlain: boolean; body: string }[] {
  const method = /^( *)(@NonCPS\n +)?(?:(?:private|static|public) )*[\w<>, ]+ (\w+)\([^)]*\) \{\n([\s\S]*?)^\1\}/gm;
  return [...code(path).matchAll(method)].map(([, , annotation, name = '', body = '']) => ({
    name,
    isPlain: annotation !== undefined,
    body,
  }));
}

describe('the shared library', () => {
  it.each(groovyFiles)('%s imports nothing that the sandbox or a restart would not take', (path) => {
    const imports = [...read(path).matchAll(/^import (.*)$/gm)].map(([, name]) => name);
    const allowed = ['com.cloudbees.groovy.cps.NonCPS', 'groovy.json.JsonOutput', 'groovy.json.JsonSlurper'];
    expect(
      imports.filter((name) => !allowed.includes(name ?? '') && !(name ?? '').startsWith('dev.originsign.')),
    ).toEqual([]);
  });

  it.each(groovyFiles)('%s makes nothing that the sandbox would not let it make', (path) => {
    const made = [...code(path).matchAll(/\bnew (\w+)/g)].map(([, name]) => name);
    expect(made.filter((name) => name !== 'Command' && name !== 'JsonSlurper')).toEqual([]);
  });

  it.each(groovyFiles)(
    '%s puts no text together that a shell could read: it has none with parts to fill in',
    (path) => {
      expect(code(path)).not.toContain('"');
    },
  );

  it.each(groovyFiles)('%s calls steps only where Jenkins can go on after a restart', (path) => {
    const methods = methodsOf(path);
    expect(methods).not.toEqual([]);
    const misplaced = methods.filter(({ isPlain, body }) => isPlain && STEPS.test(body));
    expect(misplaced.map(({ name }) => name)).toEqual([]);
    // Methods of Groovy that take closures are not transformed: a step inside of one would end it.
    expect(code(path)).not.toMatch(/\.(?:each\w*|collect\w*|find\w*|any|every|inject|with|times)\s*[({]/);
  });

  it('keeps nothing between steps that is not a text, a number, a list or a map', () => {
    const kept = /^ +(\w+(?:<[\w, ]+>)?) \w+ = /gm;
    const types = ['vars/originSign.groovy', 'vars/originVerify.groovy', 'src/dev/originsign/Command.groovy'].flatMap(
      (path) => [...code(path).matchAll(kept)].map(([, type]) => type),
    );
    expect(new Set(types)).toEqual(new Set(['Command', 'String', 'List', 'Map', 'int', 'boolean']));
  });

  it.each([
    ['originSign', 'ofSign'],
    ['originVerify', 'ofVerify'],
  ])('describes every input of %s, and no other', (step, method) => {
    const [, table = ''] =
      new RegExp(`${method}\\(\\) \\{\\s+return \\[([^\\]]*)\\]`).exec(read('src/dev/originsign/Inputs.groovy')) ?? [];
    const inputs = [...table.matchAll(/(\w+): '/g)].map(([, name]) => name ?? '');
    const [, help = ''] = /\nRequired:\n([\s\S]*?)\nReturns /.exec(read(`vars/${step}.txt`)) ?? [];
    const described = [...help.matchAll(/^([\w, ]+):/gm)].flatMap(([, list = '']) => list.split(', '));
    expect(described.filter((name) => name !== 'Optional').toSorted()).toEqual(inputs.toSorted());
    const used = read(`vars/${step}.groovy`);
    expect(inputs.filter((name) => !used.includes(`'${name}'`) && !used.includes(`given.${name}`))).toEqual([]);
  });
});
