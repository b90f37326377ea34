import { randomBytes } from 'node:crypto';
import type { TestCertificate, TestKey } from '@originsign/testkit/test-authority';
import type { TimestampAuthority } from '@originsign/testkit/timestamp-authority';
import { concatBytes } from '../encoding/bytes.ts';
import type { JsonObject } from '../encoding/canonical-json.ts';
import { sha256 } from '../encoding/sha256.ts';
import { signToBeSigned } from '../x509/sign-to-be-signed.test.fixture.ts';
import { verifySignature } from '../x509/signature.ts';
import { encodeTimestampRequest, parseTimestampResponse } from '../x509/timestamp-protocol.ts';
import { bytesSource } from './bytes-source.ts';
import type { BesideReader, BuildContext, Embedded, Format, SigningKey, Source } from './format.ts';

/** What the fixture makes of a file. */
export interface SignedFile {
  readonly bytes: Uint8Array;
  readonly beside: ReadonlyMap<string, Uint8Array>;
  readonly signature: Uint8Array;
  readonly coveredDigest: string;
}

/** Choices of one signature. */
export interface SignFileOptions {
  readonly options?: JsonObject;
  readonly timestamps?: TimestampAuthority;
  readonly context?: Partial<BuildContext>;
}

/** A key with its certificate as formats want it. */
export function signingKey({ key, certificate }: TestCertificate): SigningKey {
  return { type: key.type, spki: key.spki, certificates: [certificate] };
}

/** Plays client, server and HSM for one file. */
export async function signFile(
  format: Format,
  file: Uint8Array,
  signer: { readonly key: TestKey; readonly certificate?: Uint8Array },
  { options = {}, timestamps, context = {} }: SignFileOptions = {},
): Promise<SignedFile> {
  const source = bytesSource(file);
  const key: SigningKey = {
    type: signer.key.type,
    spki: signer.key.spki,
    certificates: signer.certificate === undefined ? [] : [signer.certificate],
  };
  const { coveredDigest, inputs } = await format.digest(source, options);
  format.checkInputs(coveredDigest, inputs, options);
  const signingTime = new Date();
  const prepared = format.toBeSigned({ coveredDigest, inputs, options, key, signingTime, ...context });
  const signature = signToBeSigned(signer.key, prepared.toBeSigned);
  if (!verifySignature(key.spki, prepared.toBeSigned, signature)) throw new Error('The signature does not verify.');
  const token = timestamps === undefined ? undefined : await timestampOf(timestamps, signature);
  const second = format.second?.toBeSigned(prepared.structure, signature);
  const structure =
    second === undefined
      ? prepared.structure
      : format.second?.join(prepared.structure, signToBeSigned(signer.key, second));
  const block = format.assemble(structure ?? prepared.structure, key, signature, token);
  const embedded = await format.embed(source, block, options);
  return { ...(await apply(source, embedded)), signature, coveredDigest: coveredDigest.value };
}

/** A token over a signature. */
export async function timestampOf(authority: TimestampAuthority, signature: Uint8Array): Promise<Uint8Array> {
  const query = encodeTimestampRequest(sha256(signature), randomBytes(8));
  return parseTimestampResponse(await authority.answer(query));
}

/** What the client would write. */
export async function apply(
  source: Source,
  embedded: Embedded,
): Promise<{ bytes: Uint8Array; beside: ReadonlyMap<string, Uint8Array> }> {
  if (embedded.kind === 'beside') {
    const bytes = await source.read(0, source.size);
    return { bytes, beside: new Map([[embedded.extension, embedded.bytes]]) };
  }
  const parts = await Promise.all(
    embedded.segments.map(async (segment) =>
      'bytes' in segment ? segment.bytes : await source.read(segment.copy.offset, segment.copy.length),
    ),
  );
  return { bytes: concatBytes(...parts), beside: new Map() };
}

/** Reads what stands beside a signed file. */
export function besideReader(signed: Pick<SignedFile, 'beside'>): BesideReader {
  return (extension) => Promise.resolve(signed.beside.get(extension));
}

/** A file with nothing beside it. */
export const nothingBeside: BesideReader = () => Promise.resolve(undefined);
