import { parseBundle } from '../attestation/bundle.ts';
import { shortRequestId } from '../attestation/request-id.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import { isJsonObject, parseStrictJson } from '../encoding/strict-json.ts';
import { isOriginSignError } from '../errors/error.ts';
import { checkRecords } from '../log/records.ts';
import { parseTlogProof } from '../log/tlog-proof.ts';
import type { SigningRequestView } from '../protocol/signing-request.ts';
import { unexpected } from './check-view.ts';

/** Where an act stands in a log, as its receipt says: verifying the receipt is what proves it. */
export interface LogPlace {
  /** Name of the log, as its checkpoints carry it. */
  readonly origin: string;
  readonly index: number;
}

/** Names of the two files that prove a signing, for one request id. */
export function proofNames(id: string): { readonly receipt: string; readonly provenance: string } {
  const stem = `originsign-${shortRequestId(id)}`;
  return { receipt: `${stem}.tlog-proof`, provenance: `${stem}.provenance.sigstore.json` };
}

/**
 * Texts of receipt and provenance, after a look at what can be told without a trust file: that they can be read and that the
 * receipt is for exactly these signature values, in order. Throws `server.unexpected`.
 */
export function checkProofs(
  view: SigningRequestView,
  signatures: readonly Uint8Array[],
): { readonly receipt: string; readonly provenance: string; readonly log: LogPlace } {
  const { receipt = '', provenance } = view;
  const text = `${JSON.stringify(provenance)}\n`;
  try {
    const log = checkReceipt(receipt, signatures);
    if (parseBundle(text).content.kind !== 'envelope') throw unexpected('its provenance is no statement');
    return { receipt, provenance: text, log };
  } catch (cause) {
    if (!isOriginSignError(cause) || cause.code === 'server.unexpected') throw cause;
    throw unexpected('its receipt or provenance cannot be read', cause);
  }
}

function checkReceipt(receipt: string, signatures: readonly Uint8Array[]): LogPlace {
  const { extra = new Uint8Array(), index, checkpoint } = parseTlogProof(receipt);
  const document = parseStrictJson(extra);
  const records = checkRecords('RESULT', isJsonObject(document) ? document['records'] : undefined);
  const isForThese =
    records.length === signatures.length &&
    signatures.every((signature, index) => records[index]?.signatureSha256 === sha256Hex(signature));
  if (!isForThese) throw unexpected('its receipt is for other signatures');
  return { origin: checkpoint.slice(0, checkpoint.indexOf('\n')), index };
}
