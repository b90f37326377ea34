import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';
import { importCertificates } from '../app/import-certificates.ts';
import { requireKey } from '../app/load-keys.ts';
import { withStore } from '../app/open-store.ts';
import { pemCertificates } from '../app/pem.ts';
import { checkLog, settleLog } from '../app/settle-log.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { configOption } from './config-option.ts';
import { print } from './print.ts';

/** `keys certificate`: takes the chain that a certificate authority made for a key. */
export function addCertificates(keys: Command): void {
  keys
    .command('certificate')
    .description('put a certificate chain on a key: leaf first, root last, one PEM file')
    .argument('<label>')
    .requiredOption('--chain <file>', 'PEM certificates')
    .addOption(configOption())
    .action(async (label: string, options: { config: string; chain: string }) => {
      const config = loadServerConfig(options.config);
      const chain = pemCertificates(await readText(options.chain));
      await withStore(config, async ({ db, trial, keys: stored, logOrigin }) => {
        const key = stored.get(label) ?? requireKey(stored, label, '');
        await checkLog(db, logOrigin, config.log.highWaterMark);
        await importCertificates({ db, trial, now: new Date() }, key, chain);
        await settleLog(db, logOrigin, config.log.highWaterMark);
      });
      print(`${label} has a chain of ${chain.length} certificates`);
    });
  keys
    .command('public')
    .description('write the public key of a key as PEM')
    .argument('<label>')
    .requiredOption('--output <file>', 'PEM file')
    .addOption(configOption())
    .action(async (label: string, options: { config: string; output: string }) => {
      await withStore(loadServerConfig(options.config), async ({ keys: stored }) => {
        const key = stored.get(label) ?? requireKey(stored, label, '');
        const lines =
          Buffer.from(key.spki)
            .toString('base64')
            .match(/.{1,64}/g) ?? [];
        await writeFile(options.output, `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`);
      });
    });
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new OriginSignError('input.file', `The file ${path} cannot be read.`, { cause });
  }
}
