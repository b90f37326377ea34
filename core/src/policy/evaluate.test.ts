import { codeOf, refusalOf } from '@originsign/testkit/error-code';
import { describe, expect, it } from 'vitest';
import type { ClaimValue } from '../platforms/claim-schema.ts';
import { evaluate, failedClaims } from './evaluate.ts';
import { isLinkedRepository } from './linked-repository.ts';
import type { ArtifactFacts } from './model.ts';
import { factsOf } from './sample-facts.test.fixture.ts';
import { ACME_YML, acmeWith, loadProject } from './sample-policies.test.fixture.ts';

const PE: ArtifactFacts = { name: 'app.exe', format: 'authenticode-pe', size: 1000 };
const decide = (text: string, changes: Parameters<typeof factsOf>[0] = {}) =>
  evaluate(loadProject(text).project, 'release', factsOf(changes));
const withClaim = (name: string, value: ClaimValue | undefined) => ({ claims: { [name]: value } });
const failed = (text: string, changes: Parameters<typeof factsOf>[0]) => failedClaims(decide(text, changes).trace);

describe('a decision', () => {
  it('allows what meets every condition, and says what is required', () => {
    const text = acmeWith('    allow:\n', '    programName: Acme\n    programUrl: https://acme.example/\n    allow:\n');
    const decision = decide(text, { artifacts: [PE] });
    expect(decision).toMatchObject({
      decision: 'allow',
      rule: 'tag-build',
      requirements: {
        keys: new Map([['authenticode-pe', 'acme-2026']]),
        limits: { perRun: 1, perHour: 20 },
        timestamp: 'required',
        reRuns: 'deny',
        programName: 'Acme',
        programUrl: 'https://acme.example/',
      },
    });
    expect(decision.trace.decision).toBe('allow');
    expect(decision.trace.rules.map(({ rule, effect, passed }) => [rule, effect, passed])).toEqual([
      ['freeze', 'deny', false],
      ['tag-build', 'allow', true],
    ]);
  });

  it.each<[string, ClaimValue | undefined]>([
    ['github.ref', 'refs/heads/main'],
    ['github.ref', 'refs/tags/v1/x'],
    ['github.ref', undefined],
    ['github.event_name', 'schedule'],
    ['github.workflow_path', '.github/workflows/other.yml'],
    ['github.workflow_repository', 'evil/app'],
    ['github.workflow_repository', undefined],
    ['github.runner_environment', 'self-hosted'],
    ['github.run_attempt', 2],
    ['github.run_attempt', '1'],
    ['github.run_attempt', undefined],
    ['github.repository_id', '1'],
    ['github.repository_id', 771245825],
    ['github.repository_id', undefined],
    ['github.repository_owner_id', '1'],
    ['github.repository_owner_id', undefined],
  ])('denies %s %j by that condition alone', (name, value) => {
    const decision = decide(ACME_YML, withClaim(name, value));
    expect(decision).toMatchObject({ decision: 'deny', rule: 'tag-build', code: 'policy.denied' });
    expect(failedClaims(decision.trace)).toEqual([name]);
  });

  it('takes a workflow of another repository where the rule names that repository', () => {
    const text = acmeWith(
      '          github.workflow_path:',
      '          github.workflow_repository: { is: acme/release-workflows }\n          github.workflow_path:',
    );
    expect(decide(text, withClaim('github.workflow_repository', 'acme/release-workflows')).decision).toBe('allow');
    expect(failed(text, withClaim('github.workflow_repository', 'acme/app'))).toEqual(['github.workflow_repository']);
  });

  it('shows expected and actual of a condition, and nothing where the claim is missing', () => {
    const condition = (value: ClaimValue | undefined) =>
      decide(ACME_YML, withClaim('github.ref', value)).trace.rules[1]?.conditions.find(
        ({ claim }) => claim === 'github.ref',
      );
    expect(condition('refs/heads/main')).toEqual({
      claim: 'github.ref',
      operator: 'glob',
      expected: 'refs/tags/v*',
      actual: 'refs/heads/main',
      passed: false,
    });
    expect(condition(undefined)).not.toHaveProperty('actual');
  });

  it('allows a re-run where the rule does', () => {
    const again = { ...withClaim('github.run_attempt', 7) };
    expect(decide(acmeWith('reRuns: deny', 'reRuns: allow'), again).decision).toBe('allow');
  });

  it('lets a deny rule win over any allow rule', () => {
    const decision = decide(ACME_YML, { now: new Date('2026-12-24T12:00:00Z') });
    expect(decision).toMatchObject({ decision: 'deny', rule: 'freeze', code: 'policy.denied' });
    expect(decision.trace.rules.find(({ rule }) => rule === 'tag-build')?.passed).toBe(true);
    expect(failedClaims(decision.trace)).toEqual([]);
  });

  it('names the nearest rule on a denial, the first of equals', () => {
    const rule = (id: string, ref: string, path: string) =>
      `      - id: ${id}\n        when: {github.ref: {is: ${ref}}, github.event_name: {is: push}, github.workflow_path: {is: ${path}}}\n`;
    const text = acmeWith(
      '    deny:\n',
      `${rule('far', 'refs/heads/x', 'other.yml')}${rule('near', 'refs/heads/x', '.github/workflows/release.yml')}    deny:\n`,
    );
    const branch = withClaim('github.ref', 'refs/heads/main');
    expect(decide(text, branch).rule).toBe('tag-build');
    expect(
      decide(text, { claims: { 'github.ref': 'refs/heads/main', 'github.runner_environment': 'self-hosted' } }).rule,
    ).toBe('near');
  });

  it('takes the first rule that holds', () => {
    const second =
      '      - id: second\n        when: {github.ref: {glob: refs/tags/**}, github.event_name: {is: push}, github.workflow_path: {is: .github/workflows/release.yml}}\n        timestamp: best-effort\n';
    expect(decide(acmeWith('    deny:\n', `${second}    deny:\n`)).rule).toBe('tag-build');
    const first = ACME_YML.replace('    allow:\n', `    allow:\n${second}`);
    expect(decide(first)).toMatchObject({ rule: 'second', requirements: { timestamp: 'best-effort', limits: {} } });
  });

  it('is the same for the same input, and changes none of it', () => {
    const { project } = loadProject();
    const facts = factsOf({});
    const before = structuredClone({ facts, policies: project.policies });
    expect(evaluate(project, 'release', facts)).toEqual(evaluate(project, 'release', facts));
    expect({ facts, policies: project.policies }).toEqual(before);
  });

  it('carries the hash of the file that decided', () => {
    const { project } = loadProject();
    expect(decide(ACME_YML).trace).toMatchObject({ project: 'acme-app', policy: 'release', policyHash: project.hash });
  });

  it('is not made for a policy that is not there, nor at no time, nor on the origin of another system', async () => {
    const { project } = loadProject();
    expect(codeOf(() => evaluate(project, 'constructor', factsOf({})))).toBe('policy.unknown');
    expect((await refusalOf(() => evaluate(project, 'relase', factsOf({})))).hint).toBe('did you mean "release"?');
    expect(() => evaluate(project, 'release', factsOf({ now: new Date(Number.NaN) }))).toThrow(TypeError);
    expect(() => evaluate(project, 'release', { ...factsOf({}), system: 'other' })).toThrow(TypeError);
  });
});

describe('artifacts', () => {
  const RULES = acmeWith(
    'artifacts: {count: {lte: 40}}',
    'artifacts: {format: {is: authenticode-pe}, name: {glob: "acme-*.exe"}, size: {lte: 1KiB}, count: {gte: 1, lte: 2}}',
  );
  const acme = (changes: Partial<ArtifactFacts> = {}): ArtifactFacts => ({ ...PE, name: 'acme-1.exe', ...changes });

  it.each<[string, readonly ArtifactFacts[], readonly string[]]>([
    ['one that fits', [acme()], []],
    ['two that fit', [acme(), acme({ name: 'acme-2.exe', size: 1024 })], []],
    ['one of another name', [acme(), acme({ name: 'evil.exe' })], ['artifacts.name']],
    ['one in a folder', [acme({ name: 'acme-/x.exe' })], ['artifacts.name']],
    ['one too large', [acme({ size: 1025 })], ['artifacts.size']],
    ['one of another format', [acme({ format: 'raw' })], ['artifacts.format']],
    ['too many', [acme(), acme(), acme()], ['artifacts']],
    ['none', [], ['artifacts.format', 'artifacts.name', 'artifacts.size', 'artifacts']],
  ])('must all meet an allow rule: %s', (_, artifacts, expected) => {
    expect(failed(RULES, { artifacts })).toEqual(expected);
    expect(decide(RULES, { artifacts }).decision).toBe(expected.length === 0 ? 'allow' : 'deny');
  });

  it('of a format without key are denied as such', () => {
    expect(decide(ACME_YML, { artifacts: [PE, { ...PE, format: 'cms-detached' }] })).toMatchObject({
      decision: 'deny',
      code: 'policy.format',
    });
    const both = { artifacts: [{ ...PE, format: 'constructor' }], ...withClaim('github.ref', 'refs/heads/main') };
    expect(decide(ACME_YML, both)).toMatchObject({ decision: 'deny', code: 'policy.denied' });
  });

  it('none at all are denied even where the rule does not look at them', () => {
    expect(decide(acmeWith('        artifacts: {count: {lte: 40}}\n', ''), { artifacts: [] }).decision).toBe('deny');
  });

  const DENY = acmeWith(
    'when: {time: {within: "2026-12-20..2027-01-04 Europe/Berlin"}}',
    'artifacts: {format: {is: raw}, name: {glob: "*.sys"}}',
  );
  const raw = (name: string): ArtifactFacts => ({ name, format: 'raw', size: 1 });

  it.each<[string, readonly ArtifactFacts[], string]>([
    ['one that meets it', [raw('a.sys')], 'freeze'],
    ['one that meets it beside others', [PE, raw('b.txt'), raw('a.sys'), PE], 'freeze'],
    ['one for each condition, none for both', [raw('a.txt'), { ...PE, name: 'a.sys' }], 'tag-build'],
    ['none', [PE], 'tag-build'],
  ])('trip a deny rule where one meets it: %s', (_, artifacts, rule) => {
    expect(decide(DENY, { artifacts }).rule).toBe(rule);
  });

  it('are shown in the trace five at most', () => {
    const many = Array.from({ length: 1024 }, (_, index) => acme({ name: `evil-${index}.exe` }));
    const trace = decide(RULES, { artifacts: many }).trace.rules[1]?.conditions.find(
      ({ claim }) => claim === 'artifacts.name',
    );
    expect(trace?.actual).toEqual(['evil-0.exe', 'evil-1.exe', 'evil-2.exe', 'evil-3.exe', 'evil-4.exe']);
  });
});

describe('repositories of a project', () => {
  const TWO = ACME_YML.replace('ownerId: "145685596"}]', 'ownerId: "145685596"}, {id: "7", ownerId: "8"}]');
  const ids = (id: string, owner: string) => ({
    claims: { 'github.repository_id': id, 'github.repository_owner_id': owner },
  });

  it.each([
    ['771245825', '145685596', []],
    ['7', '8', []],
    ['7', '145685596', ['github.repository_owner_id']],
    ['771245825', '8', ['github.repository_owner_id']],
    ['9', '8', ['github.repository_id']],
    ['9', '9', ['github.repository_id', 'github.repository_owner_id']],
  ])('count with their own owner: %s of %s', (id, owner, expected) => {
    expect(failed(TWO, ids(id, owner))).toEqual(expected);
    const { project } = loadProject(TWO);
    expect(isLinkedRepository(project, factsOf(ids(id, owner)))).toBe(expected.length === 0);
  });

  it('are those of one system', () => {
    expect(isLinkedRepository(loadProject().project, { ...factsOf({}), system: 'ghes' })).toBe(false);
  });
});

describe('claims of the origin', () => {
  const when = (condition: string) => acmeWith('github.runner_environment: {is: github-hosted}', condition);
  it.each([
    ['origin.binding: {is: audience}', []],
    ['origin.binding: {is: proof}', ['origin.binding']],
    ['origin.repository: {is: "https://github.com/acme/app"}', []],
    ['origin.run_attempt: {lte: 1}', []],
    ['origin.callee: {absent: true}', []],
    ['origin.callee: {absent: false}', ['origin.callee']],
    ['origin.trigger: {in: [release]}', ['origin.trigger']],
    ['github.environment: {absent: true}', []],
    ['github.environment: {is: production}', ['github.environment']],
    ['time: {within: ["Sat 00:00-24:00 UTC", "Wed 00:00-24:00 UTC"]}', []],
    ['time: {within: "Sat 00:00-24:00 UTC"}', ['time']],
  ])('%s', (condition, expected) => {
    expect(failed(when(condition), {})).toEqual(expected);
  });
});
