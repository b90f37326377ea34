import type { Command } from 'commander';
import { listAwaited } from '@originsign/core/client/approvals';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { addApproverOptions, asApprover, type ApproverOptions } from '../approver.ts';
import type { Host } from '../host.ts';
import type { Output } from '../output.ts';
import { listLines } from '../request-lines.ts';

/** `originsign requests list`. */
export function addRequestsList(parent: Command, host: Host, output: Output): void {
  const command = parent.command('list').description('list the requests that wait for your approval');
  addApproverOptions(command).action(async (options: ApproverOptions) => {
    const list = await asApprover(options, host, output, listAwaited);
    output.result({ lines: listLines(list), json: list as unknown as Json });
  });
}
