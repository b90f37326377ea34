import { eventLines, dryRunLines, errorLines } from '@originsign/core/client/report-lines';
import { createRuntime } from '@originsign/core/client/runtime';
import type { SignEvent } from '@originsign/core/client/events';
import { parseServerAddress } from '@originsign/core/client/server-address';
import { evaluateFiles, signFiles, type SignPorts } from '@originsign/core/client/sign';
import { dryRunMarkdown, failureMarkdown, signedMarkdown } from '@originsign/core/client/summary-markdown';
import { CODES } from '@originsign/core/errors/codes';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import type { ActionHost } from '../../shared/host.ts';
import { VERSION } from '../../shared/version.ts';
import { readInputs, type SignStep } from './inputs.ts';
import { outputsOf, statusOf } from './outputs.ts';

/** Runs the step and returns its exit status. Never throws. */
export async function runSign(host: ActionHost): Promise<number> {
  try {
    const step = readInputs((name) => host.input(name), host.workingDirectory);
    return await perform(step, host);
  } catch (error) {
    return report(isOriginSignError(error) ? error : unforeseen(error, host), host);
  }
}

async function perform({ options, dryRun, caFile }: SignStep, host: ActionHost): Promise<number> {
  const events = (event: SignEvent): void => show(event, host);
  const runtime = createRuntime({
    environment: host.environment,
    agent: `originsign-action/${VERSION}`,
    mask: (secret) => host.mask(secret),
    events,
    ...(caFile === undefined ? {} : { caFile }),
  });
  try {
    const { fetch, clock } = runtime;
    const ports: SignPorts = { fetch, clock, events, tokens: runtime.tokens(), signal: host.signal };
    if (dryRun) return await performDryRun({ options, ports }, host);
    const result = await signFiles(options, ports);
    setOutputs(outputsOf(result, host.workingDirectory), host);
    await host.summary(signedMarkdown(result));
    return 0;
  } catch (error) {
    if (!isOriginSignError(error)) throw error;
    return await report(error, host, parseServerAddress(options.server));
  } finally {
    await runtime.close();
  }
}

async function performDryRun(
  { options, ports }: { readonly options: SignStep['options']; readonly ports: SignPorts },
  host: ActionHost,
): Promise<number> {
  const result = await evaluateFiles(options, ports);
  const isAllowed = result.evaluation.decision === 'allow';
  host.output('status', isAllowed ? 'allowed' : 'denied');
  await host.summary(dryRunMarkdown(result));
  if (!isAllowed) {
    host.annotate('error', 'OriginSign: would be denied', dryRunLines(result).join('\n'));
    return CODES['policy.denied'].exit;
  }
  for (const line of dryRunLines(result)) host.print(line);
  return 0;
}

function show(event: SignEvent, host: ActionHost): void {
  if (event.kind === 'warning') {
    host.annotate('warning', 'OriginSign', event.message);
    return;
  }
  if (event.kind === 'request') {
    // Set as soon as they are known, so that later steps have them even if this one fails.
    setOutputs({ 'request-id': event.id, 'request-url': event.url }, host);
  }
  for (const line of eventLines(event, host.workingDirectory)) host.print(line);
}

function setOutputs(outputs: Readonly<Record<string, string>>, host: ActionHost): void {
  for (const [name, value] of Object.entries(outputs)) host.output(name, value);
}

async function report(error: OriginSignError, host: ActionHost, server?: string): Promise<number> {
  host.output('status', statusOf(error));
  const lines = errorLines(error, server);
  host.annotate('error', error.exitCode === 3 ? 'OriginSign: denied' : 'OriginSign: not signed', lines.join('\n'));
  if (error.cause instanceof Error) host.debug(`cause: ${error.cause.name}: ${error.cause.message}`);
  await host.summary(failureMarkdown(error, server));
  return error.exitCode;
}

function unforeseen(error: unknown, host: ActionHost): OriginSignError {
  host.debug(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return new OriginSignError('internal.error', 'The action failed in a way that it should not.', {
    hint: 'run the job again with debug logging and report what it prints',
    cause: error,
  });
}
