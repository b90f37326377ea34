import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { GithubIssuer } from '@originsign/testkit/github-issuer';
import { startSigner, writePolicies, type Signer } from '@originsign/testkit/signer';
import type { RawKey } from './raw-rate.ts';

/** Keys that are measured: label, type, and how the raw program signs with them. */
export const BENCH_KEYS = [
  { label: 'bench-rsa-3072', type: 'rsa-3072', mechanism: 0x0001, inputLength: 51 },
  { label: 'bench-p-256', type: 'p-256', mechanism: 0x1041, inputLength: 32 },
] as const;

/** Starts a signer with a raw key of each measured type and a signing policy named after it, without limits. */
export async function startBenchSigner(issuer: GithubIssuer): Promise<Signer> {
  const signer = await startSigner({ policies: {} });
  for (const { label, type } of BENCH_KEYS) {
    const made = await signer.command('keys', 'generate', label, '--purpose', 'raw', '--type', type);
    if (made.status !== 0) throw new Error(made.stderr);
  }
  await signer.halt();
  await writePolicies(join(signer.directory, 'policies'), {
    'trusted-build-systems/github.yml': `version: 1\nid: github\ntype: github-actions\nissuer: ${issuer.url}\nallowPrivateAddress: true\n`,
    'projects/bench.yml': projectFile(),
  });
  await signer.start();
  return signer;
}

function projectFile(): string {
  const policies = BENCH_KEYS.map(
    ({ label, type }) => `  ${type}:
    keys: { raw: ${label} }
    allow:
      - id: any
        when:
          github.ref: { glob: "refs/tags/*" }
          github.event_name: { is: push }
          github.workflow_path: { is: .github/workflows/release.yml }
        timestamp: best-effort
`,
  );
  return `version: 1
project: bench
owners: [group:bench]
trustedBuildSystems: [github]
repositories: [{ system: github, id: "771245825", ownerId: "145685596" }]
policies:
${policies.join('')}`;
}

/** The signer's own token and key for the raw program. */
export async function rawKeyOf(signer: Signer, label: string): Promise<RawKey> {
  const config = parse(await readFile(signer.configPath, 'utf8')) as {
    hsm: { tokens: [{ module: string; serial: string; environment: Record<string, string> }] };
  };
  const key = BENCH_KEYS.find((candidate) => candidate.label === label);
  if (key === undefined) throw new TypeError(`No such key: ${label}`);
  const [{ module, serial, environment }] = config.hsm.tokens;
  const pin = (await readFile(join(signer.directory, 'softhsm', 'pin'), 'utf8')).trim();
  return { module, serial, environment, pin, label, mechanism: key.mechanism, inputLength: key.inputLength };
}
