import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AzureJob } from '@originsign/testkit/azure-issuer';
import { startChild, type Child } from '@originsign/testkit/child';

/** Id of the service connection of the signing server. */
export const SERVER_CONNECTION = '3f1f7c52-6c0e-4f39-9a11-5b1f6a0c2d77';

/** What a finished task left behind. */
export interface TaskOutcome {
  /** Exit status of the process: the agent takes anything but 0 for a broken handler. */
  readonly status: number | null;
  /** `Succeeded` or `Failed`, as the task says. */
  readonly result: string;
  /** Everything that it printed and the agent did not take for a command. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Errors, as a person reads them. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
  readonly summary: string;
  /** Everything but commands that mask, for a look at what must not be in it. */
  readonly shown: string;
}

/** A task that runs. */
export interface RunningTask {
  readonly child: Child;
  readonly outcome: Promise<TaskOutcome>;
}

/** What one task is run with. */
export interface TaskRun {
  readonly task: 'OriginSign' | 'OriginSignVerify';
  /** Inputs by the names of task.json. */
  readonly inputs: Readonly<Record<string, string>>;
  /** URL of the connection that serverConnection names; no such connection where left out. */
  readonly server?: string;
  /** Fields of that connection by the name of the variable that the agent makes of them. */
  readonly connection?: Readonly<Record<string, string>>;
  readonly job?: AzureJob;
  /** More of the environment; `undefined` takes a variable away. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** An agent with one working directory. */
export interface Agent {
  readonly workspace: string;
  /** Writes a file below the working directory. */
  write(name: string, contents: string | Uint8Array): Promise<string>;
  start(run: TaskRun): Promise<RunningTask>;
  run(run: TaskRun): Promise<TaskOutcome>;
  remove(): Promise<void>;
}

/** Makes an empty working directory, and runs tasks of the built extension with what an agent puts into the environment. */
export async function createAgent(): Promise<Agent> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'originsign-agent-')));
  const workspace = join(folder, 'work', '1', 's');
  const temporary = join(folder, 'work', '_temp');
  for (const path of [workspace, temporary]) await mkdir(path, { recursive: true });

  const start = async (run: TaskRun): Promise<RunningTask> => {
    const bundle = fileURLToPath(new URL(`../dist/tasks/${run.task}/index.mjs`, import.meta.url));
    // Nothing of this process's own environment: what the task needs, the agent gives it.
    const env = { PATH: process.env['PATH'], ...agentVariables(workspace, temporary), ...variablesOf(run) };
    const child = startChild(process.execPath, [bundle], { cwd: workspace, env });
    return { child, outcome: child.ended.then(({ status, stdout, stderr }) => readOutput(status, stdout + stderr)) };
  };
  return {
    workspace,
    start,
    run: async (run) => (await start(run)).outcome,
    write: async (name, contents) => {
      const path = join(workspace, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, contents);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function agentVariables(workspace: string, temporary: string): NodeJS.ProcessEnv {
  return {
    TF_BUILD: 'True',
    AGENT_VERSION: '4.261.0',
    AGENT_TEMPDIRECTORY: temporary,
    SYSTEM_DEFAULTWORKINGDIRECTORY: workspace,
    VSTS_PUBLIC_VARIABLES: '["system.debug"]',
    VSTS_SECRET_VARIABLES: '[]',
  };
}

function variablesOf({ inputs, server, connection = {}, job, environment }: TaskRun): NodeJS.ProcessEnv {
  const upper = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const);
  return {
    ...Object.fromEntries(upper),
    ...(server === undefined ? {} : { [`ENDPOINT_URL_${SERVER_CONNECTION}`]: server, ...connection }),
    ...(job === undefined ? {} : jobVariables(job)),
    ...environment,
  };
}

function jobVariables({ requestUri, accessToken }: AzureJob): NodeJS.ProcessEnv {
  return {
    SYSTEM_OIDCREQUESTURI: requestUri,
    ENDPOINT_URL_SYSTEMVSSCONNECTION: 'https://dev.azure.com/acme/',
    ENDPOINT_AUTH_SYSTEMVSSCONNECTION: JSON.stringify({ parameters: { AccessToken: accessToken }, scheme: 'OAuth' }),
    ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION: 'OAuth',
    ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: accessToken,
  };
}

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** As the agent reads what a handler prints. */
async function readOutput(status: number | null, text: string): Promise<TaskOutcome> {
  const lines = text.split('\n').map((line) => parseCommand(line) ?? line);
  const commands = lines.filter((line) => typeof line !== 'string');
  const log = lines.filter((line) => typeof line === 'string').join('\n');
  const named = (name: string): readonly Command[] => commands.filter((command) => command.name === `task.${name}`);
  const issues = (type: string) => named('logissue').filter(({ properties }) => properties['type'] === type);
  const page = named('uploadsummary').at(-1)?.data;
  const summary = page === undefined ? '' : await readFile(page, 'utf8');
  const visible = commands.filter(({ name }) => name !== 'task.setsecret').map((command) => JSON.stringify(command));
  return {
    status,
    result: named('complete').at(-1)?.properties['result'] ?? '',
    log,
    outputs: Object.fromEntries(
      named('setvariable')
        .filter(({ properties }) => properties['isOutput'] === 'true')
        .map(({ properties, data }) => [properties['variable'] ?? '', data]),
    ),
    errors: issues('error').map(({ data }) => data),
    warnings: issues('warning').map(({ data }) => data),
    secrets: named('setsecret').map(({ data }) => data),
    summary,
    shown: [log, ...visible, summary].join('\n'),
  };
}

function parseCommand(line: string): Command | undefined {
  const [, name = '', fields = '', data = ''] = /##vso\[([\w.]+)(?: ([^\]]*))?\](.*)$/.exec(line) ?? [];
  if (name === '') return undefined;
  const pairs = fields.split(';').filter((field) => field !== '');
  const properties = pairs.map((pair) => [
    pair.slice(0, pair.indexOf('=')),
    unescaped(pair.slice(pair.indexOf('=') + 1)),
  ]);
  return { name, properties: Object.fromEntries(properties) as Record<string, string>, data: unescaped(data) };
}

function unescaped(text: string): string {
  return text
    .replaceAll('%3B', ';')
    .replaceAll('%5D', ']')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%AZP25', '%');
}
