import type { Command } from 'commander';
import { detectPlatform } from '@originsign/core/client/ci/detect';
import { readIfThere } from '@originsign/core/client/small-file';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { tryStrictJson } from '@originsign/core/encoding/strict-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { checkCertificate } from '../doctor/check-certificate.ts';
import { checkAuthorities, checkProxy } from '../doctor/check-network.ts';
import { checkPlatform } from '../doctor/check-platform.ts';
import { checkServer } from '../doctor/check-server.ts';
import { checkToken } from '../doctor/check-token.ts';
import { checkTrust } from '../doctor/check-trust.ts';
import { failed, type Environment, type Finding } from '../doctor/finding.ts';

import type { Host } from '../host.ts';
import { withNetwork } from '../network.ts';
import { caFileOption, given, jsonOption, serverOf, serverOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { counted, row, table } from '../ui.ts';

interface DoctorOptions {
  readonly server?: string;
  readonly trust?: string;
  readonly caFile?: string;
}

/** `originsign doctor`. */
export function addDoctor(parent: Command, host: Host, output: Output): void {
  parent
    .command('doctor')
    .description('explain what this environment can prove, and what signing here lacks')
    .addOption(serverOption())
    .option('--trust <file>', 'trust file to look at')
    .addOption(caFileOption())
    .addOption(jsonOption())
    .action(async (options: DoctorOptions) => output.result(await examine(options, host, output)));
}

async function examine(options: DoctorOptions, host: Host, output: Output): Promise<Outcome> {
  const server = serverOf(options.server, host);
  output.explainAt(server);
  const { environment } = host;
  const findings = [
    ...checkPlatform(environment, await eventOf(environment)),
    checkProxy(environment),
    checkAuthorities(options.caFile, environment),
    ...checkCertificate(environment, host.now()),
    ...(await throughNetwork(server, options, host)),
    ...(options.trust === undefined ? [] : await checkTrust(options.trust, server, host)),
  ];
  const bad = findings.filter(({ state }) => state === 'fail');
  const [first] = bad;
  const failure = new OriginSignError(first?.code ?? 'internal.error', `${counted(bad.length, 'check')} failed.`, {
    hint: 'each check that failed says above what to do',
  });
  return {
    lines: findings.flatMap(findingLines),
    json: { ok: bad.length === 0, findings } as unknown as Json,
    ...(first === undefined ? {} : { failure }),
  };
}

function findingLines({ state, name, text, facts = [], hint }: Finding): readonly string[] {
  return [row(state, name.padEnd(8), text), ...table(facts, 20), ...(hint === undefined ? [] : [`  hint: ${hint}`])];
}

async function throughNetwork(server: string, options: DoctorOptions, host: Host): Promise<readonly Finding[]> {
  try {
    return await withNetwork(host, given('caFile', options.caFile), async (runtime) => [
      ...(detectPlatform(host.environment) === 'none' ? [] : await checkToken(runtime, server, host.now())),
      ...(await checkServer(server, runtime.fetch, runtime.clock)),
    ]);
  } catch (error) {
    if (isOriginSignError(error)) return [failed('network', error)];
    throw error;
  }
}

/** What GitHub says of the event; nothing where it does not, or in a way that nobody can read. */
async function eventOf(environment: Environment): Promise<unknown> {
  const path = environment['GITHUB_EVENT_PATH'] ?? '';
  const bytes = path === '' ? undefined : await readIfThere(path).catch(() => undefined);
  return bytes === undefined ? undefined : tryStrictJson(bytes);
}
