import type { Command } from 'commander';
import { type LintWarning, lintProject } from '@originsign/core/policy/lint';
import { formatProblem } from '@originsign/core/policy/load-problem';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Host } from '../host.ts';
import { jsonOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { loadPolicies, type PolicyOptions } from '../policies.ts';
import { counted, row } from '../ui.ts';

interface CheckOptions extends PolicyOptions {
  readonly strict?: boolean;
}

/** `originsign policy check`. */
export function addPolicyCheck(parent: Command, host: Host, output: Output): void {
  parent
    .command('check')
    .description('check policy files as the server would load them')
    .argument('[paths...]', 'directory of the policies, or files in it', ['policies'])
    .option('--trial', 'as a trial server does: issuers on this machine are allowed')
    .option('--strict', 'fail on warnings too: rules that can never hold, or that others leave nothing to decide')
    .addOption(jsonOption())
    .action(async (paths: readonly string[], options: CheckOptions) => {
      output.result(await checkPolicyFiles(paths, options, host));
    });
}

async function checkPolicyFiles(paths: readonly string[], options: CheckOptions, host: Host): Promise<Outcome> {
  const { files, projects, systems } = await loadPolicies(paths, options, host);
  const problems = files.flatMap((file) => file.problems);
  const bad = files.filter(({ ok }) => !ok).length;
  const warnings = projects.flatMap((project) => lintProject(project, systems, host.now()));
  const failure = failureOf(bad, options.strict === true ? warnings.length : 0);
  return {
    lines: [
      ...files.flatMap((file) => [
        row(file.ok ? 'ok' : 'failed', file.path),
        ...file.problems.map((problem) => `  ${formatProblem(problem)}`),
        ...warnings.filter((warning) => warning.file === file.path).map(warningLine),
      ]),
      row(
        'checked',
        [counted(files.length, 'file'), counted(problems.length, 'problem'), ...tally(warnings)].join(', '),
      ),
    ],
    json: {
      ok: bad === 0,
      files: files.map(({ path, hash, ok }) => ({ path, hash, ok })),
      problems: problems.map((problem) => ({ ...problem })),
      warnings: warnings.map((warning) => ({ ...warning })),
    },
    ...(failure === undefined ? {} : { failure }),
  };
}

function failureOf(bad: number, warnings: number): OriginSignError | undefined {
  if (bad > 0) return new OriginSignError('policy.invalid', `${counted(bad, 'policy file')} cannot be loaded.`);
  if (warnings === 0) return undefined;
  return new OriginSignError(
    'policy.invalid',
    `There ${warnings === 1 ? 'is' : 'are'} ${counted(warnings, 'warning')}.`,
  );
}

function tally(warnings: readonly LintWarning[]): readonly string[] {
  return warnings.length === 0 ? [] : [counted(warnings.length, 'warning')];
}

function warningLine({ message, ...warning }: LintWarning): string {
  return `  ${formatProblem({ ...warning, message: `warning: ${message}` })}`;
}
