import { OriginSignError } from '../errors/error.ts';
import type { Source } from './format.ts';

/** A file that is in memory already. */
export function bytesSource(bytes: Uint8Array): Source {
  return {
    size: bytes.length,
    read: (offset, length) => {
      const part = bytes.slice(offset, offset + length);
      if (part.length === length) return Promise.resolve(part);
      return Promise.reject(new OriginSignError('input.file', 'The file ends before the bytes that were asked for.'));
    },
  };
}
