import { describe, expect, it } from 'vitest';
import type { CheckOptions } from './check.ts';
import { policyHash } from './parse.ts';
import { reloadPolicies } from './reload.ts';
import { ACME_YML, acmeWith, directory, GITHUB_YML, OPTIONS } from './sample-policies.test.fixture.ts';

const START = reloadPolicies(new Map(), directory(), OPTIONS);
const NEWER = acmeWith('perHour: 20', 'perHour: 30');
const reload = (next: ReadonlyMap<string, string>) => reloadPolicies(START.texts, next, OPTIONS);
const kept = ({ files }: typeof START) => files.filter((file) => file.kept !== undefined).map(({ path }) => path);
const perHour = ({ active }: typeof START) =>
  active.projects.get('acme-app')?.policies.get('release')?.allow[0]?.limits.perHour;

describe('a reload', () => {
  it('takes over what changed', () => {
    const after = reload(directory(NEWER));
    expect(perHour(after)).toBe(30);
    expect([kept(after), after.problems]).toEqual([[], []]);
    expect(after.files).toEqual([
      { path: 'projects/acme-app.yml', hash: policyHash(NEWER), ok: true },
      { path: 'trusted-build-systems/github.yml', hash: policyHash(GITHUB_YML), ok: true },
    ]);
  });

  it('keeps the last good version of a bad file in force, and says so', () => {
    const after = reload(directory(NEWER.replace('version: 1', 'version: 9')));
    expect(perHour(after)).toBe(20);
    expect(kept(after)).toEqual(['projects/acme-app.yml']);
    expect(after.files[0]).toMatchObject({ ok: false, kept: policyHash(ACME_YML) });
    expect(after.problems.map(({ line, message }) => [line, message])).toEqual([[1, '"version" must be 1']]);
    expect(perHour(reloadPolicies(after.texts, directory(ACME_YML.replace('owners', 'owner')), OPTIONS))).toBe(20);
  });

  it('takes over a good project beside a bad system, whose last good version stays', () => {
    const after = reload(directory(NEWER, GITHUB_YML.replace('version: 1', 'version: 9')));
    expect(perHour(after)).toBe(30);
    expect(kept(after)).toEqual(['trusted-build-systems/github.yml']);
    // And says nothing of the project, with which nothing is wrong.
    expect(after.problems.map(({ file }) => file)).toEqual(['trusted-build-systems/github.yml']);
  });

  it('forgets a project whose file is gone', () => {
    const after = reload(new Map([['trusted-build-systems/github.yml', GITHUB_YML]]));
    expect(after.active.projects.size).toBe(0);
    expect(kept(after)).toEqual([]);
  });

  it('forgets a system whose file is gone, and what relied on it', () => {
    const after = reload(new Map([['projects/acme-app.yml', ACME_YML]]));
    expect(after.active.projects.size + after.active.systems.size).toBe(0);
    expect(kept(after)).toEqual([]);
  });

  it('has nothing to keep for a new file that is bad', () => {
    const after = reload(new Map([...directory(), ['projects/new.yml', 'x']]));
    expect([...after.active.projects.keys()]).toEqual(['acme-app']);
    expect(after.problems).toHaveLength(1);
  });

  it('keeps a system that must not be taken over as it is now', () => {
    const changed = GITHUB_YML.replace('id: github,', 'id: github, allowPrivateAddress: true,');
    const objection: CheckOptions['objection'] = ({ allowPrivateAddress }) =>
      allowPrivateAddress ? { message: 'not without a restart' } : undefined;
    const after = reloadPolicies(START.texts, directory(NEWER, changed), { ...OPTIONS, objection });
    expect(after.active.systems.get('github')?.allowPrivateAddress).toBe(false);
    expect(perHour(after)).toBe(30);
    expect(kept(after)).toEqual(['trusted-build-systems/github.yml']);
    expect(after.problems.map(({ message }) => message)).toEqual(['not without a restart']);
  });
});
