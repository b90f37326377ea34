/** What one error code means to HTTP clients, to shells and to people. */
export interface CodeEntry {
  /** Status of the HTTP answer. */
  readonly status: number;
  /** Exit status: 1 verification failed, 2 input, 3 denied, 4 waiting or timeout, 5 upstream. */
  readonly exit: 1 | 2 | 3 | 4 | 5;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** One plain sentence for the reference. */
  readonly title: string;
  /** What to do about it, where that does not depend on the case. */
  readonly hint?: string;
}

const entry = (status: number, exit: CodeEntry['exit'], title: string, hint?: string): CodeEntry => ({
  status,
  exit,
  retryable: status === 429 || status === 503,
  title,
  ...(hint === undefined ? {} : { hint }),
});

const input = (title: string, hint?: string): CodeEntry => entry(400, 2, title, hint);
const unauthenticated = (title: string, hint?: string): CodeEntry => entry(401, 3, title, hint);
const denied = (title: string, hint?: string): CodeEntry => entry(403, 3, title, hint);
const unverified = (title: string, hint?: string): CodeEntry => entry(422, 1, title, hint);
const unavailable = (title: string, hint?: string): CodeEntry => entry(503, 5, title, hint);
const operator = (title: string, hint?: string): CodeEntry => entry(500, 2, title, hint);

/** Every code there is. A code is never reused for another meaning. */
export const CODES = {
  // Bytes and documents
  'encoding.hex': input('A value is not lower-case hexadecimal.'),
  'encoding.base64': input('A value is not canonical base64 or base64url.'),
  'der.malformed': input('A binary structure is not valid DER.'),
  'json.malformed': input('A document is not valid JSON.'),
  'json.duplicate_key': input('A JSON object has a key twice.'),
  'json.forbidden_key': input('A JSON object has a key that is not allowed.'),
  'json.too_deep': input('A JSON document nests too deeply.'),

  // What a person typed
  'input.invalid': input('An input has a value that is not allowed.'),
  'input.missing': input('A required input is missing.'),
  'input.no_files': input('No file matches the given patterns.', 'check the patterns against the working directory'),
  'input.file': input('A file cannot be read or written.'),
  'config.invalid': operator('The configuration is not valid.'),

  // Roles
  'access.role': denied(
    'The resource needs a role.',
    'entries of the log are for auditors: use the export of originsign-server',
  ),

  // The signing request
  'request.malformed': input('The request body does not have the documented shape.'),
  'request.too_large': entry(
    413,
    2,
    'The request is larger than the server accepts.',
    'split the artifacts over several requests',
  ),
  'request.not_found': entry(404, 2, 'There is no such resource.'),
  'request.method': entry(405, 2, 'The resource does not support this method.'),
  'request.media_type': entry(415, 2, 'The request body is not JSON.'),
  'request.timeout': entry(408, 5, 'The request took too long to arrive.'),
  'request.signature': unauthenticated(
    'The HTTP message signature is missing or does not verify.',
    'the call must be signed by the one-use key of the request',
  ),
  'request.clock': unauthenticated(
    'The time in the request signature is too far from the time of the server.',
    'check the clock of the machine that sends the request',
  ),
  'request.key': denied('The request id is known and belongs to another key.'),
  'request.state': entry(409, 3, 'The signing request is in a state that does not allow this.'),
  'request.cancelled': entry(409, 3, 'The signing request was cancelled.'),
  'request.expired': entry(409, 4, 'The signing request expired before it was completed.'),
  'request.waiting': entry(409, 4, 'The signing request is not completed yet.'),
  'envelope.malformed': input('The DSSE envelope does not have the documented shape.'),
  'envelope.payload_type': input('The DSSE envelope carries another type of payload.'),
  'envelope.signature': unauthenticated('The DSSE signature of the attestation does not verify under its own key.'),
  'statement.malformed': input('The statement does not have the documented shape.'),
  'statement.predicate_type': input('The statement has another predicate type.'),
  'statement.server': denied('The statement names another server.', 'use the public URL of this server'),
  'statement.subject_name': input(
    'A subject name is not allowed.',
    'names are relative paths without control or direction characters',
  ),
  'statement.duplicate_subject': input('Two subjects share a name or a digest.'),
  'statement.digest': input('A subject digest is not the covered digest of its format.'),
  'statement.inputs': input('The inputs of an artifact do not fit its format or its digest.'),
  'statement.options': input('An option of an artifact is not allowed for its format.'),

  // Tokens and issuers
  'token.malformed': unauthenticated('The token is not a compact JWS in canonical form.'),
  'token.too_large': entry(413, 2, 'The token is larger than any CI platform makes.'),
  'token.header_forbidden': unauthenticated('The token header has a parameter that is not allowed.'),
  'token.alg_not_allowed': unauthenticated('The token uses an algorithm that this issuer does not.'),
  'token.issuer_unknown': unauthenticated(
    'The token comes from an issuer that this server does not trust.',
    'ask the platform team to add the trusted build system',
  ),
  'token.unknown_key': unauthenticated('The token names a key that its issuer does not publish.'),
  'token.signature': unauthenticated('The token signature does not verify.'),
  'token.audience': unauthenticated(
    'The token was made for another audience.',
    'make the token for exactly the audience that is expected',
  ),
  'token.time': unauthenticated(
    'The token is expired, too old or not yet valid.',
    'get the token in the step that signs; if it is fresh, originsign doctor compares the clocks',
  ),
  'token.claim_missing': unauthenticated('The token lacks a claim that this platform always sends.'),
  'token.claim_type': unauthenticated('A claim of the token does not have the type that its platform documents.'),
  'token.replayed': entry(409, 3, 'The token was already used.', 'ask the platform for a new token'),
  'token.origin': unauthenticated('What the token says of its origin contradicts its issuer.'),
  'token.pull_request': denied('The run builds a pull request.', 'sign the branch after the merge'),
  'token.interactive': denied('Somebody can be logged in to the job.', 'run the job again without SSH'),
  'token.pair': unauthenticated('The tokens of the job and of its service connection do not belong together.'),
  'token.key': entry(
    409,
    3,
    'Another key presented this token first.',
    'ask the platform for a new token; if nobody else could have used this one, look for who did',
  ),
  'token.address': unauthenticated('The call comes from an address that its trusted build system does not list.'),
  'token.static': unauthenticated('The static token is not known, expired, or used from another address.'),
  'token.unavailable': entry(503, 5, 'The CI platform did not hand out an identity token.'),
  'token.permission': entry(
    401,
    2,
    'The job may not ask its CI platform for an identity token.',
    'add "permissions: id-token: write" to the job',
  ),
  'certificate.malformed': unauthenticated('The client certificate cannot be read.'),
  'certificate.untrusted': unauthenticated(
    'The client certificate does not lead to an authority that this server trusts.',
  ),
  'certificate.expired': unauthenticated(
    'The client certificate, or one above it, has expired or is not valid yet.',
    'renew the certificate of the node',
  ),
  'certificate.revoked': unauthenticated('The client certificate, or one above it, was revoked.'),
  'certificate.revocation_unavailable': unavailable(
    'There is no current revocation list for the client certificate.',
    'the platform team must see to it that the authority publishes its list where the server fetches it',
  ),
  'certificate.usage': unauthenticated(
    'The certificate was not made for client authentication.',
    'use a certificate with the extended key usage 1.3.6.1.5.5.7.3.2',
  ),
  'certificate.forwarded': denied(
    'The request carries a forwarded client certificate that nobody may forward here.',
    'only the proxies that the configuration lists may send Client-Cert, and only to the listener made for them',
  ),
  'issuer.keys_unavailable': unavailable('The keys of the token issuer cannot be fetched.'),

  // Origin connectors
  'connector.unavailable': unavailable('The API of the CI platform cannot be asked, or its answer cannot be read.'),
  'connector.refused': entry(
    502,
    5,
    'The API of the CI platform does not accept the credential of this server.',
    'the platform team must renew the credential of the connector, or give it the rights that it needs',
  ),
  'connector.disagrees': denied('The API of the CI platform contradicts the token.'),

  // Policy
  'project.unknown': denied(
    'The repository is not linked to this project, or there is no such project.',
    'ask the platform team to link the repository',
  ),
  'project.rate': entry(429, 3, 'The repository was refused too often.'),
  'policy.unknown': denied('The project has no signing policy of this name.'),
  'policy.denied': denied('No rule of the signing policy allows the request.'),
  'policy.invalid': operator('A policy file is not valid.'),
  'policy.test_failed': entry(422, 1, 'A policy test did not have the expected result.'),
  'policy.limit': entry(429, 3, 'A limit of the signing policy is used up.'),
  'policy.format': denied('The signing policy has no key for this format.'),
  'policy.approval_unsupported': operator('The rule asks for something that this server does not enforce yet.'),

  // Approvals
  'ssh.malformed': input('An SSH key or signature is malformed, or of a kind that is not taken.'),
  'ssh.signature': unauthenticated('The SSH signature does not verify.'),
  'approval.malformed': input('The approval does not have the documented shape.'),
  'approval.call': unauthenticated(
    'The call of an approver is not signed as it must be.',
    'originsign requests signs its calls with the SSH key that --key names',
  ),
  'approval.approver': denied(
    'The key belongs to nobody who may approve the request.',
    'the platform team keeps the roster of people and keys',
  ),
  'approval.requester': denied('Whoever asked for the signatures cannot approve them.'),
  'approval.mismatch': denied(
    'The approval is for something else than what waits.',
    'look at the request again, and approve what it shows',
  ),
  'approval.expired': denied('The approval has expired, or would hold for too long.'),
  'approval.denied': denied('An approver denied the request.'),
  'approval.roster': operator(
    'The roster has too few people for the approvals that the rule asks for.',
    'the platform team must add people to the groups that the rule names',
  ),

  // Formats
  'format.unknown': input(
    'The file has no format that can be signed.',
    'set the format: cms-detached and raw sign any file',
  ),
  'format.malformed': input('The file is damaged or does not follow its format.'),
  'format.too_large': input('The file is too large for this format.'),
  'format.unsupported': input('The file uses a feature of its format that is not supported.'),
  'format.key_type': operator('The key has a type that this format cannot use.'),

  // Keys, HSM and timestamps
  'key.unknown': operator('There is no such key.'),
  'key.exists': entry(409, 2, 'There already is a key of this name.'),
  'key.purpose': denied('The key has another purpose.', 'a key has one purpose, fixed when it is generated'),
  'key.certificate': operator('The certificate does not fit the key or the store.'),
  'hsm.unavailable': unavailable('The HSM is not reachable.'),
  'hsm.busy': unavailable('The HSM queue is full.'),
  'hsm.failed': unavailable('The HSM could not sign.'),
  'hsm.bad_signature': entry(
    500,
    5,
    'The HSM returned a signature that does not verify.',
    'the key is quarantined: the platform team must look at the HSM',
  ),
  'hsm.configuration': operator('The HSM token or its module cannot be used as configured.'),
  'hsm.addon': operator('The PKCS#11 addon is not installed.', 'npm install --allow-scripts=pkcs11js,better-sqlite3'),
  'timestamp.unavailable': unavailable('No timestamp authority answered.'),
  'timestamp.invalid': unavailable('A timestamp authority answered with a token that does not fit the request.'),

  // Log, store and trial mode
  'log.unavailable': unavailable('The log cannot take entries, so nothing is signed.'),
  'log.rollback': operator(
    'The store is older than the log that was already published.',
    'restore a newer copy, or start a new log',
  ),
  'log.mark_missing': operator(
    'The high-water mark of the log is missing.',
    'restore it, or give the size and root you expect',
  ),
  'log.corrupt': operator('The log does not agree with itself.'),
  'log.entry_too_large': operator('A log entry would be larger than the format allows.'),
  'store.exists': entry(409, 2, 'There already is a store.'),
  'store.unavailable': unavailable('The database is not reachable.'),
  'store.corrupt': operator('A stored row does not match what the log commits to.'),
  'store.schema': operator('The database has a schema that this version does not know.'),
  'store.addon': operator('The SQLite addon is not installed.', 'npm install --allow-scripts=pkcs11js,better-sqlite3'),
  'trial.forbidden': operator(
    'Trial material is not allowed in a production store, nor outside material in a trial store.',
  ),

  // Verification
  'verify.unsigned': unverified(
    'The file carries no signature.',
    'sign it, or leave it out with a pattern that begins with !',
  ),
  'verify.signature': unverified(
    'The signature does not verify.',
    'do not use the file; take it again from where it was signed',
  ),
  'verify.digest': unverified(
    'The file is not the one that was signed.',
    'something changed it afterwards: take it again from where it was signed',
  ),
  'verify.certificate': unverified(
    'The certificate does not chain to a trusted root, or was not valid at the time.',
    'originsign trust update takes a newer trust file; without a timestamp a signature ends with its certificate',
  ),
  'verify.timestamp': unverified(
    'The timestamp does not verify.',
    'the trust file must name the timestamp authority: originsign trust update takes a newer one',
  ),
  'verify.provenance_missing': unverified('There is no provenance for the file.'),
  'verify.provenance': unverified(
    'The provenance does not verify.',
    'take the provenance that was written when this very file was signed',
  ),
  'verify.receipt_missing': unverified('There is no receipt for the file.'),
  'verify.receipt': unverified(
    'The receipt does not verify.',
    'take the receipt that was written when this very file was signed',
  ),
  'verify.log_key': unverified(
    'The log key is not one that the trust file names for this time and index.',
    'originsign trust update takes a newer trust file',
  ),
  'verify.log': unverified('The log does not agree with its checkpoint, with an earlier proof, or with itself.'),
  'verify.not_in_receipt': unverified(
    'The receipt is for other signatures.',
    'take the receipt that was written when this very file was signed',
  ),
  'verify.expectation': unverified(
    'The provenance is genuine, but not what was expected.',
    'the file comes from elsewhere than you said: find out why before you expect something else',
  ),
  'verify.trial': unverified(
    'The trust file is of a trial store.',
    'give --trial, or the input trial, if that is what you mean',
  ),
  'bundle.malformed': unverified('A Sigstore bundle does not have the documented shape.'),
  'note.malformed': unverified('A signed note does not have the documented shape.'),
  'note.signature': unverified(
    'A signed note carries no valid signature of a known key.',
    'look whether receipt and trust file are of the same server',
  ),
  'proof.invalid': unverified('A Merkle proof does not lead to the expected root.'),
  'trust.malformed': input('The trust file does not have the documented shape.'),
  'trust.fingerprint': unverified(
    'The trust file does not have the expected fingerprint.',
    'compare with what originsign-server trust export prints on the host',
  ),
  'trust.not_newer': unverified('The offered trust file is not newer than the pinned one, or no pinned key signed it.'),

  // Network
  'egress.refused': entry(502, 5, 'The address is not one that this process may reach.'),
  'egress.failed': unavailable('Another service did not answer as it should.'),
  'server.unreachable': entry(503, 5, 'The signing server cannot be reached.'),
  'server.unexpected': entry(502, 5, 'The signing server answered in a way that this client does not understand.'),
  'server.overloaded': unavailable('The server has as much work as it can take.'),
  'server.shutting_down': unavailable('The server is stopping.'),
  'internal.error': entry(
    500,
    5,
    'Something failed inside that should not have.',
    'the log of the server has the details under the request id',
  ),
} as const satisfies Record<string, CodeEntry>;

/** A stable error code. */
export type ErrorCode = keyof typeof CODES;

/** Entries as the interface, for code that walks the table. */
export const CODE_TABLE: Readonly<Record<ErrorCode, CodeEntry>> = CODES;

/** True where the text is one of the codes. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(CODES, text);
}
