import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startGithubIssuer, type GithubIssuer } from '@originsign/testkit/github-issuer';
import { startSigner, type Signer } from '@originsign/testkit/signer';
import { startTimestampAuthority } from '@originsign/testkit/timestamp-authority';

const POLICIES = fileURLToPath(new URL('./policies/', import.meta.url));

/** Everything that signing needs, on loopback. */
export interface World {
  readonly issuer: GithubIssuer;
  readonly signer: Signer;
  stop(): Promise<void>;
}

/** Starts an issuer that plays GitHub's, a timestamp authority and a signer in trial mode below a directory. */
export async function startWorld(directory: string): Promise<World> {
  const issuer = await startGithubIssuer();
  const timestamps = await startTimestampAuthority();
  const stopOutside = async (): Promise<void> => {
    await timestamps.stop();
    await issuer.close();
  };
  try {
    const signer = await startSigner({
      directory,
      policies: await policies(issuer.url),
      timestampUrls: [timestamps.url],
      timestampRoots: timestamps.rootFile,
    });
    const stop = async (): Promise<void> => {
      await signer.stop();
      await stopOutside();
    };
    return { issuer, signer, stop };
  } catch (error) {
    await stopOutside();
    throw error;
  }
}

async function policies(issuerUrl: string): Promise<Record<string, string>> {
  const read = (path: string): Promise<string> => readFile(join(POLICIES, path), 'utf8');
  return {
    'trusted-build-systems/github.yml': (await read('trusted-build-systems/github.yml')).replace(
      '${ISSUER}',
      issuerUrl,
    ),
    'projects/acme-app.yml': await read('projects/acme-app.yml'),
  };
}
