import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';
import { envelopePayload, parseEnvelope } from '@originsign/core/attestation/dsse';
import { requestId } from '@originsign/core/attestation/request-id';
import { submissionSchema, type Submission } from '@originsign/core/protocol/signing-request';

/** A submission taken apart, before anything in it is believed. */
export interface ReceivedSubmission {
  /** Hash of the payload as it came: nobody serialises it again. */
  readonly id: string;
  readonly envelope: unknown;
  readonly tokens: Submission['tokens'];
}

/** Body, envelope and tokens have nine. Nobody is authenticated here, so what reading costs must not be the sender's choice. */
const MOST_VALUES = 16;

/** Reads the body of a submission. Throws `json.*`, `request.malformed`, `envelope.malformed`, `encoding.base64`. */
export function receiveSubmission(body: Uint8Array): ReceivedSubmission {
  const parsed = submissionSchema.safeParse(parseStrictJson(body, { maxValues: MOST_VALUES }));
  if (!parsed.success) throw new OriginSignError('request.malformed', 'The body is not {envelope, tokens: {ci}}.');
  const { envelope, tokens } = parsed.data;
  return { id: requestId(envelopePayload(parseEnvelope(envelope))), envelope, tokens };
}
