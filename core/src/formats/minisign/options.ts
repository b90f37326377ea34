import type { JsonObject } from '../../encoding/canonical-json.ts';
import { OriginSignError } from '../../errors/error.ts';
import { checkOptionNames } from '../inputs-check.ts';

/** True where the old kind of signature is asked for, which is over the file and not over its BLAKE2b. Throws `statement.options`. */
export function isLegacy(options: JsonObject): boolean {
  checkOptionNames(options, ['legacy']);
  const { legacy = false } = options;
  if (typeof legacy === 'boolean') return legacy;
  throw new OriginSignError('statement.options', 'The option legacy of the minisign format must be true or false.');
}
