import type { Source } from '../formats/format.ts';

/** Bytes between two reports. */
const STEP = 4 * 1024 * 1024;

/**
 * A source that tells how far it was read: nothing at first, then after every few mebibytes, and the end. Formats look
 * at parts of a file more than once; what counts is how far they came.
 */
export function watchedSource(source: Source, report: (done: number) => void): Source {
  let done = 0;
  let reported = 0;
  report(0);
  return {
    size: source.size,
    async read(offset, length) {
      const bytes = await source.read(offset, length);
      done = Math.max(done, offset + length);
      if (done - reported >= STEP || (done === source.size && reported < done)) report((reported = done));
      return bytes;
    },
  };
}
