import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { parseSigningRequest, type SigningRequestStatement } from '@originsign/core/attestation/statement';
import { formatById } from '@originsign/core/formats/registry';
import type { Claims } from '@originsign/core/platforms/claim-schema';
import type { Origin } from '@originsign/core/platforms/origin';
import type { ToBeSigned } from '@originsign/core/x509/signature';
import type { ArtifactRow, RequestRow } from '../store/database.ts';
import type { Asker } from './decide.ts';
import type { PreparedArtifact } from './prepare.ts';
import type { StoredKey } from './stored-key.ts';

/** The statement of a stored request, from its exact payload. */
export function storedStatement(request: RequestRow): SigningRequestStatement {
  return parseSigningRequest(request.payload);
}

/** Who asked, as it was verified then. */
export function storedAsker(request: RequestRow): Asker {
  return {
    system: request.system,
    binding: request.binding,
    claims: parseStrictJson(request.claims) as Claims,
    origin: storedOrigin(request),
  };
}

/** The origin as it was verified then. */
export function storedOrigin(request: RequestRow): Origin {
  return parseStrictJson(request.origin) as unknown as Origin;
}

/** What the last INTENT handed to the HSM: the same bytes, however often it is repeated. Throws `store.corrupt`, `key.unknown`. */
export function storedPrepared(
  artifacts: readonly ArtifactRow[],
  keys: ReadonlyMap<string, StoredKey>,
): readonly PreparedArtifact[] {
  return artifacts.map((row) => {
    const key = keys.get(row.key_label);
    if (key === undefined) throw new OriginSignError('key.unknown', `The key ${row.key_label} does not exist.`);
    if (row.structure === null) throw incomplete(row, 'structure');
    return {
      position: row.position,
      name: row.name,
      format: formatById(row.format),
      options: parseStrictJson(row.options) as JsonObject,
      key,
      structure: row.structure,
      toBeSigned: storedToBeSigned(row),
    };
  });
}

function storedToBeSigned(row: ArtifactRow): ToBeSigned {
  const { to_be_signed: bytes } = row;
  // The database holds any text here, whatever the type of the row says.
  const kind: string | null = row.to_be_signed_kind;
  if (bytes === null || kind === null) throw incomplete(row, 'to_be_signed');
  if (kind === 'message') return { kind, bytes };
  if (kind === 'digest') return { kind, digest: bytes };
  throw incomplete(row, 'to_be_signed_kind');
}

function incomplete(row: ArtifactRow, column: string): OriginSignError {
  return new OriginSignError('store.corrupt', 'An artifact lacks what its INTENT commits to.', {
    details: { table: 'artifacts', row: [row.request_id, row.position], column },
  });
}
