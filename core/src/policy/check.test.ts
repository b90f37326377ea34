import { describe, expect, it } from 'vitest';
import { checkPolicies, type KeyFacts } from './check.ts';
import { formatProblem } from './load-problem.ts';
import { ACME_YML, acmeWith, directory, FORMATS, GITHUB_YML, OPTIONS } from './sample-policies.test.fixture.ts';

const KEYS: readonly KeyFacts[] = [
  { label: 'acme-2026', purpose: 'authenticode', type: 'rsa-3072' },
  { label: 'acme-raw', purpose: 'raw', type: 'ed25519' },
];
const problemsWithKeys = (keys: readonly KeyFacts[]) =>
  checkPolicies(directory(), { ...OPTIONS, keys }).problems.map(formatProblem);

describe('a directory of policies', () => {
  it('loads', () => {
    const checked = checkPolicies(new Map([...directory(), ['README.md', '# Ours']]), { ...OPTIONS, keys: KEYS });
    expect(checked.problems).toEqual([]);
    expect([...checked.systems.keys()]).toEqual(['github']);
    expect([...checked.projects.keys()]).toEqual(['acme-app']);
    expect(checked.files.map(({ path, ok }) => [path, ok])).toEqual([
      ['projects/acme-app.yml', true],
      ['trusted-build-systems/github.yml', true],
    ]);
  });

  it('is empty where there is nothing', () => {
    expect(checkPolicies(new Map(), OPTIONS)).toEqual({
      systems: new Map(),
      authorities: new Map(),
      projects: new Map(),
      files: [],
      problems: [],
    });
  });

  it('loses nothing but what a bad file would have brought', () => {
    const other = ACME_YML.replace('project: acme-app', 'project: other-app');
    const texts = new Map([
      ...directory(acmeWith('version: 1', 'version: 9')),
      ['projects/other-app.yml', other],
      ['trusted-build-systems/broken.yml', 'version: ['],
    ]);
    const checked = checkPolicies(texts, OPTIONS);
    expect([...checked.projects.keys()]).toEqual(['other-app']);
    expect([...checked.systems.keys()]).toEqual(['github']);
    expect(checked.files.filter(({ ok }) => !ok).map(({ path }) => path)).toEqual([
      'projects/acme-app.yml',
      'trusted-build-systems/broken.yml',
    ]);
  });

  it.each([
    ['projects/acme-app.yaml', 'file names end in .yml'],
    ['projects/team/acme-app.yml', 'policies are projects/<project>.yml and trusted-build-systems/<id>.yml'],
    ['acme-app.yml', 'policies are projects/<project>.yml and trusted-build-systems/<id>.yml'],
    ['Projects/acme-app.YML', 'policies are projects/<project>.yml and trusted-build-systems/<id>.yml'],
  ])('says that %s is not in force', (path, hint) => {
    const { problems, projects } = checkPolicies(new Map([[path, ACME_YML]]), OPTIONS);
    expect(problems.map(formatProblem)).toEqual([
      `${path}:1:1: the file is nowhere that policies are read from; ${hint}`,
    ]);
    expect(projects.size).toBe(0);
  });

  it('has one file for a project, so that a copy does not replace it', () => {
    const checked = checkPolicies(
      new Map([...directory(), ['projects/aaa.yml', acmeWith('reRuns: deny', 'reRuns: allow')]]),
      OPTIONS,
    );
    expect(checked.problems.map(formatProblem)).toEqual([
      'projects/aaa.yml:1:1: the file must be called acme-app.yml, after the project in it',
    ]);
    expect(checked.projects.get('acme-app')?.policies.get('release')?.allow[0]?.reRuns).toBe('deny');
  });

  it('has one trusted build system for an issuer', () => {
    const twin = GITHUB_YML.replace('id: github', 'id: twin');
    const checked = checkPolicies(new Map([...directory(), ['trusted-build-systems/twin.yml', twin]]), OPTIONS);
    expect(checked.problems.map(formatProblem)).toEqual([
      'trusted-build-systems/twin.yml:1:1: the issuer is that of the trusted build system "github" already',
    ]);
  });

  it('accepts an issuer on this machine in a trial store alone', () => {
    const local = GITHUB_YML.replace('https://token.actions.githubusercontent.com', '"http://127.0.0.1:4000"');
    expect(checkPolicies(directory(ACME_YML, local), { ...OPTIONS, trial: true }).problems).toEqual([]);
    const production = checkPolicies(directory(ACME_YML, local), OPTIONS);
    expect(production.systems.size + production.projects.size).toBe(0);
  });
});

describe('the keys of a policy', () => {
  it('are not checked where nobody knows them', () => {
    expect(checkPolicies(directory(), OPTIONS).problems).toEqual([]);
  });

  it.each<[string, readonly KeyFacts[], string]>([
    ['missing', KEYS.slice(1), 'there is no key "acme-2026"; did you mean "acme-raw"?'],
    [
      'of another purpose',
      [{ label: 'acme-2026', purpose: 'raw', type: 'rsa-3072' }, ...KEYS.slice(1)],
      'the key "acme-2026" is for raw, and authenticode-pe needs one for authenticode; a key has one purpose, fixed when it is generated',
    ],
    [
      'the key of the log',
      [{ label: 'acme-2026', purpose: 'log', type: 'p-256' }, ...KEYS.slice(1)],
      'the key "acme-2026" is for log, and authenticode-pe needs one for authenticode; a key has one purpose, fixed when it is generated',
    ],
    [
      'of a type that the format cannot use',
      [{ label: 'acme-2026', purpose: 'authenticode', type: 'ed25519' }, ...KEYS.slice(1)],
      'the key "acme-2026" is ed25519, and authenticode-pe takes rsa-3072, p-256',
    ],
    [
      'retired',
      [{ label: 'acme-2026', purpose: 'authenticode', type: 'rsa-3072', retired: true }, ...KEYS.slice(1)],
      'the key "acme-2026" is retired',
    ],
  ])('refuse the load where one is %s', (_, keys, message) => {
    const expected = message.replace('; did you mean "acme-raw"?', '');
    expect(problemsWithKeys(keys).map((problem) => problem.replace('; did you mean "acme-raw"?', ''))).toEqual([
      `projects/acme-app.yml:7:3: ${expected}`,
    ]);
  });

  it('are for formats that there are, whatever the prototype of the table has', () => {
    const text = acmeWith('raw: acme-raw', 'constructor: acme-raw');
    expect(checkPolicies(directory(text), { ...OPTIONS, formats: { ...FORMATS } }).problems.map(formatProblem)).toEqual(
      ['projects/acme-app.yml:7:3: there is no format "constructor"; there is authenticode-pe, cms-detached, raw'],
    );
  });
});
