import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { formatTrustFile, trustFingerprint } from '@originsign/core/protocol/trust-file';
import { currentTrustFile } from '../app/current-trust.ts';
import { withStore } from '../app/open-store.ts';
import { pemCertificates } from '../app/pem.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { configOption } from './config-option.ts';
import { print } from './print.ts';

/** `trust export`: the fingerprint that people compare, and on demand the file itself. */
export function addTrust(program: Command): void {
  const trust = program.command('trust').description('what verifiers pin');
  trust
    .command('export')
    .description('print the fingerprint of the trust file, and write the file where asked for')
    .addOption(configOption())
    .option('--output <file>', 'write the trust file')
    .action(async (options: { config: string; output?: string }) => {
      const config = loadServerConfig(options.config);
      const file = await withStore(config, ({ db, trial, logOrigin }) =>
        currentTrustFile({
          db,
          trial,
          logOrigin,
          serverUrl: config.url,
          timestampRoots: config.timestamps === undefined ? [] : pemCertificates(config.timestamps.roots),
        }),
      );
      if (options.output !== undefined) await writeFile(options.output, formatTrustFile(file));
      print(`fingerprint  ${trustFingerprint(file)}`);
      print(`serial       ${file.serial}${file.trial === true ? ' (trial)' : ''}`);
      print(
        `verifiers    originsign trust export --server ${config.url} --fingerprint ${trustFingerprint(file)} -o trust.json`,
      );
    });
}
