import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { OriginSignError } from '@originsign/core/errors/error';
import type { SigningRequestStatement } from '@originsign/core/attestation/statement';
import type { Format, SigningKey } from '@originsign/core/formats/format';
import { formatById } from '@originsign/core/formats/registry';
import type { ToBeSigned } from '@originsign/core/x509/signature';
import type { StoredKey } from './stored-key.ts';
import { signingKeyOf } from './signing-key.ts';

/** One artifact with its format, its key and the bytes that the HSM will sign. */
export interface PreparedArtifact {
  readonly position: number;
  readonly name: string;
  readonly format: Format;
  readonly options: JsonObject;
  readonly key: StoredKey;
  readonly structure: Uint8Array;
  readonly toBeSigned: ToBeSigned;
}

/** What the signing policy gives to the signature. */
export interface SigningTerms {
  /** Format -> label. */
  readonly keys: ReadonlyMap<string, string>;
  readonly programName?: string;
  readonly programUrl?: string;
}

/**
 * Checks that formats and inputs fit the covered digests, before any policy is asked. Throws `format.unknown`,
 * `statement.inputs`, `statement.options`, `statement.digest`.
 */
export function checkArtifacts(statement: SigningRequestStatement): void {
  for (const [index, { format: id, inputs, options }] of statement.artifacts.entries()) {
    const { coveredDigest } = subjectOf(statement, index);
    formatById(id).checkInputs(coveredDigest, inputs, options);
  }
}

/**
 * Builds what the HSM signs for every artifact. The server builds it from checked inputs and its own key, so that a client
 * can name a digest and never choose the bytes. Throws `policy.format`, `key.unknown`, `key.purpose`, `key.certificate`,
 * `format.key_type`.
 */
export function prepareArtifacts(
  statement: SigningRequestStatement,
  terms: SigningTerms,
  keys: ReadonlyMap<string, StoredKey>,
  signingTime: Date,
): readonly PreparedArtifact[] {
  return statement.artifacts.map(({ format: id, inputs, options }, position) => {
    const { name, coveredDigest } = subjectOf(statement, position);
    const format = formatById(id);
    const key = keyFor(format, terms.keys.get(id), keys);
    const signingKey = signingKeyAt(key, format, signingTime);
    const { programName, programUrl } = terms;
    const { structure, toBeSigned } = format.toBeSigned({
      coveredDigest,
      inputs,
      options,
      key: signingKey,
      signingTime,
      name,
      ...(programName === undefined ? {} : { programName }),
      ...(programUrl === undefined ? {} : { programUrl }),
    });
    return { position, name, format, options, key, structure, toBeSigned };
  });
}

/** SHA-256 of the bytes to be signed, which is the digest itself where only a digest reaches the HSM. */
export function toBeSignedHash(toBeSigned: ToBeSigned): string {
  return toBeSigned.kind === 'message' ? sha256Hex(toBeSigned.bytes) : Buffer.from(toBeSigned.digest).toString('hex');
}

function subjectOf(statement: SigningRequestStatement, index: number): SigningRequestStatement['subjects'][number] {
  const subject = statement.subjects[index];
  if (subject === undefined) throw new OriginSignError('statement.malformed', 'An artifact has no subject.');
  return subject;
}

function keyFor(format: Format, label: string | undefined, keys: ReadonlyMap<string, StoredKey>): StoredKey {
  if (label === undefined) {
    throw new OriginSignError('policy.format', `The signing policy has no key for the format ${format.id}.`, {
      details: { format: format.id },
    });
  }
  const key = keys.get(label);
  if (key === undefined) throw new OriginSignError('key.unknown', `The key ${label} of the policy does not exist.`);
  // One purpose per key: a raw signature over the bytes of another structure would be a signature of that structure.
  if (key.purpose !== format.purpose) {
    throw new OriginSignError('key.purpose', `The key ${label} is for ${key.purpose} and cannot sign ${format.id}.`);
  }
  return key;
}

function signingKeyAt(key: StoredKey, format: Format, at: Date): SigningKey {
  if (!format.keyTypes.includes(key.type)) {
    throw new OriginSignError('format.key_type', `${format.id} cannot be signed with a key of type ${key.type}.`);
  }
  return signingKeyOf(key, at);
}
