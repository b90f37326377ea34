import type { Command } from 'commander';
import { withFileSource } from '@originsign/core/client/file-source';
import { findFiles } from '@originsign/core/client/globs';
import { readIfThere, readTrustFile } from '@originsign/core/client/small-file';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import type { Expectations } from '@originsign/core/verify/expectations';
import type { VerificationReport } from '@originsign/core/verify/report';
import { verifyFile } from '@originsign/core/verify/verifier';
import { pathOf, shownPath } from '../files.ts';
import type { Host } from '../host.ts';
import { NeededOption } from '../needed-option.ts';
import { collect, given, jsonOption, trustOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { findProofs, withoutSignatureFiles, type Proofs } from '../proofs.ts';
import { row } from '../ui.ts';
import { verificationLines } from '../verification-lines.ts';

interface VerifyOptions extends Expectations {
  readonly trust: string;
  readonly format?: string;
  readonly receipt?: readonly string[];
  readonly provenance?: readonly string[];
  readonly trial?: boolean;
}

interface VerifiedFile {
  readonly path: string;
  readonly report: VerificationReport;
}

/** `originsign verify`. */
export function addVerify(parent: Command, host: Host, output: Output): void {
  parent
    .command('verify')
    .description('verify signature, receipt, provenance and origin of files, offline')
    .argument('<files...>', 'signed files, or patterns')
    .addOption(trustOption())
    .addOption(
      new NeededOption(
        '--repository <uri>',
        'repository that the files must come from, such as https://github.com/acme/app',
      ),
    )
    .addOption(new NeededOption('--project <name>', 'project that they must have been signed for'))
    .option('--ref <ref>', 'ref that they must come from; * and ** are wildcards')
    .option('--workflow <path>', 'workflow file in that repository, or its whole URI')
    .option('--policy <name>', 'signing policy that must have allowed it')
    .option('--format <format>', 'format whose signature counts; by content where left out')
    .option('--receipt <file>', 'receipt; those beside the file where left out; may be given several times', collect)
    .option('--provenance <file>', 'provenance, likewise', collect)
    .option('--trial', 'accept the trust file of a trial store')
    .addOption(jsonOption())
    .action(async (files: readonly string[], options: VerifyOptions) => {
      output.result(await verify(files, options, host, output));
    });
}

async function verify(
  patterns: readonly string[],
  options: VerifyOptions,
  host: Host,
  output: Output,
): Promise<Outcome> {
  const trust = await readTrustFile(pathOf(host, options.trust));
  output.explainAt(trust.server);
  const found = await findFiles(patterns, { workingDirectory: host.directory });
  const [link] = found.links;
  if (link !== undefined) {
    // Passing over it would say of everything that the patterns match what is true of a part of it.
    throw new OriginSignError('input.file', `"${shownPath(host, link)}" is a symbolic link and was not verified.`, {
      hint: 'remove it, or exclude it with a pattern that begins with !',
    });
  }
  for (const pattern of found.unmatched) output.progress(row('warning', `The pattern "${pattern}" matches no file.`));
  const paths = withoutSignatureFiles(found.files.map(({ path }) => path));
  const verified: VerifiedFile[] = [];
  for (const path of paths) {
    const proofs = await findProofs(path, options, host);
    verified.push({ path, report: await verifyOne(path, proofs, trust, { options, host }) });
  }
  return outcome(verified, host);
}

function verifyOne(
  path: string,
  proofs: Proofs,
  trust: TrustFile,
  { options, host }: { readonly options: VerifyOptions; readonly host: Host },
): Promise<VerificationReport> {
  const { repository, project, ref, workflow, policy, format } = options;
  const expected = {
    repository,
    project,
    ...given('ref', ref),
    ...given('workflow', workflow),
    ...given('policy', policy),
  };
  return withFileSource(path, (source) =>
    verifyFile({
      file: { source, beside: (extension) => readIfThere(path + extension), ...given('format', format) },
      ...proofs,
      trust,
      expected,
      now: host.now(),
      trial: options.trial === true,
    }),
  );
}

function outcome(files: readonly VerifiedFile[], host: Host): Outcome {
  const failed = files.filter(({ report }) => !report.verified);
  return {
    lines: files.flatMap(({ path, report }) => verificationLines(shownPath(host, path), report)),
    json: {
      verified: failed.length === 0,
      files: files.map(({ path, report }) => ({ path, ...report })),
    } as unknown as Json,
    ...(failed.length === 0 ? {} : { failure: failureOf(failed, files.length) }),
  };
}

/** The first check that failed for a reason of its own gives the code: the others may follow from it. */
function failureOf(failed: readonly VerifiedFile[], total: number): OriginSignError {
  const check = failed.flatMap(({ report }) => report.checks).find(({ code }) => code !== undefined);
  const message = total === 1 ? 'The file did not verify.' : `${failed.length} of ${total} files did not verify.`;
  return new OriginSignError(check?.code ?? 'verify.signature', message, given('hint', check?.hint));
}
