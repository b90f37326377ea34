import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { utf8Text } from '../encoding/bytes.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { parseCount } from './checkpoint.ts';
import { HASH_LENGTH } from './merkle-hash.ts';

/** An offline proof that a log holds an entry. c2sp.org/tlog-proof. */
export interface TlogProof {
  /** What the verifier needs to find the entry again. Nothing vouches for it until it leads to the leaf. */
  readonly extra?: Uint8Array;
  readonly index: number;
  /** Inclusion proof, leaf's sibling first. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, verbatim. */
  readonly checkpoint: string;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAX_PROOF = 8 << 20;
const MAX_HASHES = 63;

function malformed(what: string): OriginSignError {
  return new OriginSignError('verify.receipt', `The receipt is malformed: ${what}.`);
}

/** The text of a `.tlog-proof` file. */
export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(encodeBase64),
  ];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Parses a `.tlog-proof` file. Throws `verify.receipt`. The checkpoint in it is not looked at. */
export function parseTlogProof(proof: string | Uint8Array): TlogProof {
  if (proof.length > MAX_PROOF) throw malformed('it is too long');
  const text = typeof proof === 'string' ? proof : decodeText(proof);
  const blank = text.indexOf('\n\n');
  if (blank < 0) throw malformed('it has no checkpoint');
  const [header, ...lines] = text.slice(0, blank).split('\n');
  if (header !== HEADER) throw malformed(`its first line is not ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') === true ? decode(lines.shift()?.slice(6) ?? '', 'extra') : undefined;
  const indexLine = lines.shift() ?? '';
  const index = indexLine.startsWith('index ') ? parseCount(indexLine.slice(6)) : undefined;
  if (index === undefined) throw malformed('it has no index');
  if (lines.length > MAX_HASHES) throw malformed('it has more hashes than any tree has levels');
  const hashes = lines.map((line) => decode(line, 'a hash'));
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw malformed('a hash has the wrong length');
  return { ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint: text.slice(blank + 2) };
}

function decodeText(proof: Uint8Array): string {
  try {
    return utf8Text(proof);
  } catch (cause) {
    throw new OriginSignError('verify.receipt', 'The receipt is not UTF-8.', { cause });
  }
}

function decode(text: string, what: string): Uint8Array {
  try {
    return decodeBase64(text);
  } catch (error) {
    if (isOriginSignError(error)) throw malformed(`${what} is not base64`);
    throw error;
  }
}
