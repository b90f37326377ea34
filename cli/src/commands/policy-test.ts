import type { Command } from 'commander';
import { explainDecision } from '@originsign/core/policy/explain';
import { runPolicyTests, type TestResult } from '@originsign/core/policy/tests';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Host } from '../host.ts';
import { jsonOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { loadGoodPolicies, type PolicyOptions } from '../policies.ts';
import { counted, row } from '../ui.ts';

/** `originsign policy test`. */
export function addPolicyTest(parent: Command, host: Host, output: Output): void {
  parent
    .command('test')
    .description('run the tests that stand in policy files, offline')
    .argument('[paths...]', 'directory of the policies, or files in it', ['policies'])
    .option('--trial', 'as a trial server does: issuers on this machine are allowed')
    .addOption(jsonOption())
    .action(async (paths: readonly string[], options: PolicyOptions) => {
      output.result(await testPolicies(paths, options, host));
    });
}

async function testPolicies(paths: readonly string[], options: PolicyOptions, host: Host): Promise<Outcome> {
  const { projects, systems } = await loadGoodPolicies(paths, options, host);
  const results = projects.flatMap((project) => runPolicyTests(project, systems));
  const failed = results.filter(({ passed }) => !passed).length;
  const summary = `${results.length - failed} passed, ${failed} failed`;
  const failure = new OriginSignError(
    'policy.test_failed',
    `${failed} of ${counted(results.length, 'policy test')} failed.`,
  );
  return {
    lines: [...results.flatMap(resultLines), row('tests', summary)],
    json: { passed: results.length - failed, failed, tests: results as unknown as Json },
    ...(failed === 0 ? {} : { failure }),
  };
}

function resultLines({ name, file, line, passed, differences, trace }: TestResult): string[] {
  const headline = row(passed ? 'ok' : 'failed', name, `${file}:${line}`);
  if (passed) return [headline];
  return [
    headline,
    ...differences.map((difference) => `  ${difference}`),
    ...explainDecision(trace).map((text) => `  ${text}`),
  ];
}
