import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';
import { minisignPublicKey } from '@originsign/core/formats/minisign/signature-file';
import { parseSubject, requestCertificate } from '../app/certificate-request.ts';
import { importCertificates } from '../app/import-certificates.ts';
import { findKey } from '../app/load-keys.ts';
import { withStore } from '../app/open-store.ts';
import { encodePem, pemCertificates } from '../app/pem.ts';
import { checkLog, settleLog } from '../app/settle-log.ts';
import { loadServerConfig } from '../config/load-server-config.ts';
import { configOption } from './config-option.ts';
import { print } from './print.ts';
import { withHsm } from './with-hsm.ts';

interface RequestOptions {
  readonly config: string;
  readonly subject: string;
  readonly output: string;
}

/** `keys csr`, `keys certificate` and `keys public`: what a certificate authority and verifiers want of a key. */
export function addCertificates(keys: Command): void {
  addRequest(keys);
  addImport(keys);
  addPublic(keys);
}

function addRequest(keys: Command): void {
  keys
    .command('csr')
    .description('write a certificate request (PKCS#10) for a key')
    .argument('<label>')
    .requiredOption('--subject <name>', 'such as "CN=Acme Release,O=Acme Inc,C=DE"')
    .requiredOption('--output <file>', 'PEM file')
    .addOption(configOption())
    .action(async (label: string, options: RequestOptions) => {
      const subject = parseSubject(options.subject);
      await withHsm(loadServerConfig(options.config), async ({ db, keys: stored }, hsm) => {
        const request = await requestCertificate({ db, hsm, now: new Date() }, findKey(stored, label), subject);
        await writeText(options.output, encodePem('CERTIFICATE REQUEST', request));
      });
      print(`wrote ${options.output}: give it to your certificate authority, and its answer to keys certificate`);
    });
}

function addImport(keys: Command): void {
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
        const key = findKey(stored, label);
        await checkLog(db, logOrigin, config.log.highWaterMark);
        await importCertificates({ db, trial, now: new Date() }, key, chain);
        await settleLog(db, logOrigin, config.log.highWaterMark);
      });
      print(`${label} has a chain of ${chain.length} certificates`);
    });
}

function addPublic(keys: Command): void {
  keys
    .command('public')
    .description('write the public key of a key as PEM')
    .argument('<label>')
    .requiredOption('--output <file>', 'PEM file')
    .option('--minisign', 'the file that minisign -p reads in place of PEM, for an Ed25519 key')
    .addOption(configOption())
    .action(async (label: string, options: { config: string; output: string; minisign?: true }) => {
      await withStore(loadServerConfig(options.config), ({ keys: stored }) => {
        const { spki } = findKey(stored, label);
        const text = options.minisign === true ? minisignPublicKey(spki) : encodePem('PUBLIC KEY', spki);
        return writeText(options.output, text);
      });
    });
}

async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    throw new OriginSignError('input.file', `The file ${path} cannot be written.`, { cause });
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new OriginSignError('input.file', `The file ${path} cannot be read.`, { cause });
  }
}
