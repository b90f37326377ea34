import { canonicalJson } from '@originsign/core/encoding/canonical-json';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { bundleJson } from '@originsign/core/attestation/bundle';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE } from '@originsign/core/attestation/dsse';
import { encodeProvenance, provenanceSubjects } from '@originsign/core/attestation/provenance';
import type { RequestRow } from '../store/database.ts';
import { checkedSignature } from './checked-signature.ts';
import type { Context } from './context.ts';
import { storedOrigin, storedStatement } from './stored-request.ts';

/** Provenance of a request: the Sigstore bundle as text, and the hash of its payload that RESULT commits to. */
export interface SignedProvenance {
  readonly bundle: string;
  readonly payloadSha256: string;
}

/** States where the artifacts came from, out of verified claims alone, and signs it with the provenance key. Throws `hsm.*`. */
export async function signProvenance(context: Context, request: RequestRow): Promise<SignedProvenance> {
  const { provenanceKey: key, serverUrl } = context;
  const statement = storedStatement(request);
  const payload = encodeProvenance({
    subjects: provenanceSubjects(statement),
    origin: storedOrigin(request),
    request: {
      id: request.id,
      server: serverUrl,
      project: request.project,
      policy: request.policy,
      policyHash: request.policy_hash,
      rule: request.rule,
      binding: request.binding,
    },
  });
  const keyHint = sha256Hex(key.spki);
  const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, keyHint, (bytes) =>
    checkedSignature(context.hsm, key, { kind: 'message', bytes }),
  );
  const bundle = bundleJson({ signer: { keyHint }, content: { kind: 'envelope', envelope }, timestamps: [] });
  return { bundle: canonicalJson(bundle), payloadSha256: sha256Hex(payload) };
}
