import { Option, type Command } from 'commander';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { FIXTURES } from '@originsign/core/platforms/fixtures/fixtures';
import { evaluate } from '@originsign/core/policy/evaluate';
import { denialHint, explainDecision } from '@originsign/core/policy/explain';
import type { Project } from '@originsign/core/policy/model';
import { didYouMean } from '@originsign/core/policy/did-you-mean';
import { explainedFacts, type FactOptions } from '../explained-facts.ts';
import type { Host } from '../host.ts';
import { NeededOption } from '../needed-option.ts';
import { collect, jsonOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { loadGoodPolicies } from '../policies.ts';
import { row } from '../ui.ts';

interface PolicyExplainOptions extends FactOptions {
  readonly project: string;
  readonly policy: string;
  readonly trial?: boolean;
}

/** `originsign policy explain`. */
export function addPolicyExplain(parent: Command, host: Host, output: Output): void {
  parent
    .command('explain')
    .description('decide one imagined request, and show every condition of every rule')
    .argument('[path]', 'directory of the policies', 'policies')
    .addOption(new NeededOption('--project <name>', 'project to ask'))
    .addOption(new NeededOption('--policy <name>', 'its signing policy'))
    .addOption(new Option('--fixture <name>', 'sample token to start from').conflicts('claims'))
    .option('--claims <file>', 'JSON file with the payload of a token')
    .option('--system <id>', 'trusted build system of the token; the only one of the project where left out')
    .option('--set <claim=value>', 'claim that differs; may be given several times', collect)
    .option('--unset <claim>', 'claim that is absent; may be given several times', collect)
    .option('--artifact <format:name>', 'artifact to sign; may be given several times', collect)
    .option('--time <time>', 'time of the request, such as 2026-12-24T12:00:00Z; now where left out')
    .option('--trial', 'as a trial server does: issuers on this machine are allowed')
    .addOption(jsonOption())
    .addHelpText('after', `\nFixtures: ${[...FIXTURES.keys()].join(', ')}`)
    .action(async (path: string, options: PolicyExplainOptions) => {
      output.result(await explain(path, options, host));
    });
}

async function explain(path: string, options: PolicyExplainOptions, host: Host): Promise<Outcome> {
  const { projects, systems } = await loadGoodPolicies([path], options, host);
  const project = findProject(projects, options.project);
  const facts = await explainedFacts(project, systems, options, host);
  const { trace } = evaluate(project, options.policy, facts);
  const hint = denialHint(trace);
  return {
    lines: [...explainDecision(trace, { all: true }), ...(hint === undefined ? [] : [row('hint:', hint)])],
    json: { ...trace } as unknown as Json,
  };
}

function findProject(projects: readonly Project[], name: string): Project {
  const project = projects.find((candidate) => candidate.name === name);
  if (project !== undefined) return project;
  const names = projects.map((candidate) => candidate.name);
  throw new OriginSignError('input.invalid', `There is no project "${name}".`, {
    hint: didYouMean(name, names) ?? `there is ${names.join(', ')}`,
  });
}
