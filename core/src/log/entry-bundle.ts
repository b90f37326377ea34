import { concatBytes } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';

/** Entries one after another, each after its length as a big-endian uint16. c2sp.org/tlog-tiles, "Log entries". */
export function encodeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  return concatBytes(
    ...entries.flatMap((entry) => {
      if (entry.length > 0xffff) throw new TypeError('A bundle holds no entry above 65535 bytes.');
      return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
    }),
  );
}

/** The entries of a bundle as views into it. Throws `verify.log` where it ends inside an entry. */
export function parseEntryBundle(bundle: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let offset = 0; offset < bundle.length;) {
    const length = ((bundle[offset] ?? 0) << 8) | (bundle[offset + 1] ?? 0);
    const begin = offset + 2;
    offset = begin + length;
    if (offset > bundle.length) {
      throw new OriginSignError('verify.log', `A bundle of log entries ends inside its entry ${entries.length}.`);
    }
    entries.push(bundle.subarray(begin, offset));
  }
  return entries;
}
