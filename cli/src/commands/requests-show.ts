import type { Command } from 'commander';
import { showRequest, type ShownRequest } from '@originsign/core/client/approvals';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { addApproverOptions, asApprover, requestIdOf, type ApproverOptions } from '../approver.ts';
import type { Host } from '../host.ts';
import type { Output } from '../output.ts';
import { shownLines } from '../request-lines.ts';

/** `originsign requests show`. */
export function addRequestsShow(parent: Command, host: Host, output: Output): void {
  const command = parent
    .command('show')
    .description('show everything that your approval of a request would be for')
    .argument('<id>', 'id of the request, or the URL of its page');
  addApproverOptions(command).action(async (id: string, options: ApproverOptions) => {
    const wanted = requestIdOf(id);
    const shown = await asApprover(options, host, output, (ports) => showRequest(ports, wanted));
    output.result({ lines: shownLines(shown), json: shownJson(shown) });
  });
}

/** The request for machines, with what was computed here. */
function shownJson({ view, statement, approved }: ShownRequest): Json {
  const { payload: _payload, ...rest } = view;
  return { ...rest, ...approved, statement } as unknown as Json;
}
