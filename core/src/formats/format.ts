import type { CoveredDigest, CoveredDigestName } from '../attestation/covered-digest.ts';
import type { JsonObject } from '../encoding/canonical-json.ts';
import type { KeyType } from '../x509/key-type.ts';
import type { ToBeSigned } from '../x509/signature.ts';
import type { ArtifactPurpose } from './purpose.ts';

/** A file as formats read it. */
export interface Source {
  /** Bytes. */
  readonly size: number;
  /** Exactly `length` bytes from `offset`; throws `input.file` where they are not there. The bytes are the caller's to keep. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The key that will sign, or has signed. */
export interface SigningKey {
  readonly type: KeyType;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** DER, leaf first, without the root; empty for formats that carry no certificates. */
  readonly certificates: readonly Uint8Array[];
}

/** What the client finds out in its one pass over a file. */
export interface Digested {
  readonly coveredDigest: CoveredDigest;
  /** What the server needs besides the digest to build what is signed. */
  readonly inputs: JsonObject;
  /** The file itself: lower-case hexadecimal and bytes. */
  readonly file: { readonly sha256: string; readonly size: number };
}

/** A piece of the signed file: taken from the unsigned one, or new. */
export type Segment =
  { readonly copy: { readonly offset: number; readonly length: number } } | { readonly bytes: Uint8Array };

/** Where a signature goes: into the file, or into a file beside it whose name is the file's plus `extension` (`.p7s`). */
export type Embedded =
  | { readonly kind: 'embedded'; readonly segments: readonly Segment[] }
  | { readonly kind: 'beside'; readonly extension: string; readonly bytes: Uint8Array };

/** What the server knows when it builds the bytes to be signed. `coveredDigest`, `inputs` and `options` have passed `checkInputs`. */
export interface BuildContext {
  readonly coveredDigest: CoveredDigest;
  readonly inputs: JsonObject;
  readonly options: JsonObject;
  readonly key: SigningKey;
  readonly signingTime: Date;
  /** Name of the artifact in the request: a relative path with slashes, without control characters. */
  readonly name?: string;
  /** Shown by Windows when it asks for permission; from the signing policy. */
  readonly programName?: string;
  readonly programUrl?: string;
}

/** What the key signs, and what the server keeps to finish the signature, also after a restart. */
export interface Prepared {
  readonly toBeSigned: ToBeSigned;
  /** Opaque bytes for `assemble`. */
  readonly structure: Uint8Array;
}

/** A signature found in or beside a file, which fits the file. Whether its key is to be trusted is for the caller to decide. */
export interface VerifiedSignature {
  /** Id of the format. */
  readonly format: string;
  readonly coveredDigest: CoveredDigest;
  /** The signature value itself: what a log record holds the hash of, and what the timestamp is over. */
  readonly signature: Uint8Array;
  /** DER SubjectPublicKeyInfo under which the signature verified; absent where the file does not carry its key: see `verifiesUnder`. */
  readonly spki?: Uint8Array;
  /** DER; its key is `spki`. */
  readonly signerCertificate?: Uint8Array;
  /** DER certificates that came with the signature, the signer's included, in no particular order. */
  readonly certificates: readonly Uint8Array[];
  /** DER TimeStampToken, not yet checked. */
  readonly timestampToken?: Uint8Array;
  /**
   * What the signature is over, where `spki` is absent: a SHA-256 for keys that sign digests, the message for Ed25519 keys where one
   * of them could have signed it. `also` is what the same key must have signed besides.
   */
  readonly signed?: {
    readonly digest?: Uint8Array;
    readonly message?: Uint8Array;
    readonly also?: { readonly message: Uint8Array; readonly signature: Uint8Array };
  };
  /** What a person should know: parts that were found and not checked. */
  readonly notes?: readonly string[];
}

/** Reads a file beside the signed one by the extension that its name has in addition (`.p7s`). */
export type BesideReader = (extension: string) => Promise<Uint8Array | undefined>;

/** One signature format. Pure: it reads through `Source` and returns what to write. */
export interface Format {
  readonly id: string;
  /** Purpose that a key must have to sign this format. */
  readonly purpose: ArtifactPurpose;
  readonly keyTypes: readonly KeyType[];
  /** Whether keys of this format need a certificate. */
  readonly certificate: boolean;
  readonly coveredDigest: CoveredDigestName;
  /** One plain sentence for people. */
  readonly description: string;
  /** True where the content is of this format; false for formats that sign any file, which are never chosen on their own. */
  recognise(source: Source): Promise<boolean>;
  /** Client: reads the file once in chunks. Throws `format.*`, `statement.options`. */
  digest(source: Source, options: JsonObject): Promise<Digested>;
  /** Server: throws `statement.digest`, `statement.inputs` or `statement.options` for what no client of ours sends. */
  checkInputs(coveredDigest: CoveredDigest, inputs: JsonObject, options: JsonObject): void;
  /** Whether a signature made with these options has a place for a timestamp. */
  carriesTimestamp(options: JsonObject): boolean;
  /** Server: builds the bytes to be signed. Throws `format.key_type`, `key.certificate`. */
  toBeSigned(context: BuildContext): Prepared;
  /**
   * Server: for formats in which the key signs twice, the second time over the first signature and what the structure says.
   * `join` gives the structure for `assemble`.
   */
  readonly second?: {
    toBeSigned(structure: Uint8Array, signature: Uint8Array): ToBeSigned;
    join(structure: Uint8Array, secondSignature: Uint8Array): Uint8Array;
  };
  /** Server: signature block from what `toBeSigned` left, the signature value and the DER TimeStampToken. */
  assemble(
    structure: Uint8Array,
    key: SigningKey,
    signature: Uint8Array,
    timestampToken: Uint8Array | undefined,
  ): Uint8Array;
  /** Client: how the block becomes part of the file. Throws `format.*`. */
  embed(source: Source, block: Uint8Array, options: JsonObject): Promise<Embedded>;
  /** The signature of a file, `undefined` where it has none. Throws `verify.*`, `format.*` or `der.malformed` where it is broken. */
  verify(source: Source, beside: BesideReader): Promise<VerifiedSignature | undefined>;
}
