import { readSmallFile } from '@originsign/core/client/small-file';
import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { pathOf } from './files.ts';
import type { Host } from './host.ts';

/**
 * The words of a command line whose only word is `@FILE`: those of the JSON file `{"arguments": ["sign", …]}`. Anything else
 * stays as it is. For CI systems that can only start programs through a shell: what users wrote never gets near one.
 * Throws `input.file`, `json.*` and `input.invalid`.
 */
export async function withArgumentsFile(words: readonly string[], host: Host): Promise<readonly string[]> {
  const [word = ''] = words;
  if (words.length !== 1 || !word.startsWith('@')) return words;
  const path = word.slice(1);
  const document = parseStrictJson(await readSmallFile(pathOf(host, path)));
  const list = isJsonObject(document) && Object.keys(document).length === 1 ? document['arguments'] : undefined;
  if (Array.isArray(list) && list.every((entry) => typeof entry === 'string')) return list;
  throw new OriginSignError('input.invalid', `The file "${path}" does not hold {"arguments": [texts]}.`);
}
