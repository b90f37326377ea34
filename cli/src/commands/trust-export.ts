import type { Command } from 'commander';
import { trustFingerprint } from '@originsign/core/protocol/trust-file';
import { OriginSignError } from '@originsign/core/errors/error';
import { firstTrust } from '@originsign/core/verify/trust-note';
import { pathOf, shownPath, writeTrustFile } from '../files.ts';
import type { Host } from '../host.ts';
import { NeededOption } from '../needed-option.ts';
import { download, withNetwork } from '../network.ts';
import { caFileOption, jsonOption, serverOf, serverOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { trustLines } from '../trust-lines.ts';

interface TrustExportOptions {
  readonly server?: string;
  readonly fingerprint: string;
  readonly output: string;
  readonly caFile?: string;
}

/** `originsign trust export`: the first trust file of a server. */
export function addTrustExport(parent: Command, host: Host, output: Output): void {
  parent
    .command('export')
    .description('write the first trust file of a server, for people to commit')
    .addOption(serverOption())
    .addOption(
      new NeededOption('--fingerprint <fingerprint>', 'what "originsign-server trust export" printed on the host'),
    )
    .option('-o, --output <file>', 'where to write it', 'trust.json')
    .addOption(caFileOption())
    .addOption(jsonOption())
    .action(async (options: TrustExportOptions) => output.result(await exportTrust(options, host, output)));
}

async function exportTrust(options: TrustExportOptions, host: Host, output: Output): Promise<Outcome> {
  if (!/^SHA256:[A-Za-z0-9_-]{43}$/.test(options.fingerprint)) {
    throw new OriginSignError('input.invalid', 'The fingerprint is not "SHA256:" and 43 characters.', {
      hint: 'copy it from what "originsign-server trust export" printed on the host',
    });
  }
  const server = serverOf(options.server, host);
  output.explainAt(server);
  const note = await withNetwork(host, options, (runtime) => download(runtime, `${server}/v1/trust`));
  const trust = firstTrust(note, options.fingerprint);
  const path = pathOf(host, options.output);
  await writeTrustFile(path, trust, false);
  return {
    lines: trustLines('written', shownPath(host, path), trust),
    json: { path, fingerprint: trustFingerprint(trust), serial: trust.serial, trial: trust.trial === true },
  };
}
