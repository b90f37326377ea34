import { bundleJson } from '@originsign/core/attestation/bundle';
import { digestMap } from '@originsign/core/attestation/covered-digest';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE } from '@originsign/core/attestation/dsse';
import { encodeProvenance, type Provenance } from '@originsign/core/attestation/provenance';
import { encodeBase64, encodeBase64url } from '@originsign/core/encoding/base64';
import { concatBytes, utf8 } from '@originsign/core/encoding/bytes';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { encodeHex } from '@originsign/core/encoding/hex';
import { sha256, sha256Hex } from '@originsign/core/encoding/sha256';
import { bytesSource } from '@originsign/core/formats/bytes-source';
import type { Digested, Embedded, SigningKey } from '@originsign/core/formats/format';
import { formatById } from '@originsign/core/formats/registry';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { formatVerifierKey } from '@originsign/core/log/note-key';
import { recordList, type ArtifactRecord } from '@originsign/core/log/records';
import type { TrustFile } from '@originsign/core/protocol/trust-file';
import { makeTestAuthority, makeTestKey, type TestCertificate, type TestKey } from './test-authority.ts';
import { REQUEST, TestLog } from './test-log.ts';
import { testTimestamp } from './test-timestamp.ts';

/** What to sign, and what to change on the way. */
export interface SignedSetOptions {
  readonly format: string;
  readonly options?: JsonObject;
  /** Time of the log entry, of the timestamp and of the signature. */
  readonly time: Date;
  /** False: no timestamp. */
  readonly timestamp?: boolean;
  /** Makes the timestamp over the signature value instead of the honest authority. */
  readonly stamp?: (signature: Uint8Array) => Uint8Array;
  /** Signs instead of the honest publisher; the log says truly that it did. */
  readonly publisher?: TestCertificate;
  /** Changes the record that the log commits to. */
  readonly record?: Partial<ArtifactRecord>;
  readonly provenance?: (honest: Provenance) => Provenance;
}

/** One signed file with everything that stands beside it. */
export interface SignedSet {
  /** Bytes of the signed file: changed where the format embeds. */
  readonly file: Uint8Array;
  /** Files beside it, by extension. */
  readonly beside: ReadonlyMap<string, Uint8Array>;
  readonly receipt: Uint8Array;
  readonly provenance: Uint8Array;
  readonly digested: Digested;
  readonly requestId: string;
}

/** Fixed, so that tests mean the same in every year. */
const DECADES = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2049-01-01T00:00:00Z') };

/**
 * A whole signing service in memory, without policy, HSM or network: honest unless a test changes what it made. The
 * certificate of its publisher is valid from November 2026 to November 2027.
 */
export class TestSigner {
  readonly log = new TestLog();
  readonly provenanceKey: TestKey = makeTestKey('p-256');
  readonly root = makeTestAuthority(makeTestKey('p-256'), DECADES);
  readonly publisher = this.root.codeSigning(makeTestKey('p-256'), {
    notBefore: new Date('2026-11-01T00:00:00Z'),
    notAfter: new Date('2027-11-01T00:00:00Z'),
  });
  readonly rawKey: TestKey = makeTestKey('p-256');
  readonly timestampRoot = makeTestAuthority(makeTestKey('p-256'), {
    ...DECADES,
    subject: [{ type: 'CN', value: 'Test Timestamp Root' }],
  });
  readonly timestamps = this.timestampRoot.timestamping(makeTestKey('p-256'), DECADES);
  #count = 0;

  /** What a verifier pins. */
  trust(): TrustFile {
    const validFrom = '2026-01-01T00:00:00.000Z';
    return {
      version: 1,
      serial: 1,
      server: 'https://sign.acme.example',
      logs: [
        { origin: this.log.origin, keys: [{ vkey: formatVerifierKey(this.log.signer.key), validFrom, fromSize: 0 }] },
      ],
      provenanceKeys: [{ spki: encodeBase64(this.provenanceKey.spki), validFrom }],
      witnesses: [],
      signingRoots: [{ certificate: encodeBase64(this.root.certificate) }],
      signingKeys: [{ label: 'acme-raw', purpose: 'raw', spki: encodeBase64(this.rawKey.spki), validFrom }],
      timestampRoots: [{ certificate: encodeBase64(this.timestampRoot.certificate) }],
    };
  }

  /** Signs content under a name and appends the act to the log. */
  async sign(name: string, content: Uint8Array, options: SignedSetOptions): Promise<SignedSet> {
    const signed = await this.#signArtifact(content, options);
    const id = encodeBase64url(sha256(utf8(`${name} ${(this.#count += 1)}`)));
    const payload = encodeProvenance((options.provenance ?? ((honest) => honest))(honestProvenance(name, id, signed)));
    const record: ArtifactRecord = {
      position: 0,
      name,
      format: options.format,
      coveredDigest: digestMap(signed.digested.coveredDigest),
      key: { label: signed.label, spkiSha256: sha256Hex(signed.key.spki) },
      signatureSha256: sha256Hex(signed.signature),
      ...options.record,
    };
    const index = this.#append(id, record, sha256Hex(payload), options.time);
    const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, undefined, (bytes) =>
      Promise.resolve(this.provenanceKey.sign(bytes)),
    );
    const bundle = bundleJson({
      signer: { keyHint: 'provenance-2026' },
      content: { kind: 'envelope', envelope },
      timestamps: [],
    });
    return {
      ...applyEmbedded(content, signed.embedded),
      receipt: utf8(await this.log.receipt(index)),
      provenance: utf8(JSON.stringify(bundle)),
      digested: signed.digested,
      requestId: id,
    };
  }

  async #signArtifact(content: Uint8Array, choice: SignedSetOptions) {
    const { format: id, options = {}, time, timestamp = true, publisher = this.publisher } = choice;
    const format = formatById(id);
    const label = format.certificate ? 'acme-2026' : 'acme-raw';
    const key = format.certificate ? publisher.key : this.rawKey;
    const certificates = format.certificate ? [publisher.certificate] : [];
    const signingKey: SigningKey = { type: key.type, spki: key.spki, certificates };
    const digested = await format.digest(bytesSource(content), options);
    const { coveredDigest, inputs } = digested;
    format.checkInputs(coveredDigest, inputs, options);
    const context = { coveredDigest, inputs, options, key: signingKey, signingTime: time };
    const { toBeSigned, structure } = format.toBeSigned(context);
    const signature = key.sign(toBeSigned.kind === 'message' ? toBeSigned.bytes : content);
    const isStamped = timestamp && format.carriesTimestamp(options);
    const stamp = choice.stamp ?? ((value: Uint8Array) => testTimestamp(value, time, this.timestamps));
    const token = isStamped ? stamp(signature) : undefined;
    const block = format.assemble(structure, signingKey, signature, token);
    return { digested, key, label, signature, embedded: await format.embed(bytesSource(content), block, options) };
  }

  #append(requestId: string, record: ArtifactRecord, provenanceSha256: string, time: Date): number {
    const artifacts = recordList([record]);
    this.log.add({ ...REQUEST, requestId, artifacts }, time);
    const lease = { replica: 'a', until: new Date(time.getTime() + 60_000).toISOString() };
    const intent = this.log.add({ type: 'INTENT', requestId, attempt: 1, lease, artifacts }, time);
    const leaf = encodeHex(leafHash(this.log.entries[intent] as Uint8Array));
    const body = { type: 'RESULT', requestId, intent: { index: intent, leaf }, artifacts, provenanceSha256 } as const;
    const index = this.log.add(body, time);
    this.log.records[index] = [record];
    return index;
  }
}

function honestProvenance(name: string, id: string, { digested }: { readonly digested: Digested }): Provenance {
  const { project, policy, policyHash, rule, binding, origin } = REQUEST;
  const { coveredDigest, file } = digested;
  const claimed = coveredDigest.algorithm === 'sha256' ? {} : { claimed: file };
  return {
    subjects: [{ name, coveredDigest, ...claimed }],
    origin,
    request: { id, server: 'https://sign.acme.example', project, policy, policyHash, rule, binding },
  };
}

function applyEmbedded(content: Uint8Array, embedded: Embedded): Pick<SignedSet, 'file' | 'beside'> {
  if (embedded.kind === 'beside') return { file: content, beside: new Map([[embedded.extension, embedded.bytes]]) };
  const parts = embedded.segments.map((segment) =>
    'bytes' in segment
      ? segment.bytes
      : content.subarray(segment.copy.offset, segment.copy.offset + segment.copy.length),
  );
  return { file: concatBytes(...parts), beside: new Map() };
}
