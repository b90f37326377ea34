import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  runPipelines,
  type PipelineOutcome,
  type PipelineRun,
  type Pipelines,
} from '@originsign/testkit/jenkins-pipelines';
import { ensureTools } from '@originsign/testkit/tools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APP, FEATURE, NIGHTLY, startJenkinsWorld, type JenkinsWorld } from './jenkins-world.test.fixture.ts';

const JOB_OF_ANOTHER_FOLDER = { job: 'team/app/main', number: 6 };

/** What builds do, with the example files as they stand but for addresses. */
async function runsOf({ signer, jenkins, app, tools, example, run }: JenkinsWorld) {
  const now = Math.floor(Date.now() / 1000);
  const elsewhere = await jenkins.addCredential({
    id: 'elsewhere',
    folder: 'tools',
    audience: 'https://other.example',
  });
  const bound = (url: string): Partial<PipelineRun> => ({
    credentials: { 'originsign-oidc': { kind: 'string', url } },
  });
  const sign = (more: Readonly<Record<string, string>> = {}) => {
    const inputs = {
      server: signer.url,
      tokenCredentialId: 'originsign-oidc',
      project: 'acme-tools',
      policy: 'release',
    };
    const words = Object.entries({ ...inputs, files: 'build.sh', format: 'raw', timeout: '20s', ...more });
    return `originSign(${words.map(([name, value]) => `${name}: '${value}'`).join(', ')})`;
  };
  const ofApp = { project: 'acme-app', format: 'cms-detached' };
  const onceMore = {
    credentials: { 'originsign-oidc': { kind: 'string', value: await tools.mint(NIGHTLY) } },
  } as const;
  const verify = `originVerify(files: 'build.sh', trust: 'trust.json', trial: true, project: 'acme-tools', repository: '${jenkins.jobUrl(NIGHTLY.job)}')`;
  return {
    declarative: run(await example('with-connector/Jenkinsfile'), bound(app.bindingUrl(APP))),
    scripted: run(await example('without-connector/Jenkinsfile'), bound(tools.bindingUrl({ ...NIGHTLY, number: 5 }))),
    dryRun: run(sign().replace(')', ', dryRun: true)'), bound(tools.bindingUrl(NIGHTLY))),
    replayed: run(`def first = ${sign()}\n${sign()}`, onceMore),
    denied: run(sign(ofApp), bound(app.bindingUrl(FEATURE))),
    unknownBuild: run(sign(ofApp), bound(app.bindingUrl({ ...APP, number: 18 }))),
    otherFolder: run(sign(), bound(tools.bindingUrl(JOB_OF_ANOTHER_FOLDER))),
    change: run(sign(), bound(tools.bindingUrl(NIGHTLY, { change_id: '12' }))),
    audience: run(sign(), bound(elsewhere.bindingUrl(NIGHTLY))),
    expired: run(sign(), bound(tools.bindingUrl(NIGHTLY, { iat: now - 7200, exp: now - 3600 }))),
    noCredential: run(sign()),
    down: run(sign({ server: 'http://localhost:1', timeout: '1s' }), bound(tools.bindingUrl(NIGHTLY))),
    tampered: run(
      `${sign()}\nsh 'echo more >>build.sh'\n${verify}`,
      bound(tools.bindingUrl({ ...NIGHTLY, number: 6 })),
    ),
  };
}

type Name = keyof Awaited<ReturnType<typeof runsOf>>;

let world: JenkinsWorld;
let pipelines: Pipelines;
let names: readonly string[];
beforeAll(async () => {
  ensureTools(['groovy', 'openssl']);
  world = await startJenkinsWorld();
  const runs = await runsOf(world);
  names = Object.keys(runs);
  pipelines = await runPipelines(Object.values(runs));
}, 300_000);
afterAll(async () => {
  await pipelines.remove();
  await world.stop();
});

function outcomeOf(name: Name): PipelineOutcome {
  const outcome = pipelines.outcomes[names.indexOf(name)];
  expect(outcome, name).toBeDefined();
  return outcome as PipelineOutcome;
}

/** What people read, without what differs from run to run. */
function shown(name: Name): string {
  return outcomeOf(name)
    .log.replaceAll(world.signer.url, 'SERVER')
    .replaceAll(world.jenkins.rootUrl, 'JENKINS/')
    .replaceAll(world.jenkins.rootUrl.replace('http://', ''), 'JENKINS/')
    .replace(/ {4,}actual/g, '   actual')
    .replace(/\/requests\/[\w-]{43}/g, '/requests/ID')
    .replace(/^(request {3})[\w-]{12}/gm, '$1ID')
    .replace(/originsign-[\w-]{12}/g, 'originsign-ID')
    .replace(/(?<=run \d+@)\d+/g, 'START')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ/g, 'TIME');
}

describe('the examples against a real signer', () => {
  test('declarative: what the controller says of the build is the origin; all that was signed is verified', () => {
    expect(outcomeOf('declarative')).not.toHaveProperty('failure');
    const log = shown('declarative');
    expect(log).toContain(`stage Sign
origin    git.acme.example/acme/app@4f2c9d1 refs/heads/main, run 17@START (proof)
request   ID  SERVER/requests/ID
signed    signed/app.bin.p7s  cms-detached  key trial-cms  timestamp TIME
signed    signed/docs/manual; $(id).txt.p7s  cms-detached  key trial-cms  timestamp TIME
signed    signed/notes.txt.p7s  cms-detached  key trial-cms  timestamp TIME
proof     signed/originsign-ID.tlog-proof  (and .provenance.sigstore.json)
signed under SERVER/requests/ID
stage Verify
`);
    expect(log.match(/^verified /gm)).toHaveLength(3);
    expect(existsSync(join(outcomeOf('declarative').workspace, 'signed/build.log.p7s'))).toBe(false);
  });

  test('scripted: without connector the job is all that is known', () => {
    expect(outcomeOf('scripted')).not.toHaveProperty('failure');
    const log = shown('scripted');
    expect(log).toContain('origin    JENKINS/job/tools/job/nightly/, run 5 (proof)\n');
    expect(log).toContain(
      'signed with trial-raw: dist/notes.txt, see SERVER/requests/ID\nstage Verify\nverified  dist/notes.txt  raw\n',
    );
  });
});

describe('a step against a real signer', () => {
  test('dry runs without using up the token', () => {
    expect(outcomeOf('dryRun').result).toMatchObject({
      status: 'allowed',
      files: [{ name: 'build.sh', path: 'build.sh', format: 'raw' }],
    });
    expect(shown('dryRun')).toContain('allowed by acme-tools/release\n');
  });

  test('is denied with every condition that failed', () => {
    expect(outcomeOf('denied').failure?.message).toBe(
      'originSign: Denied by acme-app/release: rule main [policy.denied]',
    );
    expect(shown('denied')).toBe(`error: denied by acme-app/release [policy.denied]
  rule main: 2 of 7 conditions failed
    jenkins.sub          expected is JENKINS/job/team/job/app/job/main/   actual JENKINS/job/team/job/app/job/feature%252Fx/
    jenkins.scm_branch   expected is refs/heads/main   actual refs/heads/feature/x
see:  SERVER/errors/policy.denied
`);
  });

  test.each([
    [
      'replayed',
      'Another key presented this token first [token.key]',
      'ask the platform for a new token; if nobody else could have used this one, look for who did',
    ],
    [
      'unknownBuild',
      'The API of jenkins contradicts the token: it knows no such run [connector.disagrees]',
      'or the credential of the connector may not read it',
    ],
    [
      'otherFolder',
      'The token names a job that its issuer does not speak for [token.origin]',
      'the issuer of a folder speaks for the jobs below it, and sub must be ${JOB_URL}',
    ],
    [
      'change',
      'The build is one of a pull request, whose commits are not reviewed yet [token.pull_request]',
      'sign the branch after the merge',
    ],
    [
      'audience',
      'The token was made for another audience [token.audience]',
      'make the token for exactly the audience that is expected',
    ],
    [
      'expired',
      'The token is refused: it is expired [token.time]',
      'get the token in the step that signs; if it is fresh, originsign doctor compares the clocks',
    ],
    [
      'noCredential',
      "Could not find credentials entry with ID 'originsign-oidc'",
      'the credential must lie in the folder of this job or above it, and its kind must fit: "OpenID Connect id token" and "Secret text" are strings, "OpenID Connect id token as file" and "Secret file" are files',
    ],
    [
      'down',
      'No answer from localhost:1: nobody listens there (ECONNREFUSED) [server.unreachable]',
      'check address and port, and that the server runs',
    ],
  ] as const)('fails in words that help: %s', (name, message, hint) => {
    expect(outcomeOf(name).failure).toEqual({ kind: 'StepFailed', message: `originSign: ${message}` });
    expect(shown(name)).toContain(`hint: ${hint}\n`);
  });

  test('fails where a signed file was changed', () => {
    expect(outcomeOf('tampered').failure?.message).toBe('originVerify: not verified; the lines above say what failed');
    expect(shown('tampered')).toMatch(/^error: The file did not verify \[verify\.signature\]$/m);
  });

  test('never shows a token', () => {
    for (const { log, result, calls } of pipelines.outcomes) {
      expect(`${log}${JSON.stringify([result, calls])}`).not.toMatch(/eyJ[\w-]{20}/);
    }
  });
});
