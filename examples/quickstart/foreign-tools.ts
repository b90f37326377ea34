import { runChild } from '@originsign/testkit/child';
import { basename } from 'node:path';
import { expectStatus, say } from './output.ts';
import { writeRoots } from './verify.ts';

/** Verifies executables with osslsigncode and detached signatures with openssl, against the roots of the trust file. */
export async function acceptForeign(outputs: readonly string[], trustPath: string, directory: string): Promise<void> {
  const roots = await writeRoots(trustPath, directory);
  for (const output of outputs) {
    const executable = output.endsWith('.exe');
    const program = executable ? 'osslsigncode' : 'openssl';
    const args = executable
      ? ['verify', '-CAfile', roots.signing, '-TSA-CAfile', roots.timestamps, '-in', output]
      : opensslArguments(output, roots.signing);
    expectStatus(await runChild(program, args), 0);
    say(`   ${program} accepts ${basename(output)}`);
  }
}

function opensslArguments(output: string, roots: string): string[] {
  const signature = ['-inform', 'DER', '-in', `${output}.p7s`, '-content', output, '-binary'];
  return ['cms', '-verify', ...signature, '-CAfile', roots, '-purpose', 'any', '-out', '/dev/null'];
}
