import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { utf8 } from '@originsign/core/encoding/bytes';
import { attackerKey, fileArtifact, type ForgedRequest } from '@originsign/testkit/forged-request';
import {
  gitBuildData,
  JENKINS_CREDENTIAL,
  scmRevision,
  type BuildChanges,
} from '@originsign/testkit/jenkins-controller';
import { attackJenkins, type AttackedJenkins } from './attacked-jenkins.test.fixture.ts';
import { failedClaims, type AttackedPlatform } from './attacked-platform.test.fixture.ts';
import { textAt } from './attacked-signer.test.fixture.ts';
import { findSecrets } from './secret-search.test.fixture.ts';
import { logEntries, query } from './stored-facts.test.fixture.ts';

type Claims = Readonly<Record<string, unknown>>;
let world: AttackedJenkins;
let bench: AttackedPlatform;
beforeAll(async () => {
  world = await attackJenkins();
  bench = world.bench;
});
afterAll(() => world.stop());

const seconds = (): number => Math.floor(Date.now() / 1000);
let files = 0;
/** A request for a file that no other request is about. */
const requestOf = (key = attackerKey()): ForgedRequest => {
  files += 1;
  return bench.attacker.forge({ key, artifacts: [fileArtifact('app.bin', utf8(`file ${files}`))] });
};
const outcomeOf = async (ci: string): Promise<string> => (await bench.submit(requestOf(), { ci })).outcome;

describe('a build of Jenkins is signed', () => {
  test.each<[string, () => Promise<string>]>([
    ['under the issuer of the root', () => world.mint('root', 'app')],
    ['under the issuer of a folder', () => world.mint('team', 'team/app')],
    ['with its audience as text', () => world.mint('root', 'app', { aud: bench.signer.url })],
    ['with a token of nine minutes', () => world.mint('root', 'app', { iat: seconds() - 540, exp: seconds() + 3_060 })],
  ])('%s', async (_name, mint) => {
    expect(await outcomeOf(await mint())).toBe('200 completed');
  });

  test('and a decision says how weakly it is bound, and locks nothing', async () => {
    // Tokens of one build and one second are the same token, and another test has used that one.
    const ci = await world.mint('root', 'app', { iat: seconds() - 2 });
    const answer = await bench.evaluate(requestOf(), { ci });
    expect([answer.outcome, textAt(answer.json, 'binding')]).toEqual(['200 allow', 'proof']);
    expect(await outcomeOf(ci)).toBe('200 completed');
  });
});

describe('nothing is signed', () => {
  const root = (): string => world.jenkins.rootUrl;
  test.each<[string, string, () => Promise<string>]>([
    ['without an audience', '401 token.audience', () => world.mint('root', 'app', { aud: undefined })],
    [
      'for the audience that an empty field becomes',
      '401 token.audience',
      () => world.credential.root.mint({ job: 'app', number: 17 }),
    ],
    ['for an empty list', '401 token.audience', () => world.mint('root', 'app', { aud: [] })],
    [
      'for two audiences',
      '401 token.audience',
      () => world.mint('root', 'app', { aud: [bench.signer.url, 'https://other.example'] }),
    ],
    [
      'for the server with a slash',
      '401 token.audience',
      () => world.mint('root', 'app', { aud: [`${bench.signer.url}/`] }),
    ],
    ['for a job of the root under the issuer of a folder', '401 token.origin', () => world.mint('team', 'app')],
    ['for another folder that begins alike', '401 token.origin', () => world.mint('team', 'team2/app')],
    [
      'for a job of another controller',
      '401 token.origin',
      () => world.mint('root', 'app', { sub: 'https://jenkins.acme.example/job/app/' }),
    ],
    [
      'for a path that climbs',
      '401 token.origin',
      () => world.mint('team', 'app', { sub: `${root()}job/team/job/../../job/app/` }),
    ],
    [
      'for a path that climbs in disguise',
      '401 token.origin',
      () => world.mint('team', 'app', { sub: `${root()}job/team/job/%2e%2e/job/app/` }),
    ],
    [
      'for a slash in disguise',
      '401 token.origin',
      () => world.mint('team', 'app', { sub: `${root()}job/team/job/x%2Fjob%2Fapp/` }),
    ],
    ['for a job without its slash', '401 token.origin', () => world.mint('root', 'app', { sub: `${root()}job/app` })],
    ['outside of any build', '401 token.origin', () => world.mint('root', 'app', { sub: root() })],
    ['for a job that the project does not link', '403 project.unknown', () => world.mint('root', 'other')],
    ['for a pull request', '403 token.pull_request', () => world.mint('root', 'app', { change_id: '17' })],
    ['without a build number', '401 token.claim_missing', () => world.mint('root', 'app', { build_number: undefined })],
    [
      'for a build number that is text',
      '401 token.claim_type',
      () => world.mint('root', 'app', { build_number: '17' }),
    ],
    ['without a job', '401 token.claim_missing', () => world.mint('root', 'app', { sub: undefined })],
    [
      'for an expired token',
      '401 token.time',
      () => world.mint('root', 'app', { iat: seconds() - 4_000, exp: seconds() - 400 }),
    ],
    [
      'for a token of half an hour that is still valid',
      '401 token.time',
      () => world.mint('root', 'app', { iat: seconds() - 1_800, exp: seconds() + 1_800 }),
    ],
    [
      'for a token that lives for a day',
      '401 token.time',
      () => world.mint('root', 'app', { exp: seconds() + 86_400 }),
    ],
    [
      'for a folder without a trusted issuer',
      '401 token.issuer_unknown',
      () => world.mint('root', 'app', { iss: `${world.credential.root.issuer}/job/elsewhere` }),
    ],
  ])('%s', async (_name, outcome, mint) => {
    expect(await bench.refused(requestOf(), { ci: await mint() })).toBe(outcome);
  });

  test('for another job of the linked folder, and the denial names the job', async () => {
    const answer = await bench.submit(requestOf(), { ci: await world.mint('team', 'team/tool') });
    expect([answer.outcome, ...failedClaims(answer)]).toEqual(['403 policy.denied', 'jenkins.sub']);
  });

  test('with a second token beside it: Jenkins has none', async () => {
    const [ci, serviceConnection] = [await world.mint('root', 'app'), await world.mint('root', 'app', { iat: 1 })];
    expect(await bench.refused(requestOf(), { ci, serviceConnection })).toBe('400 request.malformed');
  });
});

describe('a token without jti', () => {
  test('that a build gets twice in one second is one token', async () => {
    const claims = { iat: seconds(), exp: seconds() + 3_600 };
    const [first, second] = [await world.mint('root', 'app', claims), await world.mint('root', 'app', claims)];
    expect(second).toBe(first);
    const key = attackerKey();
    expect((await bench.submit(requestOf(key), { ci: first })).outcome).toBe('200 completed');
    expect(await bench.refused(requestOf(), { ci: second })).toBe('409 token.key');
    expect(await bench.refused(requestOf(key), { ci: second })).toBe('409 token.replayed');
  });

  test('belongs to the key that came first, even where that was denied', async () => {
    // Not in the second in which another test had its token of this build: it would be the same one.
    const ci = await world.mint('team', 'team/tool', { iat: seconds() - 7 });
    const key = attackerKey();
    expect(await bench.refused(requestOf(key), { ci })).toBe('403 policy.denied');
    expect(await bench.refused(requestOf(), { ci })).toBe('409 token.key');
    expect(await bench.refused(requestOf(key), { ci })).toBe('403 policy.denied');
  });
});

test("a token of a job that no project links is nobody's: whatever its owner does with it stays out of store and log", async () => {
  const ci = await world.mint('root', 'stranger');
  const left = (): unknown => [
    query(bench.signer.directory, 'select count(*) as n from proof_locks'),
    logEntries(bench.signer.directory).length,
  ];
  const before = left();
  for (const key of [attackerKey(), attackerKey()]) {
    expect(await bench.refused(requestOf(key), { ci })).toBe('403 project.unknown');
  }
  expect(left()).toEqual(before);
});

describe('a key that is changed under its old id', () => {
  test('before the server has seen it makes earlier tokens void', async () => {
    const old = await world.mint('early', 'early/app');
    await world.credential.early.rotateKey();
    const fresh = await world.mint('early', 'early/app');
    expect(await bench.refused(requestOf(), { ci: old })).toBe('401 token.signature');
    expect(await outcomeOf(fresh)).toBe('200 completed');
  });

  test('a moment after it was fetched is no refusal: the answer says when to come back', async () => {
    const old = await world.mint('late', 'late/app');
    expect(await outcomeOf(await world.mint('late', 'late/app', { iat: seconds() - 5 }))).toBe('200 completed');
    await world.credential.late.rotateKey();
    const answer = await bench.submit(requestOf(), { ci: await world.mint('late', 'late/app') });
    expect(answer.outcome).toBe('503 issuer.keys_unavailable');
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(30);
    expect(await outcomeOf(old)).toBe('200 completed');
  });
});

describe('a build whose controller is asked', () => {
  const JOB = '/job/scm/job/app/';
  const SOURCE = { url: 'git@git.acme.example:team/app.git', commit: '4f2c9d1e8b7a6053f4e1d2c3b4a5968778695a4b' };
  let number = 100;
  /** Adds a build that runs since a minute, and gives back a token of it. */
  const build = async (changes: BuildChanges = {}, claims: Claims = {}): Promise<string> => {
    number += 1;
    const url = `${world.jenkins.jobUrl('scm/app')}${number}/`;
    world.api.addBuild({ number, url, timestamp: Date.now() - 60_000, ...changes }, JOB);
    return world.mint('scm', 'scm/app', { build_number: number, ...claims });
  };
  const denied = async (ci: string): Promise<readonly string[]> => {
    const before = bench.traces();
    const answer = await bench.submit(requestOf(), { ci });
    expect(bench.traces()).toEqual(before);
    return [answer.outcome, ...failedClaims(answer)];
  };

  test('is signed where the controller says what it builds', async () => {
    expect(await outcomeOf(await build())).toBe('200 completed');
  });

  test.each<[string, BuildChanges]>([
    ['is finished', { building: false }],
    ['was replayed', { causes: ['org.jenkinsci.plugins.workflow.cps.replay.ReplayCause'] }],
    [
      'was restarted from a stage',
      {
        causes: [
          'jenkins.branch.BranchEventCause',
          'org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause',
        ],
      },
    ],
    ['was started by nobody', { causes: [] }],
    ['started after the token was made, as one of a job that was made anew', { timestamp: Date.now() + 3_600_000 }],
    ['has another address', { url: 'http://localhost:1/job/scm/job/app/17/' }],
    [
      'checked out two revisions',
      { actions: [gitBuildData(SOURCE.url, SOURCE.commit), gitBuildData(SOURCE.url, 'b'.repeat(40))] },
    ],
    [
      'checked out two repositories',
      {
        actions: [
          gitBuildData(SOURCE.url, SOURCE.commit),
          gitBuildData('git@git.acme.example:evil/app.git', SOURCE.commit),
        ],
      },
    ],
  ])('signs nothing where it %s', async (_name, changes) => {
    expect(await bench.refused(requestOf(), { ci: await build(changes) })).toBe('403 connector.disagrees');
  });

  test.each<[string, readonly string[], readonly unknown[]]>([
    [
      'another branch',
      ['jenkins.scm_branch'],
      [scmRevision(SOURCE.commit, 'next'), gitBuildData(SOURCE.url, SOURCE.commit)],
    ],
    [
      'a tag of the name of the branch',
      ['jenkins.scm_branch'],
      [
        scmRevision(SOURCE.commit, 'main', 'jenkins.plugins.git.GitTagSCMHead'),
        gitBuildData(SOURCE.url, SOURCE.commit),
      ],
    ],
    [
      'a pull request',
      ['jenkins.scm_branch'],
      [
        scmRevision(SOURCE.commit, 'PR-1', 'org.jenkinsci.plugins.github_branch_source.PullRequestSCMHead'),
        gitBuildData(SOURCE.url, SOURCE.commit),
      ],
    ],
    [
      'another repository',
      ['jenkins.scm_url'],
      [scmRevision(SOURCE.commit), gitBuildData('https://git.acme.example/evil/app', SOURCE.commit)],
    ],
    [
      'a second checkout beside its definition',
      ['jenkins.other_checkouts'],
      [
        scmRevision(SOURCE.commit),
        gitBuildData(SOURCE.url, SOURCE.commit),
        gitBuildData('https://git.acme.example/team/other', 'b'.repeat(40)),
      ],
    ],
    ['nothing', ['jenkins.scm_url', 'jenkins.scm_branch'], []],
  ])('is denied where it builds %s', async (_name, claims, actions) => {
    expect(await denied(await build({ actions }))).toEqual(['403 policy.denied', ...claims]);
  });

  test('is not what its token says: the claims of a template do not stand in for the controller', async () => {
    const claims = { scm_url: 'https://git.acme.example/team/app', scm_branch: 'refs/heads/main' };
    expect(await denied(await build({ actions: [] }, claims))).toEqual([
      '403 policy.denied',
      'jenkins.scm_url',
      'jenkins.scm_branch',
    ]);
  });

  test('whose number the controller does not know signs nothing', async () => {
    const ci = await world.mint('scm', 'scm/app', { build_number: 9_999 });
    expect(await bench.refused(requestOf(), { ci })).toBe('403 connector.disagrees');
  });

  test('waits where the controller cannot be asked, and is signed once it can', async () => {
    const ci = await build();
    const request = requestOf();
    world.api.interfere({ kind: 'body', status: 502, body: '<html>' });
    const answer = await bench.submit(request, { ci });
    world.api.interfere();
    expect(answer.outcome).toBe('503 connector.unavailable');
    expect((await bench.submit(request, { ci })).outcome).toBe('200 completed');
  });

  test('is not asked for where the project does not link its job', async () => {
    const calls = world.api.calls.length;
    expect(await bench.refused(requestOf(), { ci: await world.mint('scm', 'scm/other') })).toBe('403 project.unknown');
    expect(world.api.calls.length).toBe(calls);
  });

  test('and the credential of the API is nowhere to be found', () => {
    const secrets = [{ name: 'API token', bytes: Buffer.from(JENKINS_CREDENTIAL.token) }];
    expect(findSecrets(bench, secrets)).toEqual([]);
    expect(findSecrets(bench)).toEqual([]);
  });
});
