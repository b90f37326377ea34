import type { Kysely, Selectable, Transaction } from 'kysely';
import type { State } from '@originsign/core/protocol/signing-request';

/** A fact about the store as a whole, such as its log origin or whether it is a trial store. */
export interface MetaTable {
  key: string;
  value: string;
}

/** A key of the HSM. Its private half never leaves the token. */
export interface KeysTable {
  label: string;
  purpose: string;
  type: string;
  /** Name of the token in the configuration. */
  token: string;
  cka_id: Uint8Array;
  spki: Uint8Array;
  /** JSON array of base64 DER, leaf first. */
  certificates: string;
  created_at: string;
  trial: number;
  retired_at: string | null;
}

/** A signing request. Times are ISO 8601 in UTC; columns of documents hold JSON text. */
export interface RequestsTable {
  /** base64url(sha256(payload)). */
  id: string;
  state: State;
  project: string;
  policy: string;
  system: string;
  created_at: string;
  updated_at: string;
  deadline: string;
  /** Exact bytes of the attestation. */
  payload: Uint8Array;
  envelope: string;
  key_thumbprint: string;
  claims: string;
  origin: string;
  binding: 'audience' | 'proof' | 'bearer';
  /** Decision trace. */
  decision: string;
  policy_hash: string;
  rule: string;
  /** Approvals that the rule asks for; absent where it asks for none. */
  approval_terms: string | null;
  limit_run_key: string;
  /** Salt of the commitments to actor and claims in the log; deleting it makes them say nothing. */
  commitment_salt: Uint8Array | null;
  /** The records whose root stands in REQUEST, as canonical JSON. */
  request_records: string;
  request_index: number;
  signing_time: string | null;
  /** How many INTENTs there were. */
  attempts: number;
  intent_index: number | null;
  intent_leaf: Uint8Array | null;
  /** The records whose root stands in the last INTENT. */
  intent_records: string | null;
  lease_owner: string | null;
  lease_until: string | null;
  result_index: number | null;
  /** The records whose root stands in RESULT; every receipt of the request carries them. */
  result_records: string | null;
  failure_code: string | null;
  failure_detail: string | null;
  provenance: string | null;
  receipt: string | null;
}

/** One artifact of a request. */
export interface ArtifactsTable {
  request_id: string;
  position: number;
  name: string;
  format: string;
  covered_algorithm: string;
  covered_value: string;
  inputs: string;
  options: string;
  claimed_sha256: string;
  claimed_size: number;
  key_label: string;
  structure: Uint8Array | null;
  to_be_signed: Uint8Array | null;
  to_be_signed_kind: 'message' | 'digest' | null;
  signature: Uint8Array | null;
  timestamp_token: Uint8Array | null;
  /** Time in the token. */
  timestamp_time: string | null;
  block: Uint8Array | null;
}

/** A decision of an approver, with what it takes to check it again. */
export interface ApprovalsTable {
  /** Its APPROVAL in the log. */
  log_index: number;
  request_id: string;
  decision: 'approve' | 'deny';
  person: string;
  created_at: string;
  /** Exact bytes that were signed. */
  statement: Uint8Array;
  /** SSHSIG. */
  signature: Uint8Array;
  /** Salt of the commitment to the person; deleting it makes that say nothing. */
  salt: Uint8Array | null;
}

/** A token that signed once and never again. */
export interface UsedTokensTable {
  token_key: string;
  request_id: string;
  expires_at: string;
}

/** The first key that presented a token with a `proof` binding. */
export interface ProofLocksTable {
  token_key: string;
  key_thumbprint: string;
  expires_at: string;
}

/** Originals of what the log names by hash, encrypted. */
export interface EvidenceTable {
  request_id: string;
  kind: string;
  sealed: Uint8Array;
  disclose_after: string;
}

/** Key sets of issuers as they were when tokens were checked. */
export interface IssuerKeySetsTable {
  /** SHA-256 of the body, hexadecimal. */
  hash: string;
  system: string;
  body: string;
  first_seen: string;
}

/** The one row that says how large the log is. Whoever appends holds its lock. */
export interface LogHeadTable {
  id: number;
  size: number;
  root: Uint8Array;
  /** JSON array of base64 hashes, largest subtree first. */
  frontier: string;
  /** Written by every lock, so that taking it is a write. */
  lock_count: number;
}

/** Log entries in order. */
export interface LogEntriesTable {
  idx: number;
  leaf: Uint8Array;
  entry: Uint8Array;
}

/** Roots of complete subtrees of 2^level leaves, level 1 and up. */
export interface LogNodesTable {
  level: number;
  idx: number;
  hash: Uint8Array;
}

/** Checkpoints as they were signed. */
export interface LogCheckpointsTable {
  size: number;
  root: Uint8Array;
  note: string;
}

/** Every table of the store. */
export interface Database {
  meta: MetaTable;
  keys: KeysTable;
  requests: RequestsTable;
  artifacts: ArtifactsTable;
  approvals: ApprovalsTable;
  used_tokens: UsedTokensTable;
  proof_locks: ProofLocksTable;
  evidence: EvidenceTable;
  issuer_key_sets: IssuerKeySetsTable;
  log_head: LogHeadTable;
  log_entries: LogEntriesTable;
  log_nodes: LogNodesTable;
  log_checkpoints: LogCheckpointsTable;
}

/** A handle that reads and writes: the database itself, or the transaction that a change belongs to. */
export type Db = Kysely<Database>;
/** A handle that only exists inside of a transaction. */
export type Trx = Transaction<Database>;

export type KeyRow = Readonly<Selectable<KeysTable>>;
export type RequestRow = Readonly<Selectable<RequestsTable>>;
export type ApprovalRow = Readonly<Selectable<ApprovalsTable>>;
export type ArtifactRow = Readonly<Selectable<ArtifactsTable>>;
