import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { TestSigner, type SignedSet } from '@originsign/testkit/test-signer';
import { shortRequestId } from '../../attestation/request-id.ts';
import { utf8 } from '../../encoding/bytes.ts';
import { syntheticPe } from '../../formats/authenticode-pe/synthetic-pe.test.fixture.ts';
import type { FilesReport } from './files-report.ts';
import { verifyFiles, type VerifyFilesOptions } from './verify-files.ts';

export const SIGNED_AT = new Date('2026-11-22T09:14:03Z');
export const EXPECTED = { repository: 'https://github.com/acme/app', project: 'acme-app' };
export const signer = new TestSigner();

/** A folder of the real file system, and `verifyFiles` in it. */
export interface SignedFolder {
  readonly root: string;
  readonly warnings: string[];
  write(files: Readonly<Record<string, string | Uint8Array>>): Promise<void>;
  verify(files: readonly string[], change?: Partial<VerifyFilesOptions>, now?: Date): Promise<FilesReport>;
  remove(): Promise<void>;
}

export async function createSignedFolder(): Promise<SignedFolder> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'originsign-verify-')));
  const warnings: string[] = [];
  return {
    root,
    warnings,
    write: async (files) => {
      for (const [name, contents] of Object.entries(files)) {
        await mkdir(dirname(join(root, name)), { recursive: true });
        await writeFile(join(root, name), contents);
      }
    },
    verify: (files, change = {}, now = SIGNED_AT) =>
      verifyFiles(
        { files, workingDirectory: root, trust: signer.trust(), expected: EXPECTED, ...change },
        { clock: { now: () => now }, warn: (message) => warnings.push(message) },
      ),
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A program and an archive, signed. */
export const program = await signer.sign('app.exe', syntheticPe(), { format: 'authenticode-pe', time: SIGNED_AT });
export const archive = await signer.sign('app.tgz', utf8('an archive'), { format: 'cms-detached', time: SIGNED_AT });
export const unsignedProgram = syntheticPe();

/** The files of a signing under a name, their proofs in `proofs`. */
export function filesOf(name: string, set: SignedSet, proofs: string): Record<string, Uint8Array> {
  const stem = join(proofs, `originsign-${shortRequestId(set.requestId)}`);
  const beside = [...set.beside].map(([extension, bytes]) => [name + extension, bytes] as const);
  return {
    [name]: set.file,
    ...Object.fromEntries(beside),
    [`${stem}.tlog-proof`]: set.receipt,
    [`${stem}.provenance.sigstore.json`]: set.provenance,
  };
}

/** `name: what` of every file, sorted; the code where it failed. */
export function outcomes({ files, skipped }: FilesReport, root: string): readonly string[] {
  const short = (path: string) => path.slice(root.length + 1);
  return [
    ...files.map(({ path, report }) => {
      const code = report.checks.find((check) => check.code !== undefined)?.code;
      return `${short(path)}: ${report.verified ? 'verified' : String(code)}`;
    }),
    ...skipped.map(({ path, reason }) => `${short(path)}: ${reason}`),
  ].sort();
}
