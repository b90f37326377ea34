import { constants, privateEncrypt } from 'node:crypto';
import { bundleJson } from '@originsign/core/attestation/bundle';
import { digestMap } from '@originsign/core/attestation/covered-digest';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE } from '@originsign/core/attestation/dsse';
import { encodeProvenance, provenanceSubjects } from '@originsign/core/attestation/provenance';
import type {
  ArtifactRequest,
  SigningRequestStatement,
  StatementSubject,
} from '@originsign/core/attestation/statement';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { encodeHex } from '@originsign/core/encoding/hex';
import { sha256Hex } from '@originsign/core/encoding/sha256';
import type { SigningKey } from '@originsign/core/formats/format';
import { formatById } from '@originsign/core/formats/registry';
import { leafHash } from '@originsign/core/log/merkle-hash';
import { recordList, type ArtifactRecord } from '@originsign/core/log/records';
import type { SigningRequestView } from '@originsign/core/protocol/signing-request';
import { sha256DigestInfo, type ToBeSigned } from '@originsign/core/x509/signature';
import { makeTestAuthority, makeTestKey, type TestCertificate, type TestKey } from './test-authority.ts';
import { REQUEST, TestLog } from './test-log.ts';

/** Software keys that sign in place of an HSM. */
export interface FakeSignerKeys {
  readonly publisher: TestCertificate;
  /** RSA, because it must sign digests whose messages only the client has. */
  readonly raw: TestKey;
  readonly provenance: TestKey;
}

/** Makes the keys; the one of RSA takes a moment. */
export function makeFakeSignerKeys(): FakeSignerKeys {
  return {
    publisher: makeTestAuthority(makeTestKey('p-256')).codeSigning(makeTestKey('p-256')),
    raw: makeTestKey('rsa-2048'),
    provenance: makeTestKey('p-256'),
  };
}

/** What a signature is made with besides the statement. */
export interface FakeSigningContext {
  /** Id of the request. */
  readonly id: string;
  /** URL of the server. */
  readonly url: string;
  readonly keys: FakeSignerKeys;
  readonly now: Date;
}

/** Signs everything that a statement asks for, and gives the view of the completed request. */
export async function signStatement(
  statement: SigningRequestStatement,
  context: FakeSigningContext,
): Promise<SigningRequestView> {
  const { id, url, keys, now } = context;
  const { project, policy, subjects } = statement;
  const signed = statement.artifacts.map((artifact, position) => {
    const subject = subjects[position] as StatementSubject;
    return signArtifact({ artifact, subject, position }, context);
  });
  const { origin, policyHash, rule, binding } = REQUEST;
  const payload = encodeProvenance({
    subjects: provenanceSubjects(statement),
    origin,
    request: { id, server: url, project, policy, policyHash, rule, binding },
  });
  const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, undefined, (bytes) =>
    Promise.resolve(keys.provenance.sign(bytes)),
  );
  return {
    id,
    url: `${url}/requests/${id}`,
    state: 'completed',
    project,
    policy,
    rule,
    binding,
    origin,
    createdAt: now.toISOString(),
    deadline: new Date(now.getTime() + 3_600_000).toISOString(),
    artifacts: signed.map(({ view }) => view),
    receipt: await receiptOf(
      id,
      signed.map(({ record }) => record),
      sha256Hex(payload),
      now,
    ),
    provenance: bundleJson({
      signer: { keyHint: 'provenance' },
      content: { kind: 'envelope', envelope },
      timestamps: [],
    }),
  };
}

function signArtifact(
  work: { readonly artifact: ArtifactRequest; readonly subject: StatementSubject; readonly position: number },
  { keys, now: signingTime }: FakeSigningContext,
) {
  const { format: name, inputs, options } = work.artifact;
  const { name: file, coveredDigest } = work.subject;
  const { position } = work;
  const format = formatById(name);
  format.checkInputs(coveredDigest, inputs, options);
  const testKey = format.certificate ? keys.publisher.key : keys.raw;
  const certificates = format.certificate ? [keys.publisher.certificate] : [];
  const key: SigningKey = { type: testKey.type, spki: testKey.spki, certificates };
  const { toBeSigned, structure } = format.toBeSigned({ coveredDigest, inputs, options, key, signingTime });
  const signature = signWith(testKey, toBeSigned);
  const label = format.certificate ? 'acme-2026' : 'acme-raw';
  const common = { name: file, format: format.id, coveredDigest: digestMap(coveredDigest) };
  const record: ArtifactRecord = {
    position,
    ...common,
    key: { label, spkiSha256: sha256Hex(key.spki) },
    signatureSha256: sha256Hex(signature),
  };
  const view: SigningRequestView['artifacts'][number] = {
    ...common,
    key: { label, type: key.type, spki: encodeBase64(key.spki) },
    block: encodeBase64(format.assemble(structure, key, signature, undefined)),
  };
  return { view, record };
}

function signWith(key: TestKey, toBeSigned: ToBeSigned): Uint8Array {
  if (toBeSigned.kind === 'message') return key.sign(toBeSigned.bytes);
  const input = { key: key.privateKey, padding: constants.RSA_PKCS1_PADDING };
  return new Uint8Array(privateEncrypt(input, sha256DigestInfo(toBeSigned.digest)));
}

async function receiptOf(
  requestId: string,
  records: ArtifactRecord[],
  provenanceSha256: string,
  time: Date,
): Promise<string> {
  const log = new TestLog();
  const artifacts = recordList(records);
  log.add({ ...REQUEST, requestId, artifacts }, time);
  const lease = { replica: 'a', until: new Date(time.getTime() + 60_000).toISOString() };
  const index = log.add({ type: 'INTENT', requestId, attempt: 1, lease, artifacts }, time);
  const leaf = encodeHex(leafHash(log.entries[index] as Uint8Array));
  const result = log.add({ type: 'RESULT', requestId, intent: { index, leaf }, artifacts, provenanceSha256 }, time);
  log.records[result] = records;
  return log.receipt(result);
}
