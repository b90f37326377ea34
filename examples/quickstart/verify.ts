import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTrustFile } from '@originsign/core/protocol/trust-file';
import { runChild, type Outcome } from '@originsign/testkit/child';
import type { Signer } from '@originsign/testkit/signer';

const COMMAND = fileURLToPath(new URL('../../cli/dist/originsign.mjs', import.meta.url));

/** Runs the bundled `originsign` command. */
export function originsign(args: readonly string[]): Promise<Outcome> {
  return runChild(process.execPath, [COMMAND, ...args]);
}

/** Pins the signer's trust file as people do: read the fingerprint on the host, hand it to the verifying side. */
export async function pinTrust(signer: Signer, trustPath: string): Promise<string> {
  const shown = await signer.command('trust', 'export');
  const fingerprint = /SHA256:[A-Za-z0-9_-]{43}/.exec(shown.stdout)?.[0];
  if (fingerprint === undefined) throw new Error(`No fingerprint in:\n${shown.stdout}${shown.stderr}`);
  const ca = signer.caPath === undefined ? [] : ['--ca-file', signer.caPath];
  const from = ['--server', signer.url, '--fingerprint', fingerprint, ...ca];
  const exported = await originsign(['trust', 'export', ...from, '--output', trustPath]);
  if (exported.status !== 0) throw new Error(exported.stderr);
  return fingerprint;
}

/** Writes the roots of a trust file as PEM, which foreign tools read. */
export async function writeRoots(
  trustPath: string,
  directory: string,
): Promise<{ signing: string; timestamps: string }> {
  const trust = parseTrustFile(await readFile(trustPath));
  const paths = { signing: join(directory, 'signing-roots.pem'), timestamps: join(directory, 'timestamp-roots.pem') };
  await writeFile(paths.signing, trust.signingRoots.map(({ certificate }) => pem(certificate)).join(''));
  await writeFile(paths.timestamps, trust.timestampRoots.map(({ certificate }) => pem(certificate)).join(''));
  return paths;
}

function pem(base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
