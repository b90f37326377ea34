import type { Command } from 'commander';
import { formatProblem } from '@originsign/core/policy/load-problem';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Host } from '../host.ts';
import { jsonOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { loadPolicies, type PolicyOptions } from '../policies.ts';
import { counted, row } from '../ui.ts';

/** `originsign policy check`. */
export function addPolicyCheck(parent: Command, host: Host, output: Output): void {
  parent
    .command('check')
    .description('check policy files as the server would load them')
    .argument('[paths...]', 'directory of the policies, or files in it', ['policies'])
    .option('--trial', 'as a trial server does: issuers on this machine are allowed')
    .addOption(jsonOption())
    .action(async (paths: readonly string[], options: PolicyOptions) => {
      output.result(await checkPolicyFiles(paths, options, host));
    });
}

async function checkPolicyFiles(paths: readonly string[], options: PolicyOptions, host: Host): Promise<Outcome> {
  const { files } = await loadPolicies(paths, options, host);
  const problems = files.flatMap((file) => file.problems);
  const bad = files.filter(({ ok }) => !ok).length;
  const failure = new OriginSignError('policy.invalid', `${counted(bad, 'policy file')} cannot be loaded.`);
  return {
    lines: [
      ...files.flatMap((file) => [
        row(file.ok ? 'ok' : 'failed', file.path),
        ...file.problems.map((problem) => `  ${formatProblem(problem)}`),
      ]),
      row('checked', `${counted(files.length, 'file')}, ${counted(problems.length, 'problem')}`),
    ],
    json: {
      ok: bad === 0,
      files: files.map(({ path, hash, ok }) => ({ path, hash, ok })),
      problems: problems.map((problem) => ({ ...problem })),
    },
    ...(bad === 0 ? {} : { failure }),
  };
}
