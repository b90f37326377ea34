import { Option, type Command } from 'commander';
import { parseServerAddress } from '@originsign/core/client/server-address';
import { readSmallFile, readTrustFile } from '@originsign/core/client/small-file';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { verifyLog, type LogReport, type VerifyLogOptions } from '@originsign/core/log/verify-log';
import { pathOf, shownPath } from '../files.ts';
import type { Host } from '../host.ts';
import { directoryLog, httpLog } from '../log-readers.ts';
import { withNetwork } from '../network.ts';
import { caFileOption, collect, jsonOption, trustOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { counted, row } from '../ui.ts';

interface LogVerifyOptions {
  readonly trust: string;
  readonly url?: string;
  readonly directory?: string;
  readonly tilesOnly?: boolean;
  readonly receipt?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly caFile?: string;
}

/** `originsign log verify`. */
export function addLogVerify(parent: Command, host: Host, output: Output): void {
  parent
    .command('verify')
    .description('check a whole log: entries, tiles, checkpoint, and the proofs that you kept')
    .addOption(trustOption())
    .option('--url <url>', 'prefix of the log; /log of the server in the trust file where left out')
    .addOption(new Option('--directory <folder>', 'copy of the log on this machine').conflicts('url'))
    .option('--tiles-only', 'check hashes alone, where the copy has no entries; over HTTP they are never public')
    .option('--receipt <file>', 'receipt that the log must still agree with; may be given several times', collect)
    .option('--checkpoint <file>', 'checkpoint that it must extend; may be given several times', collect)
    .addOption(caFileOption())
    .addOption(jsonOption())
    .action(async (options: LogVerifyOptions) => output.result(await verify(options, host, output)));
}

async function verify(options: LogVerifyOptions, host: Host, output: Output): Promise<Outcome> {
  const trust = await readTrustFile(pathOf(host, options.trust));
  output.explainAt(trust.server);
  const kept = (texts: readonly string[] = []) =>
    Promise.all(texts.map(async (name) => ({ name, text: await readSmallFile(pathOf(host, name)) })));
  const checks = {
    logs: trust.logs,
    receipts: await kept(options.receipt),
    checkpoints: await kept(options.checkpoint),
  };
  if (options.directory !== undefined) {
    const directory = pathOf(host, options.directory);
    const all = { ...checks, entries: options.tilesOnly !== true };
    return outcome(shownPath(host, directory), await verifyLog(directoryLog(directory), all), all);
  }
  const prefix = options.url === undefined ? `${trust.server}/log` : parseServerAddress(options.url);
  const all = { ...checks, entries: false };
  return withNetwork(host, options, async ({ fetch }) =>
    outcome(prefix, await verifyLog(httpLog(prefix, fetch), all), all),
  );
}

function outcome(where: string, report: LogReport, { entries }: VerifyLogOptions): Outcome {
  const { checkpoint, types, compared } = report;
  const root = encodeBase64(checkpoint.root);
  const byType = Object.entries(types).map(([type, count]) => `${type} ${count}`);
  return {
    lines: [
      row('verified', where, checkpoint.origin),
      row('size', counted(checkpoint.size, 'entry', 'entries'), `root ${root}`),
      row('entries', entries ? byType.join(', ') : 'by their hashes alone'),
      row('kept', `agrees with ${counted(compared, 'kept proof')}`),
    ],
    json: { verified: true, log: checkpoint.origin, size: checkpoint.size, root, entries, types, compared },
  };
}
