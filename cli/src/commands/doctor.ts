import type { Command } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { checkServer } from '../doctor/check-server.ts';
import { checkPlatform, checkProxy } from '../doctor/check-environment.ts';
import { checkTrust } from '../doctor/check-trust.ts';
import type { Host } from '../host.ts';
import { withNetwork } from '../network.ts';
import { caFileOption, jsonOption, serverOf, serverOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { counted, row } from '../ui.ts';

interface DoctorOptions {
  readonly server?: string;
  readonly trust?: string;
  readonly caFile?: string;
}

/** `originsign doctor`. */
export function addDoctor(parent: Command, host: Host, output: Output): void {
  parent
    .command('doctor')
    .description('look at everything that signing here needs')
    .addOption(serverOption())
    .option('--trust <file>', 'trust file to look at')
    .addOption(caFileOption())
    .addOption(jsonOption())
    .action(async (options: DoctorOptions) => output.result(await examine(options, host, output)));
}

async function examine(options: DoctorOptions, host: Host, output: Output): Promise<Outcome> {
  const server = serverOf(options.server, host);
  output.explainAt(server);
  const findings = [
    ...(await withNetwork(host, options, ({ fetch, clock }) => checkServer(server, fetch, clock))),
    ...checkProxy(host.environment),
    ...checkPlatform(host.environment),
    ...(options.trust === undefined ? [] : await checkTrust(options.trust, server, host)),
  ];
  const bad = findings.filter(({ state }) => state === 'fail');
  const [first] = bad;
  const failure = new OriginSignError(first?.code ?? 'internal.error', `${counted(bad.length, 'check')} failed.`);
  return {
    lines: findings.flatMap(({ state, name, text, hint }) => [
      row(state, name.padEnd(8), text),
      ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ]),
    json: { ok: bad.length === 0, findings } as unknown as Json,
    ...(first === undefined ? {} : { failure }),
  };
}
