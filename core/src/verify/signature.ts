import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import type { BesideReader, Format, Source, VerifiedSignature } from '../formats/format.ts';
import { FORMATS, formatById, recogniseFormat } from '../formats/registry.ts';

/** The file to verify, read through ports: this room opens nothing. */
export interface SignedFile {
  readonly source: Source;
  /** Bytes of the file with this extension beside it (`app.exe.sig`), if there is one. */
  readonly beside: BesideReader;
  /** Id of the format whose signature counts; found by content where left out. */
  readonly format?: string;
}

/**
 * Reads the signature of a file: of the given format, else of the one that the content shows, else of any that lies beside the
 * file. Throws `verify.unsigned` where there is none, what the format throws where it is broken.
 */
export async function readFileSignature(file: SignedFile): Promise<VerifiedSignature> {
  const { source, beside } = file;
  const shown = file.format === undefined ? await recogniseFormat(source) : formatById(file.format);
  const found = await shown?.verify(source, beside);
  if (found !== undefined) return found;
  const others = file.format === undefined ? Object.values(FORMATS).filter((format) => format !== shown) : [];
  for (const format of others) {
    const signature = await tryBeside(format, file);
    if (signature !== undefined) return signature;
  }
  throw new OriginSignError('verify.unsigned', 'The file carries no signature, nor is there one beside it.');
}

/** Formats that put signatures into files find none in a file of another format. */
async function tryBeside(format: Format, { source, beside }: SignedFile): Promise<VerifiedSignature | undefined> {
  try {
    return await format.verify(source, beside);
  } catch (error) {
    if (isOriginSignError(error, 'format.malformed')) return undefined;
    throw error;
  }
}
