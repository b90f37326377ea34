import { encodeBase64, encodeBase64url } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import { canonicalJson } from '@originsign/core/encoding/canonical-json';
import { encodeHex } from '@originsign/core/encoding/hex';
import { sha256, sha256Hex } from '@originsign/core/encoding/sha256';
import { commitTo } from '@originsign/core/log/commitment';
import { formatRecords, recordList, type RequestRecord } from '@originsign/core/log/records';
import { REQUEST } from '@originsign/testkit/test-log';
import { insertArtifacts, storeFinished, storePrepared } from '../store/artifacts.ts';
import type { Db, Trx } from '../store/database.ts';
import { rememberKeySet } from '../store/issuer-key-sets.ts';
import { insertKey, setCertificates } from '../store/keys.ts';
import { insertRequest, moveRequest, recordIntent, storeReceipt } from '../store/requests.ts';
import { later, newArtifact, newRequest } from '../store/store.test.fixture.ts';
import { transaction } from '../store/transaction.ts';
import { appendEntries, type AppendedEntry } from './append.ts';
import { NOW } from './log.test.fixture.ts';
import type { Publisher } from './publisher.ts';
import { buildReceipt } from './receipts.ts';

const KEY = { label: 'acme-2026', spkiSha256: sha256Hex(utf8('spki of acme-2026')) };
const SALT = new Uint8Array(16).fill(5);
const KEY_SET = '{"keys":[]}';
const ARTIFACTS = 3;

/** Id of the request for which a name stands. */
export function committedId(name: string): string {
  return encodeBase64url(sha256(utf8(name)));
}

function subjects(name: string): readonly Omit<RequestRecord, 'inputsSha256' | 'optionsSha256' | 'claimed'>[] {
  return Array.from({ length: ARTIFACTS }, (_, position) => ({
    position,
    name: `${name}-${position}.exe`,
    format: 'authenticode-pe',
    coveredDigest: { authenticodeSha256: sha256Hex(utf8(`${name} ${position}`)) },
  }));
}

async function append(trx: Trx, body: Parameters<typeof appendEntries>[1][number]): Promise<AppendedEntry> {
  const [appended] = await appendEntries(trx, [body], NOW);
  if (appended === undefined) throw new Error('Nothing was appended.');
  return appended;
}

/** Stores a key and a key set with the entries that speak of them, as `init` and the first token do. */
export function commitKeys(db: Db): Promise<void> {
  return transaction(db, async (trx) => {
    const key = { label: KEY.label, purpose: 'authenticode', keyType: 'rsa-3072', spkiSha256: KEY.spkiSha256 };
    const row = { type: key.keyType, token: 'trial', cka_id: utf8('id'), spki: utf8('spki of acme-2026') };
    const { label, purpose } = key;
    await insertKey(trx, { ...row, label, purpose, certificates: [], created_at: NOW.toISOString(), trial: 1 });
    await setCertificates(trx, label, [utf8('leaf'), utf8('root')]);
    await append(trx, { type: 'KEY', action: 'generate', ...key });
    await append(trx, { type: 'KEY', action: 'certificate', ...key, certificateSha256: sha256Hex(utf8('leaf')) });
    await rememberKeySet(trx, 'github', KEY_SET, NOW);
    await append(trx, { type: 'ISSUER_KEYS', system: 'github', keySet: sha256Hex(utf8(KEY_SET)) });
  });
}

/** Stores an allowed request and its REQUEST. */
export function commitRequest(db: Db, name: string): Promise<void> {
  const id = committedId(name);
  const claims = canonicalJson({ 'github.actor': 'alice', 'github.ref': 'refs/tags/v1.4.0' });
  const decision = canonicalJson({ decision: 'allow' });
  const empty = sha256Hex(utf8('{}'));
  const records = subjects(name).map((subject, position) => ({
    ...subject,
    inputsSha256: empty,
    optionsSha256: empty,
    claimed: { sha256: '11'.repeat(32), size: 4096 + position },
  }));
  return transaction(db, async (trx) => {
    const entry = await append(trx, {
      ...REQUEST,
      requestId: id,
      policyHash: sha256Hex(utf8('policy')),
      actor: commitTo('actor', SALT, '1234'),
      claims: commitTo('claims', SALT, claims),
      payloadSha256: sha256Hex(utf8(name)),
      traceSha256: sha256Hex(utf8(decision)),
      artifacts: recordList(records),
    });
    await insertRequest(trx, {
      ...newRequest(name),
      id,
      claims,
      decision,
      origin: canonicalJson({ ...REQUEST.origin, actor: 'alice', actorId: '1234' }),
      policy_hash: sha256Hex(utf8('policy')),
      commitment_salt: SALT,
      request_records: formatRecords(records),
      request_index: entry.index,
    });
    const rows = records.map(({ position, coveredDigest, claimed, name: file }) => ({
      ...newArtifact(id, position),
      name: file,
      covered_value: Object.values(coveredDigest)[0] ?? '',
      claimed_size: claimed.size,
    }));
    await insertArtifacts(trx, rows);
  });
}

/** Logs the first INTENT of a request and stores what it commits to. */
export function commitIntent(db: Db, name: string): Promise<AppendedEntry> {
  const id = committedId(name);
  const records = subjects(name).map((subject) => ({
    ...subject,
    key: KEY,
    toBeSignedSha256: sha256Hex(utf8(`tbs of ${subject.name}`)),
    structureSha256: sha256Hex(utf8(`structure of ${subject.name}`)),
  }));
  const until = later(60);
  return transaction(db, async (trx) => {
    const lease = { replica: 'a', until: until.toISOString() };
    const artifacts = recordList(records);
    const appended = await append(trx, { type: 'INTENT', requestId: id, attempt: 1, lease, artifacts });
    const prepared = records.map(({ position, name: file }) => ({
      position,
      structure: utf8(`structure of ${file}`),
      // The digest kind is stored as the hash itself, which is then what the record has.
      toBeSigned: position === 1 ? sha256(utf8(`tbs of ${file}`)) : utf8(`tbs of ${file}`),
      kind: position === 1 ? ('digest' as const) : ('message' as const),
      keyLabel: KEY.label,
    }));
    await storePrepared(trx, id, prepared);
    await recordIntent(trx, {
      id,
      replaces: null,
      index: appended.index,
      leaf: appended.leaf,
      records: formatRecords(records),
      attempt: 1,
      lease: { owner: 'a', until },
      now: NOW,
      signingTime: NOW,
    });
    return appended;
  });
}

/** Logs the RESULT of a request, stores what it commits to, and makes the receipt. */
export async function commitResult(db: Db, name: string, intent: AppendedEntry, publisher: Publisher): Promise<void> {
  const id = committedId(name);
  const records = subjects(name).map((subject) => ({
    ...subject,
    key: KEY,
    signatureSha256: sha256Hex(utf8(`signature of ${subject.name}`)),
    blockSha256: sha256Hex(utf8(`block of ${subject.name}`)),
    ...(subject.position === 0 ? {} : { timestamp: NOW.toISOString() }),
  }));
  const provenance = utf8(`provenance of ${name}`);
  const result = await transaction(db, async (trx) => {
    const appended = await append(trx, {
      type: 'RESULT',
      requestId: id,
      intent: { index: intent.index, leaf: encodeHex(intent.leaf) },
      artifacts: recordList(records),
      provenanceSha256: sha256Hex(provenance),
    });
    await moveRequest(trx, {
      id,
      from: 'signing',
      to: 'completed',
      now: NOW,
      intentIndex: intent.index,
      set: {
        result_index: appended.index,
        result_records: formatRecords(records),
        provenance: JSON.stringify({ dsseEnvelope: { payload: encodeBase64(provenance) } }),
      },
    });
    const finished = records.map(({ position, name: file }) => ({
      position,
      signature: utf8(`signature of ${file}`),
      block: utf8(`block of ${file}`),
      timestamp: position === 0 ? undefined : { token: utf8(`token of ${file}`), time: NOW },
    }));
    await storeFinished(trx, id, finished);
    return appended;
  });
  const checkpoint = await publisher.checkpointFor(result.index + 1);
  await storeReceipt(db, id, await buildReceipt(db, result.index, formatRecords(records), checkpoint.note));
}
