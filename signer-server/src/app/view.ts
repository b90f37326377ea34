import { encodeBase64 } from '@originsign/core/encoding/base64';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import type { Origin } from '@originsign/core/platforms/origin';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import type { ArtifactRow, RequestRow } from '../store/database.ts';
import { withoutPerson } from './decide.ts';
import type { StoredKey } from './stored-key.ts';

/**
 * What a client sees of its request. It is made of stored values alone, so that the same request gives the same bytes however
 * often it is asked for. Signatures show once the receipt stands: nothing is released before its RESULT is public.
 */
export function viewOf(
  serverUrl: string,
  request: RequestRow,
  artifacts: readonly ArtifactRow[],
  keys: ReadonlyMap<string, StoredKey>,
): SigningRequestView {
  const released = request.state === 'completed' && request.receipt !== null;
  return {
    id: request.id,
    url: `${serverUrl}/requests/${request.id}`,
    // Completed in the store, but its checkpoint is still to be signed: to the client that is not over yet.
    state: request.state === 'completed' && !released ? 'signing' : request.state,
    project: request.project,
    policy: request.policy,
    rule: request.rule,
    binding: request.binding,
    origin: withoutPerson(parseStrictJson(request.origin) as unknown as Origin),
    createdAt: request.created_at,
    deadline: request.deadline,
    artifacts: artifacts.map((artifact) => artifactView(artifact, released, keys)),
    ...(released ? { receipt: request.receipt } : {}),
    ...(released && request.provenance !== null ? { provenance: parseStrictJson(request.provenance) } : {}),
    ...(request.failure_code === null
      ? {}
      : {
          failure: { code: request.failure_code, detail: request.failure_detail ?? 'Signing ended without a release.' },
        }),
  };
}

function artifactView(
  artifact: ArtifactRow,
  released: boolean,
  keys: ReadonlyMap<string, StoredKey>,
): SigningRequestView['artifacts'][number] {
  const key = keys.get(artifact.key_label);
  return {
    name: artifact.name,
    format: artifact.format,
    coveredDigest: { [artifact.covered_algorithm]: artifact.covered_value },
    key: {
      label: artifact.key_label,
      type: key?.type ?? 'unknown',
      spki: key === undefined ? '' : encodeBase64(key.spki),
    },
    ...(released && artifact.block !== null ? { block: encodeBase64(artifact.block) } : {}),
    ...(released && artifact.timestamp_time !== null ? { timestamp: artifact.timestamp_time } : {}),
  };
}
