import type { JsonObject } from '../../encoding/canonical-json.ts';
import { OriginSignError } from '../../errors/error.ts';
import { checkOptionNames } from '../inputs-check.ts';

/** Largest file that is sent whole for a key that signs messages and not digests. */
export const MAX_CONTENT = 1024 * 1024;

/** Options of the `raw` format. */
export interface RawOptions {
  /** What is written: the bare signature value, or a Sigstore bundle. */
  readonly output: 'signature' | 'sigstore-bundle';
  /** Whether the client sends the digest or the whole file, as Ed25519 keys need. */
  readonly message: 'digest' | 'content';
}

/** Reads the options; throws `statement.options`. */
export function parseRawOptions(options: JsonObject): RawOptions {
  checkOptionNames(options, ['output', 'message']);
  const { output = 'signature', message = 'digest' } = options;
  if (output !== 'signature' && output !== 'sigstore-bundle') {
    throw invalid('output', 'signature or sigstore-bundle');
  }
  if (message !== 'digest' && message !== 'content') throw invalid('message', 'digest or content');
  return { output, message };
}

function invalid(option: string, values: string): OriginSignError {
  return new OriginSignError('statement.options', `The option ${option} of the raw format must be ${values}.`);
}
