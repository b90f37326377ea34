import { CODES } from '../../errors/codes.ts';
import { isOriginSignError, OriginSignError } from '../../errors/error.ts';
import type { SignEvent } from '../events.ts';
import { dryRunLines, errorLines, eventLines } from '../report-lines.ts';
import { createRuntime } from '../runtime.ts';
import { parseServerAddress } from '../server-address.ts';
import { evaluateFiles, signFiles, type SignPorts } from '../sign.ts';
import { dryRunMarkdown, failureMarkdown, signedMarkdown } from '../summary-markdown.ts';
import { readSignInputs, type SignStep } from './sign-inputs.ts';
import { signOutputs, statusOf } from './sign-outputs.ts';
import type { StepHost } from './step-host.ts';
import { unforeseen } from './unforeseen.ts';

/**
 * Runs a sign step on any CI platform and returns its exit status. Never throws. `agent` goes into the User-Agent:
 * `originsign-action/0.1.0`.
 */
export async function runSignStep(host: StepHost, agent: string): Promise<number> {
  try {
    return await perform(readSignInputs(host), host, agent);
  } catch (error) {
    return failStep(error, host);
  }
}

async function perform({ options, dryRun, caFile }: SignStep, host: StepHost, agent: string): Promise<number> {
  const events = (event: SignEvent): void => show(event, host);
  const runtime = createRuntime({
    ...host.network,
    environment: host.environment,
    agent,
    mask: (secret) => host.mask(secret),
    events,
    ...(caFile === undefined ? {} : { caFile }),
  });
  try {
    const { fetch, clock } = runtime;
    const ports: SignPorts = { fetch, clock, events, tokens: runtime.tokens(), signal: host.signal };
    if (dryRun) return await performDryRun({ options, ports }, host);
    const result = await signFiles(options, ports);
    setOutputs(signOutputs(result, host.workingDirectory), host);
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
  host: StepHost,
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

function show(event: SignEvent, host: StepHost): void {
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

function setOutputs(outputs: Readonly<Record<string, string>>, host: StepHost): void {
  for (const [name, value] of Object.entries(outputs)) host.output(name, value);
}

/** Tells whoever reads the run why a step failed, whatever it was, and returns its exit status. Never throws. */
export async function failStep(error: unknown, host: StepHost): Promise<number> {
  return report(isOriginSignError(error) ? error : unforeseen(error, host), host);
}

async function report(failure: OriginSignError, host: StepHost, server?: string): Promise<number> {
  const error = withHint(failure, host.hint?.(failure));
  host.output('status', statusOf(error));
  const lines = errorLines(error, server);
  host.annotate('error', error.exitCode === 3 ? 'OriginSign: denied' : 'OriginSign: not signed', lines.join('\n'));
  if (error.cause instanceof Error) host.debug(`cause: ${error.cause.name}: ${error.cause.message}`);
  await host.summary(failureMarkdown(error, server));
  return error.exitCode;
}

function withHint(error: OriginSignError, hint: string | undefined): OriginSignError {
  if (hint === undefined) return error;
  const { code, message, details, cause } = error;
  return new OriginSignError(code, message, { hint, cause, ...(details === undefined ? {} : { details }) });
}
