import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import type { JsonObject } from '../encoding/canonical-json.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { OriginSignError } from '../errors/error.ts';
import { parseEnvelope, type Envelope } from './dsse.ts';
import { shapeReader } from './shape.ts';

/** Media type of a Sigstore bundle v0.3. */
export const BUNDLE_MEDIA_TYPE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** What a bundle says about who signed: a hint which public key it was, or the leaf certificate. */
export type BundleSigner = { readonly keyHint: string } | { readonly certificate: Uint8Array };

/** What a bundle carries: an envelope, or a signature over a file given by its SHA-256. ECDSA signatures are DER here. */
export type BundleContent =
  | { readonly kind: 'envelope'; readonly envelope: Envelope }
  | { readonly kind: 'message'; readonly sha256: Uint8Array; readonly signature: Uint8Array };

/** A Sigstore bundle v0.3 without entries of a Rekor log: the proof that an act is in our log is a file of its own. */
export interface Bundle {
  readonly signer: BundleSigner;
  readonly content: BundleContent;
  /** RFC 3161 TimeStampResp values over the signature, DER. */
  readonly timestamps: readonly Uint8Array[];
}

const shape = shapeReader('bundle.malformed', 'Sigstore bundle');
const MAX_TIMESTAMPS = 8;

/** The bundle as the JSON object to write. Source: sigstore_bundle.proto, v0.3. */
export function bundleJson(bundle: Bundle): JsonObject {
  const { signer, content, timestamps } = bundle;
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      ...('keyHint' in signer
        ? { publicKey: { hint: signer.keyHint } }
        : { certificate: { rawBytes: encodeBase64(signer.certificate) } }),
      tlogEntries: [],
      ...(timestamps.length === 0
        ? {}
        : {
            timestampVerificationData: {
              rfc3161Timestamps: timestamps.map((token) => ({ signedTimestamp: encodeBase64(token) })),
            },
          }),
    },
    ...contentJson(content),
  };
}

function contentJson(content: BundleContent): JsonObject {
  if (content.kind === 'message') {
    return {
      messageSignature: {
        messageDigest: { algorithm: 'SHA2_256', digest: encodeBase64(content.sha256) },
        signature: encodeBase64(content.signature),
      },
    };
  }
  const { payload, payloadType, signatures } = content.envelope;
  const [{ keyid, sig }] = signatures;
  return { dsseEnvelope: { payload, payloadType, signatures: [keyid === undefined ? { sig } : { sig, keyid }] } };
}

/**
 * Reads a bundle of the kind that {@link bundleJson} makes. Throws `json.*` or `bundle.malformed`, also for what the format
 * allows and this product does not: other versions, certificate chains, entries of a Rekor log.
 */
export function parseBundle(text: string | Uint8Array): Bundle {
  const value = parseStrictJson(text);
  const object = shape.object(
    value,
    'bundle',
    ['mediaType', 'verificationMaterial'],
    ['dsseEnvelope', 'messageSignature'],
  );
  if (object['mediaType'] !== BUNDLE_MEDIA_TYPE) throw shape.fail('mediaType', `expected ${BUNDLE_MEDIA_TYPE}`);
  const optional = ['publicKey', 'certificate', 'tlogEntries', 'timestampVerificationData'];
  const material = shape.object(object['verificationMaterial'], 'verificationMaterial', [], optional);
  if (material['tlogEntries'] !== undefined) shape.list(material['tlogEntries'], 'tlogEntries', 0, 0);
  return {
    signer: parseSigner(material),
    content: parseContent(object),
    timestamps: parseTimestamps(material['timestampVerificationData']),
  };
}

function parseSigner({ publicKey, certificate }: JsonObject): BundleSigner {
  if ((publicKey === undefined) === (certificate === undefined)) {
    throw shape.fail('verificationMaterial', 'expected a public key or a certificate');
  }
  if (publicKey !== undefined) {
    const { hint } = shape.object(publicKey, 'publicKey', ['hint']);
    return { keyHint: shape.text(hint, 'publicKey.hint', /^[\x20-\x7e]{1,255}$/) };
  }
  const { rawBytes } = shape.object(certificate, 'certificate', ['rawBytes']);
  return { certificate: bytes(rawBytes, 'certificate.rawBytes') };
}

function parseContent({ dsseEnvelope, messageSignature }: JsonObject): BundleContent {
  if ((dsseEnvelope === undefined) === (messageSignature === undefined)) {
    throw shape.fail('bundle', 'expected one envelope or one message signature');
  }
  if (dsseEnvelope !== undefined) return { kind: 'envelope', envelope: parseEnvelope(dsseEnvelope) };
  const message = shape.object(messageSignature, 'messageSignature', ['messageDigest', 'signature']);
  const digest = shape.object(message['messageDigest'], 'messageDigest', ['algorithm', 'digest']);
  if (digest['algorithm'] !== 'SHA2_256') throw shape.fail('messageDigest.algorithm', 'expected SHA2_256');
  const sha256 = bytes(digest['digest'], 'messageDigest.digest');
  if (sha256.length !== 32) throw shape.fail('messageDigest.digest', 'expected 32 bytes');
  return { kind: 'message', sha256, signature: bytes(message['signature'], 'messageSignature.signature') };
}

function parseTimestamps(value: unknown): readonly Uint8Array[] {
  if (value === undefined) return [];
  const path = 'timestampVerificationData';
  const { rfc3161Timestamps } = shape.object(value, path, [], ['rfc3161Timestamps']);
  if (rfc3161Timestamps === undefined) return [];
  return shape.list(rfc3161Timestamps, path, 0, MAX_TIMESTAMPS).map((timestamp, index) => {
    const { signedTimestamp } = shape.object(timestamp, `${path}.${index}`, ['signedTimestamp']);
    return bytes(signedTimestamp, `${path}.${index}.signedTimestamp`);
  });
}

function bytes(value: unknown, path: string): Uint8Array {
  const text = shape.text(value, path, /^[A-Za-z0-9+/]+={0,2}$/);
  try {
    return decodeBase64(text);
  } catch (cause) {
    throw new OriginSignError('bundle.malformed', `The Sigstore bundle is malformed at ${path}.`, { cause });
  }
}
