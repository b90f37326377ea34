import { concatBytes, utf8 } from '../../encoding/bytes.ts';
import { canonicalJson } from '../../encoding/canonical-json.ts';
import { decodeBase64, encodeBase64 } from '../../encoding/base64.ts';
import { decodeHex } from '../../encoding/hex.ts';
import { isJsonObject, parseStrictJson } from '../../encoding/strict-json.ts';
import type { ToBeSigned } from '../../x509/signature.ts';
import type { BuildContext, Prepared, SigningKey } from '../format.ts';
import { readContent } from '../raw/digest.ts';
import { isLegacy } from './options.ts';
import { formatMinisign, globalMessage, minisignKeyId } from './signature-file.ts';

/** What the server keeps between the two signatures. */
interface Structure {
  readonly algorithm: 'ED' | 'Ed';
  readonly trustedComment: string;
  /** Base64; absent until it is made. */
  readonly globalSignature?: string;
}

/**
 * Server: the BLAKE2b of the file, or for a legacy signature the file. The trusted comment says what minisign itself would say, and
 * is the server's word: the time of the signing and the name in the request.
 */
export function prepareMinisign(context: BuildContext): Prepared {
  const legacy = isLegacy(context.options);
  const bytes = legacy ? readContent(context.inputs) : decodeHex(context.coveredDigest.value);
  const seconds = Math.floor(context.signingTime.getTime() / 1000);
  const name = context.name?.slice(context.name.lastIndexOf('/') + 1);
  const words = [
    `timestamp:${seconds}`,
    ...(name === undefined ? [] : [`file:${name}`]),
    ...(legacy ? [] : ['hashed']),
  ];
  return {
    toBeSigned: { kind: 'message', bytes },
    structure: formatStructure({ algorithm: legacy ? 'Ed' : 'ED', trustedComment: words.join('\t') }),
  };
}

/** Server: the second message, over the first signature and the trusted comment. */
export function globalToBeSigned(structure: Uint8Array, signature: Uint8Array): ToBeSigned {
  return { kind: 'message', bytes: globalMessage(signature, parseStructure(structure).trustedComment) };
}

/** Server: the structure with the second signature, for `assembleMinisign`. */
export function withGlobalSignature(structure: Uint8Array, globalSignature: Uint8Array): Uint8Array {
  return formatStructure({ ...parseStructure(structure), globalSignature: encodeBase64(globalSignature) });
}

/** Server: the text of the `.minisig` file. */
export function assembleMinisign(
  structure: Uint8Array,
  key: SigningKey,
  signature: Uint8Array,
  timestampToken: Uint8Array | undefined,
): Uint8Array {
  const { algorithm, trustedComment, globalSignature } = parseStructure(structure);
  if (timestampToken !== undefined) throw new TypeError('A minisign signature has no place for a timestamp.');
  if (globalSignature === undefined) throw new TypeError('The second signature is missing.');
  return formatMinisign({
    algorithm,
    keyId: minisignKeyId(key.spki),
    signature: concatBytes(signature),
    trustedComment,
    globalSignature: decodeBase64(globalSignature),
  });
}

function formatStructure(structure: Structure): Uint8Array {
  return utf8(canonicalJson({ ...structure }));
}

function parseStructure(bytes: Uint8Array): Structure {
  const stored = parseStrictJson(bytes);
  const { algorithm, trustedComment, globalSignature } = isJsonObject(stored) ? stored : {};
  const known = algorithm === 'ED' || algorithm === 'Ed';
  if (!known || typeof trustedComment !== 'string') throw new TypeError('Not a structure of the minisign format.');
  return { algorithm, trustedComment, ...(typeof globalSignature === 'string' ? { globalSignature } : {}) };
}
