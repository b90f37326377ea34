import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mapInParallel } from '@originsign/core/client/parallel';
import { startAzureIssuer, type AzureConnection, type AzureIssuer } from '@originsign/testkit/azure-issuer';
import { runChild } from '@originsign/testkit/child';
import { startConnectProxy, type ConnectProxy } from '@originsign/testkit/connect-proxy';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { exportTrust, startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';
import { windowsExecutable } from '@originsign/testkit/windows-executables';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent, SERVER_CONNECTION, type Agent, type TaskOutcome, type TaskRun } from './agent.test.fixture.ts';
import { taskFailures } from './task-failures.test.fixture.ts';
import { azurePolicies, ENTRA_CONNECTION, OLD_CONNECTION } from './azure-policies.test.fixture.ts';

const PASSWORD = 'hunter2-of-the-proxy';
const ENTRA: AzureConnection = { id: ENTRA_CONNECTION, kind: 'entra' };
const OLD: AzureConnection = { id: OLD_CONNECTION, kind: 'azure-devops' };
const CONNECTIONS = { connections: [ENTRA, OLD] };

let world: SigningWorld;
let issuer: AzureIssuer;
let proxy: ConnectProxy;
let agent: Agent;
let closedPort: number;

beforeAll(async () => {
  issuer = await startAzureIssuer();
  [world, proxy, agent] = await Promise.all([
    startSigningWorld({ policies: azurePolicies(issuer) }),
    startConnectProxy({ credentials: `CORP\\agent:${PASSWORD}` }),
    createAgent(),
  ]);
  closedPort = await freeLoopbackPort();
  await exportTrust(world.signer, join(agent.workspace, 'trust.json'));
  await agent.write('unsigned/notes.txt', 'what is new');
});
afterAll(async () => {
  await Promise.all([issuer.close(), proxy.close(), agent.remove(), world.stop()]);
});

/** What the service connection of the server holds. */
async function serverFields(): Promise<Readonly<Record<string, string>>> {
  const ca = await readFile(world.signer.caPath ?? '', 'utf8');
  // As a form leaves it that knows no lines.
  return { [`ENDPOINT_DATA_${SERVER_CONNECTION}_CERTIFICATEAUTHORITY`]: ca.replaceAll('\n', ' ') };
}

const inputs = (more: Readonly<Record<string, string>> = {}) => ({
  serverConnection: SERVER_CONNECTION,
  oidcConnection: ENTRA_CONNECTION,
  project: 'acme-azure',
  policy: 'release',
  files: 'unsigned/*',
  format: 'auto,cms-detached',
  outputDirectory: 'signed',
  ...more,
});

async function sign(change: Partial<TaskRun> = {}): Promise<TaskOutcome> {
  const job = change.job ?? issuer.startJob(CONNECTIONS);
  const connection = await serverFields();
  const run = { task: 'OriginSign', server: `${world.signer.url}/`, connection, ...change } as const;
  return agent.run({ ...run, job, inputs: inputs(change.inputs) });
}

const verify = (files: string, more: Readonly<Record<string, string>> = {}): Promise<TaskOutcome> =>
  agent.run({
    task: 'OriginSignVerify',
    inputs: {
      ...{ files, trust: 'trust.json', repository: 'https://dev.azure.com/acme/app/_git/app', project: 'acme-azure' },
      ...{ trial: 'true', ...more },
    },
  });

/** What the proxy has as one URL, the agent has in three variables. */
const withoutCredentials = (url: string): string => url.replace(/\/\/.*@/, '//');

/** What differs from run to run is named. */
function clean(text: string): string {
  return text
    .replaceAll(world.signer.url, 'SERVER')
    .replaceAll(new URL(world.signer.url).host, 'HOST')
    .replaceAll(new URL(withoutCredentials(proxy.url)).host, 'PROXY')
    .replaceAll(`localhost:${closedPort}`, 'localhost:CLOSED');
}

function expectNoSecret({ shown, secrets }: TaskOutcome): void {
  for (const secret of [...secrets, PASSWORD]) expect(shown).not.toContain(secret);
  expect(shown).not.toMatch(/eyJ[\w-]{20}|access-[\w-]{20}/);
}

describe('the task that signs', () => {
  it('signs with both tokens, and what it signed verifies', async () => {
    await copyFile(await windowsExecutable('rcedit'), join(agent.workspace, 'unsigned/app.exe'));
    const job = issuer.startJob({ ...CONNECTIONS, failures: 1 });
    const outcome = await sign({ job, inputs: { outputDirectory: 'signed/first' } });
    expect(outcome).toMatchObject({ status: 0, result: 'Succeeded', errors: [], outputs: { status: 'completed' } });
    expect(job.asked).toEqual([undefined, ENTRA_CONNECTION]);
    const { requestId: id = '', ...outputs } = outcome.outputs;
    expect(outputs).toMatchObject({
      requestUrl: `${world.signer.url}/requests/${id}`,
      receiptPath: `signed/first/originsign-${id.slice(0, 12)}.tlog-proof`,
      provenancePath: `signed/first/originsign-${id.slice(0, 12)}.provenance.sigstore.json`,
    });
    const files = JSON.parse(outputs['files'] ?? '[]') as Readonly<Record<string, unknown>>[];
    expect(files.map(({ path, format }) => [path, format])).toEqual([
      ['signed/first/app.exe', 'authenticode-pe'],
      ['signed/first/notes.txt', 'cms-detached'],
    ]);
    expect(outcome.log).toMatch(
      /^origin {4}dev\.azure\.com\/acme\/app\/_git\/app@9f31c2e refs\/tags\/v1\.4\.0, run 1234 \(proof\)$/m,
    );
    expect(outcome.summary).toContain('### OriginSign: 2 files signed');
    expect(outcome.secrets).toEqual([job.accessToken, expect.stringMatching(/^eyJ/), expect.stringMatching(/^eyJ/)]);
    expectNoSecret(outcome);
    const verified = await verify('signed/first/app.exe\nsigned/first/notes.txt', {
      ref: 'refs/tags/v*',
      policy: 'release',
    });
    expect(verified).toMatchObject({ status: 0, result: 'Succeeded', errors: [], outputs: { verified: 'true' } });
    expect(verified.log).toMatch(/^verified {2}signed\/first\/app\.exe {2}authenticode-pe$/m);
  });

  it('signs with a connection of the older issuer', async () => {
    const outcome = await sign({
      inputs: { oidcConnection: OLD_CONNECTION, policy: 'older', files: 'unsigned/notes.txt' },
    });
    expect(outcome).toMatchObject({ result: 'Succeeded', outputs: { status: 'completed' } });
  });

  it('goes through the proxy of the agent, with its authorities and exceptions', async () => {
    const { host } = new URL(world.signer.url);
    const routed = await startConnectProxy({
      credentials: `CORP\\agent:${PASSWORD}`,
      routes: { 'sign.acme.example:443': host },
    });
    const environment = {
      AGENT_PROXYURL: withoutCredentials(routed.url),
      AGENT_PROXYUSERNAME: 'CORP\\agent',
      SECRET_AGENT_PROXYPASSWORD: PASSWORD,
      AGENT_PROXYBYPASSLIST: '["^https://other\\\\."]',
      AGENT_CAINFO: world.signer.caPath,
    };
    // The certificate is for another name, which is what shows that the proxy led there.
    const outcome = await sign({
      server: 'https://sign.acme.example',
      connection: {},
      environment,
      inputs: { timeout: '1s' },
    });
    await routed.close();
    expect(routed.authorities[0]).toBe('sign.acme.example:443');
    expect(outcome.errors[0]).toContain('its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)');
    expectNoSecret(outcome);
  });

  it('tells the decision alone in a dry run', async () => {
    const dry = await sign({ inputs: { dryRun: 'true', files: 'unsigned/notes.txt' } });
    expect(dry).toMatchObject({ result: 'Succeeded', outputs: { status: 'allowed' } });
    expect(dry.summary).toContain('dry run, would be allowed');
  });

  it('cancels the request when the run is cancelled', async () => {
    world.timestamps.mode = 'silent';
    const connection = await serverFields();
    const job = issuer.startJob(CONNECTIONS);
    const task = await agent.start({ task: 'OriginSign', server: world.signer.url, connection, job, inputs: inputs() });
    while (!task.child.output().includes('request ')) await new Promise((wake) => setTimeout(wake, 20));
    task.child.process.kill('SIGINT');
    const outcome = await task.outcome;
    world.timestamps.mode = 'good';
    expect(outcome).toMatchObject({ status: 0, result: 'Failed', outputs: { status: 'cancelled' } });
  });
});

describe('the command in a script step', () => {
  const COMMAND = fileURLToPath(new URL('../../cli/dist/originsign.mjs', import.meta.url));
  const words = [
    'sign',
    'unsigned/notes.txt',
    '--project',
    'acme-azure',
    '--policy',
    'release',
    '--format',
    'cms-detached',
  ];

  async function command(environment: NodeJS.ProcessEnv, output: string) {
    const env = { PATH: process.env['PATH'], TF_BUILD: 'True', ORIGINSIGN_SERVER: world.signer.url, ...environment };
    const network = ['--ca-file', world.signer.caPath ?? ''];
    return runChild(process.execPath, [COMMAND, ...words, '-o', output, ...network], { cwd: agent.workspace, env });
  }

  it('signs with the mapped access token and the connection that a task named, and says so where it is not mapped', async () => {
    const job = issuer.startJob(CONNECTIONS);
    const endpoint = { SYSTEM_OIDCREQUESTURI: job.requestUri, ORIGINSIGN_SERVICE_CONNECTION: ENTRA_CONNECTION };
    const [signed, refused] = await Promise.all([
      command({ ...endpoint, SYSTEM_ACCESSTOKEN: job.accessToken }, 'signed/script'),
      command(endpoint, 'signed/none'),
    ]);
    expect(signed).toMatchObject({ status: 0, stdout: expect.stringMatching(/^signed {4}signed\/script/m) as unknown });
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)');
  });
});

describe('what people read', () => {
  it('says of everything that goes wrong what happened and what to do', async () => {
    const failures = taskFailures({ closedPort, proxyUrl: withoutCredentials(proxy.url) });
    const outcomes = await mapInParallel(failures, 2, async ({ job, change = {} }) => {
      const started = issuer.startJob(job ?? CONNECTIONS);
      return sign({
        ...change,
        job: started,
        inputs: { timeout: '1s', files: 'unsigned/notes.txt', ...change.inputs },
      });
    });
    for (const [index, { what, said, status }] of failures.entries()) {
      const outcome = outcomes[index];
      const title = status === 'denied' ? 'OriginSign: denied' : 'OriginSign: not signed';
      expect.soft({ what, errors: outcome?.errors.map(clean) }).toEqual({ what, errors: [`${title}\n${said}`] });
      expect.soft(outcome, what).toMatchObject({ status: 0, result: 'Failed', outputs: { status } });
      expect.soft(outcome?.summary, what).toContain('**Hint:**');
      if (outcome !== undefined) expectNoSecret(outcome);
    }
  });
});

describe('the task that verifies', () => {
  it('fails with the reason, and later steps can tell', async () => {
    const outcome = await verify('unsigned/notes.txt');
    expect(outcome).toMatchObject({ status: 0, result: 'Failed', outputs: { verified: 'false' } });
    expect(outcome.errors.join('\n')).toContain('[verify.');
    expect(outcome.summary).toContain('### OriginSign');
  });

  it('names the input that is missing as task.json does', async () => {
    const outcome = await verify('signed', { requireSigned: 'perhaps' });
    expect(outcome.errors[0]).toContain('The input requireSigned has a value that is not allowed [input.invalid]');
  });
});
