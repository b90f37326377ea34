import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepHost } from '@originsign/core/client/step/step-host';
import { accessTokenOf, inputOf, takeEnvironment, variableOf, type Environment } from './agent-environment.ts';
import { agentAuthorities, proxyVariables } from './agent-network.ts';
import { logLines, loggingCommand } from './logging-command.ts';
import { agentHint } from './agent-hints.ts';
import { oidcConnectionOf, signingServerOf } from './signing-server.ts';

/** The agent of Azure Pipelines, before anything that can fail was read. */
export interface AgentHost extends StepHost {
  /** Tells the agent how the task ended, as the last thing. */
  complete(exitCode: number): void;
}

/** Takes over from the agent that started this process. */
export function agentHost(agent: NodeJS.Process): AgentHost {
  const environment = takeEnvironment(agent.env);
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) agent.once(name, () => controller.abort());
  const write = (line: string): void => void agent.stdout.write(`${line}\n`);
  const command = (...parts: Parameters<typeof loggingCommand>): void => write(loggingCommand(...parts));
  const debug = (text: string): void => command('task.debug', {}, text);
  return {
    environment,
    workingDirectory: variableOf(environment, 'System.DefaultWorkingDirectory') || agent.cwd(),
    signal: controller.signal,
    inputName: camelCase,
    input: (name) => inputOf(environment, camelCase(name)),
    output: (name, value) => command('task.setvariable', { variable: camelCase(name), isOutput: 'true' }, value),
    mask: (secret) => command('task.setsecret', {}, secret),
    print: (text) => logLines(text).forEach(write),
    annotate: (level, title, message) => command('task.logissue', { type: level }, `${title}\n${message}`),
    hint: (error) => agentHint(error, environment),
    debug,
    summary: async (markdown) => {
      const path = await summaryFile(environment, markdown).catch(() => undefined);
      if (path === undefined) debug('The summary could not be written.');
      else command('task.uploadsummary', {}, path);
    },
    complete: (exitCode) =>
      command('task.complete', { result: exitCode === 0 ? 'Succeeded' : 'Failed' }, exitCode === 0 ? '' : 'OriginSign'),
  };
}

/**
 * The host with what the task's connections say: the server and how it is reached, the proxy of the agent, and the tokens of the
 * job. Throws `input.*`.
 */
export function connectedHost(host: StepHost): StepHost {
  const { environment } = host;
  const server = signingServerOf(environment);
  const addresses = [server.url, environment['SYSTEM_OIDCREQUESTURI'] ?? ''];
  const proxy = proxyVariables(environment, addresses);
  const password = variableOf(environment, 'Agent.ProxyPassword');
  if (password !== '') host.mask(password);
  const { clientCertificate } = server;
  return {
    ...host,
    input: (name) => (name === 'server' ? server.url : host.input(name)),
    environment: { ...environment, ...proxy, ...tokenVariables(environment) },
    network: {
      authorities: [...agentAuthorities(environment), ...server.authorities],
      ...(clientCertificate === undefined ? {} : { clientCertificate }),
    },
  };
}

/** As a script step has them; what the agent says counts, whatever `env:` of the step does. */
function tokenVariables(environment: Environment): Environment {
  return {
    SYSTEM_ACCESSTOKEN: accessTokenOf(environment),
    ORIGINSIGN_SERVICE_CONNECTION: oidcConnectionOf(environment),
  };
}

/** The page of the run shows the name of the file as the title. */
async function summaryFile(environment: Environment, markdown: string): Promise<string> {
  const temporary = variableOf(environment, 'Agent.TempDirectory') || tmpdir();
  const path = join(await mkdtemp(join(temporary, 'originsign-')), 'OriginSign.md');
  await writeFile(path, markdown);
  return path;
}

/** `output-directory` as the inputs and outputs of tasks are written: `outputDirectory`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_dash, letter: string) => letter.toUpperCase());
}
