import type { Command } from 'commander';
import { decideRequest, showRequest, type ApproverPorts, type Decision } from '@originsign/core/client/approvals';
import { parseDuration } from '@originsign/core/client/duration';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { shortRequestId } from '@originsign/core/attestation/request-id';
import { addApproverOptions, asApprover, requestIdOf, type ApproverOptions } from '../approver.ts';
import type { Host } from '../host.ts';
import { given } from '../options.ts';
import type { Outcome, Output } from '../output.ts';
import { shownLines, stateText } from '../request-lines.ts';
import { row } from '../ui.ts';

interface DecideOptions extends ApproverOptions {
  readonly reason?: string;
  readonly holdsFor?: string;
}

const WORDS = {
  approve: { description: 'approve a request with your SSH key, after it is shown', done: 'approved' },
  deny: { description: 'deny a request, which ends it', done: 'denied' },
} as const;

/** `originsign requests approve` and `deny`. */
export function addRequestsDecide(parent: Command, word: Decision['decision'], host: Host, output: Output): void {
  const command = parent
    .command(word)
    .description(WORDS[word].description)
    .argument('<id>', 'id of the request, or the URL of its page')
    .option('--reason <text>', 'one line for the record, which the job sees for a denial')
    .option('--holds-for <duration>', 'how long the decision counts; as long as the request may wait where left out');
  addApproverOptions(command).action(async (id: string, options: DecideOptions) => {
    const wanted = requestIdOf(id);
    output.result(
      await asApprover(options, host, output, (ports) => decide(ports, { word, id: wanted }, options, output)),
    );
  });
}

async function decide(
  ports: ApproverPorts,
  { word, id }: { readonly word: Decision['decision']; readonly id: string },
  options: DecideOptions,
  output: Output,
): Promise<Outcome> {
  const shown = await showRequest(ports, id);
  // What is signed for is on the screen before the key is asked.
  for (const line of shownLines(shown)) output.progress(line);
  const { problem, deadline } = shown.view;
  if (word === 'approve' && problem !== undefined) {
    throw new OriginSignError('policy.denied', problem, { hint: 'the policy in force does not allow the request now' });
  }
  const expires =
    options.holdsFor === undefined
      ? new Date(deadline)
      : new Date(ports.clock.now().getTime() + parseDuration(options.holdsFor, 'holds-for'));
  const view = await decideRequest(ports, shown, { decision: word, expires, ...given('reason', options.reason) });
  const { payload: _payload, ...json } = view;
  return {
    lines: [row(WORDS[word].done, shortRequestId(id), `as ${view.you}`, stateText(view))],
    json: json as unknown as Json,
  };
}
