import { COVERED_DIGESTS, type CoveredDigest, type CoveredDigestName } from '../attestation/covered-digest.ts';
import type { JsonObject } from '../encoding/canonical-json.ts';
import { equalBytes } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';
import { parseCertificate } from '../x509/certificate.ts';
import type { KeyType } from '../x509/key-type.ts';
import type { Format, SigningKey } from './format.ts';

/** Throws `statement.digest` where the digest is not the one that the format covers, in lower-case hexadecimal. */
export function checkCoveredDigest(digest: CoveredDigest, expected: CoveredDigestName): void {
  const { hexLength } = COVERED_DIGESTS[expected];
  if (digest.algorithm === expected && digest.value.length === hexLength && /^[0-9a-f]*$/.test(digest.value)) return;
  throw new OriginSignError('statement.digest', `This format covers one ${expected} digest in lower-case hexadecimal.`);
}

/** Throws `statement.inputs` for any member that is not allowed. */
export function checkInputNames(inputs: JsonObject, allowed: readonly string[]): void {
  const other = Object.keys(inputs).find((name) => !allowed.includes(name));
  if (other === undefined) return;
  throw new OriginSignError(
    'statement.inputs',
    'The inputs of an artifact have a member that its format does not know.',
    {
      details: { member: other.slice(0, 64) },
    },
  );
}

/** Throws `statement.options` for any option that is not allowed. */
export function checkOptionNames(options: JsonObject, allowed: readonly string[]): void {
  const other = Object.keys(options).find((name) => !allowed.includes(name));
  if (other === undefined) return;
  throw new OriginSignError('statement.options', 'An artifact has an option that its format does not know.', {
    hint: allowed.length === 0 ? 'this format has no options' : `the options are ${allowed.join(', ')}`,
    details: { option: other.slice(0, 64) },
  });
}

/** Throws `format.key_type` where keys of this type cannot sign the format. */
export function checkKeyType(format: Pick<Format, 'id' | 'keyTypes'>, type: KeyType): void {
  if (format.keyTypes.includes(type)) return;
  throw new OriginSignError(
    'format.key_type',
    `The format ${format.id} cannot be signed with a key of the type ${type}.`,
    {
      hint: `use one of ${format.keyTypes.join(', ')}`,
    },
  );
}

/** The key's certificates; throws `key.certificate` where it has none, or where the first is another key's. */
export function certificatesOf(key: SigningKey): readonly [Uint8Array, ...Uint8Array[]] {
  const [leaf, ...others] = key.certificates;
  if (leaf === undefined) {
    throw new OriginSignError('key.certificate', 'The key has no certificate, which this format needs.');
  }
  if (!equalBytes(parseCertificate(leaf).spki, key.spki)) {
    throw new OriginSignError('key.certificate', 'The first certificate of the key is for another key.');
  }
  return [leaf, ...others];
}
