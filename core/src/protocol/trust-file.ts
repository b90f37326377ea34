import * as z from 'zod/mini';
import { canonicalJson } from '../encoding/canonical-json.ts';
import { sha256 } from '../encoding/sha256.ts';
import { encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { OriginSignError } from '../errors/error.ts';

const time = z.iso.datetime();
const base64 = z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/));
const validity = { validFrom: time, validUntil: z.optional(time) };

/** A log key signs checkpoints of sizes within `[fromSize, toSize]`, both included; without `toSize` it is the current one. */
const logKeySchema = z.strictObject({
  vkey: z.string(),
  ...validity,
  fromSize: z.int().check(z.nonnegative()),
  toSize: z.optional(z.int().check(z.nonnegative())),
});

/** The trust file of surface.md section 6: everything that a verifier pins. */
export const trustFileSchema = z.strictObject({
  version: z.literal(1),
  /** Grows with each change; `trust update` takes larger serials only. */
  serial: z.int().check(z.positive()),
  server: z.string(),
  trial: z.optional(z.literal(true)),
  logs: z
    .array(z.strictObject({ origin: z.string(), keys: z.array(logKeySchema).check(z.minLength(1)) }))
    .check(z.minLength(1)),
  provenanceKeys: z.array(z.strictObject({ spki: base64, ...validity })).check(z.minLength(1)),
  witnesses: z.array(z.strictObject({ vkey: z.string(), ...validity })),
  /** Roots of code-signing certificates and keys of formats without certificates. */
  signingRoots: z.array(z.strictObject({ certificate: base64 })),
  signingKeys: z.array(z.strictObject({ label: z.string(), purpose: z.string(), spki: base64, ...validity })),
  timestampRoots: z.array(z.strictObject({ certificate: base64 })),
});

/** Shape of {@link trustFileSchema}. Certificates and SPKIs are base64 of DER. */
export type TrustFile = z.infer<typeof trustFileSchema>;

/** Parses a trust file. Throws `trust.malformed` and the `json.*` codes. */
export function parseTrustFile(input: string | Uint8Array): TrustFile {
  const parsed = trustFileSchema.safeParse(parseStrictJson(input));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the document' : issue.path.join('.');
  throw new OriginSignError('trust.malformed', `The trust file is not valid at ${where}.`);
}

/** The one text of a trust file: canonical JSON and a newline. It is what the log key signs and what is fingerprinted. */
export function formatTrustFile(trust: TrustFile): string {
  return `${canonicalJson(trust)}\n`;
}

/** `SHA256:` and the base64url SHA-256 of the canonical text: what people compare on two screens. */
export function trustFingerprint(trust: TrustFile): string {
  return `SHA256:${encodeBase64url(sha256(utf8(formatTrustFile(trust))))}`;
}
