import type { Command } from 'commander';
import { isRequestId } from '@originsign/core/attestation/request-id';
import type { ApproverPorts } from '@originsign/core/client/approvals';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Host } from './host.ts';
import { withNetwork } from './network.ts';
import { caFileOption, given, jsonOption, serverOf, serverOption } from './options.ts';
import type { Output } from './output.ts';
import { sshKeygenSigner } from './ssh-keygen.ts';

/** Options of everything that approvers do. */
export interface ApproverOptions {
  readonly server?: string;
  readonly key?: string;
  readonly caFile?: string;
}

/** Adds them to a command. */
export function addApproverOptions(command: Command): Command {
  return command
    .addOption(serverOption())
    .option('--key <file>', 'SSH key that the roster has of you, or its .pub file; ORIGINSIGN_SSH_KEY where left out')
    .addOption(caFileOption())
    .addOption(jsonOption());
}

/** Gives a command server, network and key. Throws `input.missing`. */
export async function asApprover<T>(
  options: ApproverOptions,
  host: Host,
  output: Output,
  use: (ports: ApproverPorts) => Promise<T>,
): Promise<T> {
  const server = serverOf(options.server, host);
  output.explainAt(server);
  const key = options.key ?? host.environment['ORIGINSIGN_SSH_KEY'] ?? '';
  if (key === '') {
    throw new OriginSignError('input.missing', 'No SSH key is given.', {
      hint: 'give --key or set ORIGINSIGN_SSH_KEY',
    });
  }
  const sign = sshKeygenSigner(host, key);
  return withNetwork(host, given('caFile', options.caFile), ({ fetch, clock }) => use({ server, fetch, clock, sign }));
}

/** The id of a request as it was typed: alone, or in the URL of its page. Throws `input.invalid`. */
export function requestIdOf(text: string): string {
  const id = text.slice(text.lastIndexOf('/') + 1);
  if (isRequestId(id)) return id;
  throw new OriginSignError('input.invalid', 'That is no request id, which has 43 characters.', {
    hint: 'take it from the line "request" of the job, or from originsign requests list',
  });
}
