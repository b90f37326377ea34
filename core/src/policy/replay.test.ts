import { describe, expect, it } from 'vitest';
import type { ExportedRequest } from '../protocol/request-export.ts';
import { checkPolicies } from './check.ts';
import { evaluate } from './evaluate.ts';
import { replayRequest } from './replay.ts';
import { type FactChanges, factsOf } from './sample-facts.test.fixture.ts';
import { ACME_YML, acmeWith, directory, GITHUB_YML, loadProject, OPTIONS } from './sample-policies.test.fixture.ts';

const BEFORE = loadProject().project;
const load = (project: string, system?: string) => checkPolicies(directory(project, system), OPTIONS);

/** A request as it was accepted under the sample. */
function accepted(id: number, changes: FactChanges = {}): ExportedRequest {
  const facts = factsOf(changes);
  const { now, system, binding, claims, origin, artifacts } = facts;
  const decision = evaluate(BEFORE, 'release', facts);
  if (decision.decision === 'deny') throw new Error('The sample does not allow it.');
  const keys = Object.fromEntries(decision.requirements.keys);
  const decided = { policyHash: BEFORE.hash, rule: decision.rule, keys };
  const named = { id: String(id), project: 'acme-app', policy: 'release', state: 'completed' } as const;
  return {
    ...named,
    createdAt: now.toISOString(),
    system,
    binding,
    claims,
    origin,
    artifacts: [...artifacts],
    decision: decided,
  };
}

describe('a replay', () => {
  const requests = Array.from({ length: 1000 }, (_, id) => {
    const changes: FactChanges = {
      claims: { 'github.ref': `refs/tags/v1.${id % 50}.0`, 'github.event_name': id % 3 === 0 ? 'release' : 'push' },
      artifacts: [{ name: `app-${id}.exe`, format: id % 7 === 0 ? 'raw' : 'authenticode-pe', size: id * 1024 }],
      now: new Date(Date.UTC(2026, 9, 1 + (id % 28), id % 24)),
    };
    return { changes, request: accepted(id, changes) };
  });

  it.each<[string, string, string]>([
    ['the same policies', ACME_YML, 'none'],
    ['other events', acmeWith('{in: [push, release]}', '{is: push}'), 'decision'],
    ['another ref', acmeWith('"refs/tags/v*"', '"refs/tags/v1.1*"'), 'decision'],
    ['smaller files', acmeWith('{count: {lte: 40}}', '{size: {lte: 500KiB}}'), 'decision'],
    [
      'office hours',
      acmeWith(
        'when: {time: {within: "2026-12-20..2027-01-04 Europe/Berlin"}}',
        'when: {time: {within: "Sat-Sun 00:00-24:00 UTC"}}',
      ),
      'decision',
    ],
    ['another key for one format', acmeWith('raw: acme-raw', 'raw: acme-raw-2'), 'keys'],
    ['another name for the rule', ACME_YML.replaceAll('tag-build', 'tags'), 'rule'],
  ])('of 1,000 decisions under %s finds exactly those that change', (_name, text, kind) => {
    const policies = load(text);
    expect(policies.problems).toEqual([]);
    const project = policies.projects.get('acme-app') ?? BEFORE;
    const expected = requests.filter(({ changes, request }) => {
      const decision = evaluate(project, 'release', factsOf(changes));
      if (decision.decision === 'deny') return true;
      const { keys, rule } = request.decision;
      return rule !== decision.rule || [...decision.requirements.keys].some(([format, key]) => keys[format] !== key);
    });
    const changed = requests
      .map(({ request }) => replayRequest(request, policies))
      .filter(({ change }) => change !== 'none');
    expect(changed.map(({ request }) => request.id)).toEqual(expected.map(({ request }) => request.id));
    expect(new Set(changed.map(({ change }) => change))).toEqual(new Set(kind === 'none' ? [] : [kind]));
    expect(changed.length).toBeLessThanOrEqual(1000);
    expect(changed.length > 0).toBe(kind !== 'none');
  });

  it.each<[string, string, string]>([
    ['the project is gone', ACME_YML.replace('project: acme-app', 'project: other'), 'there is no project acme-app'],
    [
      'the policy is gone',
      ACME_YML.replaceAll('release:\n', 'test:\n').replace('policy: release', 'policy: test'),
      'the project has no policy release',
    ],
    ['the repository is linked no longer', acmeWith('"771245825"', '"1"'), 'the project does not link the repository'],
    ['a rule fails', acmeWith('github-hosted', 'self-hosted'), 'rule tag-build: github.runner_environment'],
    [
      'a deny rule holds',
      acmeWith('{time: {within: "2026-12-20..2027-01-04 Europe/Berlin"}}', '{github.event_name: {is: push}}'),
      'deny rule freeze',
    ],
  ])('says why where %s', (_name, text, reason) => {
    expect(replayRequest(accepted(1), load(text)).now).toMatchObject({ decision: 'deny', reason });
  });

  it('says so where the build system is gone, or another platform', () => {
    const reason = 'there is no trusted build system github of the type github-actions';
    expect(replayRequest(accepted(1), checkPolicies(new Map(), OPTIONS)).now).toMatchObject({ reason });
    const jenkins = GITHUB_YML.replace('github-actions', 'jenkins').replace(
      'https://token.actions.githubusercontent.com',
      'https://ci.example/oidc',
    );
    expect(replayRequest(accepted(1), load(ACME_YML, jenkins)).now).toMatchObject({ reason });
  });
});
