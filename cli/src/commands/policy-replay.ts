import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { isOriginSignError, OriginSignError } from '@originsign/core/errors/error';
import { explainDecision } from '@originsign/core/policy/explain';
import { type Replayed, replayRequest } from '@originsign/core/policy/replay';
import { parseExportedRequest, parseExportHeader } from '@originsign/core/protocol/request-export';
import { pathOf } from '../files.ts';
import type { Host } from '../host.ts';
import { jsonOption } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { loadGoodPolicies, type PolicyOptions } from '../policies.ts';
import { counted, row, timeText } from '../ui.ts';

interface ReplayOptions extends PolicyOptions {
  readonly strict?: boolean;
  readonly explain?: boolean;
}

/** `originsign policy replay`. */
export function addPolicyReplay(parent: Command, host: Host, output: Output): void {
  parent
    .command('replay')
    .description('decide requests of the past again under other policies, and show what changes')
    .argument('<requests>', 'file that originsign-server requests export wrote')
    .argument('[path]', 'directory of the policies', 'policies')
    .option('--explain', 'show the failed conditions of what would be denied')
    .option('--strict', 'fail where anything changes')
    .option('--trial', 'as a trial server does: issuers on this machine are allowed')
    .addOption(jsonOption())
    .action(async (requests: string, path: string, options: ReplayOptions) => {
      output.result(await replay(requests, path, options, host));
    });
}

async function replay(requests: string, path: string, options: ReplayOptions, host: Host): Promise<Outcome> {
  const { projects, systems } = await loadGoodPolicies([path], options, host);
  const policies = { systems, projects: new Map(projects.map((project) => [project.name, project])) };
  const changed: Replayed[] = [];
  let total = 0;
  for await (const [line, number] of linesOf(pathOf(host, requests))) {
    const replayed = replayRequest(parseExportedRequest(line, number), policies);
    total += 1;
    if (replayed.change !== 'none') changed.push(replayed);
  }
  const count = (change: Replayed['change']): number => changed.filter((one) => one.change === change).length;
  const failure = new OriginSignError('policy.test_failed', `${counted(changed.length, 'past request')} would change.`);
  const changes = [
    [count('decision'), 'from allow to deny'],
    [count('keys'), 'to other keys'],
    [count('rule'), 'to another rule'],
  ] as const;
  const words = changes.filter(([n]) => n > 0).map(([n, what]) => `${n} ${what}`);
  return {
    lines: [
      ...changed.flatMap((one) => changeLines(one, options.explain === true)),
      row('replayed', `${counted(total, 'request')}, ${words.length === 0 ? 'none changes' : words.join(', ')}`),
    ],
    json: { replayed: total, changed: changed.map(changeJson) },
    ...(options.strict === true && changed.length > 0 ? { failure } : {}),
  };
}

function changeLines({ request, now, change }: Replayed, explain: boolean): readonly string[] {
  const { id, createdAt, project, policy, decision } = request;
  const what = `allowed by ${decision.rule}`;
  const then = now.decision === 'deny' ? now.reason : change === 'keys' ? keyWords(now.keys) : `rule ${now.rule}`;
  const word = now.decision === 'deny' ? 'deny' : change;
  const line = row(word, id.slice(0, 12), timeText(createdAt), `${project}/${policy}`, `${what}, now ${then}`);
  if (!explain || now.decision === 'allow' || now.trace === undefined) return [line];
  return [line, ...explainDecision(now.trace).map((text) => `  ${text}`)];
}

function keyWords(keys: Readonly<Record<string, string>>): string {
  return Object.entries(keys)
    .map(([format, label]) => `${format} by ${label}`)
    .join(', ');
}

function changeJson({ request, now, change }: Replayed): Json {
  const { id, createdAt, project, policy, decision } = request;
  return {
    id,
    createdAt,
    project,
    policy,
    change,
    before: { decision: 'allow', ...decision },
    now: now as unknown as Json,
  };
}

/** The requests of an export with the numbers of their lines. Throws `input.file`, and `input.invalid` for another first line. */
async function* linesOf(path: string): AsyncGenerator<readonly [string, number]> {
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      number += 1;
      if (number === 1) parseExportHeader(line);
      else yield [line, number];
    }
  } catch (cause) {
    if (isOriginSignError(cause)) throw cause;
    throw new OriginSignError('input.file', `The file "${path}" cannot be read.`, { cause });
  }
  if (number === 0) parseExportHeader('');
}
