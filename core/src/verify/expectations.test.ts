import type { Provenance, ProvenanceOrigin } from '../attestation/provenance.ts';
import { describe, expect, test } from 'vitest';
import type { Expectations } from './expectations.ts';
import { CONTENT, EXPECTED, failures, set, SIGNED_AT, signer, verify } from './verifier.test.fixture.ts';

type Change = (honest: Provenance) => Provenance;

const sign = (provenance: Change) =>
  signer.sign('app.tgz', CONTENT, { format: 'cms-detached', time: SIGNED_AT, provenance });
const from =
  (origin: Partial<ProvenanceOrigin>): Change =>
  (honest) => ({ ...honest, origin: { ...honest.origin, ...origin } });
const without =
  (...names: readonly ('commit' | 'ref' | 'trigger' | 'runner')[]): Change =>
  (honest) => {
    const origin = Object.fromEntries(
      Object.entries(honest.origin).filter(([name]) => !names.some((gone) => gone === name)),
    );
    return { ...honest, origin: origin as unknown as ProvenanceOrigin };
  };

const REPOSITORY = 'https://github.com/acme/app';
const RELEASE = `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v1.4.0`;
const CALLED = 'https://github.com/acme/signing/.github/workflows/sign.yml@refs/tags/v2.0.1';
const called = {
  uri: CALLED,
  repository: 'https://github.com/acme/signing',
  path: '.github/workflows/sign.yml',
  ref: 'refs/tags/v2.0.1',
};

describe('a genuine set from elsewhere is refused', () => {
  test.each<readonly [string, Change, string]>([
    ['project', (honest) => ({ ...honest, request: { ...honest.request, project: 'acme-app-2' } }), 'project'],
    ['fork', from({ repository: { uri: 'https://github.com/evil/app', id: '1', ownerId: '2' } }), 'repository'],
    [
      'repository of another spelling',
      from({ repository: { uri: `${REPOSITORY}/`, id: '1', ownerId: '2' } }),
      'repository',
    ],
    ['policy', (honest) => ({ ...honest, request: { ...honest.request, policy: 'test' } }), 'policy'],
    ['ref', from({ ref: 'refs/heads/v1' }), 'ref'],
  ])('%s', async (_, change, what) => {
    const expected = { ...EXPECTED, policy: 'release', ref: 'refs/tags/v*' };
    expect(failures(await verify({ set: await sign(change), expected }))).toEqual([`${what} verify.expectation`]);
  });
});

describe('an expected builder', () => {
  const check = async (builder: string, change: Change = (honest) => honest) =>
    failures(await verify({ set: await sign(change), expected: { ...EXPECTED, builder } }));

  test.each([
    RELEASE,
    `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v*`,
    `${REPOSITORY}/.github/workflows/*@refs/tags/*`,
    `${REPOSITORY}/**`,
  ])('may be %s', async (builder) => {
    expect(await check(builder)).toEqual([]);
  });

  test.each([
    `${REPOSITORY}/.github/workflows/release.yml`,
    `${REPOSITORY}/.github/workflows/release.yml@refs/heads/*`,
    `${REPOSITORY}/*`,
    'https://github.com/acme/*/.github/workflows/release.yml',
    'https://dev.azure.com/acme/shop/_build?definitionId=7',
  ])('is not %s', async (builder) => {
    expect(await check(builder)).toEqual(['builder verify.expectation']);
  });

  test('is the workflow that was called, where one was, and no more the one that called it', async () => {
    expect(await check(CALLED, from({ callee: called }))).toEqual([]);
    expect(await check(RELEASE, from({ callee: called }))).toEqual(['builder verify.expectation']);
  });

  test('that is neither a builder nor a pattern is an input error', async () => {
    await expect(check('release.yml?')).rejects.toMatchObject({ code: 'input.invalid' });
  });
});

describe('an expected workflow', () => {
  const check = async (workflow: string, uri: string, path: string) =>
    failures(await verify({ set: await sign(from({ workflow: { uri, path } })), expected: { ...EXPECTED, workflow } }));
  const path = '.github/workflows/release.yml';

  test('given by its path lies in the repository, and is that file', async () => {
    expect(await check(path, RELEASE, path)).toEqual([]);
    for (const uri of [
      RELEASE.replace('acme/app', 'evil/app'),
      `${REPOSITORY}/${path}.evil@refs/tags/v1`,
      `${REPOSITORY}/${path}/../evil.yml`,
    ]) {
      expect(await check(path, uri, path)).toEqual(['workflow verify.expectation']);
      expect(await check(uri, uri, path)).toEqual([]);
    }
  });
});

describe('origins of other platforms', () => {
  const AZURE: Partial<ProvenanceOrigin> = {
    platform: 'azure-devops',
    repository: { uri: 'https://dev.azure.com/acme/My%20Shop/_git/app', id: 'r', ownerId: 'p' },
    ref: 'refs/heads/main',
    workflow: { uri: 'https://dev.azure.com/acme/p/_build?definitionId=7', path: '_build?definitionId=7' },
    run: { id: '812', uri: 'https://dev.azure.com/acme/p/_build/results?buildId=812' },
  };
  const JENKINS: Partial<ProvenanceOrigin> = {
    platform: 'jenkins',
    repository: { uri: 'https://ci.acme.example/job/app/', id: 'https://ci.acme.example/job/app/' },
    workflow: { uri: 'https://ci.acme.example/job/app/', path: 'job/app/' },
    run: { id: '12', uri: 'https://ci.acme.example/job/app/12/' },
  };
  const azure = from(AZURE);
  const jenkins: Change = (honest) => without('commit', 'ref', 'trigger', 'runner')(from(JENKINS)(honest));
  const check = async (change: Change, expected: Partial<Expectations>) =>
    verify({ set: await sign(change), expected: { ...EXPECTED, ...expected } });

  test('verify by the repository and the pipeline of Azure DevOps', async () => {
    const repository = 'https://dev.azure.com/acme/My%20Shop/_git/app';
    const pipeline = 'https://dev.azure.com/acme/p/_build?definitionId=7';
    const expected = { repository, ref: 'refs/heads/main', workflow: pipeline, builder: pipeline };
    expect(await check(azure, expected)).toMatchObject({ verified: true });
    for (const change of [
      { repository: repository.replace('acme', 'evil') },
      { workflow: pipeline.replace('=7', '=77') },
    ]) {
      expect((await check(azure, { ...expected, ...change })).verified).toBe(false);
    }
    // A path says not in which organization the pipeline is.
    expect(failures(await check(azure, { ...expected, workflow: '_build?definitionId=7' }))).toEqual([
      'workflow verify.expectation',
    ]);
  });

  test('verify by the job of Jenkins without a connector, which tells neither commit nor ref', async () => {
    const job = 'https://ci.acme.example/job/app/';
    const report = await check(jenkins, { repository: job, workflow: job, builder: job });
    expect(report).toMatchObject({ verified: true, origin: { platform: 'jenkins' } });
    expect(report.origin).not.toHaveProperty('commit');
    const expected = { repository: job, ref: 'refs/heads/main' };
    expect(await check(jenkins, expected)).toMatchObject({
      verified: false,
      checks: expect.arrayContaining([expect.objectContaining({ name: 'ref', code: 'verify.expectation' })]) as unknown,
    });
  });

  test('verify by the sources that a connector found for a job of Jenkins', async () => {
    const repository = { uri: 'https://git.acme.example/app.git', id: 'https://ci.acme.example/job/app/' };
    const change: Change = (honest) => from({ ...JENKINS, repository, ref: 'refs/heads/main' })(honest);
    const expected = { repository: repository.uri, ref: 'refs/heads/*', builder: 'https://ci.acme.example/job/app/' };
    expect(await check(change, expected)).toMatchObject({ verified: true });
    expect((await check(change, { ...expected, repository: 'https://git.acme.example/app' })).verified).toBe(false);
  });
});

test('expectations that were not given make no check', async () => {
  const names = (await verify({ set })).checks.map(({ name }) => name).slice(-3);
  expect(names).toEqual(['binding', 'repository', 'project']);
});
