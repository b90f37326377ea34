import { describe, expect, it } from 'vitest';
import type { ClaimValue } from '../platforms/claim-schema.ts';
import { isLinkedRepository, repositoryTraces } from './linked-repository.ts';
import { check } from './platform-policies.test.fixture.ts';

const TEAM = 'https://jenkins.acme.example/job/team/';

function projectWith(repository: string, system: string, when: string) {
  const { projects, problems } = check({ repository, system, when });
  const project = projects.get('acme');
  if (project === undefined) throw new Error(JSON.stringify(problems));
  return project;
}

describe('a job of Jenkins', () => {
  const project = projectWith(
    `{id: "${TEAM}"}, {id: "https://jenkins.acme.example/job/tool/"}`,
    'jenkins',
    `jenkins.sub: {is: "${TEAM}job/app/"}, jenkins.scm_url: {is: x}, jenkins.scm_branch: {is: refs/heads/main}`,
  );
  const isLinked = (sub: ClaimValue | undefined, system = 'jenkins') =>
    isLinkedRepository(project, {
      system,
      claims: sub === undefined ? {} : { 'jenkins.sub': sub },
      origin: { platform: 'jenkins' },
    });

  it.each([TEAM, `${TEAM}job/app/`, `${TEAM}job/app/job/main/`, 'https://jenkins.acme.example/job/tool/'])(
    'is linked by its folder: %s',
    (sub) => {
      expect(isLinked(sub)).toBe(true);
      const [trace] = repositoryTraces('jenkins', project, 'jenkins', () => sub);
      expect(trace).toEqual({
        claim: 'jenkins.sub',
        operator: 'glob',
        expected: [`${TEAM}**/`, 'https://jenkins.acme.example/job/tool/**/'],
        actual: sub,
        passed: true,
      });
    },
  );

  it.each([
    'https://jenkins.acme.example/job/team2/',
    'https://jenkins.acme.example/job/team',
    'https://jenkins.acme.example/job/Team/job/app/',
    'https://jenkins.acme.example.evil/job/team/job/app/',
    `x${TEAM}`,
    '',
    undefined,
    7,
    [TEAM],
  ])('is not linked: %j', (sub) => {
    expect(isLinked(sub)).toBe(false);
    const traces = repositoryTraces('jenkins', project, 'jenkins', () => sub);
    expect(traces.map(({ passed }) => passed)).toEqual([false]);
  });

  it('of another controller is not linked', () => {
    expect(isLinked(`${TEAM}job/app/`, 'plain')).toBe(false);
  });
});

describe('a static token', () => {
  const project = projectWith('{id: packager}', 'legacy', 'static.token: {is: packager}');
  it.each([
    ['packager', true],
    ['packager2', false],
    ['pack', false],
    ['', false],
  ])('is linked by its whole name: %j %s', (token, linked) => {
    const asker = { system: 'legacy', claims: { 'static.token': token }, origin: { platform: 'static-token' } };
    expect(isLinkedRepository(project, asker)).toBe(linked);
  });
});
