import { describe, expect, it } from 'vitest';
import { reloadPolicies } from './reload.ts';
import { ACME_YML, acmeWith, directory, GITHUB_YML, OPTIONS } from './sample-policies.test.fixture.ts';

const START = reloadPolicies(new Map(), directory(), OPTIONS);
const NEWER = acmeWith('perHour: 20', 'perHour: 30');
const reload = (next: ReadonlyMap<string, string>) => reloadPolicies(START.texts, next, OPTIONS);
const perHour = ({ active }: typeof START) =>
  active.projects.get('acme-app')?.policies.get('release')?.allow[0]?.limits.perHour;

describe('a reload', () => {
  it('takes over what changed', () => {
    const after = reload(directory(NEWER));
    expect(perHour(after)).toBe(30);
    expect([after.kept, after.problems]).toEqual([[], []]);
  });

  it('keeps the last good version of a bad file in force, and says so', () => {
    const after = reload(directory(NEWER.replace('version: 1', 'version: 9')));
    expect(perHour(after)).toBe(20);
    expect(after.kept).toEqual(['projects/acme-app.yml']);
    expect(after.problems.map(({ line, message }) => [line, message])).toEqual([[1, '"version" must be 1']]);
    expect(perHour(reloadPolicies(after.texts, directory(ACME_YML.replace('owners', 'owner')), OPTIONS))).toBe(20);
  });

  it('takes over a good project beside a bad system, whose last good version stays', () => {
    const after = reload(directory(NEWER, GITHUB_YML.replace('version: 1', 'version: 9')));
    expect(perHour(after)).toBe(30);
    expect(after.kept).toEqual(['trusted-build-systems/github.yml']);
  });

  it('forgets a project whose file is gone', () => {
    const after = reload(new Map([['trusted-build-systems/github.yml', GITHUB_YML]]));
    expect(after.active.projects.size).toBe(0);
    expect(after.kept).toEqual([]);
  });

  it('forgets a system whose file is gone, and what relied on it', () => {
    const after = reload(new Map([['projects/acme-app.yml', ACME_YML]]));
    expect(after.active.projects.size + after.active.systems.size).toBe(0);
    expect(after.kept).toEqual([]);
  });

  it('has nothing to keep for a new file that is bad', () => {
    const after = reload(new Map([...directory(), ['projects/new.yml', 'x']]));
    expect([...after.active.projects.keys()]).toEqual(['acme-app']);
    expect(after.problems).toHaveLength(1);
  });
});
