import { spawn } from 'node:child_process';
import { unarmorSshSignature } from '@originsign/core/attestation/sshsig';
import type { SshSigner } from '@originsign/core/client/approvals';
import { OriginSignError } from '@originsign/core/errors/error';
import type { Host } from './host.ts';
import { pathOf } from './files.ts';

/**
 * Signs with `ssh-keygen -Y sign`: a key file, or the public half of a key that an agent or an authenticator holds. Passphrases
 * and touches are between the person and OpenSSH, which asks on the terminal. The signer throws `input.file` where the program
 * is not there, `input.invalid` where it does not sign.
 */
export function sshKeygenSigner(host: Host, key: string): SshSigner {
  const path = pathOf(host, key);
  return async (namespace, message) => {
    const { status, stdout, stderr } = await run(host, ['-Y', 'sign', '-f', path, '-n', namespace], message);
    if (status === 0) return unarmorSshSignature(stdout.replaceAll('\r\n', '\n'));
    const [said = ''] = stderr.split('\n').filter((line) => line !== '' && !isNoise(line));
    throw new OriginSignError(
      'input.invalid',
      `ssh-keygen cannot sign with the key "${key}": ${said || 'no reason given'}.`,
      {
        hint: 'give the private key, or the .pub file of a key in your SSH agent',
      },
    );
  };
}

function isNoise(line: string): boolean {
  return line.startsWith('Signing data ');
}

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(host: Host, words: readonly string[], input: Uint8Array): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('ssh-keygen', words, { env: { ...host.environment }, stdio: ['pipe', 'pipe', 'pipe'] });
    const parts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (parts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      parts.stderr += text;
      // An authenticator wants to be touched now.
      if (!isNoise(text)) host.err(text);
    });
    child.once('error', (cause) => reject(missing(cause)));
    child.once('close', (status) => resolve({ status, ...parts }));
    // It may end before it has read everything, and says why in its own words.
    child.stdin.on('error', () => undefined).end(input);
  });
}

function missing(cause: Error): OriginSignError {
  return new OriginSignError('input.file', 'The program ssh-keygen cannot be run.', {
    hint: 'install OpenSSH 8.2 or later',
    cause,
  });
}
