import type { Command } from 'commander';
import { readTrustFile } from '@originsign/core/client/small-file';
import { trustFingerprint } from '@originsign/core/protocol/trust-file';
import { newerTrust } from '@originsign/core/verify/trust-note';
import { pathOf, shownPath, writeTrustFile } from '../files.ts';
import type { Host } from '../host.ts';
import { download, withNetwork } from '../network.ts';
import { caFileOption, jsonOption, serverOf, serverOption, trustOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { trustLines } from '../trust-lines.ts';

interface TrustUpdateOptions {
  readonly trust: string;
  readonly server?: string;
  readonly caFile?: string;
}

/** `originsign trust update`: a newer trust file, vouched for by the pinned one. */
export function addTrustUpdate(parent: Command, host: Host, output: Output): void {
  parent
    .command('update')
    .description('take a newer trust file, if a key that the pinned one names signed it')
    .addOption(trustOption())
    .addOption(serverOption())
    .addOption(caFileOption())
    .addOption(jsonOption())
    .action(async (options: TrustUpdateOptions) => output.result(await updateTrust(options, host, output)));
}

async function updateTrust(options: TrustUpdateOptions, host: Host, output: Output): Promise<Outcome> {
  const path = pathOf(host, options.trust);
  const present = await readTrustFile(path);
  const server = serverOf(options.server ?? present.server, host);
  output.explainAt(server);
  const note = await withNetwork(host, options, (runtime) => download(runtime, `${server}/v1/trust`));
  const trust = newerTrust(note, present, host.now());
  const isNew = trust !== present;
  if (isNew) await writeTrustFile(path, trust, true);
  return {
    lines: trustLines(isNew ? 'updated' : 'current', shownPath(host, path), trust),
    json: { path, updated: isNew, fingerprint: trustFingerprint(trust), serial: trust.serial, from: present.serial },
  };
}
