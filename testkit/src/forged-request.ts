import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { STATEMENT_PAYLOAD_TYPE } from '@originsign/core/attestation/dsse';
import { jwkThumbprint, oneUseJwk, signEs256, type OneUseJwk } from '@originsign/core/attestation/one-use-key';
import { requestId } from '@originsign/core/attestation/request-id';
import { SIGNING_REQUEST_TYPE, STATEMENT_TYPE } from '@originsign/core/attestation/statement';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Json, JsonObject } from '@originsign/core/encoding/canonical-json';
import { preAuthenticationEncoding } from '@originsign/core/encoding/pae';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import { signingRequestUrl } from '@originsign/core/protocol/limits';

/** A one-use key in the hands of an attacker. */
export interface AttackerKey {
  readonly privateKey: KeyObject;
  readonly jwk: OneUseJwk;
  readonly keyId: string;
}

/** Parts of a request that differ from those of an honest one. The later ones work on what the earlier ones left. */
export interface Forgery {
  /** Made anew where left out. */
  readonly key?: AttackerKey;
  /** Server that the statement names, where it is not the one that it is sent to. */
  readonly server?: string;
  readonly project?: string;
  readonly policy?: string;
  /** Subjects and artifacts; one small `raw` artifact where left out. */
  readonly artifacts?: readonly ForgedArtifact[];
  /** Changes the statement before it is serialised. */
  readonly statement?: (statement: JsonObject) => Json;
  /** Changes the serialised payload before it is signed. */
  readonly payload?: (payload: Uint8Array) => Uint8Array;
  /** Signs the envelope in place of the key that the statement names. */
  readonly signedBy?: KeyObject;
  readonly payloadType?: string;
  /** Changes the finished envelope. */
  readonly envelope?: (envelope: JsonObject) => Json;
}

/** One artifact as the statement has it. */
export interface ForgedArtifact {
  readonly name: string;
  readonly format: string;
  readonly digest: JsonObject;
  readonly claimed?: JsonObject;
  readonly inputs?: JsonObject;
  readonly options?: JsonObject;
}

/** A request as it goes over the wire, honest in all that was not changed. */
export interface ForgedRequest {
  readonly id: string;
  readonly payload: Uint8Array;
  readonly key: AttackerKey;
  readonly envelope: Json;
  /** Audience that the platform would put into the token of this request. */
  readonly audience: string;
}

/** A fresh one-use key. */
export function attackerKey(): AttackerKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = oneUseJwk(publicKey);
  return { privateKey, jwk, keyId: jwkThumbprint(jwk) };
}

/** An artifact of a format that covers the whole file. */
export function fileArtifact(name: string, content: Uint8Array, format = 'raw'): ForgedArtifact {
  const sha256 = sha256Hex(content);
  return { name, format, digest: { sha256 }, claimed: { sha256, size: content.length } };
}

/** Builds statement, payload and envelope without the checks of an honest client. */
export function forgeRequest(server: string, forgery: Forgery = {}): ForgedRequest {
  const key = forgery.key ?? attackerKey();
  const statement = statementOf(forgery.server ?? server, key, forgery);
  const text = utf8(JSON.stringify(forgery.statement === undefined ? statement : forgery.statement(statement)));
  const payload = forgery.payload?.(text) ?? text;
  const payloadType = forgery.payloadType ?? STATEMENT_PAYLOAD_TYPE;
  const encoding = preAuthenticationEncoding(payloadType, payload);
  const sig = encodeBase64(signEs256(forgery.signedBy ?? key.privateKey, encoding));
  const envelope = { payloadType, payload: encodeBase64(payload), signatures: [{ keyid: key.keyId, sig }] };
  const id = requestId(payload);
  return {
    id,
    payload,
    key,
    envelope: forgery.envelope === undefined ? envelope : forgery.envelope(envelope),
    audience: signingRequestUrl(server, id),
  };
}

function statementOf(server: string, key: AttackerKey, forgery: Forgery): JsonObject {
  const artifacts = forgery.artifacts ?? [fileArtifact('app.bin', utf8(key.keyId))];
  return {
    _type: STATEMENT_TYPE,
    subject: artifacts.map(({ name, digest }) => ({ name, digest })),
    predicateType: SIGNING_REQUEST_TYPE,
    predicate: {
      server,
      project: forgery.project ?? 'acme-app',
      policy: forgery.policy ?? 'release',
      key: { ...key.jwk },
      artifacts: artifacts.map(({ format, inputs, options, claimed }) => ({
        format,
        inputs: inputs ?? {},
        options: options ?? {},
        claimed: claimed ?? { sha256: '0'.repeat(64), size: 0 },
      })),
    },
  };
}
