import { bundleJson } from '../../attestation/bundle.ts';
import { utf8 } from '../../encoding/bytes.ts';
import { canonicalJson } from '../../encoding/canonical-json.ts';
import { decodeHex } from '../../encoding/hex.ts';
import { sha256Hex } from '../../encoding/sha256.ts';
import { isJsonObject, parseStrictJson } from '../../encoding/strict-json.ts';
import { OriginSignError } from '../../errors/error.ts';
import { encodeTimestampResponse } from '../../x509/timestamp-protocol.ts';
import type { BuildContext, Prepared, SigningKey } from '../format.ts';
import { readContent } from './digest.ts';
import { parseRawOptions } from './options.ts';

/**
 * Server: the digest, or the message where the client sent it. These bytes can be any structure that another format signs; only the
 * purpose of the key keeps them apart.
 */
export function prepareRaw(context: BuildContext): Prepared {
  const { output, message } = parseRawOptions(context.options);
  if (context.key.type === 'ed25519' && message === 'digest') {
    throw new OriginSignError('format.key_type', 'Ed25519 keys sign whole messages, not digests.', {
      hint: 'set the option message to content, for files of 1 MiB at most',
    });
  }
  const { value } = context.coveredDigest;
  return {
    toBeSigned:
      message === 'content'
        ? { kind: 'message', bytes: readContent(context.inputs) }
        : { kind: 'digest', digest: decodeHex(value) },
    structure: utf8(canonicalJson({ output, sha256: value })),
  };
}

/** Server: the signature value, or the bundle around it. */
export function assembleRaw(
  structure: Uint8Array,
  key: SigningKey,
  signature: Uint8Array,
  timestampToken: Uint8Array | undefined,
): Uint8Array {
  const stored = parseStrictJson(structure);
  const { output, sha256 } = isJsonObject(stored) ? stored : {};
  if (typeof sha256 !== 'string') throw new TypeError('Not a structure of the raw format.');
  if (output === 'sigstore-bundle') {
    const bundle = bundleJson({
      signer: { keyHint: keyHint(key.spki) },
      content: { kind: 'message', sha256: decodeHex(sha256), signature },
      timestamps: timestampToken === undefined ? [] : [encodeTimestampResponse(timestampToken)],
    });
    return utf8(JSON.stringify(bundle));
  }
  // Dropping it silently would break a promise that the policy made.
  if (timestampToken !== undefined) throw new TypeError('A plain signature has no place for a timestamp.');
  return signature;
}

/** How a bundle names its key: SHA-256 of the DER SubjectPublicKeyInfo, lower-case hexadecimal. */
export function keyHint(spki: Uint8Array): string {
  return sha256Hex(spki);
}
