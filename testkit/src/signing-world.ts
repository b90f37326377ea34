import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseTrustFile, type TrustFile } from '@originsign/core/protocol/trust-file';
import { runChild, type Outcome } from './child.ts';
import { startGithubIssuer, type GithubIssuer } from './github-issuer.ts';
import { startSigner, type Signer } from './signer.ts';
import { startTimestampAuthority, type TimestampAuthority } from './timestamp-authority.ts';

const COMMAND = resolve(import.meta.dirname, '../../cli/dist/originsign.mjs');

/** Everything that signing takes: a real signer, the platform that its jobs run on, its timestamp authority. */
export interface SigningWorld {
  readonly signer: Signer;
  readonly issuer: GithubIssuer;
  readonly timestamps: TimestampAuthority;
  /** For the files of jobs and whatever else a test writes. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** What may differ. */
export interface SigningWorldOptions {
  /** Policy files in addition, by path below the policy directory. */
  readonly policies?: Readonly<Record<string, string>>;
  /** Changes the text of `server.yml` before the first start. */
  readonly configure?: (text: string) => string;
}

/** Starts all of it. Its authority gives up on timestamps after a second, so that outages are quick. */
export async function startSigningWorld(options: SigningWorldOptions = {}): Promise<SigningWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-world-'));
  const [issuer, timestamps] = await Promise.all([startGithubIssuer(), startTimestampAuthority()]);
  const quickly = (text: string): string => text.replace(/^timestamps:$/m, 'timestamps:\n  timeout: 1s');
  const signer = await startSigner({
    directory: join(folder, 'signer'),
    policies: { ...releasePolicies(issuer.url), ...options.policies },
    timestampUrls: [timestamps.url],
    timestampRoots: timestamps.rootFile,
    configure: (text) => options.configure?.(quickly(text)) ?? quickly(text),
  });
  return {
    signer,
    issuer,
    timestamps,
    folder,
    stop: async () => {
      await signer.stop();
      await Promise.all([issuer.close(), timestamps.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Policies of one project: `release` signs tags with timestamps, `once` a single request of each run. */
export function releasePolicies(issuerUrl: string): Readonly<Record<string, string>> {
  const when = `{github.ref: {glob: "refs/tags/v*"}, github.event_name: {is: push}, github.workflow_path: {is: .github/workflows/release.yml}}`;
  const keys = '{authenticode-pe: trial-authenticode, cms-detached: trial-cms, raw: trial-raw}';
  return {
    'trusted-build-systems/github.yml': `{version: 1, id: github, type: github-actions, issuer: "${issuerUrl}", allowPrivateAddress: true}\n`,
    'projects/acme-app.yml': `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: ${keys}
    allow: [{id: tag-build, when: ${when}, timestamp: required}]
  once:
    keys: ${keys}
    allow: [{id: tag-build, when: ${when}, limits: {perRun: 1}}]
`,
  };
}

/** Runs the bundled `originsign` command. */
export function originsign(...args: readonly string[]): Promise<Outcome> {
  return runChild(process.execPath, [COMMAND, ...args]);
}

/** Writes the trust file of a signer, as it says on its own machine, and reads it. */
export async function exportTrust(signer: Signer, path: string): Promise<TrustFile> {
  const { status, stderr } = await signer.command('trust', 'export', '--output', path);
  if (status !== 0) throw new Error(stderr);
  return parseTrustFile(await readFile(path));
}
