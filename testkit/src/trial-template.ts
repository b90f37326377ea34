import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

/** Variable with the folder of a trial that test runs make once and copy for every signer: its RSA keys take seconds. */
export const TRIAL_TEMPLATE = 'ORIGINSIGN_TEST_TRIAL';

/** What a copy is given. */
interface TrialCopy {
  readonly template: string;
  readonly directory: string;
  /** `https://localhost:<port>`. */
  readonly url: string;
  readonly timestampUrls: readonly string[];
  readonly timestampRoots?: string;
}

/** Copies the template, with the paths and addresses of the copy. */
export async function copyTrial({ template, directory, url, ...copy }: TrialCopy): Promise<void> {
  await cp(template, directory, { recursive: true });
  const configPath = join(directory, 'server.yml');
  const moved = (await readFile(configPath, 'utf8')).replaceAll(template, directory);
  const config = parse(moved) as { url: string; listen: { address: string }; timestamps?: unknown };
  config.url = url;
  config.listen.address = `127.0.0.1:${new URL(url).port}`;
  if (copy.timestampRoots !== undefined) {
    await cp(copy.timestampRoots, join(directory, 'timestamp-roots.pem'));
    config.timestamps = { urls: copy.timestampUrls, roots: 'timestamp-roots.pem', allowPrivateAddress: true };
  }
  await writeFile(configPath, stringify(config, { lineWidth: 0 }));
  const softhsm = join(directory, 'softhsm', 'softhsm2.conf');
  await writeFile(softhsm, (await readFile(softhsm, 'utf8')).replaceAll(template, directory));
}
