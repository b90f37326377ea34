import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  gitBuildData,
  JENKINS_CREDENTIAL,
  scmRevision,
  startJenkinsController,
  type JenkinsController,
} from '@originsign/testkit/jenkins-controller';
import { startJenkinsIssuer, type JenkinsCredential, type JenkinsIssuer } from '@originsign/testkit/jenkins-issuer';
import type { PipelineRun } from '@originsign/testkit/jenkins-pipelines';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { startTimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { exportTrust } from '@originsign/testkit/signing-world';

/** Names in the examples, and the folder and job that each is of. */
const SERVER = 'https://sign.acme.example';
const JENKINS = 'https://jenkins.acme.example/';
const EXAMPLES = join(import.meta.dirname, '../../examples/jenkins');

/** Builds of the two examples; the feature branch is one that the policy does not name. */
export const APP = { job: 'team/app/main', number: 17 };
export const FEATURE = { job: 'team/app/feature%2Fx', number: 3 };
export const NIGHTLY = { job: 'tools/nightly', number: 4 };

/** A real signer with the policies of both examples, and the controller whose builds ask it. */
export interface JenkinsWorld {
  readonly signer: Signer;
  readonly jenkins: JenkinsIssuer;
  readonly controller: JenkinsController;
  /** Credentials of the folders `team/app` and `tools`, made for this signer. */
  readonly app: JenkinsCredential;
  readonly tools: JenkinsCredential;
  /** Text of a file of the examples with the addresses of this world. */
  readonly example: (path: string) => Promise<string>;
  /** A run whose workspace has a build script and the trust file. */
  readonly run: (script: string, more?: Partial<PipelineRun>) => PipelineRun;
  stop(): Promise<void>;
}

/** Starts all of it. */
export async function startJenkinsWorld(): Promise<JenkinsWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-jenkins-world-'));
  const [jenkins, controller, timestamps] = await Promise.all([
    startJenkinsIssuer(),
    startJenkinsController(),
    startTimestampAuthority(),
  ]);
  const local = (text: string) => text.replaceAll(JENKINS, jenkins.rootUrl);
  const read = async (path: string) => local(await readFile(join(EXAMPLES, path), 'utf8'));
  const system = async (path: string) => `${await read(path)}allowPrivateAddress: true\n`;
  await writeFile(join(folder, 'api-token'), JENKINS_CREDENTIAL.token);
  const signer = await startSigner({
    http: true,
    directory: join(folder, 'signer'),
    policies: {
      'trusted-build-systems/jenkins.yml': await system('with-connector/policies/trusted-build-systems/jenkins.yml'),
      'trusted-build-systems/jenkins-tools.yml': await system(
        'without-connector/policies/trusted-build-systems/jenkins-tools.yml',
      ),
      'projects/acme-app.yml': await read('with-connector/policies/projects/acme-app.yml'),
      'projects/acme-tools.yml': await read('without-connector/policies/projects/acme-tools.yml'),
    },
    timestampUrls: [timestamps.url],
    timestampRoots: timestamps.rootFile,
    configure: (text) =>
      `${text}\nconnectors: [{system: jenkins, url: "${controller.url}", user: ${JENKINS_CREDENTIAL.user}, token: {file: ${join(folder, 'api-token')}}, allowPrivateAddress: true}]\n`,
  });
  const audience = signer.url;
  const app = await jenkins.addCredential({ id: 'originsign-oidc', folder: 'team/app', audience });
  const tools = await jenkins.addCredential({ id: 'originsign-oidc', folder: 'tools', audience });
  serveBuild({ jenkins, controller }, APP, 'main');
  serveBuild({ jenkins, controller }, FEATURE, 'feature/x');
  await exportTrust(signer, join(folder, 'trust.json'));
  const trust = await readFile(join(folder, 'trust.json'), 'utf8');
  return {
    signer,
    jenkins,
    controller,
    app,
    tools,
    // The signer is on trial, which verification must be told.
    example: async (path) =>
      (await read(path))
        .replaceAll(SERVER, signer.url)
        .replace("trust: 'trust.json'", "trust: 'trust.json', trial: true"),
    run: (script, more = {}) => ({
      ...more,
      script,
      files: { 'trust.json': trust, 'build.sh': BUILD, ...more.files },
      environment: { JENKINS_URL: jenkins.rootUrl, ...more.environment },
    }),
    stop: async () => {
      await signer.stop();
      await Promise.all([jenkins.close(), controller.close(), timestamps.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A build of a multibranch project that runs since a minute. */
function serveBuild(
  { jenkins, controller }: Pick<JenkinsWorld, 'jenkins' | 'controller'>,
  { job, number }: typeof APP,
  branch: string,
): void {
  const commit = '4f2c9d1e8b7a6053f4e1d2c3b4a5968778695a4b';
  const url = jenkins.jobUrl(job);
  const actions = [scmRevision(commit, branch), gitBuildData('https://git.acme.example/acme/app.git', commit, branch)];
  controller.addBuild(
    { number, timestamp: Date.now() - 60_000, url: `${url}${number}/`, actions },
    new URL(url).pathname,
  );
}

const BUILD = `mkdir -p dist/docs
echo "an app" >dist/app.bin
echo "what is new" >dist/notes.txt
echo "the manual" >"dist/docs/manual; \\$(id).txt"
echo "a log" >dist/build.log
`;
