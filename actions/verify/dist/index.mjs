import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
var __defProp = Object.defineProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};

// core/src/client/step/verify-step.ts
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join as join3, resolve as resolve4 } from "node:path";

// core/src/errors/codes.ts
var entry = (status, exit, title2, hint) => ({
  status,
  exit,
  retryable: status === 429 || status === 503,
  title: title2,
  ...hint === void 0 ? {} : { hint }
});
var input = (title2, hint) => entry(400, 2, title2, hint);
var unauthenticated = (title2, hint) => entry(401, 3, title2, hint);
var denied = (title2, hint) => entry(403, 3, title2, hint);
var unverified = (title2, hint) => entry(422, 1, title2, hint);
var unavailable = (title2, hint) => entry(503, 5, title2, hint);
var operator = (title2, hint) => entry(500, 2, title2, hint);
var CODES = {
  // Bytes and documents
  "encoding.hex": input("A value is not lower-case hexadecimal."),
  "encoding.base64": input("A value is not canonical base64 or base64url."),
  "der.malformed": input("A binary structure is not valid DER."),
  "json.malformed": input("A document is not valid JSON."),
  "json.duplicate_key": input("A JSON object has a key twice."),
  "json.forbidden_key": input("A JSON object has a key that is not allowed."),
  "json.too_deep": input("A JSON document nests too deeply."),
  // What a person typed
  "input.invalid": input("An input has a value that is not allowed."),
  "input.missing": input("A required input is missing."),
  "input.no_files": input("No file matches the given patterns.", "check the patterns against the working directory"),
  "input.file": input("A file cannot be read or written."),
  "config.invalid": operator("The configuration is not valid."),
  // Roles
  "access.role": denied(
    "The resource needs a role.",
    "entries of the log are for auditors: use the export of originsign-server"
  ),
  // The signing request
  "request.malformed": input("The request body does not have the documented shape."),
  "request.too_large": entry(
    413,
    2,
    "The request is larger than the server accepts.",
    "split the artifacts over several requests"
  ),
  "request.not_found": entry(404, 2, "There is no such resource."),
  "request.method": entry(405, 2, "The resource does not support this method."),
  "request.media_type": entry(415, 2, "The request body is not JSON."),
  "request.timeout": entry(408, 5, "The request took too long to arrive."),
  "request.signature": unauthenticated(
    "The HTTP message signature is missing or does not verify.",
    "the call must be signed by the one-use key of the request"
  ),
  "request.clock": unauthenticated(
    "The time in the request signature is too far from the time of the server.",
    "check the clock of the machine that sends the request"
  ),
  "request.key": denied("The request id is known and belongs to another key."),
  "request.state": entry(409, 3, "The signing request is in a state that does not allow this."),
  "request.cancelled": entry(409, 3, "The signing request was cancelled."),
  "request.expired": entry(409, 4, "The signing request expired before it was completed."),
  "request.waiting": entry(409, 4, "The signing request is not completed yet."),
  "envelope.malformed": input("The DSSE envelope does not have the documented shape."),
  "envelope.payload_type": input("The DSSE envelope carries another type of payload."),
  "envelope.signature": unauthenticated("The DSSE signature of the attestation does not verify under its own key."),
  "statement.malformed": input("The statement does not have the documented shape."),
  "statement.predicate_type": input("The statement has another predicate type."),
  "statement.server": denied("The statement names another server.", "use the public URL of this server"),
  "statement.subject_name": input(
    "A subject name is not allowed.",
    "names are relative paths without control or direction characters"
  ),
  "statement.duplicate_subject": input("Two subjects share a name or a digest."),
  "statement.digest": input("A subject digest is not the covered digest of its format."),
  "statement.inputs": input("The inputs of an artifact do not fit its format or its digest."),
  "statement.options": input("An option of an artifact is not allowed for its format."),
  // Tokens and issuers
  "token.malformed": unauthenticated("The token is not a compact JWS in canonical form."),
  "token.too_large": entry(413, 2, "The token is larger than any CI platform makes."),
  "token.header_forbidden": unauthenticated("The token header has a parameter that is not allowed."),
  "token.alg_not_allowed": unauthenticated("The token uses an algorithm that this issuer does not."),
  "token.issuer_unknown": unauthenticated(
    "The token comes from an issuer that this server does not trust.",
    "ask the platform team to add the trusted build system"
  ),
  "token.unknown_key": unauthenticated("The token names a key that its issuer does not publish."),
  "token.signature": unauthenticated("The token signature does not verify."),
  "token.audience": unauthenticated(
    "The token was made for another audience.",
    "make the token for exactly the audience that is expected"
  ),
  "token.time": unauthenticated(
    "The token is expired, too old or not yet valid.",
    "get the token in the step that signs; if it is fresh, originsign doctor compares the clocks"
  ),
  "token.claim_missing": unauthenticated("The token lacks a claim that this platform always sends."),
  "token.claim_type": unauthenticated("A claim of the token does not have the type that its platform documents."),
  "token.replayed": entry(409, 3, "The token was already used.", "ask the platform for a new token"),
  "token.origin": unauthenticated("What the token says of its origin contradicts its issuer."),
  "token.pull_request": denied("The run builds a pull request.", "sign the branch after the merge"),
  "token.interactive": denied("Somebody can be logged in to the job.", "run the job again without SSH"),
  "token.pair": unauthenticated("The tokens of the job and of its service connection do not belong together."),
  "token.key": entry(
    409,
    3,
    "Another key presented this token first.",
    "ask the platform for a new token; if nobody else could have used this one, look for who did"
  ),
  "token.address": unauthenticated("The call comes from an address that its trusted build system does not list."),
  "token.static": unauthenticated("The static token is not known, expired, or used from another address."),
  "token.unavailable": entry(503, 5, "The CI platform did not hand out an identity token."),
  "token.permission": entry(
    401,
    2,
    "The job may not ask its CI platform for an identity token.",
    'add "permissions: id-token: write" to the job'
  ),
  "certificate.malformed": unauthenticated("The client certificate cannot be read."),
  "certificate.untrusted": unauthenticated(
    "The client certificate does not lead to an authority that this server trusts."
  ),
  "certificate.expired": unauthenticated(
    "The client certificate, or one above it, has expired or is not valid yet.",
    "renew the certificate of the node"
  ),
  "certificate.revoked": unauthenticated("The client certificate, or one above it, was revoked."),
  "certificate.revocation_unavailable": unavailable(
    "There is no current revocation list for the client certificate.",
    "the platform team must see to it that the authority publishes its list where the server fetches it"
  ),
  "certificate.usage": unauthenticated(
    "The certificate was not made for client authentication.",
    "use a certificate with the extended key usage 1.3.6.1.5.5.7.3.2"
  ),
  "certificate.forwarded": denied(
    "The request carries a forwarded client certificate that nobody may forward here.",
    "only the proxies that the configuration lists may send Client-Cert, and only to the listener made for them"
  ),
  "issuer.keys_unavailable": unavailable("The keys of the token issuer cannot be fetched."),
  // Origin connectors
  "connector.unavailable": unavailable("The API of the CI platform cannot be asked, or its answer cannot be read."),
  "connector.refused": entry(
    502,
    5,
    "The API of the CI platform does not accept the credential of this server.",
    "the platform team must renew the credential of the connector, or give it the rights that it needs"
  ),
  "connector.disagrees": denied("The API of the CI platform contradicts the token."),
  // Policy
  "project.unknown": denied(
    "The repository is not linked to this project, or there is no such project.",
    "ask the platform team to link the repository"
  ),
  "project.rate": entry(429, 3, "The repository was refused too often."),
  "policy.unknown": denied("The project has no signing policy of this name."),
  "policy.denied": denied("No rule of the signing policy allows the request."),
  "policy.invalid": operator("A policy file is not valid."),
  "policy.test_failed": entry(422, 1, "A policy test did not have the expected result."),
  "policy.limit": entry(429, 3, "A limit of the signing policy is used up."),
  "policy.format": denied("The signing policy has no key for this format."),
  "policy.approval_unsupported": operator("The rule asks for something that this server does not enforce yet."),
  // Approvals
  "ssh.malformed": input("An SSH key or signature is malformed, or of a kind that is not taken."),
  "ssh.signature": unauthenticated("The SSH signature does not verify."),
  "approval.malformed": input("The approval does not have the documented shape."),
  "approval.call": unauthenticated(
    "The call of an approver is not signed as it must be.",
    "originsign requests signs its calls with the SSH key that --key names"
  ),
  "approval.approver": denied(
    "The key belongs to nobody who may approve the request.",
    "the platform team keeps the roster of people and keys"
  ),
  "approval.requester": denied("Whoever asked for the signatures cannot approve them."),
  "approval.mismatch": denied(
    "The approval is for something else than what waits.",
    "look at the request again, and approve what it shows"
  ),
  "approval.expired": denied("The approval has expired, or would hold for too long."),
  "approval.denied": denied("An approver denied the request."),
  "approval.roster": operator(
    "The roster has too few people for the approvals that the rule asks for.",
    "the platform team must add people to the groups that the rule names"
  ),
  // Formats
  "format.unknown": input(
    "The file has no format that can be signed.",
    "set the format: cms-detached and raw sign any file"
  ),
  "format.malformed": input("The file is damaged or does not follow its format."),
  "format.too_large": input("The file is too large for this format."),
  "format.unsupported": input("The file uses a feature of its format that is not supported."),
  "format.key_type": operator("The key has a type that this format cannot use."),
  // Keys, HSM and timestamps
  "key.unknown": operator("There is no such key."),
  "key.exists": entry(409, 2, "There already is a key of this name."),
  "key.purpose": denied("The key has another purpose.", "a key has one purpose, fixed when it is generated"),
  "key.certificate": operator("The certificate does not fit the key or the store."),
  "hsm.unavailable": unavailable("The HSM is not reachable."),
  "hsm.busy": unavailable("The HSM queue is full."),
  "hsm.failed": unavailable("The HSM could not sign."),
  "hsm.bad_signature": entry(
    500,
    5,
    "The HSM returned a signature that does not verify.",
    "the key is quarantined: the platform team must look at the HSM"
  ),
  "hsm.configuration": operator("The HSM token or its module cannot be used as configured."),
  "hsm.addon": operator("The PKCS#11 addon is not installed.", "npm install --allow-scripts=pkcs11js,better-sqlite3"),
  "timestamp.unavailable": unavailable("No timestamp authority answered."),
  "timestamp.invalid": unavailable("A timestamp authority answered with a token that does not fit the request."),
  // Log, store and trial mode
  "log.unavailable": unavailable("The log cannot take entries, so nothing is signed."),
  "log.rollback": operator(
    "The store is older than the log that was already published.",
    "restore a newer copy, or start a new log"
  ),
  "log.mark_missing": operator(
    "The high-water mark of the log is missing.",
    "restore it, or give the size and root you expect"
  ),
  "log.corrupt": operator("The log does not agree with itself."),
  "log.entry_too_large": operator("A log entry would be larger than the format allows."),
  "store.exists": entry(409, 2, "There already is a store."),
  "store.unavailable": unavailable("The database is not reachable."),
  "store.corrupt": operator("A stored row does not match what the log commits to."),
  "store.schema": operator("The database has a schema that this version does not know."),
  "store.addon": operator("The SQLite addon is not installed.", "npm install --allow-scripts=pkcs11js,better-sqlite3"),
  "trial.forbidden": operator(
    "Trial material is not allowed in a production store, nor outside material in a trial store."
  ),
  // Verification
  "verify.unsigned": unverified(
    "The file carries no signature.",
    "sign it, or leave it out with a pattern that begins with !"
  ),
  "verify.signature": unverified(
    "The signature does not verify.",
    "do not use the file; take it again from where it was signed"
  ),
  "verify.digest": unverified(
    "The file is not the one that was signed.",
    "something changed it afterwards: take it again from where it was signed"
  ),
  "verify.certificate": unverified(
    "The certificate does not chain to a trusted root, or was not valid at the time.",
    "originsign trust update takes a newer trust file; without a timestamp a signature ends with its certificate"
  ),
  "verify.timestamp": unverified(
    "The timestamp does not verify.",
    "the trust file must name the timestamp authority: originsign trust update takes a newer one"
  ),
  "verify.provenance_missing": unverified("There is no provenance for the file."),
  "verify.provenance": unverified(
    "The provenance does not verify.",
    "take the provenance that was written when this very file was signed"
  ),
  "verify.receipt_missing": unverified("There is no receipt for the file."),
  "verify.receipt": unverified(
    "The receipt does not verify.",
    "take the receipt that was written when this very file was signed"
  ),
  "verify.log_key": unverified(
    "The log key is not one that the trust file names for this time and index.",
    "originsign trust update takes a newer trust file"
  ),
  "verify.log": unverified("The log does not agree with its checkpoint, with an earlier proof, or with itself."),
  "verify.not_in_receipt": unverified(
    "The receipt is for other signatures.",
    "take the receipt that was written when this very file was signed"
  ),
  "verify.expectation": unverified(
    "The provenance is genuine, but not what was expected.",
    "the file comes from elsewhere than you said: find out why before you expect something else"
  ),
  "verify.trial": unverified(
    "The trust file is of a trial store.",
    "give --trial, or the input trial, if that is what you mean"
  ),
  "bundle.malformed": unverified("A Sigstore bundle does not have the documented shape."),
  "note.malformed": unverified("A signed note does not have the documented shape."),
  "note.signature": unverified(
    "A signed note carries no valid signature of a known key.",
    "look whether receipt and trust file are of the same server"
  ),
  "proof.invalid": unverified("A Merkle proof does not lead to the expected root."),
  "trust.malformed": input("The trust file does not have the documented shape."),
  "trust.fingerprint": unverified(
    "The trust file does not have the expected fingerprint.",
    "compare with what originsign-server trust export prints on the host"
  ),
  "trust.not_newer": unverified("The offered trust file is not newer than the pinned one, or no pinned key signed it."),
  // Network
  "egress.refused": entry(502, 5, "The address is not one that this process may reach."),
  "egress.failed": unavailable("Another service did not answer as it should."),
  "server.unreachable": entry(503, 5, "The signing server cannot be reached."),
  "server.unexpected": entry(502, 5, "The signing server answered in a way that this client does not understand."),
  "server.overloaded": unavailable("The server has as much work as it can take."),
  "server.shutting_down": unavailable("The server is stopping."),
  "internal.error": entry(
    500,
    5,
    "Something failed inside that should not have.",
    "the log of the server has the details under the request id"
  )
};
var CODE_TABLE = CODES;

// core/src/errors/error.ts
var OriginSignError = class extends Error {
  name = "OriginSignError";
  code;
  hint;
  details;
  retryAfter;
  constructor(code3, message, options = {}) {
    super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
    this.code = code3;
    this.hint = options.hint ?? CODE_TABLE[code3].hint;
    this.details = options.details;
    this.retryAfter = options.retryAfter;
  }
  /** HTTP status of the answer that carries this error. */
  get status() {
    return CODE_TABLE[this.code].status;
  }
  /** Exit status of a command that ends with this error. */
  get exitCode() {
    return CODE_TABLE[this.code].exit;
  }
};
function isOriginSignError(error2, code3) {
  return error2 instanceof OriginSignError && (code3 === void 0 || error2.code === code3);
}

// core/src/client/clock.ts
import { setTimeout as delay } from "node:timers/promises";
var systemClock = {
  now: () => /* @__PURE__ */ new Date(),
  random: () => Math.random(),
  async sleep(milliseconds, signal) {
    await delay(milliseconds, void 0, signal === void 0 ? {} : { signal });
  }
};

// core/src/client/plain-text.ts
function plainText(text4, longest = 2e3) {
  const line = text4.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").replace(/^(\s*):(?=:[a-z-]+(?: .*)?::)/iu, "$1: ").replace(/#(?=#\w*\[)/gu, "# ");
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
}

// core/src/client/report-lines.ts
import { relative } from "node:path";

// core/src/encoding/base64.ts
function encode(bytes2, alphabet) {
  return Buffer.from(bytes2.buffer, bytes2.byteOffset, bytes2.length).toString(alphabet);
}
function decode(text4, alphabet) {
  const bytes2 = new Uint8Array(Buffer.from(text4, alphabet));
  if (encode(bytes2, alphabet) !== text4) {
    throw new OriginSignError("encoding.base64", `Expected canonical ${alphabet}.`);
  }
  return bytes2;
}
function encodeBase64(bytes2) {
  return encode(bytes2, "base64");
}
function decodeBase64(text4) {
  return decode(text4, "base64");
}

// core/src/encoding/sha256.ts
import { createHash } from "node:crypto";

// core/src/encoding/hex.ts
function encodeHex(bytes2) {
  return Buffer.from(bytes2.buffer, bytes2.byteOffset, bytes2.length).toString("hex");
}
function decodeHex(text4) {
  if (text4.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text4)) {
    throw new OriginSignError("encoding.hex", "Expected lower-case hexadecimal of even length.");
  }
  return new Uint8Array(Buffer.from(text4, "hex"));
}

// core/src/encoding/sha256.ts
function sha256(...parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
function sha256Hex(...parts) {
  return encodeHex(sha256(...parts));
}

// core/src/attestation/request-id.ts
function shortRequestId(id) {
  return id.slice(0, 12);
}

// core/src/policy/explain.ts
function explainDecision(trace, options = {}) {
  const verb = trace.decision === "allow" ? "allowed" : "denied";
  const shown = options.all === true ? trace.rules : trace.rules.filter(({ rule }) => rule === trace.rule);
  const heading = `${verb} by ${trace.project}/${trace.policy}`;
  return [heading, ...shown.flatMap((rule) => explainRule(rule, options.all === true).map((line) => `  ${line}`))];
}
function denialHint(trace) {
  if (trace.decision === "allow") return void 0;
  const rule = trace.rules.find((candidate) => candidate.rule === trace.rule);
  if (rule === void 0) return void 0;
  if (rule.effect === "deny") return `the deny rule ${rule.rule} holds whatever is allowed elsewhere`;
  const hints = rule.conditions.filter(({ passed }) => !passed).map(conditionHint);
  return hints.find((hint) => hint !== void 0);
}
function explainRule(rule, all) {
  const failed3 = rule.conditions.filter(({ passed }) => !passed);
  const shown = all || rule.effect === "deny" ? rule.conditions : failed3;
  return [
    headline(rule, failed3.length),
    ...table(shown.map((condition) => row(condition, all))).map((line) => `  ${line}`),
    ...(all ? otherAlternatives(rule) : []).map((line) => `  ${line}`)
  ];
}
function otherAlternatives({ anyOf }) {
  const alternatives2 = anyOf?.alternatives ?? [];
  return alternatives2.flatMap((conditions, index) => {
    if (index + 1 === anyOf?.nearest) return [];
    const failed3 = conditions.filter(({ passed }) => !passed).length;
    const what = failed3 === 0 ? "holds as well" : `${failed3} of ${counted(conditions.length)} failed`;
    return [
      `alternative ${index + 1} of ${alternatives2.length}: ${what}`,
      ...table(conditions.map((condition) => row(condition, true))).map((line) => `  ${line}`)
    ];
  });
}
function counted(conditions) {
  return `${conditions} ${conditions === 1 ? "condition" : "conditions"}`;
}
function headline(rule, failed3) {
  const { anyOf, conditions } = rule;
  const which2 = anyOf === void 0 ? "" : `alternative ${anyOf.nearest} of ${anyOf.alternatives.length}`;
  const holding = which2 === "" ? "" : `, by ${which2}`;
  if (rule.effect === "deny") {
    return rule.passed ? `deny rule ${rule.rule}: holds${holding}` : `deny rule ${rule.rule}: does not hold`;
  }
  return failed3 === 0 ? `rule ${rule.rule}: all ${counted(conditions.length)} hold${holding}` : `rule ${rule.rule}: ${failed3} of ${counted(conditions.length)} failed${which2 === "" ? "" : `, with the nearest, ${which2}`}`;
}
function conditionWords({ claim: claim2, operator: operator2, expected, actual }) {
  return {
    claim: claim2,
    expected: `${operator2} ${plain(expected)}`,
    actual: actual === void 0 ? "(none)" : plain(actual)
  };
}
function row(condition, all) {
  const { claim: claim2, expected, actual } = conditionWords(condition);
  const mark = condition.passed ? "ok" : "failed";
  return [...all ? [mark] : [], claim2, `expected ${expected}`, `actual ${actual}`];
}
function table(rows) {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map(
    (cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ").trimEnd()
  );
}
function plain(value) {
  if (typeof value === "string") {
    const harmless = /^[\p{L}\p{N}\p{P}\p{S}]+(?: [\p{L}\p{N}\p{P}\p{S}]+)*$/u.test(value);
    return harmless ? value : JSON.stringify(value).replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, escaped);
  }
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value !== null && typeof value === "object") {
    return Object.entries(value).map(([operator2, bound]) => `${operator2} ${plain(bound ?? null)}`).join(", ");
  }
  return String(value);
}
function conditionHint(condition) {
  const { claim: claim2, operator: operator2, expected } = condition;
  const wanted = alternatives(expected);
  const matching = operator2 === "glob" ? `a ref that matches ${wanted}` : `the ref ${wanted}`;
  switch (claim2) {
    case "origin.system":
      return "the policy has no rule for this trusted build system";
    case "github.repository_id":
    case "github.repository_owner_id":
    case "azure.rpo_id":
    case "azure.prj_id":
      return "the repository is not linked to the project, or moved to another owner";
    case "github.ref":
    case "azure.rpo_ref":
      return `sign from ${matching}`;
    case "github.event_name":
      return `start the run by ${wanted}`;
    case "github.run_attempt":
      return "start a new run: re-runs may not sign";
    case "github.workflow_path":
    case "github.job_workflow_path":
      return `sign in the workflow ${wanted}`;
    case "github.runner_environment":
      return `run the job on a ${wanted} runner`;
    case "github.environment":
      return `give the job the environment ${wanted}`;
    case "azure.def_id":
      return `sign in the pipeline with the definitionId ${wanted}`;
    case "azure.service_connection":
    case "azure.service_connection_id":
      return `name the signing-only service connection in oidcConnection: ${wanted}`;
    case "certificate.authority":
      return `sign from a node that shows a client certificate of ${wanted}`;
    case "artifacts.format":
      return `the policy signs ${wanted}`;
    case "artifacts":
      return "split the artifacts over several requests";
    case "time":
      return `ask again within ${wanted}`;
    default:
      return void 0;
  }
}
function alternatives(expected) {
  return Array.isArray(expected) ? expected.map(plain).join(" or ") : plain(expected);
}
function escaped(character) {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }).join("");
}

// node_modules/zod/v4/core/util.js
function getEnumValues(entries2) {
  const numericValues = Object.values(entries2).filter((v) => typeof v === "number");
  const values = Object.entries(entries2).filter(([k, _]) => numericValues.indexOf(+k) === -1).map(([_, v]) => v);
  return values;
}
function jsonStringifyReplacer(_, value) {
  if (typeof value === "bigint")
    return value.toString();
  return value;
}
var Cached = class {
  constructor(getter) {
    this._getter = getter;
    this._value = void 0;
  }
  get value() {
    const getter = this._getter;
    if (getter !== void 0) {
      this._value = getter();
      this._getter = void 0;
    }
    return this._value;
  }
};
function cached(getter) {
  return new Cached(getter);
}
function nullish(input2) {
  return input2 === null || input2 === void 0;
}
function cleanRegex(source) {
  const start = source.startsWith("^") ? 1 : 0;
  const end = source.endsWith("$") ? source.length - 1 : source.length;
  return source.slice(start, end);
}
var EVALUATING = /* @__PURE__ */ Symbol("evaluating");
function defineLazy(object, key2, getter) {
  let value = void 0;
  Object.defineProperty(object, key2, {
    get() {
      if (value === EVALUATING) {
        return void 0;
      }
      if (value === void 0) {
        value = EVALUATING;
        value = getter();
      }
      return value;
    },
    set(v) {
      Object.defineProperty(object, key2, {
        value: v
        // configurable: true,
      });
    },
    configurable: true
  });
}
function assignProp(target, prop, value) {
  Object.defineProperty(target, prop, {
    value,
    writable: true,
    enumerable: true,
    configurable: true
  });
}
function rawShape(def) {
  const desc = Object.getOwnPropertyDescriptor(def, "shape");
  return desc?.get ? desc.get.raw : desc?.value;
}
function sourceShape(schema) {
  return rawShape(schema._zod.def) ?? schema._zod.def.shape;
}
function deferProp(target, key2, getter) {
  Object.defineProperty(target, key2, {
    get() {
      const value = getter();
      assignProp(this, key2, value);
      return value;
    },
    enumerable: true,
    configurable: true
  });
}
function putProp(target, key2, value) {
  if (key2 in target)
    assignProp(target, key2, value);
  else
    target[key2] = value;
}
function mirrorShape(target, source, keys, wrap) {
  const raw2 = sourceShape(source);
  for (const key2 of keys) {
    const desc = Object.getOwnPropertyDescriptor(raw2, key2);
    if (!desc.enumerable)
      continue;
    if (desc.get) {
      deferProp(target, key2, () => {
        const value = source._zod.def.shape[key2];
        return wrap ? wrap(value, key2) : value;
      });
    } else
      putProp(target, key2, wrap ? wrap(desc.value, key2) : desc.value);
  }
}
function mirrorProps(target, source) {
  for (const key2 of Reflect.ownKeys(source)) {
    const desc = Object.getOwnPropertyDescriptor(source, key2);
    if (!desc.enumerable)
      continue;
    if (desc.get)
      deferProp(target, key2, () => source[key2]);
    else
      putProp(target, key2, desc.value);
  }
}
function mergeDefs(...defs) {
  const mergedDescriptors = {};
  for (const def of defs) {
    const descriptors = Object.getOwnPropertyDescriptors(def);
    Object.assign(mergedDescriptors, descriptors);
  }
  return Object.defineProperties({}, mergedDescriptors);
}
var captureStackTrace = "captureStackTrace" in Error ? Error.captureStackTrace : (..._args) => {
};
function isObject(data) {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
function isPlainObject(o) {
  if (isObject(o) === false)
    return false;
  const ctor = o.constructor;
  if (ctor === void 0)
    return true;
  if (typeof ctor !== "function")
    return true;
  const prot = ctor.prototype;
  if (isObject(prot) === false)
    return false;
  if (Object.prototype.hasOwnProperty.call(prot, "isPrototypeOf") === false) {
    return false;
  }
  return true;
}
var propertyKeyTypes = /* @__PURE__ */ new Set(["string", "number", "symbol"]);
function escapeRegex(str) {
  return str.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
function clone(inst, def, params) {
  const cl = new inst._zod.constr(def ?? inst._zod.def);
  if (!def || params?.parent)
    cl._zod.parent = inst;
  return cl;
}
function normalizeParams(_params) {
  const params = _params;
  if (!params)
    return {};
  if (typeof params === "string")
    return { error: () => params };
  if (params?.message !== void 0) {
    if (params?.error !== void 0)
      throw new Error("Cannot specify both `message` and `error` params");
    params.error = params.message;
  }
  delete params.message;
  if (typeof params.error === "string")
    return { ...params, error: () => params.error };
  return params;
}
function optionalKeys(shape5) {
  return Object.keys(shape5).filter((k) => {
    return shape5[k]._zod.optin !== void 0 && shape5[k]._zod.optout === "optional";
  });
}
var NUMBER_FORMAT_RANGES = /* @__PURE__ */ (() => ({
  safeint: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
  float32: [-34028234663852886e22, 34028234663852886e22],
  float64: [-Number.MAX_VALUE, Number.MAX_VALUE]
}))();
function extend(schema, shape5) {
  if (!isPlainObject(shape5)) {
    throw new Error("Invalid input to extend: expected a plain object");
  }
  const checks = schema._zod.def.checks;
  const hasChecks = checks && checks.length > 0;
  if (hasChecks) {
    const existingShape = sourceShape(schema);
    for (const key2 of Reflect.ownKeys(shape5)) {
      if (Object.getOwnPropertyDescriptor(existingShape, key2) !== void 0) {
        throw new Error("Cannot overwrite keys on object schemas containing refinements. Use `.safeExtend()` instead.");
      }
    }
  }
  return clone(schema, mergeDefs(schema._zod.def, { shape: extended(schema, shape5) }));
}
function extended(schema, shape5) {
  const newShape = {};
  mirrorShape(newShape, schema, Reflect.ownKeys(sourceShape(schema)));
  mirrorProps(newShape, shape5);
  return newShape;
}
function aborted(x, startIndex = 0) {
  if (x.aborted === true)
    return true;
  for (let i = startIndex; i < x.issues.length; i++) {
    if (x.issues[i]?.continue !== true) {
      return true;
    }
  }
  return false;
}
function explicitlyAborted(x, startIndex = 0) {
  if (x.aborted === true)
    return true;
  for (let i = startIndex; i < x.issues.length; i++) {
    if (x.issues[i]?.continue === false) {
      return true;
    }
  }
  return false;
}
function prefixIssues(path, issues) {
  return issues.map((iss) => {
    var _a2;
    (_a2 = iss).path ?? (_a2.path = []);
    iss.path.unshift(path);
    return iss;
  });
}
function unwrapMessage(message) {
  return typeof message === "string" ? message : message?.message;
}
function sizeCaps(defChecks) {
  const caps = [];
  for (const ch of defChecks ?? []) {
    const d = ch._zod.def;
    if (!/_(length|size)$|_equals$/.test(d.check))
      break;
    const max = d.maximum ?? d.length ?? d.size;
    if (max >= 0)
      caps.push([max, ch]);
  }
  return caps;
}
function attachSchema(issues, start, inst) {
  var _a2;
  for (let i = start; i < issues.length; i++) {
    (_a2 = issues[i]).schema ?? (_a2.schema = inst);
  }
}
function finalizeIssue(iss, ctx, config2) {
  var _a2;
  const traits = iss.inst?._zod?.traits;
  if (traits?.has("$ZodType")) {
    if (traits.has("$ZodCheck"))
      (_a2 = iss).schema ?? (_a2.schema = iss.inst);
    else
      iss.schema = iss.inst;
  }
  const schemaError = iss.schema !== iss.inst ? iss.schema?._zod.def?.error : void 0;
  const message = iss.message ? iss.message : unwrapMessage(iss.inst?._zod.def?.error?.(iss)) ?? unwrapMessage(schemaError?.(iss)) ?? unwrapMessage(ctx?.error?.(iss)) ?? unwrapMessage(config2.customError?.(iss)) ?? unwrapMessage(config2.localeError?.(iss)) ?? "Invalid input";
  const full = {};
  for (const k of Object.keys(iss)) {
    if (k === "inst" || k === "schema" || k === "continue" || k === "input" || k === "__proto__")
      continue;
    full[k] = iss[k];
  }
  full.path ?? (full.path = []);
  full.message = message;
  if (ctx?.reportInput) {
    full.input = iss.input;
  }
  return full;
}
var highSurrogate = /[\uD800-\uDBFF]/;
function codePointLength(str) {
  const units = str.length;
  if (!highSurrogate.test(str))
    return units;
  let count2 = units;
  for (let i = 0; i < units - 1; i++) {
    if ((str.charCodeAt(i) & 64512) === 55296 && (str.charCodeAt(i + 1) & 64512) === 56320) {
      count2--;
      i++;
    }
  }
  return count2;
}
function getLengthableOrigin(input2) {
  if (Array.isArray(input2))
    return "array";
  if (typeof input2 === "string")
    return "string";
  return "unknown";
}
function issue(...args) {
  const [iss, input2, inst] = args;
  if (typeof iss === "string") {
    return {
      message: iss,
      code: "custom",
      input: input2,
      inst
    };
  }
  return { ...iss };
}
function members(proto, table3) {
  for (const key2 in table3) {
    const desc = Object.getOwnPropertyDescriptor(table3, key2);
    if (desc.get)
      Object.defineProperty(proto, key2, { ...desc, enumerable: false });
    else
      defineBound(proto, key2, desc.value);
  }
}
function own(inst, key2, value, enumerable = true) {
  Object.defineProperty(inst, key2, { configurable: true, writable: true, enumerable, value });
  return value;
}
function hide(inst, key2, value) {
  return own(inst, key2, value, false);
}
function defineBound(proto, key2, fn) {
  Object.defineProperty(proto, key2, {
    configurable: true,
    get() {
      return this == null ? fn : own(this, key2, fn.bind(this));
    },
    set(value) {
      own(this, key2, value);
    }
  });
}
function claim(inst, sentinel) {
  const proto = Object.getPrototypeOf(inst);
  return sentinel in proto ? void 0 : proto;
}
var installing;
var broke = false;
var breaker = {
  configurable: true,
  get() {
    broke = true;
    return void 0;
  }
};
function defineLazyInternal(inst, key2, compute) {
  const proto = Object.getPrototypeOf(inst._zod);
  if (key2 in proto && installing !== inst._zod) {
    installing = void 0;
    return;
  }
  installing = inst._zod;
  Object.defineProperty(proto, key2, {
    configurable: true,
    get() {
      Object.defineProperty(this, key2, breaker);
      const outer = broke;
      broke = false;
      try {
        const value = compute(this);
        if (broke)
          delete this[key2];
        else
          Object.defineProperty(this, key2, { configurable: true, writable: true, value });
        broke = broke || outer;
        return value;
      } catch (err) {
        delete this[key2];
        broke = broke || outer;
        throw err;
      }
    },
    set(value) {
      Object.defineProperty(this, key2, { configurable: true, writable: true, value });
    }
  });
}
function installLazyProp(inst, key2, make, enumerable) {
  const proto = claim(inst, key2);
  if (!proto)
    return;
  Object.defineProperty(proto, key2, {
    configurable: true,
    get() {
      const desc = { configurable: true, writable: true, enumerable, value: void 0 };
      Object.defineProperty(this, key2, desc);
      desc.value = make(this);
      Object.defineProperty(this, key2, desc);
      return desc.value;
    },
    set(value) {
      Object.defineProperty(this, key2, { configurable: true, writable: true, enumerable, value });
    }
  });
}

// node_modules/zod/v4/core/core.js
var _a;
var _zodDesc = { value: void 0, enumerable: false };
var _E = "captureStackTrace" in Error ? Error : null;
function newError(Definition) {
  const E = _E;
  if (E) {
    const saved = E.stackTraceLimit;
    if (typeof saved === "number") {
      try {
        E.stackTraceLimit = 0;
      } catch {
        _E = null;
        return new Definition();
      }
      try {
        return new Definition();
      } finally {
        E.stackTraceLimit = saved;
      }
    }
  }
  return new Definition();
}
// @__NO_SIDE_EFFECTS__
function $constructor(name, initializer2, proto, params) {
  const zodProto = {};
  function Internals(def) {
    this.def = def;
    this.constr = _;
    this.traits = /* @__PURE__ */ new Set();
  }
  Internals.prototype = zodProto;
  const protoMembers = proto;
  const initialized = protoMembers && /* @__PURE__ */ new WeakSet();
  function init(inst, def) {
    if (!inst._zod) {
      _zodDesc.value = new Internals(def);
      try {
        Object.defineProperty(inst, "_zod", _zodDesc);
      } finally {
        _zodDesc.value = void 0;
      }
    } else if (inst._zod.traits.has(name)) {
      return;
    }
    inst._zod.traits.add(name);
    initializer2(inst, def);
    if (initialized) {
      const own2 = Object.getPrototypeOf(inst);
      const ctorProto = inst._zod.constr.prototype;
      let up = own2;
      while (up && up !== ctorProto)
        up = Object.getPrototypeOf(up);
      const target = up ?? own2;
      if (!initialized.has(target)) {
        initialized.add(target);
        members(target, protoMembers);
      }
    }
    const proto2 = _.prototype;
    for (const k in proto2) {
      if (!Object.prototype.hasOwnProperty.call(proto2, k))
        continue;
      if (!(k in inst)) {
        inst[k] = proto2[k].bind(inst);
      }
    }
  }
  const Parent = params?.Parent ?? Object;
  class Definition extends Parent {
  }
  Object.defineProperty(Definition, "name", { value: name });
  function _(def) {
    const inst = params?.Parent ? newError(Definition) : this;
    init(inst, def);
    const deferred = inst._zod.deferred;
    if (deferred) {
      for (const fn of deferred) {
        fn();
      }
      inst._zod.deferred = void 0;
    }
    const pp = globalThis.__zod_globalConfig?.postProcessor;
    if (pp)
      pp(inst);
    return inst;
  }
  Object.defineProperty(_, "init", { value: init });
  Object.defineProperty(_, Symbol.hasInstance, {
    value: (inst) => {
      if (params?.Parent && inst instanceof params.Parent)
        return true;
      return inst?._zod?.traits?.has(name);
    }
  });
  Object.defineProperty(_, "name", { value: name });
  return _;
}
var $ZodAsyncError = class extends Error {
  constructor() {
    super(`Encountered Promise during synchronous parse. Use .parseAsync() instead.`);
  }
};
(_a = globalThis).__zod_globalConfig ?? (_a.__zod_globalConfig = {});
var globalConfig = globalThis.__zod_globalConfig;
function config(newConfig) {
  if (newConfig)
    Object.assign(globalConfig, newConfig);
  return globalConfig;
}

// node_modules/zod/v4/core/errors.js
function _getMessage() {
  const internals = this._zod;
  internals.message ?? (internals.message = JSON.stringify(internals.def, jsonStringifyReplacer, 2));
  return internals.message;
}
function _setMessage(value) {
  this._zod.message = value;
}
var _messageDesc = {
  get: _getMessage,
  set: _setMessage,
  enumerable: true,
  configurable: true
};
var _issuesDesc = { value: void 0, enumerable: false };
var _installedToString = /* @__PURE__ */ new WeakSet([Object.prototype, Error.prototype]);
var initializer = (inst, def) => {
  inst.name = "$ZodError";
  _issuesDesc.value = def;
  Object.defineProperty(inst, "issues", _issuesDesc);
  _issuesDesc.value = void 0;
  Object.defineProperty(inst, "message", _messageDesc);
  const proto = Object.getPrototypeOf(inst);
  if (!_installedToString.has(proto)) {
    _installedToString.add(proto);
    Object.defineProperty(proto, "toString", {
      configurable: true,
      enumerable: false,
      get() {
        const value = () => this.message;
        Object.defineProperty(this, "toString", { value, configurable: true, writable: true });
        return value;
      },
      set(value) {
        Object.defineProperty(this, "toString", { value, configurable: true, writable: true });
      }
    });
  }
};
var $ZodError = $constructor("$ZodError", initializer);
var $ZodRealError = $constructor("$ZodError", initializer, void 0, {
  Parent: Error
});

// node_modules/zod/v4/core/parse.js
var _parse = (_Err) => {
  const fn = (schema, value, _ctx, _params) => {
    const ctx = _ctx ? { ..._ctx, async: false } : { async: false };
    const result = schema._zod.run({ value, issues: [] }, ctx);
    if (result instanceof Promise) {
      throw new $ZodAsyncError();
    }
    if (result.issues.length) {
      const e = new (_params?.Err ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
      captureStackTrace(e, _params?.callee ?? fn);
      throw e;
    }
    return result.value;
  };
  return fn;
};
var parse = /* @__PURE__ */ _parse($ZodRealError);
var _parseAsync = (_Err) => {
  const fn = async (schema, value, _ctx, params) => {
    const ctx = _ctx ? { ..._ctx, async: true } : { async: true };
    let result = schema._zod.run({ value, issues: [] }, ctx);
    if (result instanceof Promise)
      result = await result;
    if (result.issues.length) {
      const e = new (params?.Err ?? _Err)(result.issues.map((iss) => finalizeIssue(iss, ctx, config())));
      captureStackTrace(e, params?.callee ?? fn);
      throw e;
    }
    return result.value;
  };
  return fn;
};
var parseAsync = /* @__PURE__ */ _parseAsync($ZodRealError);
var _safeParse = (_Err) => (schema, value, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: false } : { async: false };
  const result = schema._zod.run({ value, issues: [] }, ctx);
  if (result instanceof Promise) {
    throw new $ZodAsyncError();
  }
  return result.issues.length ? failure(_Err, result.issues, ctx) : { success: true, data: result.value };
};
var safeParse = /* @__PURE__ */ _safeParse($ZodRealError);
function failure(Err, issues, ctx) {
  let error2;
  return {
    success: false,
    get error() {
      if (!error2) {
        error2 = new Err(issues.map((iss) => finalizeIssue(iss, ctx, config())));
        issues = void 0;
        ctx = void 0;
      }
      return error2;
    },
    set error(e) {
      error2 = e;
      issues = void 0;
      ctx = void 0;
    }
  };
}
var _safeParseAsync = (_Err) => async (schema, value, _ctx) => {
  const ctx = _ctx ? { ..._ctx, async: true } : { async: true };
  let result = schema._zod.run({ value, issues: [] }, ctx);
  if (result instanceof Promise)
    result = await result;
  return result.issues.length ? failure(_Err, result.issues, ctx) : { success: true, data: result.value };
};
var safeParseAsync = /* @__PURE__ */ _safeParseAsync($ZodRealError);

// node_modules/zod/v4/core/regexes.js
var duration = /^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$/;
var dateSource = `(?:(?:\\d\\d[2468][048]|\\d\\d[13579][26]|\\d\\d0[48]|[02468][048]00|[13579][26]00)-02-29|\\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|(?:02)-(?:0[1-9]|1\\d|2[0-8])))`;
function anchor(source) {
  return new RegExp(`^${source}$`);
}
var date = /* @__PURE__ */ anchor(dateSource);
function timeSource(args) {
  const hhmm = `(?:[01]\\d|2[0-3]):[0-5]\\d`;
  const regex = typeof args.precision === "number" ? args.precision === -1 ? `${hhmm}` : args.precision === 0 ? `${hhmm}:[0-5]\\d` : `${hhmm}:[0-5]\\d\\.\\d{${args.precision}}` : args.seconds ? `${hhmm}:[0-5]\\d(?:\\.\\d+)?` : `${hhmm}(?::[0-5]\\d(?:\\.\\d+)?)?`;
  return regex;
}
function time(args) {
  return new RegExp(`^${timeSource(args)}$`);
}
function datetime(args) {
  const opts = ["Z"];
  if (args.offset)
    opts.push(`([+-](?:[01]\\d|2[0-3]):[0-5]\\d)`);
  const qualified = `${timeSource({ precision: args.precision, seconds: true })}(?:${opts.join("|")})`;
  const timeRegex = args.local ? `${qualified}|${timeSource({ precision: args.precision })}` : qualified;
  return new RegExp(`^${dateSource}T(?:${timeRegex})$`);
}
var anyString = /^[\s\S]{0,}$/;
var number = /^-?\d+(?:\.\d+)?$/;
var boolean = /^(?:true|false)$/i;
var _null = /^null$/i;

// node_modules/zod/v4/core/checks.js
var $ZodCheck = /* @__PURE__ */ $constructor("$ZodCheck", (inst, def) => {
  var _a2;
  inst._zod ?? (inst._zod = {});
  inst._zod.def = def;
  (_a2 = inst._zod).onattach ?? (_a2.onattach = []);
});
var _whenHasLength = (payload) => {
  const val = payload.value;
  return !nullish(val) && val.length !== void 0;
};
var numericOriginMap = {
  number: "number",
  bigint: "bigint",
  object: "date"
};
var $ZodCheckGreaterThan = /* @__PURE__ */ $constructor("$ZodCheckGreaterThan", (inst, def) => {
  $ZodCheck.init(inst, def);
  const origin2 = numericOriginMap[typeof def.value];
  inst._zod.check = (payload) => {
    if (def.inclusive ? payload.value >= def.value : payload.value > def.value) {
      return;
    }
    payload.issues.push({
      origin: numericOriginMap[typeof payload.value] ?? origin2,
      code: "too_small",
      minimum: typeof def.value === "object" ? def.value.getTime() : def.value,
      input: payload.value,
      inclusive: def.inclusive,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckNumberFormat = /* @__PURE__ */ $constructor("$ZodCheckNumberFormat", (inst, def) => {
  $ZodCheck.init(inst, def);
  def.format = def.format || "float64";
  const isInt = def.format?.includes("int");
  const origin2 = isInt ? "int" : "number";
  const [minimum, maximum] = NUMBER_FORMAT_RANGES[def.format];
  inst._zod.check = (payload) => {
    const input2 = payload.value;
    if (isInt) {
      if (!Number.isInteger(input2)) {
        payload.issues.push({
          expected: origin2,
          format: def.format,
          code: "invalid_type",
          continue: false,
          input: input2,
          inst
        });
        return;
      }
      if (!Number.isSafeInteger(input2)) {
        if (input2 > 0) {
          payload.issues.push({
            input: input2,
            code: "too_big",
            maximum: Number.MAX_SAFE_INTEGER,
            note: "Integers must be within the safe integer range.",
            inst,
            origin: origin2,
            inclusive: true,
            continue: !def.abort
          });
        } else {
          payload.issues.push({
            input: input2,
            code: "too_small",
            minimum: Number.MIN_SAFE_INTEGER,
            note: "Integers must be within the safe integer range.",
            inst,
            origin: origin2,
            inclusive: true,
            continue: !def.abort
          });
        }
        return;
      }
    }
    if (input2 < minimum) {
      payload.issues.push({
        origin: "number",
        input: input2,
        code: "too_small",
        minimum,
        inclusive: true,
        inst,
        continue: !def.abort
      });
    }
    if (input2 > maximum) {
      payload.issues.push({
        origin: "number",
        input: input2,
        code: "too_big",
        maximum,
        inclusive: true,
        inst,
        continue: !def.abort
      });
    }
  };
});
var $ZodCheckMaxLength = /* @__PURE__ */ $constructor("$ZodCheckMaxLength", (inst, def) => {
  var _a2;
  $ZodCheck.init(inst, def);
  (_a2 = inst._zod.def).when ?? (_a2.when = _whenHasLength);
  inst._zod.check = (payload) => {
    const input2 = payload.value;
    const units = input2.length;
    const length = typeof input2 === "string" && units > def.maximum ? codePointLength(input2) : units;
    if (length <= def.maximum)
      return;
    const origin2 = getLengthableOrigin(input2);
    payload.issues.push({
      origin: origin2,
      code: "too_big",
      maximum: def.maximum,
      inclusive: true,
      input: input2,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckMinLength = /* @__PURE__ */ $constructor("$ZodCheckMinLength", (inst, def) => {
  var _a2;
  $ZodCheck.init(inst, def);
  (_a2 = inst._zod.def).when ?? (_a2.when = _whenHasLength);
  inst._zod.check = (payload) => {
    const input2 = payload.value;
    const units = input2.length;
    const length = typeof input2 === "string" && units >= def.minimum && units < def.minimum * 2 ? codePointLength(input2) : units;
    if (length >= def.minimum)
      return;
    const origin2 = getLengthableOrigin(input2);
    payload.issues.push({
      origin: origin2,
      code: "too_small",
      minimum: def.minimum,
      inclusive: true,
      input: input2,
      inst,
      continue: !def.abort
    });
  };
});
var $ZodCheckStringFormat = /* @__PURE__ */ $constructor("$ZodCheckStringFormat", (inst, def) => {
  var _a2, _b;
  $ZodCheck.init(inst, def);
  if (def.pattern)
    (_a2 = inst._zod).check ?? (_a2.check = (payload) => {
      def.pattern.lastIndex = 0;
      if (def.pattern.test(payload.value))
        return;
      payload.issues.push({
        origin: "string",
        code: "invalid_format",
        format: def.format,
        input: payload.value,
        ...def.pattern ? { pattern: def.pattern.toString() } : {},
        inst,
        continue: !def.abort
      });
    });
  else
    (_b = inst._zod).check ?? (_b.check = () => {
    });
});
var $ZodCheckRegex = /* @__PURE__ */ $constructor("$ZodCheckRegex", (inst, def) => {
  $ZodCheckStringFormat.init(inst, def);
  inst._zod.check = (payload) => {
    def.pattern.lastIndex = 0;
    if (def.pattern.test(payload.value))
      return;
    payload.issues.push({
      origin: "string",
      code: "invalid_format",
      format: "regex",
      input: payload.value,
      pattern: def.pattern.toString(),
      inst,
      continue: !def.abort
    });
  };
});

// node_modules/zod/v4/core/versions.js
var version = {
  major: 4,
  minor: 6,
  patch: 7
};

// node_modules/zod/v4/core/schemas.js
var $ZodType = /* @__PURE__ */ $constructor("$ZodType", (inst, def) => {
  var _a2;
  inst ?? (inst = {});
  inst._zod.def = def;
  inst._zod.bag = inst._zod.bag || {};
  inst._zod.version = version;
  const defChecks = inst._zod.def.checks;
  const checks = inst._zod.traits.has("$ZodCheck") ? [inst, ...defChecks ?? []] : defChecks?.length ? [...defChecks] : [];
  for (const ch of checks) {
    for (const fn of ch._zod.onattach) {
      fn(inst);
    }
  }
  if (checks.length === 0) {
    (_a2 = inst._zod).deferred ?? (_a2.deferred = []);
    inst._zod.deferred?.push(() => {
      inst._zod.run = inst._zod.parse;
    });
  } else {
    const runChecks = (payload, checks2, ctx) => {
      if (payload.memo)
        return payload;
      let isAborted = aborted(payload);
      let asyncResult;
      for (const ch of checks2) {
        if (ch._zod.def.when) {
          if (explicitlyAborted(payload))
            continue;
          const shouldRun = ch._zod.def.when(payload);
          if (!shouldRun)
            continue;
        } else if (isAborted) {
          continue;
        }
        const currLen = payload.issues.length;
        const _ = ch._zod.check(payload);
        if (_ instanceof Promise && ctx?.async === false) {
          throw new $ZodAsyncError();
        }
        if (asyncResult || _ instanceof Promise) {
          asyncResult = (asyncResult ?? Promise.resolve()).then(async () => {
            await _;
            const nextLen = payload.issues.length;
            if (nextLen === currLen)
              return;
            attachSchema(payload.issues, currLen, inst);
            if (!isAborted)
              isAborted = aborted(payload, currLen);
          });
        } else {
          const nextLen = payload.issues.length;
          if (nextLen === currLen)
            continue;
          attachSchema(payload.issues, currLen, inst);
          if (!isAborted)
            isAborted = aborted(payload, currLen);
        }
      }
      if (asyncResult) {
        return asyncResult.then(() => {
          return payload;
        });
      }
      return payload;
    };
    const handleCanaryResult = (canary, payload, ctx) => {
      if (aborted(canary)) {
        canary.aborted = true;
        return canary;
      }
      const checkResult = runChecks(payload, checks, ctx);
      if (checkResult instanceof Promise) {
        if (ctx.async === false)
          throw new $ZodAsyncError();
        return checkResult.then((checkResult2) => inst._zod.parse(checkResult2, ctx));
      }
      return inst._zod.parse(checkResult, ctx);
    };
    inst._zod.run = (payload, ctx) => {
      if (ctx.skipChecks) {
        return inst._zod.parse(payload, ctx);
      }
      if (ctx.direction === "backward") {
        const canary = inst._zod.parse({ value: payload.value, issues: [] }, { ...ctx, skipChecks: true });
        if (canary instanceof Promise) {
          return canary.then((canary2) => {
            return handleCanaryResult(canary2, payload, ctx);
          });
        }
        return handleCanaryResult(canary, payload, ctx);
      }
      const result = inst._zod.parse(payload, ctx);
      if (result instanceof Promise) {
        if (ctx.async === false)
          throw new $ZodAsyncError();
        return result.then((result2) => runChecks(result2, checks, ctx));
      }
      return runChecks(result, checks, ctx);
    };
  }
}, {
  // Wrappers extend this by installing a richer factory over it; reading it eagerly would defeat the laziness.
  get "~standard"() {
    return hide(this, "~standard", standardProps(this));
  },
  set "~standard"(value) {
    own(this, "~standard", value);
  }
});
var toStandardResult = (r, ctx) => r.issues.length ? { issues: r.issues.map((iss) => finalizeIssue(iss, ctx, config())) } : { value: r.value };
async function validateAsync(inst, value) {
  const ctx = { async: true };
  return toStandardResult(await inst._zod.run({ value, issues: [] }, ctx), ctx);
}
function standardProps(inst) {
  return {
    validate: (value) => {
      const ctx = { async: false };
      try {
        const r = inst._zod.run({ value, issues: [] }, ctx);
        if (!(r instanceof Promise))
          return toStandardResult(r, ctx);
      } catch (_) {
      }
      return validateAsync(inst, value);
    },
    vendor: "zod",
    version: 1
  };
}
var $ZodString = /* @__PURE__ */ $constructor("$ZodString", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = def.pattern ?? anyString;
  inst._zod.parse = (payload, _) => {
    if (def.coerce)
      try {
        payload.value = String(payload.value);
      } catch (_2) {
      }
    if (typeof payload.value === "string")
      return payload;
    payload.issues.push({
      expected: "string",
      code: "invalid_type",
      input: payload.value,
      inst
    });
    return payload;
  };
});
var $ZodStringFormat = /* @__PURE__ */ $constructor("$ZodStringFormat", (inst, def) => {
  $ZodCheckStringFormat.init(inst, def);
  $ZodString.init(inst, def);
});
var $ZodISODateTime = /* @__PURE__ */ $constructor("$ZodISODateTime", (inst, def) => {
  def.pattern ?? (def.pattern = datetime(def));
  $ZodStringFormat.init(inst, def);
});
var $ZodISODate = /* @__PURE__ */ $constructor("$ZodISODate", (inst, def) => {
  def.pattern ?? (def.pattern = date);
  $ZodStringFormat.init(inst, def);
});
var $ZodISOTime = /* @__PURE__ */ $constructor("$ZodISOTime", (inst, def) => {
  def.pattern ?? (def.pattern = time(def));
  $ZodStringFormat.init(inst, def);
});
var $ZodISODuration = /* @__PURE__ */ $constructor("$ZodISODuration", (inst, def) => {
  def.pattern ?? (def.pattern = duration);
  $ZodStringFormat.init(inst, def);
});
var $ZodNumber = /* @__PURE__ */ $constructor("$ZodNumber", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = number;
  inst._zod.parse = (payload, _ctx) => {
    if (def.coerce)
      try {
        payload.value = Number(payload.value);
      } catch (_) {
      }
    const input2 = payload.value;
    if (typeof input2 === "number" && !Number.isNaN(input2) && Number.isFinite(input2)) {
      return payload;
    }
    const received = typeof input2 === "number" ? Number.isNaN(input2) ? "NaN" : !Number.isFinite(input2) ? String(input2) : void 0 : void 0;
    payload.issues.push({
      expected: "number",
      code: "invalid_type",
      input: input2,
      inst,
      ...received ? { received } : {}
    });
    return payload;
  };
});
var $ZodNumberFormat = /* @__PURE__ */ $constructor("$ZodNumberFormat", (inst, def) => {
  $ZodCheckNumberFormat.init(inst, def);
  $ZodNumber.init(inst, def);
});
var $ZodBoolean = /* @__PURE__ */ $constructor("$ZodBoolean", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = boolean;
  inst._zod.parse = (payload, _ctx) => {
    if (def.coerce)
      try {
        payload.value = Boolean(payload.value);
      } catch (_) {
      }
    const input2 = payload.value;
    if (typeof input2 === "boolean")
      return payload;
    payload.issues.push({
      expected: "boolean",
      code: "invalid_type",
      input: input2,
      inst
    });
    return payload;
  };
});
var $ZodNull = /* @__PURE__ */ $constructor("$ZodNull", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.pattern = _null;
  inst._zod.values = /* @__PURE__ */ new Set([null]);
  inst._zod.parse = (payload, _ctx) => {
    const input2 = payload.value;
    if (input2 === null)
      return payload;
    payload.issues.push({
      expected: "null",
      code: "invalid_type",
      input: input2,
      inst
    });
    return payload;
  };
});
var $ZodUnknown = /* @__PURE__ */ $constructor("$ZodUnknown", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload) => payload;
});
var $ZodNever = /* @__PURE__ */ $constructor("$ZodNever", (inst, def) => {
  $ZodType.init(inst, def);
  inst._zod.parse = (payload, _ctx) => {
    payload.issues.push({
      expected: "never",
      code: "invalid_type",
      input: payload.value,
      inst
    });
    return payload;
  };
});
function capSize(inst, size) {
  const caps = sizeCaps(inst._zod.def.checks);
  if (!caps.length)
    return;
  const cap = Math.min(...caps.map((c) => c[0]));
  const parse2 = inst._zod.parse;
  inst._zod.parse = (payload, ctx) => {
    const n = size(payload.value);
    if (n > cap && !ctx?.skipChecks && ctx?.direction !== "backward") {
      for (const [max, ch] of sizeCaps(inst._zod.def.checks)) {
        if (n > max && ch._zod.def.when(payload)) {
          const start = payload.issues.length;
          ch._zod.check(payload);
          payload.issues[start].continue = false;
          attachSchema(payload.issues, start, inst);
          return payload;
        }
      }
    }
    return parse2(payload, ctx);
  };
}
var arraySize = (input2) => Array.isArray(input2) ? input2.length : -1;
function handleArrayResult(result, final, index) {
  if (result.issues.length) {
    final.issues.push(...prefixIssues(index, result.issues));
  }
  final.value[index] = result.value;
}
var $ZodArray = /* @__PURE__ */ $constructor("$ZodArray", (inst, def) => {
  $ZodType.init(inst, def);
  const memo = globalConfig.memoizer;
  memo?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    const input2 = payload.value;
    if (!Array.isArray(input2)) {
      payload.issues.push({
        expected: "array",
        code: "invalid_type",
        input: input2,
        inst
      });
      return payload;
    }
    payload.value = memo ? memo.alloc(inst, payload, Array(input2.length), ctx) : Array(input2.length);
    const proms = [];
    const abortEarly = ctx?.abortEarly;
    for (let i = 0; i < input2.length; i++) {
      const item = input2[i];
      const result = def.element._zod.run({
        value: item,
        issues: []
      }, ctx);
      if (result instanceof Promise) {
        proms.push(result.then((result2) => handleArrayResult(result2, payload, i)));
      } else {
        handleArrayResult(result, payload, i);
        if (abortEarly && result.issues.length !== 0 && aborted(result))
          break;
      }
    }
    if (proms.length) {
      return Promise.all(proms).then(() => payload);
    }
    return payload;
  };
  capSize(inst, arraySize);
});
function handlePropertyResult(result, final, key2, input2, optin, optout) {
  const isPresent = key2 in input2;
  const isOptionalOut = optout === "optional";
  if (!isPresent && isOptionalOut && optin === "optional") {
    return;
  }
  if (result.issues.length) {
    if (optin !== void 0 && isOptionalOut && !isPresent) {
      return;
    }
    final.issues.push(...prefixIssues(key2, result.issues));
  }
  if (!isPresent && optin === void 0) {
    if (!result.issues.length) {
      final.issues.push({
        code: "invalid_type",
        expected: "nonoptional",
        input: void 0,
        path: [key2]
      });
    }
    return;
  }
  if (result.value === void 0) {
    if (isPresent || optin === "defaulted" && !isOptionalOut) {
      final.value[key2] = void 0;
    }
  } else {
    final.value[key2] = result.value;
  }
}
var NO_SYMBOL_KEYS = [];
function normalizeDef(def) {
  const keys = Object.keys(def.shape);
  const ownSymbols = Object.getOwnPropertySymbols(def.shape);
  const symbolKeys = ownSymbols.length ? ownSymbols : NO_SYMBOL_KEYS;
  const allKeys = symbolKeys.length ? [...keys, ...symbolKeys] : keys;
  for (const k of allKeys) {
    if (!def.shape?.[k]?._zod?.traits?.has("$ZodType")) {
      throw new Error(`Invalid element at key "${String(k)}": expected a Zod schema`);
    }
  }
  const okeys = optionalKeys(def.shape);
  return {
    ...def,
    allKeys,
    symbolKeys,
    // string-only: handleCatchall matches it against `for...in`, which never yields a symbol
    keySet: new Set(keys),
    numKeys: keys.length,
    optionalKeys: new Set(okeys)
  };
}
function handleCatchall(proms, input2, payload, ctx, def, inst, abortEarly) {
  const unrecognized = [];
  const keySet = def.keySet;
  const _catchall = def.catchall._zod;
  const t = _catchall.def.type;
  const optin = _catchall.optin;
  const optout = _catchall.optout;
  let seen = 0;
  for (const key2 in input2) {
    if (abortEarly && payload.issues.length !== seen) {
      if (aborted(payload, seen))
        break;
      seen = payload.issues.length;
    }
    if (keySet.has(key2))
      continue;
    if (key2 === "__proto__") {
      if (t === "never")
        unrecognized.push(key2);
      continue;
    }
    if (t === "never") {
      unrecognized.push(key2);
      continue;
    }
    const r = _catchall.run({ value: input2[key2], issues: [] }, ctx);
    if (r instanceof Promise) {
      proms.push(r.then((r2) => handlePropertyResult(r2, payload, key2, input2, optin, optout)));
    } else {
      handlePropertyResult(r, payload, key2, input2, optin, optout);
    }
  }
  if (unrecognized.length) {
    payload.issues.push({
      code: "unrecognized_keys",
      keys: unrecognized,
      input: input2,
      inst,
      // Describes the shape of the input, not the validity of the parsed value, so it never aborts. The parse still fails; the schema's own checks just get to run first, and an enclosing intersection can reconcile the key against a sibling operand.
      continue: true
    });
  }
  if (!proms.length)
    return payload;
  return Promise.all(proms).then(() => {
    return payload;
  });
}
var $ZodObject = /* @__PURE__ */ $constructor("$ZodObject", (inst, def) => {
  $ZodType.init(inst, def);
  const desc = Object.getOwnPropertyDescriptor(def, "shape");
  const sh = desc?.get ? desc.get.raw : def.shape ?? {};
  if (sh) {
    const get = () => {
      const newSh = { ...sh };
      Object.defineProperty(def, "shape", { value: newSh });
      get.raw = newSh;
      return newSh;
    };
    get.raw = sh;
    Object.defineProperty(def, "shape", { get });
  }
  const _normalized = cached(() => normalizeDef(def));
  defineLazyInternal(inst, "propValues", (zod) => {
    const shape5 = zod.def.shape;
    const propValues = {};
    for (const key2 in shape5) {
      const field = shape5[key2]._zod;
      if (field.values) {
        if (!Object.prototype.hasOwnProperty.call(propValues, key2)) {
          assignProp(propValues, key2, /* @__PURE__ */ new Set());
        }
        for (const v of field.values)
          propValues[key2].add(v);
        if (field.optin !== void 0)
          propValues[key2].add(void 0);
      }
    }
    return propValues;
  });
  const isObject2 = isObject;
  const catchall = def.catchall;
  let value;
  const memo = globalConfig.memoizer;
  memo?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    value ?? (value = _normalized.value);
    const input2 = payload.value;
    if (!isObject2(input2)) {
      payload.issues.push({
        expected: "object",
        code: "invalid_type",
        input: input2,
        inst
      });
      return payload;
    }
    payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
    const proms = [];
    const shape5 = value.shape;
    const abortEarly = ctx?.abortEarly;
    let seen = payload.issues.length;
    for (const key2 of value.allKeys) {
      if (abortEarly && payload.issues.length !== seen) {
        if (aborted(payload, seen))
          break;
        seen = payload.issues.length;
      }
      if (key2 === "__proto__")
        continue;
      const el = shape5[key2];
      const optin = el._zod.optin;
      const optout = el._zod.optout;
      const r = el._zod.run({ value: input2[key2], issues: [] }, ctx);
      if (r instanceof Promise) {
        proms.push(r.then((r2) => handlePropertyResult(r2, payload, key2, input2, optin, optout)));
      } else {
        handlePropertyResult(r, payload, key2, input2, optin, optout);
      }
    }
    if (!catchall) {
      return proms.length ? Promise.all(proms).then(() => payload) : payload;
    }
    return handleCatchall(proms, input2, payload, ctx, _normalized.value, inst, abortEarly === true);
  };
});
function handleUnionResults(results, final, inst, ctx) {
  for (const result of results) {
    if (result.issues.length === 0) {
      final.value = result.value;
      return final;
    }
  }
  const nonaborted = results.filter((r) => !aborted(r));
  if (nonaborted.length === 1) {
    final.value = nonaborted[0].value;
    return nonaborted[0];
  }
  final.issues.push({
    code: "invalid_union",
    input: final.value,
    inst,
    errors: results.map((result) => result.issues.map((iss) => finalizeIssue(iss, ctx, config())))
  });
  return final;
}
var $ZodUnion = /* @__PURE__ */ $constructor("$ZodUnion", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.options.some((o) => o._zod.optin === "defaulted") ? "defaulted" : zod.def.options.some((o) => o._zod.optin !== void 0) ? "optional" : void 0);
  defineLazyInternal(inst, "optout", (zod) => zod.def.options.some((o) => o._zod.optout === "optional") ? "optional" : void 0);
  defineLazyInternal(inst, "values", (zod) => {
    if (zod.def.options.every((o) => o._zod.values)) {
      return new Set(zod.def.options.flatMap((option) => Array.from(option._zod.values)));
    }
    return void 0;
  });
  defineLazyInternal(inst, "pattern", (zod) => {
    if (zod.def.options.every((o) => o._zod.pattern)) {
      const patterns = zod.def.options.map((o) => o._zod.pattern);
      return new RegExp(`^(${patterns.map((p) => cleanRegex(p.source)).join("|")})$`);
    }
    return void 0;
  });
  const first = def.options.length === 1 ? def.options[0]._zod.run : null;
  inst._zod.parse = (payload, ctx) => {
    if (first) {
      return first(payload, ctx);
    }
    let async = false;
    const results = [];
    for (const option of def.options) {
      const result = option._zod.run({
        value: payload.value,
        issues: []
      }, ctx);
      if (result instanceof Promise) {
        results.push(result);
        async = true;
      } else {
        if (result.issues.length === 0)
          return result;
        results.push(result);
      }
    }
    if (!async)
      return handleUnionResults(results, payload, inst, ctx);
    return Promise.all(results).then((results2) => {
      return handleUnionResults(results2, payload, inst, ctx);
    });
  };
});
var $ZodRecord = /* @__PURE__ */ $constructor("$ZodRecord", (inst, def) => {
  $ZodType.init(inst, def);
  const memo = globalConfig.memoizer;
  memo?.attach(inst);
  inst._zod.parse = (payload, ctx) => {
    const input2 = payload.value;
    if (!isPlainObject(input2)) {
      payload.issues.push({
        expected: "record",
        code: "invalid_type",
        input: input2,
        inst
      });
      return payload;
    }
    const proms = [];
    const values = def.keyType._zod.values;
    if (values && !def.partial) {
      payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
      const recordKeys = /* @__PURE__ */ new Set();
      for (const key2 of values) {
        if (typeof key2 === "string" || typeof key2 === "number" || typeof key2 === "symbol") {
          recordKeys.add(typeof key2 === "number" ? key2.toString() : key2);
          if (key2 === "__proto__")
            continue;
          const keyResult = def.keyType._zod.run({ value: key2, issues: [] }, ctx);
          if (keyResult instanceof Promise) {
            throw new Error("Async schemas not supported in object keys currently");
          }
          if (keyResult.issues.length) {
            payload.issues.push({
              code: "invalid_key",
              origin: "record",
              issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
              input: key2,
              path: [key2],
              inst
            });
            continue;
          }
          const outKey = keyResult.value;
          if (outKey === "__proto__")
            continue;
          const result = def.valueType._zod.run({ value: input2[key2], issues: [] }, ctx);
          if (result instanceof Promise) {
            proms.push(result.then((result2) => {
              if (result2.issues.length) {
                payload.issues.push(...prefixIssues(key2, result2.issues));
              }
              payload.value[outKey] = result2.value;
            }));
          } else {
            if (result.issues.length) {
              payload.issues.push(...prefixIssues(key2, result.issues));
            }
            payload.value[outKey] = result.value;
          }
        }
      }
      let unrecognized;
      for (const key2 in input2) {
        if (!recordKeys.has(key2)) {
          if (def.mode === "loose") {
            if (key2 === "__proto__")
              continue;
            payload.value[key2] = input2[key2];
          } else {
            unrecognized = unrecognized ?? [];
            unrecognized.push(key2);
          }
        }
      }
      if (unrecognized && unrecognized.length > 0) {
        payload.issues.push({
          code: "unrecognized_keys",
          input: input2,
          inst,
          keys: unrecognized,
          continue: true
        });
      }
    } else {
      payload.value = memo ? memo.alloc(inst, payload, {}, ctx) : {};
      let unrecognized;
      for (const key2 of Reflect.ownKeys(input2)) {
        if (key2 === "__proto__")
          continue;
        if (!Object.prototype.propertyIsEnumerable.call(input2, key2))
          continue;
        let keyResult = def.keyType._zod.run({ value: key2, issues: [] }, ctx);
        if (keyResult instanceof Promise) {
          throw new Error("Async schemas not supported in object keys currently");
        }
        const checkNumericKey = typeof key2 === "string" && number.test(key2) && keyResult.issues.length;
        if (checkNumericKey) {
          const retryResult = def.keyType._zod.run({ value: Number(key2), issues: [] }, ctx);
          if (retryResult instanceof Promise) {
            throw new Error("Async schemas not supported in object keys currently");
          }
          if (retryResult.issues.length === 0) {
            keyResult = retryResult;
          }
        }
        if (keyResult.issues.length) {
          if (def.mode === "loose") {
            payload.value[key2] = input2[key2];
          } else if (values) {
            unrecognized = unrecognized ?? [];
            unrecognized.push(key2);
          } else {
            payload.issues.push({
              code: "invalid_key",
              origin: "record",
              issues: keyResult.issues.map((iss) => finalizeIssue(iss, ctx, config())),
              input: key2,
              path: [key2],
              inst
            });
          }
          continue;
        }
        const outKey = keyResult.value;
        if (outKey === "__proto__")
          continue;
        const result = def.valueType._zod.run({ value: input2[key2], issues: [] }, ctx);
        if (result instanceof Promise) {
          proms.push(result.then((result2) => {
            if (result2.issues.length) {
              payload.issues.push(...prefixIssues(key2, result2.issues));
            }
            payload.value[outKey] = result2.value;
          }));
        } else {
          if (result.issues.length) {
            payload.issues.push(...prefixIssues(key2, result.issues));
          }
          payload.value[outKey] = result.value;
        }
      }
      if (unrecognized && unrecognized.length > 0) {
        payload.issues.push({
          code: "unrecognized_keys",
          input: input2,
          inst,
          keys: unrecognized,
          continue: true
        });
      }
    }
    if (proms.length) {
      return Promise.all(proms).then(() => payload);
    }
    return payload;
  };
});
var $ZodEnum = /* @__PURE__ */ $constructor("$ZodEnum", (inst, def) => {
  $ZodType.init(inst, def);
  const values = getEnumValues(def.entries);
  const valuesSet = new Set(values);
  inst._zod.values = valuesSet;
  defineLazyInternal(inst, "pattern", (zod) => {
    const patternValues = getEnumValues(zod.def.entries).filter((k) => propertyKeyTypes.has(typeof k));
    return new RegExp(patternValues.length ? `^(${patternValues.map((o) => escapeRegex(o.toString())).join("|")})$` : "^[^\\s\\S]$");
  });
  inst._zod.parse = (payload, _ctx) => {
    const input2 = payload.value;
    if (valuesSet.has(input2)) {
      return payload;
    }
    payload.issues.push({
      code: "invalid_value",
      values,
      input: input2,
      inst
    });
    return payload;
  };
});
var $ZodLiteral = /* @__PURE__ */ $constructor("$ZodLiteral", (inst, def) => {
  $ZodType.init(inst, def);
  const values = new Set(def.values);
  inst._zod.values = values;
  defineLazyInternal(inst, "pattern", (zod) => {
    const vals = zod.def.values;
    return new RegExp(vals.length ? `^(${vals.map((o) => typeof o === "string" ? escapeRegex(o) : o ? escapeRegex(o.toString()) : String(o)).join("|")})$` : "^[^\\s\\S]$");
  });
  inst._zod.parse = (payload, _ctx) => {
    const input2 = payload.value;
    if (values.has(input2)) {
      return payload;
    }
    payload.issues.push({
      code: "invalid_value",
      values: def.values,
      input: input2,
      inst
    });
    return payload;
  };
});
function handleOptionalResult(payload, result) {
  payload.value = result.issues.length ? void 0 : result.value;
  return payload;
}
var $ZodOptional = /* @__PURE__ */ $constructor("$ZodOptional", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazyInternal(inst, "optin", (zod) => zod.def.innerType._zod.optin === "defaulted" ? "defaulted" : "optional");
  inst._zod.optout = "optional";
  defineLazyInternal(inst, "values", (zod) => {
    const values = zod.def.innerType._zod.values;
    return values ? /* @__PURE__ */ new Set([...values, void 0]) : void 0;
  });
  defineLazyInternal(inst, "pattern", (zod) => {
    const pattern = zod.def.innerType._zod.pattern;
    return pattern ? new RegExp(`^(${cleanRegex(pattern.source)})?$`) : void 0;
  });
  inst._zod.parse = (payload, ctx) => {
    if (payload.value === void 0) {
      if (def.innerType._zod.optin !== "defaulted")
        return payload;
      const result = def.innerType._zod.run({ value: payload.value, issues: [] }, ctx);
      if (result instanceof Promise)
        return result.then((result2) => handleOptionalResult(payload, result2));
      return handleOptionalResult(payload, result);
    }
    return def.innerType._zod.run(payload, ctx);
  };
});
var $ZodLazy = /* @__PURE__ */ $constructor("$ZodLazy", (inst, def) => {
  $ZodType.init(inst, def);
  defineLazy(inst._zod, "innerType", () => {
    const d = def;
    if (!d._cachedInner)
      d._cachedInner = def.getter();
    return d._cachedInner;
  });
  defineLazyInternal(inst, "pattern", (zod) => zod.innerType?._zod?.pattern);
  defineLazyInternal(inst, "propValues", (zod) => zod.innerType?._zod?.propValues);
  defineLazyInternal(inst, "optin", (zod) => zod.innerType?._zod?.optin ?? void 0);
  defineLazyInternal(inst, "optout", (zod) => zod.innerType?._zod?.optout ?? void 0);
  inst._zod.parse = (payload, ctx) => {
    const inner = inst._zod.innerType;
    return inner._zod.run(payload, ctx);
  };
});
var $ZodCustom = /* @__PURE__ */ $constructor("$ZodCustom", (inst, def) => {
  $ZodCheck.init(inst, def);
  $ZodType.init(inst, def);
  inst._zod.parse = (payload, _) => {
    return payload;
  };
  inst._zod.check = (payload) => {
    const input2 = payload.value;
    const r = def.fn(input2);
    if (r instanceof Promise) {
      return r.then((r2) => handleRefineResult(r2, payload, input2, inst));
    }
    handleRefineResult(r, payload, input2, inst);
    return;
  };
});
function handleRefineResult(result, payload, input2, inst) {
  if (!result) {
    const _iss = {
      code: "custom",
      input: input2,
      inst,
      // incorporates params.error into issue reporting
      path: [...inst._zod.def.path ?? []],
      // incorporates params.error into issue reporting
      continue: !inst._zod.def.abort
      // params: inst._zod.def.params,
    };
    if (inst._zod.def.params)
      _iss.params = inst._zod.def.params;
    payload.issues.push(issue(_iss));
  }
}

// node_modules/zod/v4/core/api.js
function snapshotChecks(def) {
  if (def.checks)
    def.checks = [...def.checks];
  return def;
}
// @__NO_SIDE_EFFECTS__
function _string(Class, params) {
  return new Class(snapshotChecks({ type: "string", ...normalizeParams(params) }));
}
// @__NO_SIDE_EFFECTS__
function _isoDateTime(Class, params) {
  return new Class({
    type: "string",
    format: "datetime",
    check: "string_format",
    offset: false,
    local: false,
    precision: null,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoDate(Class, params) {
  return new Class({
    type: "string",
    format: "date",
    check: "string_format",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoTime(Class, params) {
  return new Class({
    type: "string",
    format: "time",
    check: "string_format",
    precision: null,
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _isoDuration(Class, params) {
  return new Class({
    type: "string",
    format: "duration",
    check: "string_format",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _number(Class, params) {
  return new Class(snapshotChecks({ type: "number", checks: [], ...normalizeParams(params) }));
}
// @__NO_SIDE_EFFECTS__
function _int(Class, params) {
  return new Class({
    type: "number",
    check: "number_format",
    abort: false,
    format: "safeint",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _boolean(Class, params) {
  return new Class({
    type: "boolean",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _null2(Class, params) {
  return new Class({
    type: "null",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _unknown(Class) {
  return new Class({
    type: "unknown"
  });
}
// @__NO_SIDE_EFFECTS__
function _never(Class, params) {
  return new Class({
    type: "never",
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function _gt(value, params) {
  return new $ZodCheckGreaterThan({
    check: "greater_than",
    ...normalizeParams(params),
    value,
    inclusive: false
  });
}
// @__NO_SIDE_EFFECTS__
function _gte(value, params) {
  return new $ZodCheckGreaterThan({
    check: "greater_than",
    ...normalizeParams(params),
    value,
    inclusive: true
  });
}
// @__NO_SIDE_EFFECTS__
function _positive(params) {
  return /* @__PURE__ */ _gt(0, params);
}
// @__NO_SIDE_EFFECTS__
function _nonnegative(params) {
  return /* @__PURE__ */ _gte(0, params);
}
// @__NO_SIDE_EFFECTS__
function _maxLength(maximum, params) {
  const ch = new $ZodCheckMaxLength({
    check: "max_length",
    ...normalizeParams(params),
    maximum
  });
  return ch;
}
// @__NO_SIDE_EFFECTS__
function _minLength(minimum, params) {
  return new $ZodCheckMinLength({
    check: "min_length",
    ...normalizeParams(params),
    minimum
  });
}
// @__NO_SIDE_EFFECTS__
function _regex(pattern, params) {
  return new $ZodCheckRegex({
    check: "string_format",
    format: "regex",
    ...normalizeParams(params),
    pattern
  });
}
// @__NO_SIDE_EFFECTS__
function _refine(Class, fn, _params) {
  const schema = new Class({
    type: "custom",
    check: "custom",
    fn,
    ...normalizeParams(_params)
  });
  return schema;
}

// node_modules/zod/v4/mini/schemas.js
var ZodMiniType = /* @__PURE__ */ $constructor("ZodMiniType", (inst, def) => {
  if (!inst._zod)
    throw new Error("Uninitialized schema in ZodMiniType.");
  $ZodType.init(inst, def);
  inst.def = def;
  inst.type = def.type;
}, {
  // `with` is an alias for `check`: the same function object, not a wrapper.
  get with() {
    return this.check;
  },
  set with(value) {
    own(this, "with", value);
  },
  parse(data, params) {
    return parse(this, data, params, { callee: this.parse });
  },
  parseAsync(data, params) {
    return parseAsync(this, data, params, { callee: this.parseAsync });
  },
  safeParse(data, params) {
    return safeParse(this, data, params);
  },
  safeParseAsync(data, params) {
    return safeParseAsync(this, data, params);
  },
  check(...checks) {
    const def = this.def;
    return this.clone({
      ...def,
      checks: [
        ...def.checks ?? [],
        ...checks.map((ch) => typeof ch === "function" ? { _zod: { check: ch, def: { check: "custom" }, onattach: [] } } : ch)
      ]
    }, { parent: true });
  },
  clone(_def, params) {
    return clone(this, _def, params);
  },
  brand() {
    return this;
  },
  register(reg, meta2) {
    reg.add(this, meta2);
    return this;
  },
  apply(fn, ...args) {
    return args.length === 0 ? fn(this) : fn(this, ...args);
  }
});
var ZodMiniString = /* @__PURE__ */ $constructor("ZodMiniString", (inst, def) => {
  $ZodString.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function string2(params) {
  return _string(ZodMiniString, params);
}
var ZodMiniStringFormat = /* @__PURE__ */ $constructor("ZodMiniStringFormat", (inst, def) => {
  $ZodStringFormat.init(inst, def);
  ZodMiniString.init(inst, def);
});
var ZodMiniNumber = /* @__PURE__ */ $constructor("ZodMiniNumber", (inst, def) => {
  $ZodNumber.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function number2(params) {
  return _number(ZodMiniNumber, params);
}
var ZodMiniNumberFormat = /* @__PURE__ */ $constructor("ZodMiniNumberFormat", (inst, def) => {
  $ZodNumberFormat.init(inst, def);
  ZodMiniNumber.init(inst, def);
});
function int(params) {
  return _int(ZodMiniNumberFormat, params);
}
var ZodMiniBoolean = /* @__PURE__ */ $constructor("ZodMiniBoolean", (inst, def) => {
  $ZodBoolean.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function boolean2(params) {
  return _boolean(ZodMiniBoolean, params);
}
var ZodMiniNull = /* @__PURE__ */ $constructor("ZodMiniNull", (inst, def) => {
  $ZodNull.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function _null3(params) {
  return _null2(ZodMiniNull, params);
}
var ZodMiniUnknown = /* @__PURE__ */ $constructor("ZodMiniUnknown", (inst, def) => {
  $ZodUnknown.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function unknown() {
  return _unknown(ZodMiniUnknown);
}
var ZodMiniNever = /* @__PURE__ */ $constructor("ZodMiniNever", (inst, def) => {
  $ZodNever.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function never(params) {
  return _never(ZodMiniNever, params);
}
var ZodMiniArray = /* @__PURE__ */ $constructor("ZodMiniArray", (inst, def) => {
  $ZodArray.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function array(element, params) {
  return new ZodMiniArray({
    type: "array",
    element,
    ...normalizeParams(params)
  });
}
var ZodMiniObject = /* @__PURE__ */ $constructor("ZodMiniObject", (inst, def) => {
  $ZodObject.init(inst, def);
  ZodMiniType.init(inst, def);
  installLazyProp(inst, "shape", (self) => self._zod.def.shape, false);
});
// @__NO_SIDE_EFFECTS__
function strictObject(shape5, params) {
  return new ZodMiniObject({
    type: "object",
    shape: shape5,
    catchall: /* @__PURE__ */ never(),
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function looseObject(shape5, params) {
  return new ZodMiniObject({
    type: "object",
    shape: shape5,
    catchall: /* @__PURE__ */ unknown(),
    ...normalizeParams(params)
  });
}
// @__NO_SIDE_EFFECTS__
function extend2(schema, shape5) {
  return extend(schema, shape5);
}
var ZodMiniUnion = /* @__PURE__ */ $constructor("ZodMiniUnion", (inst, def) => {
  $ZodUnion.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function union(options, params) {
  return new ZodMiniUnion({
    type: "union",
    options,
    ...normalizeParams(params)
  });
}
var ZodMiniRecord = /* @__PURE__ */ $constructor("ZodMiniRecord", (inst, def) => {
  $ZodRecord.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function record(keyType, valueType, params) {
  if (!valueType || !valueType._zod) {
    return new ZodMiniRecord({
      type: "record",
      keyType: /* @__PURE__ */ string2(),
      valueType: keyType,
      ...normalizeParams(valueType)
    });
  }
  return new ZodMiniRecord({
    type: "record",
    keyType,
    valueType,
    ...normalizeParams(params)
  });
}
var ZodMiniEnum = /* @__PURE__ */ $constructor("ZodMiniEnum", (inst, def) => {
  $ZodEnum.init(inst, def);
  ZodMiniType.init(inst, def);
  inst.options = [...inst._zod.values];
});
// @__NO_SIDE_EFFECTS__
function _enum(values, params) {
  const entries2 = Array.isArray(values) ? Object.fromEntries(values.map((v) => [v, v])) : values;
  return new ZodMiniEnum({
    type: "enum",
    entries: entries2,
    ...normalizeParams(params)
  });
}
var ZodMiniLiteral = /* @__PURE__ */ $constructor("ZodMiniLiteral", (inst, def) => {
  $ZodLiteral.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function literal(value, params) {
  return new ZodMiniLiteral({
    type: "literal",
    values: Array.isArray(value) ? value : [value],
    ...normalizeParams(params)
  });
}
var ZodMiniOptional = /* @__PURE__ */ $constructor("ZodMiniOptional", (inst, def) => {
  $ZodOptional.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function optional(innerType) {
  return new ZodMiniOptional({
    type: "optional",
    innerType
  });
}
var ZodMiniLazy = /* @__PURE__ */ $constructor("ZodMiniLazy", (inst, def) => {
  $ZodLazy.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function _lazy(getter) {
  return new ZodMiniLazy({
    type: "lazy",
    getter
  });
}
var ZodMiniCustom = /* @__PURE__ */ $constructor("ZodMiniCustom", (inst, def) => {
  $ZodCustom.init(inst, def);
  ZodMiniType.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function refine(fn, _params = {}) {
  return _refine(ZodMiniCustom, fn, _params);
}
// @__NO_SIDE_EFFECTS__
function json() {
  const jsonSchema = /* @__PURE__ */ _lazy(() => {
    return /* @__PURE__ */ union([/* @__PURE__ */ string2(), /* @__PURE__ */ number2(), /* @__PURE__ */ boolean2(), /* @__PURE__ */ _null3(), /* @__PURE__ */ array(jsonSchema), /* @__PURE__ */ record(/* @__PURE__ */ string2(), jsonSchema)]);
  });
  return jsonSchema;
}

// node_modules/zod/v4/mini/iso.js
var iso_exports = {};
__export(iso_exports, {
  ZodMiniISODate: () => ZodMiniISODate,
  ZodMiniISODateTime: () => ZodMiniISODateTime,
  ZodMiniISODuration: () => ZodMiniISODuration,
  ZodMiniISOTime: () => ZodMiniISOTime,
  date: () => date2,
  datetime: () => datetime2,
  duration: () => duration2,
  time: () => time2
});
var ZodMiniISODateTime = /* @__PURE__ */ $constructor("ZodMiniISODateTime", (inst, def) => {
  $ZodISODateTime.init(inst, def);
  ZodMiniStringFormat.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function datetime2(params) {
  return _isoDateTime(ZodMiniISODateTime, params);
}
var ZodMiniISODate = /* @__PURE__ */ $constructor("ZodMiniISODate", (inst, def) => {
  $ZodISODate.init(inst, def);
  ZodMiniStringFormat.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function date2(params) {
  return _isoDate(ZodMiniISODate, params);
}
var ZodMiniISOTime = /* @__PURE__ */ $constructor("ZodMiniISOTime", (inst, def) => {
  $ZodISOTime.init(inst, def);
  ZodMiniStringFormat.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function time2(params) {
  return _isoTime(ZodMiniISOTime, params);
}
var ZodMiniISODuration = /* @__PURE__ */ $constructor("ZodMiniISODuration", (inst, def) => {
  $ZodISODuration.init(inst, def);
  ZodMiniStringFormat.init(inst, def);
});
// @__NO_SIDE_EFFECTS__
function duration2(params) {
  return _isoDuration(ZodMiniISODuration, params);
}

// core/src/protocol/signing-request.ts
var hexDigest = string2().check(_regex(/^(?:[0-9a-f]{2}){32,64}$/));
var base64 = string2().check(_regex(/^[A-Za-z0-9+/]*={0,2}$/));
var submissionSchema = strictObject({
  envelope: unknown(),
  tokens: strictObject({ ci: string2(), serviceConnection: optional(string2()) })
});
var STATES = [
  "waiting_for_approval",
  "signing",
  "completed",
  "denied",
  "failed",
  "cancelled",
  "expired"
];
var originSchema = looseObject({
  platform: string2(),
  system: string2(),
  repository: looseObject({ uri: string2(), id: string2(), ownerId: optional(string2()) }),
  commit: optional(string2()),
  ref: optional(string2()),
  workflow: looseObject({ uri: string2() }),
  run: looseObject({ id: string2(), attempt: optional(number2()), uri: string2() })
});
var artifactSchema = looseObject({
  name: string2(),
  format: string2(),
  /** One member: name of the algorithm, then the digest. */
  coveredDigest: record(string2(), hexDigest),
  key: looseObject({ label: string2(), type: string2(), spki: base64 }),
  /** What the client embeds or writes beside the file. */
  block: optional(base64),
  timestamp: optional(string2())
});
var signingRequestSchema = looseObject({
  id: string2(),
  url: string2(),
  state: _enum(STATES),
  project: string2(),
  policy: string2(),
  rule: optional(string2()),
  binding: _enum(["audience", "proof", "bearer"]),
  origin: originSchema,
  createdAt: string2(),
  deadline: string2(),
  artifacts: array(artifactSchema),
  receipt: optional(string2()),
  provenance: optional(unknown()),
  /** While it waits for people: how many are asked, how many agree, and who is asked (`group:name`, `user:name`). */
  approvals: optional(looseObject({ count: number2(), approved: number2(), from: array(string2()) })),
  /** Why a request failed or was denied. */
  failure: optional(looseObject({ code: string2(), detail: string2() }))
});
var conditionTraceSchema = looseObject({
  claim: string2(),
  operator: string2(),
  expected: json(),
  actual: optional(json()),
  passed: boolean2()
});
var decisionTraceSchema = looseObject({
  project: string2(),
  policy: string2(),
  policyHash: string2(),
  decision: _enum(["allow", "deny"]),
  rule: optional(string2()),
  rules: array(
    looseObject({
      rule: string2(),
      effect: _enum(["allow", "deny"]),
      passed: boolean2(),
      conditions: array(conditionTraceSchema),
      anyOf: optional(looseObject({ nearest: number2(), alternatives: array(array(conditionTraceSchema)) }))
    })
  )
});
var evaluationSchema = looseObject({
  decision: _enum(["allow", "deny"]),
  origin: originSchema,
  binding: _enum(["audience", "proof", "bearer"]),
  trace: decisionTraceSchema
});

// core/src/client/denial.ts
function traceOf(error2) {
  const parsed = decisionTraceSchema.safeParse(error2.details?.["trace"]);
  return parsed.success ? wireTrace(parsed.data) : void 0;
}
function wireTrace(trace) {
  return trace;
}
function hintOf(error2) {
  const trace = traceOf(error2);
  return error2.hint ?? (trace === void 0 ? void 0 : denialHint(trace));
}

// core/src/client/error-page.ts
function errorPage(error2, server) {
  if (server === void 0 || error2.code === "server.unreachable") return void 0;
  return `${server}/errors/${error2.code}`;
}

// core/src/client/report-lines.ts
var LARGE = 256 * 1024 * 1024;
function originText(origin2, binding) {
  const repository = origin2.repository.uri.replace(/^https?:\/\//, "");
  const { commit, ref } = origin2;
  const source = `${repository}${commit === void 0 ? "" : `@${commit.slice(0, 7)}`}${ref === void 0 ? "" : ` ${ref}`}`;
  const attempt = origin2.run.attempt === void 0 ? "" : ` attempt ${origin2.run.attempt}`;
  return `${source}, run ${origin2.run.id}${attempt} (${binding})`;
}
function timeText(iso) {
  return iso.replace("T", " ").replace(/\.\d+(?=Z$)/, "");
}
function shortPath(path, workingDirectory) {
  const short = relative(workingDirectory, path);
  return short === "" || short.startsWith("..") ? path : short;
}
function errorLines(error2, server) {
  const trace = traceOf(error2);
  const [what = "", ...conditions] = trace === void 0 ? [error2.message] : explainDecision(trace);
  const hint = hintOf(error2);
  const page = errorPage(error2, server);
  return [
    `error: ${what.replace(/\.$/, "")} [${error2.code}]`,
    ...conditions,
    ...expectedLines(error2),
    ...hint === void 0 ? [] : [`hint: ${hint}`],
    ...page === void 0 ? [] : [`see:  ${page}`]
  ].map((line) => plainText(line));
}
function expectedLines({ code: code3, details }) {
  const expected = details?.["expected"];
  return code3 === "token.audience" && typeof expected === "string" ? [`  expected audience ${expected}`] : [];
}

// core/src/client/small-file.ts
import { readFile, stat } from "node:fs/promises";

// core/src/encoding/canonical-json.ts
function canonicalJson(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return canonicalNumber(value);
  if (typeof value === "string") return canonicalString(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members2 = Object.entries(value).filter((entry2) => entry2[1] !== void 0).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${members2.map(([key2, member]) => `${canonicalString(key2)}:${canonicalJson(member)}`).join(",")}}`;
}
function canonicalNumber(value) {
  if (!Number.isFinite(value)) throw new TypeError("JSON has no such number.");
  return JSON.stringify(value);
}
function canonicalString(value) {
  if (!value.isWellFormed()) throw new TypeError("A lone surrogate has no canonical JSON.");
  return JSON.stringify(value);
}

// core/src/encoding/bytes.ts
import { timingSafeEqual } from "node:crypto";
var encoder = new TextEncoder();
var strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
function utf8(text4) {
  return encoder.encode(text4);
}
function utf8Text(bytes2) {
  return strictDecoder.decode(bytes2);
}
function concatBytes(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
function equalBytes(left, right) {
  return left.length === right.length && timingSafeEqual(left, right);
}

// core/src/encoding/strict-json.ts
var FORBIDDEN_KEYS = /* @__PURE__ */ new Set(["__proto__", "constructor", "prototype"]);
var NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
var STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
var SPACE = /[ \t\n\r]*/y;
function parseStrictJson(input2, limits = {}) {
  const text4 = typeof input2 === "string" ? input2 : decodeText(input2);
  if (!text4.isWellFormed()) throw malformed("not well-formed Unicode", 0);
  const parser = new Parser(text4, limits);
  return parser.document();
}
function isJsonObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function decodeText(bytes2) {
  try {
    return utf8Text(bytes2);
  } catch (cause) {
    throw new OriginSignError("json.malformed", "The JSON is not UTF-8.", { cause });
  }
}
function malformed(what, offset) {
  return new OriginSignError("json.malformed", `The JSON is malformed at offset ${offset}: ${what}.`);
}
var Parser = class {
  #text;
  #maxDepth;
  #path = [];
  #valuesLeft;
  #offset = 0;
  #depth = 0;
  constructor(text4, { maxDepth = 16, maxValues = Infinity }) {
    this.#text = text4;
    this.#maxDepth = maxDepth;
    this.#valuesLeft = maxValues;
  }
  document() {
    const value = this.#value();
    this.#match(SPACE);
    if (this.#offset !== this.#text.length) throw malformed("text after the value", this.#offset);
    return value;
  }
  #value() {
    if (this.#valuesLeft <= 0) throw malformed("more values than such a document has", this.#offset);
    this.#valuesLeft -= 1;
    this.#match(SPACE);
    switch (this.#text[this.#offset]) {
      case "{":
        return this.#object();
      case "[":
        return this.#array();
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }
  #object() {
    this.#open();
    const members2 = {};
    if (!this.#closes("}")) {
      do {
        this.#match(SPACE);
        const key2 = this.#string();
        this.#checkKey(key2, members2);
        this.#match(SPACE);
        this.#expect(":");
        this.#path.push(key2);
        members2[key2] = this.#value();
        this.#path.pop();
      } while (this.#continues("}"));
    }
    this.#depth -= 1;
    return members2;
  }
  #array() {
    this.#open();
    const items = [];
    if (!this.#closes("]")) {
      do {
        this.#path.push(items.length);
        items.push(this.#value());
        this.#path.pop();
      } while (this.#continues("]"));
    }
    this.#depth -= 1;
    return items;
  }
  #open() {
    this.#offset += 1;
    this.#depth += 1;
    if (this.#depth > this.#maxDepth) {
      throw new OriginSignError("json.too_deep", `The JSON nests deeper than ${this.#maxDepth} levels.`);
    }
  }
  #closes(bracket) {
    this.#match(SPACE);
    if (this.#text[this.#offset] !== bracket) return false;
    this.#offset += 1;
    return true;
  }
  #continues(bracket) {
    if (this.#closes(bracket)) return false;
    this.#expect(",");
    return true;
  }
  #checkKey(key2, members2) {
    if (FORBIDDEN_KEYS.has(key2)) {
      throw new OriginSignError("json.forbidden_key", `The JSON has a key that is not allowed: ${this.#pathOf(key2)}.`);
    }
    if (Object.hasOwn(members2, key2)) {
      const path = this.#pathOf(key2);
      throw new OriginSignError("json.duplicate_key", `The JSON has a key twice: ${path}.`, { details: { path } });
    }
  }
  /** Only for errors: with long keys on the way, joining them for every key would take minutes. */
  #pathOf(key2) {
    return [...this.#path, key2].join(".").slice(0, 200);
  }
  #string() {
    const token = this.#match(STRING);
    if (token === "") throw malformed("expected a string", this.#offset);
    const value = JSON.parse(token);
    if (!value.isWellFormed()) throw malformed("a lone surrogate", this.#offset);
    return value;
  }
  #number() {
    const token = this.#match(NUMBER);
    if (token === "") throw malformed("expected a value", this.#offset);
    const value = Number(token);
    if (!Number.isFinite(value)) throw malformed("a number too large", this.#offset);
    return value;
  }
  #word(word, value) {
    if (!this.#text.startsWith(word, this.#offset)) throw malformed("expected a value", this.#offset);
    this.#offset += word.length;
    return value;
  }
  #expect(character) {
    if (this.#text[this.#offset] !== character) throw malformed(`expected ${character}`, this.#offset);
    this.#offset += 1;
  }
  #match(pattern) {
    pattern.lastIndex = this.#offset;
    const token = pattern.exec(this.#text)?.[0] ?? "";
    this.#offset += token.length;
    return token;
  }
};

// core/src/protocol/trust-file.ts
var time3 = iso_exports.datetime();
var base642 = string2().check(_regex(/^[A-Za-z0-9+/]+={0,2}$/));
var validity = { validFrom: time3, validUntil: optional(time3) };
var logKeySchema = strictObject({
  vkey: string2(),
  ...validity,
  fromSize: int().check(_nonnegative()),
  toSize: optional(int().check(_nonnegative()))
});
var trustFileSchema = strictObject({
  version: literal(1),
  /** Grows with each change; `trust update` takes larger serials only. */
  serial: int().check(_positive()),
  server: string2(),
  trial: optional(literal(true)),
  logs: array(strictObject({ origin: string2(), keys: array(logKeySchema).check(_minLength(1)) })).check(_minLength(1)),
  provenanceKeys: array(strictObject({ spki: base642, ...validity })).check(_minLength(1)),
  witnesses: array(strictObject({ vkey: string2(), ...validity })),
  /** Roots of code-signing certificates and keys of formats without certificates. */
  signingRoots: array(strictObject({ certificate: base642 })),
  signingKeys: array(strictObject({ label: string2(), purpose: string2(), spki: base642, ...validity })),
  timestampRoots: array(strictObject({ certificate: base642 }))
});
function parseTrustFile(input2) {
  const parsed = trustFileSchema.safeParse(parseStrictJson(input2));
  if (parsed.success) return parsed.data;
  const issue3 = parsed.error.issues[0];
  const where = issue3 === void 0 || issue3.path.length === 0 ? "the document" : issue3.path.join(".");
  throw new OriginSignError("trust.malformed", `The trust file is not valid at ${where}.`);
}

// core/src/client/small-file.ts
var LARGEST = 16 * 1024 * 1024;
async function readIfThere(path) {
  try {
    const { size } = await stat(path);
    if (size > LARGEST) throw new OriginSignError("input.file", `The file "${path}" is larger than 16 MiB.`);
    return new Uint8Array(await readFile(path));
  } catch (cause) {
    if (cause instanceof OriginSignError) throw cause;
    if (codeOf(cause) === "ENOENT" || codeOf(cause) === "ENOTDIR") return void 0;
    throw new OriginSignError("input.file", `The file "${path}" cannot be read.`, { cause });
  }
}
async function readSmallFile(path) {
  const bytes2 = await readIfThere(path);
  if (bytes2 !== void 0) return bytes2;
  throw new OriginSignError("input.file", `There is no file "${path}".`);
}
async function readTrustFile(path) {
  return parseTrustFile(await readSmallFile(path));
}
function codeOf(error2) {
  return error2 instanceof Error && "code" in error2 ? error2.code : void 0;
}

// core/src/client/verification/files-report.ts
function filesReport(files, skipped) {
  return { verified: files.length > 0 && files.every(({ report }) => report.verified), files, skipped };
}
function filesFailure({ verified, files }) {
  if (verified) return void 0;
  if (files.length === 0) {
    return new OriginSignError("verify.unsigned", "Nothing was verified, because no file carries a signature.", {
      hint: "name the files that must be signed, or look whether the folder is the right one"
    });
  }
  const failed3 = files.filter(({ report }) => !report.verified);
  const counted2 = `${failed3.length} of ${files.length} files`;
  const check = failed3.map(({ report }) => reasonOf(report)).find((reason) => reason !== void 0);
  return errorOf(check, files.length === 1 ? "The file did not verify." : `${counted2} did not verify.`);
}
function fileFailure({ report }) {
  if (report.verified) return void 0;
  const check = reasonOf(report);
  return errorOf(check, check?.detail ?? "The file did not verify.");
}
function reportJson({ verified, files, skipped }) {
  return {
    verified,
    files: files.map(({ path, report }) => ({ path, ...report })),
    ...skipped.length === 0 ? {} : { skipped }
  };
}
function reasonOf({ checks }) {
  return checks.find(({ code: code3 }) => code3 !== void 0);
}
function errorOf(check, message) {
  const hint = check?.hint;
  return new OriginSignError(check?.code ?? "verify.signature", message, hint === void 0 ? {} : { hint });
}

// core/src/verify/report.ts
var CHECK_MEANINGS = {
  trust: "the trust file is not of a trial store, unless that was asked for",
  signature: "the signature fits the content",
  timestamp: "a trusted authority says when it was made, or it has no timestamp",
  receipt: "the log has the signing",
  signer: "certificate or key is trusted, and counted at that time",
  record: "the log names this very signature",
  provenance: "the signing server says where it came from",
  binding: "file, log and provenance speak of one signing",
  repository: "it comes from the expected repository",
  project: "it was signed for the expected project",
  ref: "it was built from the expected ref",
  workflow: "the expected workflow was started",
  policy: "the expected policy allowed it",
  builder: "the expected workflow, pipeline or job defined the build"
};

// core/src/client/markdown.ts
var MOST_ROWS = 200;
function text(value) {
  return plainText(value).replace(/[^\p{L}\p{N} ,:;/=?%…—-]/gu, (character) => `&#${character.codePointAt(0) ?? 32};`);
}
function code(value) {
  return `<code>${text(value)}</code>`;
}
function link(label2, target) {
  if (!URL.canParse(target)) return text(label2);
  const url = new URL(target);
  if (url.protocol !== "https:" && url.protocol !== "http:") return text(label2);
  return `<a href="${url.href.replace(/["'<>&`]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)}">${text(label2)}</a>`;
}
function table2(headings, rows) {
  const row2 = (cells) => `| ${cells.join(" | ")} |`;
  const more = rows.length > MOST_ROWS ? [`
… and ${rows.length - MOST_ROWS} more`] : [];
  return [row2(headings), row2(headings.map(() => "---")), ...rows.slice(0, MOST_ROWS).map(row2), ...more].join("\n");
}
function document(blocks) {
  return `${blocks.join("\n\n")}
`;
}

// core/src/client/verification/verification-markdown.ts
var MOST_PANELS = 30;
var MOST_SKIPPED = 50;
function verificationMarkdown(report, context) {
  const { files, skipped } = report;
  const failed3 = files.filter((file) => !file.report.verified);
  const verified = files.filter((file) => file.report.verified);
  const rows = [...failed3, ...verified].map((file) => fileRow(file, context));
  return document([
    `### OriginSign: ${title(report)}`,
    ...files.length === 0 ? [] : [table2(HEADINGS, rows)],
    `Expected ${expectedText(context.expected)}`,
    ...failed3.slice(0, MOST_PANELS).map((file) => failedPanel(file, context)),
    ...verifiedPanel(verified, context),
    ...skipped.length === 0 ? [] : [skippedBlock(report, context)]
  ]);
}
function unverifiedMarkdown(error2, server) {
  const page = server === void 0 ? code(error2.code) : codeLink(error2.code, server);
  return document([
    "### OriginSign: not verified",
    `${text(error2.message)} (${page})`,
    ...error2.hint === void 0 ? [] : [`**Hint:** ${text(error2.hint)}`]
  ]);
}
function title({ verified, files }) {
  if (files.length === 0) return "nothing was verified";
  const failed3 = files.filter(({ report }) => !report.verified).length;
  const count2 = `${files.length} ${files.length === 1 ? "file" : "files"}`;
  return verified ? `${count2} verified` : `${failed3} of ${count2} did not verify`;
}
var HEADINGS = ["File", "Result", "Origin", "Signer", "Timestamp"];
function fileRow(file, context) {
  const { path, report } = file;
  const name = code(shortPath(path, context.workingDirectory));
  const failure2 = fileFailure(file);
  if (failure2 !== void 0) return [name, `failed ${codeLink(failure2.code, context.server)}`, "—", "—", "—"];
  const { origin: origin2, binding, signer, timestamp } = report;
  return [
    name,
    "verified",
    origin2 === void 0 ? "—" : text(originText(origin2, binding ?? "proof")),
    signer === void 0 ? "—" : text(signer.name),
    timestamp === void 0 ? "—" : text(timeText(timestamp))
  ];
}
function failedPanel({ path, report }, context) {
  return panel(
    `<details open><summary>${code(shortPath(path, context.workingDirectory))}</summary>`,
    report.checks,
    context
  );
}
function verifiedPanel(verified, context) {
  const [first] = verified;
  if (first === void 0) return [];
  return [panel("<details><summary>What was verified</summary>", first.report.checks, context)];
}
function panel(head, checks, context) {
  const rows = checks.map((check) => checkRow(check, context));
  return [head, table2(["Check", "Result", "Meaning"], rows), "</details>"].join("\n\n");
}
function checkRow(check, context) {
  const { name, ok, detail = "", code: reason, hint } = check;
  if (ok) return [text(name), "ok", text(CHECK_MEANINGS[name])];
  if (reason === void 0) return [text(name), "not checked", "because a check before it failed"];
  const advice = hint === void 0 ? "" : `<br>**Hint:** ${text(hint)}`;
  return [text(name), `failed ${codeLink(reason, context.server)}`, `${text(detail)}${advice}`];
}
function codeLink(reason, server) {
  return link(reason, `${server}/errors/${reason}`);
}
function expectedText(expected) {
  const given = Object.entries(expected).filter((entry2) => entry2[1] !== void 0);
  return given.map(([name, value]) => `${text(name)} ${code(value)}`).join(", ");
}
function skippedBlock({ skipped }, { workingDirectory }) {
  const shown = skipped.slice(0, MOST_SKIPPED).map(({ path, reason }) => [code(shortPath(path, workingDirectory)), text(reason)]);
  const more = skipped.length > MOST_SKIPPED ? ["", `… and ${skipped.length - MOST_SKIPPED} more`] : [];
  return [
    `<details><summary>${skipped.length} skipped, nothing is said about them</summary>`,
    table2(["File", "Why"], shown),
    ...more,
    "</details>"
  ].join("\n\n");
}

// core/src/client/verification/verification-rows.ts
function verificationRows(report) {
  if (!report.verified) return { facts: digestRows(report), checks: report.checks.map(checkRow2) };
  const names = report.checks.map(({ name }) => name).join(" ");
  return { facts: [...digestRows(report), ...factRows(report), ["checks", names]], checks: [] };
}
function factRows(report) {
  const { signer, timestamp, log, requestId: requestId2, project, policy } = report;
  return [
    ...signer === void 0 ? [] : [["signer", signer.name]],
    ["timestamp", timestamp === void 0 ? "none; the signer was checked without one" : timeText(timestamp)],
    ...originRows(report),
    ["policy", `${project ?? ""}/${policy ?? ""}`],
    ...requestId2 === void 0 ? [] : [["request", shortRequestId(requestId2)]],
    ...log === void 0 ? [] : [["log", `entry ${log.index} of ${log.origin}, ${timeText(log.time)}`]]
  ];
}
function originRows({ origin: origin2, binding }) {
  if (origin2 === void 0) return [];
  return [
    ["origin", originText(origin2, binding ?? "proof")],
    ["workflow", origin2.workflow.uri],
    ...origin2.callee === void 0 ? [] : [["builder", origin2.callee.uri]]
  ];
}
function digestRows({ coveredDigest: coveredDigest2, claimed }) {
  return [
    ...coveredDigest2 === void 0 ? [] : [["covered", `${coveredDigest2.algorithm} ${coveredDigest2.value}`]],
    ...claimed === void 0 ? [] : [["claimed", `sha256 ${claimed.sha256} before signing (unchecked)`]]
  ];
}
function checkRow2({ name, ok, detail, code: code3 }) {
  if (ok) return ["ok", name];
  const why = detail ?? "";
  return code3 === void 0 ? ["skipped", name, why] : ["failed", name, `${why} [${code3}]`];
}

// core/src/encoding/der.ts
var Tag = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  objectIdentifier: 6,
  enumerated: 10,
  utf8String: 12,
  printableString: 19,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
  bmpString: 30,
  sequence: 48,
  set: 49
};
function der(tag, ...contents) {
  const body = concatBytes(...contents);
  return concatBytes(Uint8Array.of(tag), derLength(body.length), body);
}
function derLength(length) {
  if (length < 128) return Uint8Array.of(length);
  const octets = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(128 | octets.length, ...octets);
}
function derSequence(...items) {
  return der(Tag.sequence, ...items);
}
function derSetOf(...items) {
  return der(Tag.set, ...[...items].sort((left, right) => Buffer.compare(left, right)));
}
function derContext(number3, ...contents) {
  return der(160 | number3, ...contents);
}
function derContextPrimitive(number3, contents) {
  return der(128 | number3, contents);
}
function derOid(dotted) {
  const misuse = new TypeError(`Not an object identifier: ${dotted}`);
  if (!/^[012](?:\.\d+)+$/.test(dotted)) throw misuse;
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  if (first < 2n && second > 39n) throw misuse;
  const octets = [first * 40n + second, ...rest].flatMap(base128);
  return der(Tag.objectIdentifier, Uint8Array.from(octets));
}
function base128(arc) {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 128);
  return octets;
}
function derInteger(value) {
  const octets = value instanceof Uint8Array ? [...value] : unsignedOctets(BigInt(value));
  while (octets.length > 1 && octets[0] === 0) octets.shift();
  if (octets.length === 0) octets.push(0);
  if ((octets[0] ?? 0) >= 128) octets.unshift(0);
  return der(Tag.integer, Uint8Array.from(octets));
}
function unsignedOctets(value) {
  if (value < 0n) throw new TypeError("Negative integers have no use here.");
  const octets = [];
  for (let rest = value; rest > 0n; rest >>= 8n) octets.unshift(Number(rest & 0xffn));
  return octets;
}
function derOctetString(bytes2) {
  return der(Tag.octetString, bytes2);
}
function derNull() {
  return der(Tag.null);
}
function derTime(time5) {
  const digits = time5.toISOString().replace(/\.\d+Z$/, "Z").replace(/[-:T]/g, "");
  return time5.getUTCFullYear() < 2050 && time5.getUTCFullYear() >= 1950 ? der(Tag.utcTime, utf8(digits.slice(2))) : der(Tag.generalizedTime, utf8(digits));
}

// core/src/encoding/der-reader.ts
function derError(what) {
  return new OriginSignError("der.malformed", `The DER is malformed: ${what}.`);
}
function readDer(bytes2) {
  const { value, end } = readAt(bytes2, 0);
  if (end !== bytes2.length) throw derError("bytes after the value");
  return value;
}
function readDerPrefix(bytes2) {
  return readAt(bytes2, 0).value;
}
function readDerAll(contents) {
  const values = [];
  for (let offset = 0; offset < contents.length; ) {
    const { value, end } = readAt(contents, offset);
    values.push(value);
    offset = end;
  }
  return values;
}
function readAt(bytes2, start) {
  const tag = bytes2[start];
  const first = bytes2[start + 1];
  if (tag === void 0 || first === void 0) throw derError("cut short");
  if ((tag & 31) === 31) throw derError("a tag number above 30");
  let offset = start + 2;
  let length = first;
  if (first >= 128) {
    const count2 = first & 127;
    if (count2 === 0 || count2 > 4) throw derError("a length that DER does not allow");
    length = 0;
    for (let index = 0; index < count2; index += 1) length = length * 256 + (bytes2[offset + index] ?? 0);
    if (length < 128 || length < 256 ** (count2 - 1)) throw derError("a length that is not minimal");
    offset += count2;
  }
  const end = offset + length;
  if (end > bytes2.length) throw derError("cut short");
  return { value: { tag, raw: bytes2.subarray(start, end), contents: bytes2.subarray(offset, end) }, end };
}
var DerCursor = class {
  #values;
  #next = 0;
  constructor(contents) {
    this.#values = readDerAll(contents);
  }
  /** The next value, which must be there and, if a tag is given, have it. */
  take(tag) {
    const value = this.#values[this.#next];
    if (value === void 0) throw derError("a value is missing");
    if (tag !== void 0 && value.tag !== tag) throw derError(`expected tag ${tag}, found ${value.tag}`);
    this.#next += 1;
    return value;
  }
  /** The next value where it has this tag. */
  takeIf(tag) {
    return this.#values[this.#next]?.tag === tag ? this.take() : void 0;
  }
  /** What is left, in order. */
  rest() {
    const rest = this.#values.slice(this.#next);
    this.#next = this.#values.length;
    return rest;
  }
  /** Throws where something is left. */
  end() {
    if (this.#next !== this.#values.length) throw derError("a value too many");
  }
};
function sequenceCursor(value) {
  if (value.tag !== Tag.sequence) throw derError(`expected a SEQUENCE, found tag ${value.tag}`);
  return new DerCursor(value.contents);
}
function oidText(value) {
  if (value.tag !== Tag.objectIdentifier || value.contents.length === 0)
    throw derError("expected an OBJECT IDENTIFIER");
  if (value.contents.length > 128) throw derError("an OBJECT IDENTIFIER too long");
  const arcs = [];
  let arc = 0n;
  let started = false;
  for (const octet of value.contents) {
    if (!started && octet === 128) throw derError("an identifier arc that is not minimal");
    arc = arc << 7n | BigInt(octet & 127);
    started = octet >= 128;
    if (!started) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  if (started) throw derError("an identifier cut short");
  const head = arcs[0] ?? 0n;
  const first = head < 80n ? head / 40n : 2n;
  return [first, head - first * 40n, ...arcs.slice(1)].join(".");
}
function unsignedBytes(value) {
  const { contents } = value;
  if (value.tag !== Tag.integer || contents.length === 0) throw derError("expected an INTEGER");
  const [first = 0, second = 0] = contents;
  if (first >= 128) throw derError("a negative INTEGER");
  if (contents.length > 1 && first === 0 && second < 128) throw derError("an INTEGER that is not minimal");
  return first === 0 && contents.length > 1 ? contents.subarray(1) : contents;
}
function smallInteger(value) {
  const bytes2 = unsignedBytes(value);
  if (bytes2.length > 6) throw derError("an INTEGER too large");
  return bytes2.reduce((sum, octet) => sum * 256 + octet, 0);
}
function readDerTime(value) {
  const text4 = Buffer.from(value.contents).toString("latin1");
  const utc = value.tag === Tag.utcTime ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text4) : null;
  const general = value.tag === Tag.generalizedTime ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d*[1-9])?Z$/.exec(text4) : null;
  const match = utc ?? general;
  if (match === null) throw derError("a time that is not UTC with seconds");
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const fullYear = utc === null ? year : year < 50 ? 2e3 + year : 1900 + year;
  const milliseconds = Number((general?.[7] ?? ".").slice(1, 4).padEnd(3, "0"));
  const time5 = new Date(Date.UTC(fullYear, month - 1, day, hour, minute, second, milliseconds));
  const exists2 = time5.getUTCFullYear() === fullYear && time5.getUTCMonth() === month - 1 && time5.getUTCDate() === day && hour <= 23;
  if (!exists2 || minute > 59 || second > 59) throw derError("a time that does not exist");
  return time5;
}

// core/src/x509/oids.ts
var Oid = {
  // RFC 8017, RFC 5480, RFC 8410
  rsaEncryption: "1.2.840.113549.1.1.1",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  sha384WithRsa: "1.2.840.113549.1.1.12",
  sha512WithRsa: "1.2.840.113549.1.1.13",
  ecPublicKey: "1.2.840.10045.2.1",
  p256: "1.2.840.10045.3.1.7",
  p384: "1.3.132.0.34",
  p521: "1.3.132.0.35",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  ecdsaWithSha384: "1.2.840.10045.4.3.3",
  ecdsaWithSha512: "1.2.840.10045.4.3.4",
  ed25519: "1.3.101.112",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
  // RFC 5280
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  crlNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  invalidityDate: "2.5.29.24",
  deltaCrlIndicator: "2.5.29.27",
  issuingDistributionPoint: "2.5.29.28",
  certificatePolicies: "2.5.29.32",
  authorityKeyIdentifier: "2.5.29.35",
  extendedKeyUsage: "2.5.29.37",
  anyExtendedKeyUsage: "2.5.29.37.0",
  clientAuthentication: "1.3.6.1.5.5.7.3.2",
  codeSigning: "1.3.6.1.5.5.7.3.3",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  // MS-WCCE sections 2.2.2.7.7.1 and 2.2.2.7.7.2
  certificateTemplateName: "1.3.6.1.4.1.311.20.2",
  certificateTemplate: "1.3.6.1.4.1.311.21.7",
  // RFC 5652, RFC 2634, RFC 5035, RFC 3161
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingTime: "1.2.840.113549.1.9.5",
  timestampInfo: "1.2.840.113549.1.9.16.1.4",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  timestampToken: "1.2.840.113549.1.9.16.2.14",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47"
};
var DIGESTS = {
  [Oid.sha256]: "sha256",
  [Oid.sha384]: "sha384",
  [Oid.sha512]: "sha512"
};
function digestOfOid(oid) {
  return DIGESTS[oid];
}

// core/src/x509/cms-attributes.ts
function encodeAttribute(oid, value) {
  return derSequence(derOid(oid), derSetOf(value));
}
function encodeContentAttributes(contentType, messageDigest) {
  return [
    encodeAttribute(Oid.contentType, derOid(contentType)),
    encodeAttribute(Oid.messageDigest, derOctetString(messageDigest))
  ];
}
function encodeSigningTime(time5) {
  return encodeAttribute(Oid.signingTime, derTime(time5));
}
function encodeSignedAttributes(attributes) {
  return derSetOf(...attributes);
}
function retagAttributes(attributes, tag) {
  const { tag: found, contents } = readDer(attributes);
  if (found !== Tag.set) throw derError("expected a SET of attributes");
  return der(tag, contents);
}
function readAttributes(contents) {
  const attributes = /* @__PURE__ */ new Map();
  for (const item of readDerAll(contents)) {
    const parts = sequenceCursor(item);
    const oid = oidText(parts.take());
    const [value, ...others] = readDerAll(parts.take(Tag.set).contents);
    parts.end();
    if (value === void 0 || others.length > 0) throw derError(`the attribute ${oid} does not have one value`);
    if (attributes.has(oid)) throw derError(`the attribute ${oid} is there twice`);
    attributes.set(oid, value);
  }
  return attributes;
}

// core/src/x509/signature-algorithm.ts
import { verify as verify2 } from "node:crypto";

// core/src/x509/public-key.ts
var CURVES = {
  [Oid.p256]: { curve: "p-256", pointLength: 65 },
  [Oid.p384]: { curve: "p-384", pointLength: 97 },
  [Oid.p521]: { curve: "p-521", pointLength: 133 }
};
function parsePublicKey(spki) {
  const outer = sequenceCursor(readDer(spki));
  const algorithm = sequenceCursor(outer.take());
  const key2 = wholeBits(outer.take(Tag.bitString));
  outer.end();
  const oid = oidText(algorithm.take());
  const parameters = algorithm.rest();
  if (parameters.length > 1) throw unsupported("has odd parameters");
  if (oid === Oid.rsaEncryption) return rsaKey(key2, parameters[0]);
  if (oid === Oid.ecPublicKey) return ecKey(key2, parameters[0]);
  if (oid === Oid.ed25519 && parameters.length === 0 && key2.length === 32) return { algorithm: "ed25519" };
  throw unsupported(`has the algorithm ${oid}`);
}
function rsaKey(key2, parameters) {
  if (parameters?.tag !== Tag.null || parameters.contents.length !== 0) throw unsupported("has odd parameters");
  const numbers = sequenceCursor(readDer(key2));
  const modulus = unsignedBytes(numbers.take());
  const exponent = unsignedBytes(numbers.take());
  numbers.end();
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits < 2048 || bits > 8192) throw unsupported(`is an RSA key of ${bits} bits`);
  const odd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (!odd || exponent.length > 4 || Number(Buffer.from(exponent).readUIntBE(0, exponent.length)) < 65537) {
    throw unsupported("is an RSA key with an exponent that is even, below 65537 or huge");
  }
  return { algorithm: "rsa", bits, modulusLength: modulus.length };
}
function ecKey(point, parameters) {
  const oid = parameters === void 0 ? "" : oidText(parameters);
  const known = CURVES[oid];
  if (known === void 0) throw unsupported(`is on the curve ${oid}`);
  if (point.length !== known.pointLength || point[0] !== 4) throw unsupported("has a point that is not uncompressed");
  return { algorithm: "ec", curve: known.curve, point };
}
function wholeBits(value) {
  if (value.tag !== Tag.bitString || value.contents[0] !== 0) {
    throw new OriginSignError("der.malformed", "The DER is malformed: expected a BIT STRING of whole octets.");
  }
  return value.contents.subarray(1);
}
function unsupported(what) {
  return new OriginSignError("format.key_type", `The public key ${what}, which is not supported.`);
}

// core/src/x509/signature.ts
import { constants, createPublicKey, publicDecrypt, verify } from "node:crypto";

// node_modules/@noble/curves/node_modules/@noble/hashes/esm/cryptoNode.js
import * as nc from "node:crypto";
var crypto = nc && typeof nc === "object" && "webcrypto" in nc ? nc.webcrypto : nc && typeof nc === "object" && "randomBytes" in nc ? nc : void 0;

// node_modules/@noble/curves/node_modules/@noble/hashes/esm/utils.js
function isBytes(a) {
  return a instanceof Uint8Array || ArrayBuffer.isView(a) && a.constructor.name === "Uint8Array";
}
function anumber(n) {
  if (!Number.isSafeInteger(n) || n < 0)
    throw new Error("positive integer expected, got " + n);
}
function abytes(b, ...lengths) {
  if (!isBytes(b))
    throw new Error("Uint8Array expected");
  if (lengths.length > 0 && !lengths.includes(b.length))
    throw new Error("Uint8Array expected of length " + lengths + ", got length=" + b.length);
}
function ahash(h) {
  if (typeof h !== "function" || typeof h.create !== "function")
    throw new Error("Hash should be wrapped by utils.createHasher");
  anumber(h.outputLen);
  anumber(h.blockLen);
}
function aexists(instance, checkFinished = true) {
  if (instance.destroyed)
    throw new Error("Hash instance has been destroyed");
  if (checkFinished && instance.finished)
    throw new Error("Hash#digest() has already been called");
}
function aoutput(out, instance) {
  abytes(out);
  const min = instance.outputLen;
  if (out.length < min) {
    throw new Error("digestInto() expects output buffer of length at least " + min);
  }
}
function clean(...arrays) {
  for (let i = 0; i < arrays.length; i++) {
    arrays[i].fill(0);
  }
}
function createView(arr) {
  return new DataView(arr.buffer, arr.byteOffset, arr.byteLength);
}
function rotr(word, shift) {
  return word << 32 - shift | word >>> shift;
}
var hasHexBuiltin = /* @__PURE__ */ (() => (
  // @ts-ignore
  typeof Uint8Array.from([]).toHex === "function" && typeof Uint8Array.fromHex === "function"
))();
var hexes = /* @__PURE__ */ Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, "0"));
function bytesToHex(bytes2) {
  abytes(bytes2);
  if (hasHexBuiltin)
    return bytes2.toHex();
  let hex = "";
  for (let i = 0; i < bytes2.length; i++) {
    hex += hexes[bytes2[i]];
  }
  return hex;
}
var asciis = { _0: 48, _9: 57, A: 65, F: 70, a: 97, f: 102 };
function asciiToBase16(ch) {
  if (ch >= asciis._0 && ch <= asciis._9)
    return ch - asciis._0;
  if (ch >= asciis.A && ch <= asciis.F)
    return ch - (asciis.A - 10);
  if (ch >= asciis.a && ch <= asciis.f)
    return ch - (asciis.a - 10);
  return;
}
function hexToBytes(hex) {
  if (typeof hex !== "string")
    throw new Error("hex string expected, got " + typeof hex);
  if (hasHexBuiltin)
    return Uint8Array.fromHex(hex);
  const hl = hex.length;
  const al = hl / 2;
  if (hl % 2)
    throw new Error("hex string expected, got unpadded hex of length " + hl);
  const array2 = new Uint8Array(al);
  for (let ai = 0, hi = 0; ai < al; ai++, hi += 2) {
    const n1 = asciiToBase16(hex.charCodeAt(hi));
    const n2 = asciiToBase16(hex.charCodeAt(hi + 1));
    if (n1 === void 0 || n2 === void 0) {
      const char = hex[hi] + hex[hi + 1];
      throw new Error('hex string expected, got non-hex character "' + char + '" at index ' + hi);
    }
    array2[ai] = n1 * 16 + n2;
  }
  return array2;
}
function utf8ToBytes(str) {
  if (typeof str !== "string")
    throw new Error("string expected");
  return new Uint8Array(new TextEncoder().encode(str));
}
function toBytes(data) {
  if (typeof data === "string")
    data = utf8ToBytes(data);
  abytes(data);
  return data;
}
function concatBytes2(...arrays) {
  let sum = 0;
  for (let i = 0; i < arrays.length; i++) {
    const a = arrays[i];
    abytes(a);
    sum += a.length;
  }
  const res = new Uint8Array(sum);
  for (let i = 0, pad = 0; i < arrays.length; i++) {
    const a = arrays[i];
    res.set(a, pad);
    pad += a.length;
  }
  return res;
}
var Hash = class {
};
function createHasher(hashCons) {
  const hashC = (msg) => hashCons().update(toBytes(msg)).digest();
  const tmp = hashCons();
  hashC.outputLen = tmp.outputLen;
  hashC.blockLen = tmp.blockLen;
  hashC.create = () => hashCons();
  return hashC;
}
function randomBytes(bytesLength = 32) {
  if (crypto && typeof crypto.getRandomValues === "function") {
    return crypto.getRandomValues(new Uint8Array(bytesLength));
  }
  if (crypto && typeof crypto.randomBytes === "function") {
    return Uint8Array.from(crypto.randomBytes(bytesLength));
  }
  throw new Error("crypto.getRandomValues must be defined");
}

// node_modules/@noble/curves/node_modules/@noble/hashes/esm/_md.js
function setBigUint64(view4, byteOffset, value, isLE) {
  if (typeof view4.setBigUint64 === "function")
    return view4.setBigUint64(byteOffset, value, isLE);
  const _32n2 = BigInt(32);
  const _u32_max = BigInt(4294967295);
  const wh = Number(value >> _32n2 & _u32_max);
  const wl = Number(value & _u32_max);
  const h = isLE ? 4 : 0;
  const l = isLE ? 0 : 4;
  view4.setUint32(byteOffset + h, wh, isLE);
  view4.setUint32(byteOffset + l, wl, isLE);
}
function Chi(a, b, c) {
  return a & b ^ ~a & c;
}
function Maj(a, b, c) {
  return a & b ^ a & c ^ b & c;
}
var HashMD = class extends Hash {
  constructor(blockLen, outputLen, padOffset, isLE) {
    super();
    this.finished = false;
    this.length = 0;
    this.pos = 0;
    this.destroyed = false;
    this.blockLen = blockLen;
    this.outputLen = outputLen;
    this.padOffset = padOffset;
    this.isLE = isLE;
    this.buffer = new Uint8Array(blockLen);
    this.view = createView(this.buffer);
  }
  update(data) {
    aexists(this);
    data = toBytes(data);
    abytes(data);
    const { view: view4, buffer, blockLen } = this;
    const len = data.length;
    for (let pos = 0; pos < len; ) {
      const take = Math.min(blockLen - this.pos, len - pos);
      if (take === blockLen) {
        const dataView = createView(data);
        for (; blockLen <= len - pos; pos += blockLen)
          this.process(dataView, pos);
        continue;
      }
      buffer.set(data.subarray(pos, pos + take), this.pos);
      this.pos += take;
      pos += take;
      if (this.pos === blockLen) {
        this.process(view4, 0);
        this.pos = 0;
      }
    }
    this.length += data.length;
    this.roundClean();
    return this;
  }
  digestInto(out) {
    aexists(this);
    aoutput(out, this);
    this.finished = true;
    const { buffer, view: view4, blockLen, isLE } = this;
    let { pos } = this;
    buffer[pos++] = 128;
    clean(this.buffer.subarray(pos));
    if (this.padOffset > blockLen - pos) {
      this.process(view4, 0);
      pos = 0;
    }
    for (let i = pos; i < blockLen; i++)
      buffer[i] = 0;
    setBigUint64(view4, blockLen - 8, BigInt(this.length * 8), isLE);
    this.process(view4, 0);
    const oview = createView(out);
    const len = this.outputLen;
    if (len % 4)
      throw new Error("_sha2: outputLen should be aligned to 32bit");
    const outLen = len / 4;
    const state = this.get();
    if (outLen > state.length)
      throw new Error("_sha2: outputLen bigger than state");
    for (let i = 0; i < outLen; i++)
      oview.setUint32(4 * i, state[i], isLE);
  }
  digest() {
    const { buffer, outputLen } = this;
    this.digestInto(buffer);
    const res = buffer.slice(0, outputLen);
    this.destroy();
    return res;
  }
  _cloneInto(to) {
    to || (to = new this.constructor());
    to.set(...this.get());
    const { blockLen, buffer, length, finished, destroyed, pos } = this;
    to.destroyed = destroyed;
    to.finished = finished;
    to.length = length;
    to.pos = pos;
    if (length % blockLen)
      to.buffer.set(buffer);
    return to;
  }
  clone() {
    return this._cloneInto();
  }
};
var SHA256_IV = /* @__PURE__ */ Uint32Array.from([
  1779033703,
  3144134277,
  1013904242,
  2773480762,
  1359893119,
  2600822924,
  528734635,
  1541459225
]);
var SHA384_IV = /* @__PURE__ */ Uint32Array.from([
  3418070365,
  3238371032,
  1654270250,
  914150663,
  2438529370,
  812702999,
  355462360,
  4144912697,
  1731405415,
  4290775857,
  2394180231,
  1750603025,
  3675008525,
  1694076839,
  1203062813,
  3204075428
]);
var SHA512_IV = /* @__PURE__ */ Uint32Array.from([
  1779033703,
  4089235720,
  3144134277,
  2227873595,
  1013904242,
  4271175723,
  2773480762,
  1595750129,
  1359893119,
  2917565137,
  2600822924,
  725511199,
  528734635,
  4215389547,
  1541459225,
  327033209
]);

// node_modules/@noble/curves/node_modules/@noble/hashes/esm/_u64.js
var U32_MASK64 = /* @__PURE__ */ BigInt(2 ** 32 - 1);
var _32n = /* @__PURE__ */ BigInt(32);
function fromBig(n, le = false) {
  if (le)
    return { h: Number(n & U32_MASK64), l: Number(n >> _32n & U32_MASK64) };
  return { h: Number(n >> _32n & U32_MASK64) | 0, l: Number(n & U32_MASK64) | 0 };
}
function split(lst, le = false) {
  const len = lst.length;
  let Ah = new Uint32Array(len);
  let Al = new Uint32Array(len);
  for (let i = 0; i < len; i++) {
    const { h, l } = fromBig(lst[i], le);
    [Ah[i], Al[i]] = [h, l];
  }
  return [Ah, Al];
}
var shrSH = (h, _l, s) => h >>> s;
var shrSL = (h, l, s) => h << 32 - s | l >>> s;
var rotrSH = (h, l, s) => h >>> s | l << 32 - s;
var rotrSL = (h, l, s) => h << 32 - s | l >>> s;
var rotrBH = (h, l, s) => h << 64 - s | l >>> s - 32;
var rotrBL = (h, l, s) => h >>> s - 32 | l << 64 - s;
function add(Ah, Al, Bh, Bl) {
  const l = (Al >>> 0) + (Bl >>> 0);
  return { h: Ah + Bh + (l / 2 ** 32 | 0) | 0, l: l | 0 };
}
var add3L = (Al, Bl, Cl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0);
var add3H = (low, Ah, Bh, Ch) => Ah + Bh + Ch + (low / 2 ** 32 | 0) | 0;
var add4L = (Al, Bl, Cl, Dl) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0);
var add4H = (low, Ah, Bh, Ch, Dh) => Ah + Bh + Ch + Dh + (low / 2 ** 32 | 0) | 0;
var add5L = (Al, Bl, Cl, Dl, El) => (Al >>> 0) + (Bl >>> 0) + (Cl >>> 0) + (Dl >>> 0) + (El >>> 0);
var add5H = (low, Ah, Bh, Ch, Dh, Eh) => Ah + Bh + Ch + Dh + Eh + (low / 2 ** 32 | 0) | 0;

// node_modules/@noble/curves/node_modules/@noble/hashes/esm/sha2.js
var SHA256_K = /* @__PURE__ */ Uint32Array.from([
  1116352408,
  1899447441,
  3049323471,
  3921009573,
  961987163,
  1508970993,
  2453635748,
  2870763221,
  3624381080,
  310598401,
  607225278,
  1426881987,
  1925078388,
  2162078206,
  2614888103,
  3248222580,
  3835390401,
  4022224774,
  264347078,
  604807628,
  770255983,
  1249150122,
  1555081692,
  1996064986,
  2554220882,
  2821834349,
  2952996808,
  3210313671,
  3336571891,
  3584528711,
  113926993,
  338241895,
  666307205,
  773529912,
  1294757372,
  1396182291,
  1695183700,
  1986661051,
  2177026350,
  2456956037,
  2730485921,
  2820302411,
  3259730800,
  3345764771,
  3516065817,
  3600352804,
  4094571909,
  275423344,
  430227734,
  506948616,
  659060556,
  883997877,
  958139571,
  1322822218,
  1537002063,
  1747873779,
  1955562222,
  2024104815,
  2227730452,
  2361852424,
  2428436474,
  2756734187,
  3204031479,
  3329325298
]);
var SHA256_W = /* @__PURE__ */ new Uint32Array(64);
var SHA256 = class extends HashMD {
  constructor(outputLen = 32) {
    super(64, outputLen, 8, false);
    this.A = SHA256_IV[0] | 0;
    this.B = SHA256_IV[1] | 0;
    this.C = SHA256_IV[2] | 0;
    this.D = SHA256_IV[3] | 0;
    this.E = SHA256_IV[4] | 0;
    this.F = SHA256_IV[5] | 0;
    this.G = SHA256_IV[6] | 0;
    this.H = SHA256_IV[7] | 0;
  }
  get() {
    const { A, B, C, D, E, F, G, H } = this;
    return [A, B, C, D, E, F, G, H];
  }
  // prettier-ignore
  set(A, B, C, D, E, F, G, H) {
    this.A = A | 0;
    this.B = B | 0;
    this.C = C | 0;
    this.D = D | 0;
    this.E = E | 0;
    this.F = F | 0;
    this.G = G | 0;
    this.H = H | 0;
  }
  process(view4, offset) {
    for (let i = 0; i < 16; i++, offset += 4)
      SHA256_W[i] = view4.getUint32(offset, false);
    for (let i = 16; i < 64; i++) {
      const W15 = SHA256_W[i - 15];
      const W2 = SHA256_W[i - 2];
      const s0 = rotr(W15, 7) ^ rotr(W15, 18) ^ W15 >>> 3;
      const s1 = rotr(W2, 17) ^ rotr(W2, 19) ^ W2 >>> 10;
      SHA256_W[i] = s1 + SHA256_W[i - 7] + s0 + SHA256_W[i - 16] | 0;
    }
    let { A, B, C, D, E, F, G, H } = this;
    for (let i = 0; i < 64; i++) {
      const sigma1 = rotr(E, 6) ^ rotr(E, 11) ^ rotr(E, 25);
      const T1 = H + sigma1 + Chi(E, F, G) + SHA256_K[i] + SHA256_W[i] | 0;
      const sigma0 = rotr(A, 2) ^ rotr(A, 13) ^ rotr(A, 22);
      const T2 = sigma0 + Maj(A, B, C) | 0;
      H = G;
      G = F;
      F = E;
      E = D + T1 | 0;
      D = C;
      C = B;
      B = A;
      A = T1 + T2 | 0;
    }
    A = A + this.A | 0;
    B = B + this.B | 0;
    C = C + this.C | 0;
    D = D + this.D | 0;
    E = E + this.E | 0;
    F = F + this.F | 0;
    G = G + this.G | 0;
    H = H + this.H | 0;
    this.set(A, B, C, D, E, F, G, H);
  }
  roundClean() {
    clean(SHA256_W);
  }
  destroy() {
    this.set(0, 0, 0, 0, 0, 0, 0, 0);
    clean(this.buffer);
  }
};
var K512 = /* @__PURE__ */ (() => split([
  "0x428a2f98d728ae22",
  "0x7137449123ef65cd",
  "0xb5c0fbcfec4d3b2f",
  "0xe9b5dba58189dbbc",
  "0x3956c25bf348b538",
  "0x59f111f1b605d019",
  "0x923f82a4af194f9b",
  "0xab1c5ed5da6d8118",
  "0xd807aa98a3030242",
  "0x12835b0145706fbe",
  "0x243185be4ee4b28c",
  "0x550c7dc3d5ffb4e2",
  "0x72be5d74f27b896f",
  "0x80deb1fe3b1696b1",
  "0x9bdc06a725c71235",
  "0xc19bf174cf692694",
  "0xe49b69c19ef14ad2",
  "0xefbe4786384f25e3",
  "0x0fc19dc68b8cd5b5",
  "0x240ca1cc77ac9c65",
  "0x2de92c6f592b0275",
  "0x4a7484aa6ea6e483",
  "0x5cb0a9dcbd41fbd4",
  "0x76f988da831153b5",
  "0x983e5152ee66dfab",
  "0xa831c66d2db43210",
  "0xb00327c898fb213f",
  "0xbf597fc7beef0ee4",
  "0xc6e00bf33da88fc2",
  "0xd5a79147930aa725",
  "0x06ca6351e003826f",
  "0x142929670a0e6e70",
  "0x27b70a8546d22ffc",
  "0x2e1b21385c26c926",
  "0x4d2c6dfc5ac42aed",
  "0x53380d139d95b3df",
  "0x650a73548baf63de",
  "0x766a0abb3c77b2a8",
  "0x81c2c92e47edaee6",
  "0x92722c851482353b",
  "0xa2bfe8a14cf10364",
  "0xa81a664bbc423001",
  "0xc24b8b70d0f89791",
  "0xc76c51a30654be30",
  "0xd192e819d6ef5218",
  "0xd69906245565a910",
  "0xf40e35855771202a",
  "0x106aa07032bbd1b8",
  "0x19a4c116b8d2d0c8",
  "0x1e376c085141ab53",
  "0x2748774cdf8eeb99",
  "0x34b0bcb5e19b48a8",
  "0x391c0cb3c5c95a63",
  "0x4ed8aa4ae3418acb",
  "0x5b9cca4f7763e373",
  "0x682e6ff3d6b2b8a3",
  "0x748f82ee5defb2fc",
  "0x78a5636f43172f60",
  "0x84c87814a1f0ab72",
  "0x8cc702081a6439ec",
  "0x90befffa23631e28",
  "0xa4506cebde82bde9",
  "0xbef9a3f7b2c67915",
  "0xc67178f2e372532b",
  "0xca273eceea26619c",
  "0xd186b8c721c0c207",
  "0xeada7dd6cde0eb1e",
  "0xf57d4f7fee6ed178",
  "0x06f067aa72176fba",
  "0x0a637dc5a2c898a6",
  "0x113f9804bef90dae",
  "0x1b710b35131c471b",
  "0x28db77f523047d84",
  "0x32caab7b40c72493",
  "0x3c9ebe0a15c9bebc",
  "0x431d67c49c100d4c",
  "0x4cc5d4becb3e42b6",
  "0x597f299cfc657e2a",
  "0x5fcb6fab3ad6faec",
  "0x6c44198c4a475817"
].map((n) => BigInt(n))))();
var SHA512_Kh = /* @__PURE__ */ (() => K512[0])();
var SHA512_Kl = /* @__PURE__ */ (() => K512[1])();
var SHA512_W_H = /* @__PURE__ */ new Uint32Array(80);
var SHA512_W_L = /* @__PURE__ */ new Uint32Array(80);
var SHA512 = class extends HashMD {
  constructor(outputLen = 64) {
    super(128, outputLen, 16, false);
    this.Ah = SHA512_IV[0] | 0;
    this.Al = SHA512_IV[1] | 0;
    this.Bh = SHA512_IV[2] | 0;
    this.Bl = SHA512_IV[3] | 0;
    this.Ch = SHA512_IV[4] | 0;
    this.Cl = SHA512_IV[5] | 0;
    this.Dh = SHA512_IV[6] | 0;
    this.Dl = SHA512_IV[7] | 0;
    this.Eh = SHA512_IV[8] | 0;
    this.El = SHA512_IV[9] | 0;
    this.Fh = SHA512_IV[10] | 0;
    this.Fl = SHA512_IV[11] | 0;
    this.Gh = SHA512_IV[12] | 0;
    this.Gl = SHA512_IV[13] | 0;
    this.Hh = SHA512_IV[14] | 0;
    this.Hl = SHA512_IV[15] | 0;
  }
  // prettier-ignore
  get() {
    const { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
    return [Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl];
  }
  // prettier-ignore
  set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl) {
    this.Ah = Ah | 0;
    this.Al = Al | 0;
    this.Bh = Bh | 0;
    this.Bl = Bl | 0;
    this.Ch = Ch | 0;
    this.Cl = Cl | 0;
    this.Dh = Dh | 0;
    this.Dl = Dl | 0;
    this.Eh = Eh | 0;
    this.El = El | 0;
    this.Fh = Fh | 0;
    this.Fl = Fl | 0;
    this.Gh = Gh | 0;
    this.Gl = Gl | 0;
    this.Hh = Hh | 0;
    this.Hl = Hl | 0;
  }
  process(view4, offset) {
    for (let i = 0; i < 16; i++, offset += 4) {
      SHA512_W_H[i] = view4.getUint32(offset);
      SHA512_W_L[i] = view4.getUint32(offset += 4);
    }
    for (let i = 16; i < 80; i++) {
      const W15h = SHA512_W_H[i - 15] | 0;
      const W15l = SHA512_W_L[i - 15] | 0;
      const s0h = rotrSH(W15h, W15l, 1) ^ rotrSH(W15h, W15l, 8) ^ shrSH(W15h, W15l, 7);
      const s0l = rotrSL(W15h, W15l, 1) ^ rotrSL(W15h, W15l, 8) ^ shrSL(W15h, W15l, 7);
      const W2h = SHA512_W_H[i - 2] | 0;
      const W2l = SHA512_W_L[i - 2] | 0;
      const s1h = rotrSH(W2h, W2l, 19) ^ rotrBH(W2h, W2l, 61) ^ shrSH(W2h, W2l, 6);
      const s1l = rotrSL(W2h, W2l, 19) ^ rotrBL(W2h, W2l, 61) ^ shrSL(W2h, W2l, 6);
      const SUMl = add4L(s0l, s1l, SHA512_W_L[i - 7], SHA512_W_L[i - 16]);
      const SUMh = add4H(SUMl, s0h, s1h, SHA512_W_H[i - 7], SHA512_W_H[i - 16]);
      SHA512_W_H[i] = SUMh | 0;
      SHA512_W_L[i] = SUMl | 0;
    }
    let { Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl } = this;
    for (let i = 0; i < 80; i++) {
      const sigma1h = rotrSH(Eh, El, 14) ^ rotrSH(Eh, El, 18) ^ rotrBH(Eh, El, 41);
      const sigma1l = rotrSL(Eh, El, 14) ^ rotrSL(Eh, El, 18) ^ rotrBL(Eh, El, 41);
      const CHIh = Eh & Fh ^ ~Eh & Gh;
      const CHIl = El & Fl ^ ~El & Gl;
      const T1ll = add5L(Hl, sigma1l, CHIl, SHA512_Kl[i], SHA512_W_L[i]);
      const T1h = add5H(T1ll, Hh, sigma1h, CHIh, SHA512_Kh[i], SHA512_W_H[i]);
      const T1l = T1ll | 0;
      const sigma0h = rotrSH(Ah, Al, 28) ^ rotrBH(Ah, Al, 34) ^ rotrBH(Ah, Al, 39);
      const sigma0l = rotrSL(Ah, Al, 28) ^ rotrBL(Ah, Al, 34) ^ rotrBL(Ah, Al, 39);
      const MAJh = Ah & Bh ^ Ah & Ch ^ Bh & Ch;
      const MAJl = Al & Bl ^ Al & Cl ^ Bl & Cl;
      Hh = Gh | 0;
      Hl = Gl | 0;
      Gh = Fh | 0;
      Gl = Fl | 0;
      Fh = Eh | 0;
      Fl = El | 0;
      ({ h: Eh, l: El } = add(Dh | 0, Dl | 0, T1h | 0, T1l | 0));
      Dh = Ch | 0;
      Dl = Cl | 0;
      Ch = Bh | 0;
      Cl = Bl | 0;
      Bh = Ah | 0;
      Bl = Al | 0;
      const All = add3L(T1l, sigma0l, MAJl);
      Ah = add3H(All, T1h, sigma0h, MAJh);
      Al = All | 0;
    }
    ({ h: Ah, l: Al } = add(this.Ah | 0, this.Al | 0, Ah | 0, Al | 0));
    ({ h: Bh, l: Bl } = add(this.Bh | 0, this.Bl | 0, Bh | 0, Bl | 0));
    ({ h: Ch, l: Cl } = add(this.Ch | 0, this.Cl | 0, Ch | 0, Cl | 0));
    ({ h: Dh, l: Dl } = add(this.Dh | 0, this.Dl | 0, Dh | 0, Dl | 0));
    ({ h: Eh, l: El } = add(this.Eh | 0, this.El | 0, Eh | 0, El | 0));
    ({ h: Fh, l: Fl } = add(this.Fh | 0, this.Fl | 0, Fh | 0, Fl | 0));
    ({ h: Gh, l: Gl } = add(this.Gh | 0, this.Gl | 0, Gh | 0, Gl | 0));
    ({ h: Hh, l: Hl } = add(this.Hh | 0, this.Hl | 0, Hh | 0, Hl | 0));
    this.set(Ah, Al, Bh, Bl, Ch, Cl, Dh, Dl, Eh, El, Fh, Fl, Gh, Gl, Hh, Hl);
  }
  roundClean() {
    clean(SHA512_W_H, SHA512_W_L);
  }
  destroy() {
    clean(this.buffer);
    this.set(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  }
};
var SHA384 = class extends SHA512 {
  constructor() {
    super(48);
    this.Ah = SHA384_IV[0] | 0;
    this.Al = SHA384_IV[1] | 0;
    this.Bh = SHA384_IV[2] | 0;
    this.Bl = SHA384_IV[3] | 0;
    this.Ch = SHA384_IV[4] | 0;
    this.Cl = SHA384_IV[5] | 0;
    this.Dh = SHA384_IV[6] | 0;
    this.Dl = SHA384_IV[7] | 0;
    this.Eh = SHA384_IV[8] | 0;
    this.El = SHA384_IV[9] | 0;
    this.Fh = SHA384_IV[10] | 0;
    this.Fl = SHA384_IV[11] | 0;
    this.Gh = SHA384_IV[12] | 0;
    this.Gl = SHA384_IV[13] | 0;
    this.Hh = SHA384_IV[14] | 0;
    this.Hl = SHA384_IV[15] | 0;
  }
};
var sha2562 = /* @__PURE__ */ createHasher(() => new SHA256());
var sha512 = /* @__PURE__ */ createHasher(() => new SHA512());
var sha384 = /* @__PURE__ */ createHasher(() => new SHA384());

// node_modules/@noble/curves/node_modules/@noble/hashes/esm/hmac.js
var HMAC = class extends Hash {
  constructor(hash, _key) {
    super();
    this.finished = false;
    this.destroyed = false;
    ahash(hash);
    const key2 = toBytes(_key);
    this.iHash = hash.create();
    if (typeof this.iHash.update !== "function")
      throw new Error("Expected instance of class which extends utils.Hash");
    this.blockLen = this.iHash.blockLen;
    this.outputLen = this.iHash.outputLen;
    const blockLen = this.blockLen;
    const pad = new Uint8Array(blockLen);
    pad.set(key2.length > blockLen ? hash.create().update(key2).digest() : key2);
    for (let i = 0; i < pad.length; i++)
      pad[i] ^= 54;
    this.iHash.update(pad);
    this.oHash = hash.create();
    for (let i = 0; i < pad.length; i++)
      pad[i] ^= 54 ^ 92;
    this.oHash.update(pad);
    clean(pad);
  }
  update(buf) {
    aexists(this);
    this.iHash.update(buf);
    return this;
  }
  digestInto(out) {
    aexists(this);
    abytes(out, this.outputLen);
    this.finished = true;
    this.iHash.digestInto(out);
    this.oHash.update(out);
    this.oHash.digestInto(out);
    this.destroy();
  }
  digest() {
    const out = new Uint8Array(this.oHash.outputLen);
    this.digestInto(out);
    return out;
  }
  _cloneInto(to) {
    to || (to = Object.create(Object.getPrototypeOf(this), {}));
    const { oHash, iHash, finished, destroyed, blockLen, outputLen } = this;
    to = to;
    to.finished = finished;
    to.destroyed = destroyed;
    to.blockLen = blockLen;
    to.outputLen = outputLen;
    to.oHash = oHash._cloneInto(to.oHash);
    to.iHash = iHash._cloneInto(to.iHash);
    return to;
  }
  clone() {
    return this._cloneInto();
  }
  destroy() {
    this.destroyed = true;
    this.oHash.destroy();
    this.iHash.destroy();
  }
};
var hmac = (hash, key2, message) => new HMAC(hash, key2).update(message).digest();
hmac.create = (hash, key2) => new HMAC(hash, key2);

// node_modules/@noble/curves/esm/utils.js
var _0n = /* @__PURE__ */ BigInt(0);
var _1n = /* @__PURE__ */ BigInt(1);
function _abool2(value, title2 = "") {
  if (typeof value !== "boolean") {
    const prefix = title2 && `"${title2}"`;
    throw new Error(prefix + "expected boolean, got type=" + typeof value);
  }
  return value;
}
function _abytes2(value, length, title2 = "") {
  const bytes2 = isBytes(value);
  const len = value?.length;
  const needsLen = length !== void 0;
  if (!bytes2 || needsLen && len !== length) {
    const prefix = title2 && `"${title2}" `;
    const ofLen = needsLen ? ` of length ${length}` : "";
    const got = bytes2 ? `length=${len}` : `type=${typeof value}`;
    throw new Error(prefix + "expected Uint8Array" + ofLen + ", got " + got);
  }
  return value;
}
function numberToHexUnpadded(num) {
  const hex = num.toString(16);
  return hex.length & 1 ? "0" + hex : hex;
}
function hexToNumber(hex) {
  if (typeof hex !== "string")
    throw new Error("hex string expected, got " + typeof hex);
  return hex === "" ? _0n : BigInt("0x" + hex);
}
function bytesToNumberBE(bytes2) {
  return hexToNumber(bytesToHex(bytes2));
}
function bytesToNumberLE(bytes2) {
  abytes(bytes2);
  return hexToNumber(bytesToHex(Uint8Array.from(bytes2).reverse()));
}
function numberToBytesBE(n, len) {
  return hexToBytes(n.toString(16).padStart(len * 2, "0"));
}
function numberToBytesLE(n, len) {
  return numberToBytesBE(n, len).reverse();
}
function ensureBytes(title2, hex, expectedLength) {
  let res;
  if (typeof hex === "string") {
    try {
      res = hexToBytes(hex);
    } catch (e) {
      throw new Error(title2 + " must be hex string or Uint8Array, cause: " + e);
    }
  } else if (isBytes(hex)) {
    res = Uint8Array.from(hex);
  } else {
    throw new Error(title2 + " must be hex string or Uint8Array");
  }
  const len = res.length;
  if (typeof expectedLength === "number" && len !== expectedLength)
    throw new Error(title2 + " of length " + expectedLength + " expected, got " + len);
  return res;
}
var isPosBig = (n) => typeof n === "bigint" && _0n <= n;
function inRange(n, min, max) {
  return isPosBig(n) && isPosBig(min) && isPosBig(max) && min <= n && n < max;
}
function aInRange(title2, n, min, max) {
  if (!inRange(n, min, max))
    throw new Error("expected valid " + title2 + ": " + min + " <= n < " + max + ", got " + n);
}
function bitLen(n) {
  let len;
  for (len = 0; n > _0n; n >>= _1n, len += 1)
    ;
  return len;
}
var bitMask = (n) => (_1n << BigInt(n)) - _1n;
function createHmacDrbg(hashLen, qByteLen, hmacFn) {
  if (typeof hashLen !== "number" || hashLen < 2)
    throw new Error("hashLen must be a number");
  if (typeof qByteLen !== "number" || qByteLen < 2)
    throw new Error("qByteLen must be a number");
  if (typeof hmacFn !== "function")
    throw new Error("hmacFn must be a function");
  const u8n = (len) => new Uint8Array(len);
  const u8of = (byte) => Uint8Array.of(byte);
  let v = u8n(hashLen);
  let k = u8n(hashLen);
  let i = 0;
  const reset = () => {
    v.fill(1);
    k.fill(0);
    i = 0;
  };
  const h = (...b) => hmacFn(k, v, ...b);
  const reseed = (seed = u8n(0)) => {
    k = h(u8of(0), seed);
    v = h();
    if (seed.length === 0)
      return;
    k = h(u8of(1), seed);
    v = h();
  };
  const gen = () => {
    if (i++ >= 1e3)
      throw new Error("drbg: tried 1000 values");
    let len = 0;
    const out = [];
    while (len < qByteLen) {
      v = h();
      const sl = v.slice();
      out.push(sl);
      len += v.length;
    }
    return concatBytes2(...out);
  };
  const genUntil = (seed, pred) => {
    reset();
    reseed(seed);
    let res = void 0;
    while (!(res = pred(gen())))
      reseed();
    reset();
    return res;
  };
  return genUntil;
}
function _validateObject(object, fields, optFields = {}) {
  if (!object || typeof object !== "object")
    throw new Error("expected valid options object");
  function checkField(fieldName, expectedType, isOpt) {
    const val = object[fieldName];
    if (isOpt && val === void 0)
      return;
    const current = typeof val;
    if (current !== expectedType || val === null)
      throw new Error(`param "${fieldName}" is invalid: expected ${expectedType}, got ${current}`);
  }
  Object.entries(fields).forEach(([k, v]) => checkField(k, v, false));
  Object.entries(optFields).forEach(([k, v]) => checkField(k, v, true));
}
function memoized(fn) {
  const map = /* @__PURE__ */ new WeakMap();
  return (arg, ...args) => {
    const val = map.get(arg);
    if (val !== void 0)
      return val;
    const computed = fn(arg, ...args);
    map.set(arg, computed);
    return computed;
  };
}

// node_modules/@noble/curves/esm/abstract/modular.js
var _0n2 = BigInt(0);
var _1n2 = BigInt(1);
var _2n = /* @__PURE__ */ BigInt(2);
var _3n = /* @__PURE__ */ BigInt(3);
var _4n = /* @__PURE__ */ BigInt(4);
var _5n = /* @__PURE__ */ BigInt(5);
var _7n = /* @__PURE__ */ BigInt(7);
var _8n = /* @__PURE__ */ BigInt(8);
var _9n = /* @__PURE__ */ BigInt(9);
var _16n = /* @__PURE__ */ BigInt(16);
function mod(a, b) {
  const result = a % b;
  return result >= _0n2 ? result : b + result;
}
function invert(number3, modulo) {
  if (number3 === _0n2)
    throw new Error("invert: expected non-zero number");
  if (modulo <= _0n2)
    throw new Error("invert: expected positive modulus, got " + modulo);
  let a = mod(number3, modulo);
  let b = modulo;
  let x = _0n2, y = _1n2, u = _1n2, v = _0n2;
  while (a !== _0n2) {
    const q = b / a;
    const r = b % a;
    const m = x - u * q;
    const n = y - v * q;
    b = a, a = r, x = u, y = v, u = m, v = n;
  }
  const gcd = b;
  if (gcd !== _1n2)
    throw new Error("invert: does not exist");
  return mod(x, modulo);
}
function assertIsSquare(Fp, root, n) {
  if (!Fp.eql(Fp.sqr(root), n))
    throw new Error("Cannot find square root");
}
function sqrt3mod4(Fp, n) {
  const p1div4 = (Fp.ORDER + _1n2) / _4n;
  const root = Fp.pow(n, p1div4);
  assertIsSquare(Fp, root, n);
  return root;
}
function sqrt5mod8(Fp, n) {
  const p5div8 = (Fp.ORDER - _5n) / _8n;
  const n2 = Fp.mul(n, _2n);
  const v = Fp.pow(n2, p5div8);
  const nv = Fp.mul(n, v);
  const i = Fp.mul(Fp.mul(nv, _2n), v);
  const root = Fp.mul(nv, Fp.sub(i, Fp.ONE));
  assertIsSquare(Fp, root, n);
  return root;
}
function sqrt9mod16(P) {
  const Fp_ = Field(P);
  const tn = tonelliShanks(P);
  const c1 = tn(Fp_, Fp_.neg(Fp_.ONE));
  const c2 = tn(Fp_, c1);
  const c3 = tn(Fp_, Fp_.neg(c1));
  const c4 = (P + _7n) / _16n;
  return (Fp, n) => {
    let tv1 = Fp.pow(n, c4);
    let tv2 = Fp.mul(tv1, c1);
    const tv3 = Fp.mul(tv1, c2);
    const tv4 = Fp.mul(tv1, c3);
    const e1 = Fp.eql(Fp.sqr(tv2), n);
    const e2 = Fp.eql(Fp.sqr(tv3), n);
    tv1 = Fp.cmov(tv1, tv2, e1);
    tv2 = Fp.cmov(tv4, tv3, e2);
    const e3 = Fp.eql(Fp.sqr(tv2), n);
    const root = Fp.cmov(tv1, tv2, e3);
    assertIsSquare(Fp, root, n);
    return root;
  };
}
function tonelliShanks(P) {
  if (P < _3n)
    throw new Error("sqrt is not defined for small field");
  let Q = P - _1n2;
  let S = 0;
  while (Q % _2n === _0n2) {
    Q /= _2n;
    S++;
  }
  let Z = _2n;
  const _Fp = Field(P);
  while (FpLegendre(_Fp, Z) === 1) {
    if (Z++ > 1e3)
      throw new Error("Cannot find square root: probably non-prime P");
  }
  if (S === 1)
    return sqrt3mod4;
  let cc = _Fp.pow(Z, Q);
  const Q1div2 = (Q + _1n2) / _2n;
  return function tonelliSlow(Fp, n) {
    if (Fp.is0(n))
      return n;
    if (FpLegendre(Fp, n) !== 1)
      throw new Error("Cannot find square root");
    let M = S;
    let c = Fp.mul(Fp.ONE, cc);
    let t = Fp.pow(n, Q);
    let R = Fp.pow(n, Q1div2);
    while (!Fp.eql(t, Fp.ONE)) {
      if (Fp.is0(t))
        return Fp.ZERO;
      let i = 1;
      let t_tmp = Fp.sqr(t);
      while (!Fp.eql(t_tmp, Fp.ONE)) {
        i++;
        t_tmp = Fp.sqr(t_tmp);
        if (i === M)
          throw new Error("Cannot find square root");
      }
      const exponent = _1n2 << BigInt(M - i - 1);
      const b = Fp.pow(c, exponent);
      M = i;
      c = Fp.sqr(b);
      t = Fp.mul(t, c);
      R = Fp.mul(R, b);
    }
    return R;
  };
}
function FpSqrt(P) {
  if (P % _4n === _3n)
    return sqrt3mod4;
  if (P % _8n === _5n)
    return sqrt5mod8;
  if (P % _16n === _9n)
    return sqrt9mod16(P);
  return tonelliShanks(P);
}
var FIELD_FIELDS = [
  "create",
  "isValid",
  "is0",
  "neg",
  "inv",
  "sqrt",
  "sqr",
  "eql",
  "add",
  "sub",
  "mul",
  "pow",
  "div",
  "addN",
  "subN",
  "mulN",
  "sqrN"
];
function validateField(field) {
  const initial = {
    ORDER: "bigint",
    MASK: "bigint",
    BYTES: "number",
    BITS: "number"
  };
  const opts = FIELD_FIELDS.reduce((map, val) => {
    map[val] = "function";
    return map;
  }, initial);
  _validateObject(field, opts);
  return field;
}
function FpPow(Fp, num, power) {
  if (power < _0n2)
    throw new Error("invalid exponent, negatives unsupported");
  if (power === _0n2)
    return Fp.ONE;
  if (power === _1n2)
    return num;
  let p = Fp.ONE;
  let d = num;
  while (power > _0n2) {
    if (power & _1n2)
      p = Fp.mul(p, d);
    d = Fp.sqr(d);
    power >>= _1n2;
  }
  return p;
}
function FpInvertBatch(Fp, nums, passZero = false) {
  const inverted = new Array(nums.length).fill(passZero ? Fp.ZERO : void 0);
  const multipliedAcc = nums.reduce((acc, num, i) => {
    if (Fp.is0(num))
      return acc;
    inverted[i] = acc;
    return Fp.mul(acc, num);
  }, Fp.ONE);
  const invertedAcc = Fp.inv(multipliedAcc);
  nums.reduceRight((acc, num, i) => {
    if (Fp.is0(num))
      return acc;
    inverted[i] = Fp.mul(acc, inverted[i]);
    return Fp.mul(acc, num);
  }, invertedAcc);
  return inverted;
}
function FpLegendre(Fp, n) {
  const p1mod2 = (Fp.ORDER - _1n2) / _2n;
  const powered = Fp.pow(n, p1mod2);
  const yes = Fp.eql(powered, Fp.ONE);
  const zero = Fp.eql(powered, Fp.ZERO);
  const no = Fp.eql(powered, Fp.neg(Fp.ONE));
  if (!yes && !zero && !no)
    throw new Error("invalid Legendre symbol result");
  return yes ? 1 : zero ? 0 : -1;
}
function nLength(n, nBitLength) {
  if (nBitLength !== void 0)
    anumber(nBitLength);
  const _nBitLength = nBitLength !== void 0 ? nBitLength : n.toString(2).length;
  const nByteLength = Math.ceil(_nBitLength / 8);
  return { nBitLength: _nBitLength, nByteLength };
}
function Field(ORDER, bitLenOrOpts, isLE = false, opts = {}) {
  if (ORDER <= _0n2)
    throw new Error("invalid field: expected ORDER > 0, got " + ORDER);
  let _nbitLength = void 0;
  let _sqrt = void 0;
  let modFromBytes = false;
  let allowedLengths = void 0;
  if (typeof bitLenOrOpts === "object" && bitLenOrOpts != null) {
    if (opts.sqrt || isLE)
      throw new Error("cannot specify opts in two arguments");
    const _opts = bitLenOrOpts;
    if (_opts.BITS)
      _nbitLength = _opts.BITS;
    if (_opts.sqrt)
      _sqrt = _opts.sqrt;
    if (typeof _opts.isLE === "boolean")
      isLE = _opts.isLE;
    if (typeof _opts.modFromBytes === "boolean")
      modFromBytes = _opts.modFromBytes;
    allowedLengths = _opts.allowedLengths;
  } else {
    if (typeof bitLenOrOpts === "number")
      _nbitLength = bitLenOrOpts;
    if (opts.sqrt)
      _sqrt = opts.sqrt;
  }
  const { nBitLength: BITS, nByteLength: BYTES } = nLength(ORDER, _nbitLength);
  if (BYTES > 2048)
    throw new Error("invalid field: expected ORDER of <= 2048 bytes");
  let sqrtP;
  const f = Object.freeze({
    ORDER,
    isLE,
    BITS,
    BYTES,
    MASK: bitMask(BITS),
    ZERO: _0n2,
    ONE: _1n2,
    allowedLengths,
    create: (num) => mod(num, ORDER),
    isValid: (num) => {
      if (typeof num !== "bigint")
        throw new Error("invalid field element: expected bigint, got " + typeof num);
      return _0n2 <= num && num < ORDER;
    },
    is0: (num) => num === _0n2,
    // is valid and invertible
    isValidNot0: (num) => !f.is0(num) && f.isValid(num),
    isOdd: (num) => (num & _1n2) === _1n2,
    neg: (num) => mod(-num, ORDER),
    eql: (lhs, rhs) => lhs === rhs,
    sqr: (num) => mod(num * num, ORDER),
    add: (lhs, rhs) => mod(lhs + rhs, ORDER),
    sub: (lhs, rhs) => mod(lhs - rhs, ORDER),
    mul: (lhs, rhs) => mod(lhs * rhs, ORDER),
    pow: (num, power) => FpPow(f, num, power),
    div: (lhs, rhs) => mod(lhs * invert(rhs, ORDER), ORDER),
    // Same as above, but doesn't normalize
    sqrN: (num) => num * num,
    addN: (lhs, rhs) => lhs + rhs,
    subN: (lhs, rhs) => lhs - rhs,
    mulN: (lhs, rhs) => lhs * rhs,
    inv: (num) => invert(num, ORDER),
    sqrt: _sqrt || ((n) => {
      if (!sqrtP)
        sqrtP = FpSqrt(ORDER);
      return sqrtP(f, n);
    }),
    toBytes: (num) => isLE ? numberToBytesLE(num, BYTES) : numberToBytesBE(num, BYTES),
    fromBytes: (bytes2, skipValidation = true) => {
      if (allowedLengths) {
        if (!allowedLengths.includes(bytes2.length) || bytes2.length > BYTES) {
          throw new Error("Field.fromBytes: expected " + allowedLengths + " bytes, got " + bytes2.length);
        }
        const padded = new Uint8Array(BYTES);
        padded.set(bytes2, isLE ? 0 : padded.length - bytes2.length);
        bytes2 = padded;
      }
      if (bytes2.length !== BYTES)
        throw new Error("Field.fromBytes: expected " + BYTES + " bytes, got " + bytes2.length);
      let scalar = isLE ? bytesToNumberLE(bytes2) : bytesToNumberBE(bytes2);
      if (modFromBytes)
        scalar = mod(scalar, ORDER);
      if (!skipValidation) {
        if (!f.isValid(scalar))
          throw new Error("invalid field element: outside of range 0..ORDER");
      }
      return scalar;
    },
    // TODO: we don't need it here, move out to separate fn
    invertBatch: (lst) => FpInvertBatch(f, lst),
    // We can't move this out because Fp6, Fp12 implement it
    // and it's unclear what to return in there.
    cmov: (a, b, c) => c ? b : a
  });
  return Object.freeze(f);
}
function getFieldBytesLength(fieldOrder) {
  if (typeof fieldOrder !== "bigint")
    throw new Error("field order must be bigint");
  const bitLength = fieldOrder.toString(2).length;
  return Math.ceil(bitLength / 8);
}
function getMinHashLength(fieldOrder) {
  const length = getFieldBytesLength(fieldOrder);
  return length + Math.ceil(length / 2);
}
function mapHashToField(key2, fieldOrder, isLE = false) {
  const len = key2.length;
  const fieldLen = getFieldBytesLength(fieldOrder);
  const minLen = getMinHashLength(fieldOrder);
  if (len < 16 || len < minLen || len > 1024)
    throw new Error("expected " + minLen + "-1024 bytes of input, got " + len);
  const num = isLE ? bytesToNumberLE(key2) : bytesToNumberBE(key2);
  const reduced = mod(num, fieldOrder - _1n2) + _1n2;
  return isLE ? numberToBytesLE(reduced, fieldLen) : numberToBytesBE(reduced, fieldLen);
}

// node_modules/@noble/curves/esm/abstract/curve.js
var _0n3 = BigInt(0);
var _1n3 = BigInt(1);
function negateCt(condition, item) {
  const neg = item.negate();
  return condition ? neg : item;
}
function normalizeZ(c, points) {
  const invertedZs = FpInvertBatch(c.Fp, points.map((p) => p.Z));
  return points.map((p, i) => c.fromAffine(p.toAffine(invertedZs[i])));
}
function validateW(W, bits) {
  if (!Number.isSafeInteger(W) || W <= 0 || W > bits)
    throw new Error("invalid window size, expected [1.." + bits + "], got W=" + W);
}
function calcWOpts(W, scalarBits) {
  validateW(W, scalarBits);
  const windows = Math.ceil(scalarBits / W) + 1;
  const windowSize = 2 ** (W - 1);
  const maxNumber = 2 ** W;
  const mask = bitMask(W);
  const shiftBy = BigInt(W);
  return { windows, windowSize, mask, maxNumber, shiftBy };
}
function calcOffsets(n, window, wOpts) {
  const { windowSize, mask, maxNumber, shiftBy } = wOpts;
  let wbits = Number(n & mask);
  let nextN = n >> shiftBy;
  if (wbits > windowSize) {
    wbits -= maxNumber;
    nextN += _1n3;
  }
  const offsetStart = window * windowSize;
  const offset = offsetStart + Math.abs(wbits) - 1;
  const isZero = wbits === 0;
  const isNeg = wbits < 0;
  const isNegF = window % 2 !== 0;
  const offsetF = offsetStart;
  return { nextN, offset, isZero, isNeg, isNegF, offsetF };
}
function validateMSMPoints(points, c) {
  if (!Array.isArray(points))
    throw new Error("array expected");
  points.forEach((p, i) => {
    if (!(p instanceof c))
      throw new Error("invalid point at index " + i);
  });
}
function validateMSMScalars(scalars, field) {
  if (!Array.isArray(scalars))
    throw new Error("array of scalars expected");
  scalars.forEach((s, i) => {
    if (!field.isValid(s))
      throw new Error("invalid scalar at index " + i);
  });
}
var pointPrecomputes = /* @__PURE__ */ new WeakMap();
var pointWindowSizes = /* @__PURE__ */ new WeakMap();
function getW(P) {
  return pointWindowSizes.get(P) || 1;
}
function assert0(n) {
  if (n !== _0n3)
    throw new Error("invalid wNAF");
}
var wNAF = class {
  // Parametrized with a given Point class (not individual point)
  constructor(Point, bits) {
    this.BASE = Point.BASE;
    this.ZERO = Point.ZERO;
    this.Fn = Point.Fn;
    this.bits = bits;
  }
  // non-const time multiplication ladder
  _unsafeLadder(elm, n, p = this.ZERO) {
    let d = elm;
    while (n > _0n3) {
      if (n & _1n3)
        p = p.add(d);
      d = d.double();
      n >>= _1n3;
    }
    return p;
  }
  /**
   * Creates a wNAF precomputation window. Used for caching.
   * Default window size is set by `utils.precompute()` and is equal to 8.
   * Number of precomputed points depends on the curve size:
   * 2^(𝑊−1) * (Math.ceil(𝑛 / 𝑊) + 1), where:
   * - 𝑊 is the window size
   * - 𝑛 is the bitlength of the curve order.
   * For a 256-bit curve and window size 8, the number of precomputed points is 128 * 33 = 4224.
   * @param point Point instance
   * @param W window size
   * @returns precomputed point tables flattened to a single array
   */
  precomputeWindow(point, W) {
    const { windows, windowSize } = calcWOpts(W, this.bits);
    const points = [];
    let p = point;
    let base = p;
    for (let window = 0; window < windows; window++) {
      base = p;
      points.push(base);
      for (let i = 1; i < windowSize; i++) {
        base = base.add(p);
        points.push(base);
      }
      p = base.double();
    }
    return points;
  }
  /**
   * Implements ec multiplication using precomputed tables and w-ary non-adjacent form.
   * More compact implementation:
   * https://github.com/paulmillr/noble-secp256k1/blob/47cb1669b6e506ad66b35fe7d76132ae97465da2/index.ts#L502-L541
   * @returns real and fake (for const-time) points
   */
  wNAF(W, precomputes, n) {
    if (!this.Fn.isValid(n))
      throw new Error("invalid scalar");
    let p = this.ZERO;
    let f = this.BASE;
    const wo = calcWOpts(W, this.bits);
    for (let window = 0; window < wo.windows; window++) {
      const { nextN, offset, isZero, isNeg, isNegF, offsetF } = calcOffsets(n, window, wo);
      n = nextN;
      if (isZero) {
        f = f.add(negateCt(isNegF, precomputes[offsetF]));
      } else {
        p = p.add(negateCt(isNeg, precomputes[offset]));
      }
    }
    assert0(n);
    return { p, f };
  }
  /**
   * Implements ec unsafe (non const-time) multiplication using precomputed tables and w-ary non-adjacent form.
   * @param acc accumulator point to add result of multiplication
   * @returns point
   */
  wNAFUnsafe(W, precomputes, n, acc = this.ZERO) {
    const wo = calcWOpts(W, this.bits);
    for (let window = 0; window < wo.windows; window++) {
      if (n === _0n3)
        break;
      const { nextN, offset, isZero, isNeg } = calcOffsets(n, window, wo);
      n = nextN;
      if (isZero) {
        continue;
      } else {
        const item = precomputes[offset];
        acc = acc.add(isNeg ? item.negate() : item);
      }
    }
    assert0(n);
    return acc;
  }
  getPrecomputes(W, point, transform) {
    let comp = pointPrecomputes.get(point);
    if (!comp) {
      comp = this.precomputeWindow(point, W);
      if (W !== 1) {
        if (typeof transform === "function")
          comp = transform(comp);
        pointPrecomputes.set(point, comp);
      }
    }
    return comp;
  }
  cached(point, scalar, transform) {
    const W = getW(point);
    return this.wNAF(W, this.getPrecomputes(W, point, transform), scalar);
  }
  unsafe(point, scalar, transform, prev) {
    const W = getW(point);
    if (W === 1)
      return this._unsafeLadder(point, scalar, prev);
    return this.wNAFUnsafe(W, this.getPrecomputes(W, point, transform), scalar, prev);
  }
  // We calculate precomputes for elliptic curve point multiplication
  // using windowed method. This specifies window size and
  // stores precomputed values. Usually only base point would be precomputed.
  createCache(P, W) {
    validateW(W, this.bits);
    pointWindowSizes.set(P, W);
    pointPrecomputes.delete(P);
  }
  hasCache(elm) {
    return getW(elm) !== 1;
  }
};
function mulEndoUnsafe(Point, point, k1, k2) {
  let acc = point;
  let p1 = Point.ZERO;
  let p2 = Point.ZERO;
  while (k1 > _0n3 || k2 > _0n3) {
    if (k1 & _1n3)
      p1 = p1.add(acc);
    if (k2 & _1n3)
      p2 = p2.add(acc);
    acc = acc.double();
    k1 >>= _1n3;
    k2 >>= _1n3;
  }
  return { p1, p2 };
}
function pippenger(c, fieldN, points, scalars) {
  validateMSMPoints(points, c);
  validateMSMScalars(scalars, fieldN);
  const plength = points.length;
  const slength = scalars.length;
  if (plength !== slength)
    throw new Error("arrays of points and scalars must have equal length");
  const zero = c.ZERO;
  const wbits = bitLen(BigInt(plength));
  let windowSize = 1;
  if (wbits > 12)
    windowSize = wbits - 3;
  else if (wbits > 4)
    windowSize = wbits - 2;
  else if (wbits > 0)
    windowSize = 2;
  const MASK = bitMask(windowSize);
  const buckets = new Array(Number(MASK) + 1).fill(zero);
  const lastBits = Math.floor((fieldN.BITS - 1) / windowSize) * windowSize;
  let sum = zero;
  for (let i = lastBits; i >= 0; i -= windowSize) {
    buckets.fill(zero);
    for (let j = 0; j < slength; j++) {
      const scalar = scalars[j];
      const wbits2 = Number(scalar >> BigInt(i) & MASK);
      buckets[wbits2] = buckets[wbits2].add(points[j]);
    }
    let resI = zero;
    for (let j = buckets.length - 1, sumI = zero; j > 0; j--) {
      sumI = sumI.add(buckets[j]);
      resI = resI.add(sumI);
    }
    sum = sum.add(resI);
    if (i !== 0)
      for (let j = 0; j < windowSize; j++)
        sum = sum.double();
  }
  return sum;
}
function createField(order, field, isLE) {
  if (field) {
    if (field.ORDER !== order)
      throw new Error("Field.ORDER must match order: Fp == p, Fn == n");
    validateField(field);
    return field;
  } else {
    return Field(order, { isLE });
  }
}
function _createCurveFields(type, CURVE, curveOpts = {}, FpFnLE) {
  if (FpFnLE === void 0)
    FpFnLE = type === "edwards";
  if (!CURVE || typeof CURVE !== "object")
    throw new Error(`expected valid ${type} CURVE object`);
  for (const p of ["p", "n", "h"]) {
    const val = CURVE[p];
    if (!(typeof val === "bigint" && val > _0n3))
      throw new Error(`CURVE.${p} must be positive bigint`);
  }
  const Fp = createField(CURVE.p, curveOpts.Fp, FpFnLE);
  const Fn = createField(CURVE.n, curveOpts.Fn, FpFnLE);
  const _b = type === "weierstrass" ? "b" : "d";
  const params = ["Gx", "Gy", "a", _b];
  for (const p of params) {
    if (!Fp.isValid(CURVE[p]))
      throw new Error(`CURVE.${p} must be valid field element of CURVE.Fp`);
  }
  CURVE = Object.freeze(Object.assign({}, CURVE));
  return { CURVE, Fp, Fn };
}

// node_modules/@noble/curves/esm/abstract/weierstrass.js
var divNearest = (num, den) => (num + (num >= 0 ? den : -den) / _2n2) / den;
function _splitEndoScalar(k, basis, n) {
  const [[a1, b1], [a2, b2]] = basis;
  const c1 = divNearest(b2 * k, n);
  const c2 = divNearest(-b1 * k, n);
  let k1 = k - c1 * a1 - c2 * a2;
  let k2 = -c1 * b1 - c2 * b2;
  const k1neg = k1 < _0n4;
  const k2neg = k2 < _0n4;
  if (k1neg)
    k1 = -k1;
  if (k2neg)
    k2 = -k2;
  const MAX_NUM = bitMask(Math.ceil(bitLen(n) / 2)) + _1n4;
  if (k1 < _0n4 || k1 >= MAX_NUM || k2 < _0n4 || k2 >= MAX_NUM) {
    throw new Error("splitScalar (endomorphism): failed, k=" + k);
  }
  return { k1neg, k1, k2neg, k2 };
}
function validateSigFormat(format) {
  if (!["compact", "recovered", "der"].includes(format))
    throw new Error('Signature format must be "compact", "recovered", or "der"');
  return format;
}
function validateSigOpts(opts, def) {
  const optsn = {};
  for (let optName of Object.keys(def)) {
    optsn[optName] = opts[optName] === void 0 ? def[optName] : opts[optName];
  }
  _abool2(optsn.lowS, "lowS");
  _abool2(optsn.prehash, "prehash");
  if (optsn.format !== void 0)
    validateSigFormat(optsn.format);
  return optsn;
}
var DERErr = class extends Error {
  constructor(m = "") {
    super(m);
  }
};
var DER = {
  // asn.1 DER encoding utils
  Err: DERErr,
  // Basic building block is TLV (Tag-Length-Value)
  _tlv: {
    encode: (tag, data) => {
      const { Err: E } = DER;
      if (tag < 0 || tag > 256)
        throw new E("tlv.encode: wrong tag");
      if (data.length & 1)
        throw new E("tlv.encode: unpadded data");
      const dataLen = data.length / 2;
      const len = numberToHexUnpadded(dataLen);
      if (len.length / 2 & 128)
        throw new E("tlv.encode: long form length too big");
      const lenLen = dataLen > 127 ? numberToHexUnpadded(len.length / 2 | 128) : "";
      const t = numberToHexUnpadded(tag);
      return t + lenLen + len + data;
    },
    // v - value, l - left bytes (unparsed)
    decode(tag, data) {
      const { Err: E } = DER;
      let pos = 0;
      if (tag < 0 || tag > 256)
        throw new E("tlv.encode: wrong tag");
      if (data.length < 2 || data[pos++] !== tag)
        throw new E("tlv.decode: wrong tlv");
      const first = data[pos++];
      const isLong = !!(first & 128);
      let length = 0;
      if (!isLong)
        length = first;
      else {
        const lenLen = first & 127;
        if (!lenLen)
          throw new E("tlv.decode(long): indefinite length not supported");
        if (lenLen > 4)
          throw new E("tlv.decode(long): byte length is too big");
        const lengthBytes = data.subarray(pos, pos + lenLen);
        if (lengthBytes.length !== lenLen)
          throw new E("tlv.decode: length bytes not complete");
        if (lengthBytes[0] === 0)
          throw new E("tlv.decode(long): zero leftmost byte");
        for (const b of lengthBytes)
          length = length << 8 | b;
        pos += lenLen;
        if (length < 128)
          throw new E("tlv.decode(long): not minimal encoding");
      }
      const v = data.subarray(pos, pos + length);
      if (v.length !== length)
        throw new E("tlv.decode: wrong value length");
      return { v, l: data.subarray(pos + length) };
    }
  },
  // https://crypto.stackexchange.com/a/57734 Leftmost bit of first byte is 'negative' flag,
  // since we always use positive integers here. It must always be empty:
  // - add zero byte if exists
  // - if next byte doesn't have a flag, leading zero is not allowed (minimal encoding)
  _int: {
    encode(num) {
      const { Err: E } = DER;
      if (num < _0n4)
        throw new E("integer: negative integers are not allowed");
      let hex = numberToHexUnpadded(num);
      if (Number.parseInt(hex[0], 16) & 8)
        hex = "00" + hex;
      if (hex.length & 1)
        throw new E("unexpected DER parsing assertion: unpadded hex");
      return hex;
    },
    decode(data) {
      const { Err: E } = DER;
      if (data[0] & 128)
        throw new E("invalid signature integer: negative");
      if (data[0] === 0 && !(data[1] & 128))
        throw new E("invalid signature integer: unnecessary leading zero");
      return bytesToNumberBE(data);
    }
  },
  toSig(hex) {
    const { Err: E, _int: int2, _tlv: tlv } = DER;
    const data = ensureBytes("signature", hex);
    const { v: seqBytes, l: seqLeftBytes } = tlv.decode(48, data);
    if (seqLeftBytes.length)
      throw new E("invalid signature: left bytes after parsing");
    const { v: rBytes, l: rLeftBytes } = tlv.decode(2, seqBytes);
    const { v: sBytes, l: sLeftBytes } = tlv.decode(2, rLeftBytes);
    if (sLeftBytes.length)
      throw new E("invalid signature: left bytes after parsing");
    return { r: int2.decode(rBytes), s: int2.decode(sBytes) };
  },
  hexFromSig(sig) {
    const { _tlv: tlv, _int: int2 } = DER;
    const rs = tlv.encode(2, int2.encode(sig.r));
    const ss = tlv.encode(2, int2.encode(sig.s));
    const seq = rs + ss;
    return tlv.encode(48, seq);
  }
};
var _0n4 = BigInt(0);
var _1n4 = BigInt(1);
var _2n2 = BigInt(2);
var _3n2 = BigInt(3);
var _4n2 = BigInt(4);
function _normFnElement(Fn, key2) {
  const { BYTES: expected } = Fn;
  let num;
  if (typeof key2 === "bigint") {
    num = key2;
  } else {
    let bytes2 = ensureBytes("private key", key2);
    try {
      num = Fn.fromBytes(bytes2);
    } catch (error2) {
      throw new Error(`invalid private key: expected ui8a of size ${expected}, got ${typeof key2}`);
    }
  }
  if (!Fn.isValidNot0(num))
    throw new Error("invalid private key: out of range [1..N-1]");
  return num;
}
function weierstrassN(params, extraOpts = {}) {
  const validated = _createCurveFields("weierstrass", params, extraOpts);
  const { Fp, Fn } = validated;
  let CURVE = validated.CURVE;
  const { h: cofactor, n: CURVE_ORDER } = CURVE;
  _validateObject(extraOpts, {}, {
    allowInfinityPoint: "boolean",
    clearCofactor: "function",
    isTorsionFree: "function",
    fromBytes: "function",
    toBytes: "function",
    endo: "object",
    wrapPrivateKey: "boolean"
  });
  const { endo } = extraOpts;
  if (endo) {
    if (!Fp.is0(CURVE.a) || typeof endo.beta !== "bigint" || !Array.isArray(endo.basises)) {
      throw new Error('invalid endo: expected "beta": bigint and "basises": array');
    }
  }
  const lengths = getWLengths(Fp, Fn);
  function assertCompressionIsSupported() {
    if (!Fp.isOdd)
      throw new Error("compression is not supported: Field does not have .isOdd()");
  }
  function pointToBytes(_c, point, isCompressed) {
    const { x, y } = point.toAffine();
    const bx = Fp.toBytes(x);
    _abool2(isCompressed, "isCompressed");
    if (isCompressed) {
      assertCompressionIsSupported();
      const hasEvenY = !Fp.isOdd(y);
      return concatBytes2(pprefix(hasEvenY), bx);
    } else {
      return concatBytes2(Uint8Array.of(4), bx, Fp.toBytes(y));
    }
  }
  function pointFromBytes(bytes2) {
    _abytes2(bytes2, void 0, "Point");
    const { publicKey: comp, publicKeyUncompressed: uncomp } = lengths;
    const length = bytes2.length;
    const head = bytes2[0];
    const tail = bytes2.subarray(1);
    if (length === comp && (head === 2 || head === 3)) {
      const x = Fp.fromBytes(tail);
      if (!Fp.isValid(x))
        throw new Error("bad point: is not on curve, wrong x");
      const y2 = weierstrassEquation(x);
      let y;
      try {
        y = Fp.sqrt(y2);
      } catch (sqrtError) {
        const err = sqrtError instanceof Error ? ": " + sqrtError.message : "";
        throw new Error("bad point: is not on curve, sqrt error" + err);
      }
      assertCompressionIsSupported();
      const isYOdd = Fp.isOdd(y);
      const isHeadOdd = (head & 1) === 1;
      if (isHeadOdd !== isYOdd)
        y = Fp.neg(y);
      return { x, y };
    } else if (length === uncomp && head === 4) {
      const L = Fp.BYTES;
      const x = Fp.fromBytes(tail.subarray(0, L));
      const y = Fp.fromBytes(tail.subarray(L, L * 2));
      if (!isValidXY(x, y))
        throw new Error("bad point: is not on curve");
      return { x, y };
    } else {
      throw new Error(`bad point: got length ${length}, expected compressed=${comp} or uncompressed=${uncomp}`);
    }
  }
  const encodePoint = extraOpts.toBytes || pointToBytes;
  const decodePoint = extraOpts.fromBytes || pointFromBytes;
  function weierstrassEquation(x) {
    const x2 = Fp.sqr(x);
    const x3 = Fp.mul(x2, x);
    return Fp.add(Fp.add(x3, Fp.mul(x, CURVE.a)), CURVE.b);
  }
  function isValidXY(x, y) {
    const left = Fp.sqr(y);
    const right = weierstrassEquation(x);
    return Fp.eql(left, right);
  }
  if (!isValidXY(CURVE.Gx, CURVE.Gy))
    throw new Error("bad curve params: generator point");
  const _4a3 = Fp.mul(Fp.pow(CURVE.a, _3n2), _4n2);
  const _27b2 = Fp.mul(Fp.sqr(CURVE.b), BigInt(27));
  if (Fp.is0(Fp.add(_4a3, _27b2)))
    throw new Error("bad curve params: a or b");
  function acoord(title2, n, banZero = false) {
    if (!Fp.isValid(n) || banZero && Fp.is0(n))
      throw new Error(`bad point coordinate ${title2}`);
    return n;
  }
  function aprjpoint(other) {
    if (!(other instanceof Point))
      throw new Error("ProjectivePoint expected");
  }
  function splitEndoScalarN(k) {
    if (!endo || !endo.basises)
      throw new Error("no endo");
    return _splitEndoScalar(k, endo.basises, Fn.ORDER);
  }
  const toAffineMemo = memoized((p, iz) => {
    const { X, Y, Z } = p;
    if (Fp.eql(Z, Fp.ONE))
      return { x: X, y: Y };
    const is0 = p.is0();
    if (iz == null)
      iz = is0 ? Fp.ONE : Fp.inv(Z);
    const x = Fp.mul(X, iz);
    const y = Fp.mul(Y, iz);
    const zz = Fp.mul(Z, iz);
    if (is0)
      return { x: Fp.ZERO, y: Fp.ZERO };
    if (!Fp.eql(zz, Fp.ONE))
      throw new Error("invZ was invalid");
    return { x, y };
  });
  const assertValidMemo = memoized((p) => {
    if (p.is0()) {
      if (extraOpts.allowInfinityPoint && !Fp.is0(p.Y))
        return;
      throw new Error("bad point: ZERO");
    }
    const { x, y } = p.toAffine();
    if (!Fp.isValid(x) || !Fp.isValid(y))
      throw new Error("bad point: x or y not field elements");
    if (!isValidXY(x, y))
      throw new Error("bad point: equation left != right");
    if (!p.isTorsionFree())
      throw new Error("bad point: not in prime-order subgroup");
    return true;
  });
  function finishEndo(endoBeta, k1p, k2p, k1neg, k2neg) {
    k2p = new Point(Fp.mul(k2p.X, endoBeta), k2p.Y, k2p.Z);
    k1p = negateCt(k1neg, k1p);
    k2p = negateCt(k2neg, k2p);
    return k1p.add(k2p);
  }
  class Point {
    /** Does NOT validate if the point is valid. Use `.assertValidity()`. */
    constructor(X, Y, Z) {
      this.X = acoord("x", X);
      this.Y = acoord("y", Y, true);
      this.Z = acoord("z", Z);
      Object.freeze(this);
    }
    static CURVE() {
      return CURVE;
    }
    /** Does NOT validate if the point is valid. Use `.assertValidity()`. */
    static fromAffine(p) {
      const { x, y } = p || {};
      if (!p || !Fp.isValid(x) || !Fp.isValid(y))
        throw new Error("invalid affine point");
      if (p instanceof Point)
        throw new Error("projective point not allowed");
      if (Fp.is0(x) && Fp.is0(y))
        return Point.ZERO;
      return new Point(x, y, Fp.ONE);
    }
    static fromBytes(bytes2) {
      const P = Point.fromAffine(decodePoint(_abytes2(bytes2, void 0, "point")));
      P.assertValidity();
      return P;
    }
    static fromHex(hex) {
      return Point.fromBytes(ensureBytes("pointHex", hex));
    }
    get x() {
      return this.toAffine().x;
    }
    get y() {
      return this.toAffine().y;
    }
    /**
     *
     * @param windowSize
     * @param isLazy true will defer table computation until the first multiplication
     * @returns
     */
    precompute(windowSize = 8, isLazy = true) {
      wnaf.createCache(this, windowSize);
      if (!isLazy)
        this.multiply(_3n2);
      return this;
    }
    // TODO: return `this`
    /** A point on curve is valid if it conforms to equation. */
    assertValidity() {
      assertValidMemo(this);
    }
    hasEvenY() {
      const { y } = this.toAffine();
      if (!Fp.isOdd)
        throw new Error("Field doesn't support isOdd");
      return !Fp.isOdd(y);
    }
    /** Compare one point to another. */
    equals(other) {
      aprjpoint(other);
      const { X: X1, Y: Y1, Z: Z1 } = this;
      const { X: X2, Y: Y2, Z: Z2 } = other;
      const U1 = Fp.eql(Fp.mul(X1, Z2), Fp.mul(X2, Z1));
      const U2 = Fp.eql(Fp.mul(Y1, Z2), Fp.mul(Y2, Z1));
      return U1 && U2;
    }
    /** Flips point to one corresponding to (x, -y) in Affine coordinates. */
    negate() {
      return new Point(this.X, Fp.neg(this.Y), this.Z);
    }
    // Renes-Costello-Batina exception-free doubling formula.
    // There is 30% faster Jacobian formula, but it is not complete.
    // https://eprint.iacr.org/2015/1060, algorithm 3
    // Cost: 8M + 3S + 3*a + 2*b3 + 15add.
    double() {
      const { a, b } = CURVE;
      const b3 = Fp.mul(b, _3n2);
      const { X: X1, Y: Y1, Z: Z1 } = this;
      let X3 = Fp.ZERO, Y3 = Fp.ZERO, Z3 = Fp.ZERO;
      let t0 = Fp.mul(X1, X1);
      let t1 = Fp.mul(Y1, Y1);
      let t2 = Fp.mul(Z1, Z1);
      let t3 = Fp.mul(X1, Y1);
      t3 = Fp.add(t3, t3);
      Z3 = Fp.mul(X1, Z1);
      Z3 = Fp.add(Z3, Z3);
      X3 = Fp.mul(a, Z3);
      Y3 = Fp.mul(b3, t2);
      Y3 = Fp.add(X3, Y3);
      X3 = Fp.sub(t1, Y3);
      Y3 = Fp.add(t1, Y3);
      Y3 = Fp.mul(X3, Y3);
      X3 = Fp.mul(t3, X3);
      Z3 = Fp.mul(b3, Z3);
      t2 = Fp.mul(a, t2);
      t3 = Fp.sub(t0, t2);
      t3 = Fp.mul(a, t3);
      t3 = Fp.add(t3, Z3);
      Z3 = Fp.add(t0, t0);
      t0 = Fp.add(Z3, t0);
      t0 = Fp.add(t0, t2);
      t0 = Fp.mul(t0, t3);
      Y3 = Fp.add(Y3, t0);
      t2 = Fp.mul(Y1, Z1);
      t2 = Fp.add(t2, t2);
      t0 = Fp.mul(t2, t3);
      X3 = Fp.sub(X3, t0);
      Z3 = Fp.mul(t2, t1);
      Z3 = Fp.add(Z3, Z3);
      Z3 = Fp.add(Z3, Z3);
      return new Point(X3, Y3, Z3);
    }
    // Renes-Costello-Batina exception-free addition formula.
    // There is 30% faster Jacobian formula, but it is not complete.
    // https://eprint.iacr.org/2015/1060, algorithm 1
    // Cost: 12M + 0S + 3*a + 3*b3 + 23add.
    add(other) {
      aprjpoint(other);
      const { X: X1, Y: Y1, Z: Z1 } = this;
      const { X: X2, Y: Y2, Z: Z2 } = other;
      let X3 = Fp.ZERO, Y3 = Fp.ZERO, Z3 = Fp.ZERO;
      const a = CURVE.a;
      const b3 = Fp.mul(CURVE.b, _3n2);
      let t0 = Fp.mul(X1, X2);
      let t1 = Fp.mul(Y1, Y2);
      let t2 = Fp.mul(Z1, Z2);
      let t3 = Fp.add(X1, Y1);
      let t4 = Fp.add(X2, Y2);
      t3 = Fp.mul(t3, t4);
      t4 = Fp.add(t0, t1);
      t3 = Fp.sub(t3, t4);
      t4 = Fp.add(X1, Z1);
      let t5 = Fp.add(X2, Z2);
      t4 = Fp.mul(t4, t5);
      t5 = Fp.add(t0, t2);
      t4 = Fp.sub(t4, t5);
      t5 = Fp.add(Y1, Z1);
      X3 = Fp.add(Y2, Z2);
      t5 = Fp.mul(t5, X3);
      X3 = Fp.add(t1, t2);
      t5 = Fp.sub(t5, X3);
      Z3 = Fp.mul(a, t4);
      X3 = Fp.mul(b3, t2);
      Z3 = Fp.add(X3, Z3);
      X3 = Fp.sub(t1, Z3);
      Z3 = Fp.add(t1, Z3);
      Y3 = Fp.mul(X3, Z3);
      t1 = Fp.add(t0, t0);
      t1 = Fp.add(t1, t0);
      t2 = Fp.mul(a, t2);
      t4 = Fp.mul(b3, t4);
      t1 = Fp.add(t1, t2);
      t2 = Fp.sub(t0, t2);
      t2 = Fp.mul(a, t2);
      t4 = Fp.add(t4, t2);
      t0 = Fp.mul(t1, t4);
      Y3 = Fp.add(Y3, t0);
      t0 = Fp.mul(t5, t4);
      X3 = Fp.mul(t3, X3);
      X3 = Fp.sub(X3, t0);
      t0 = Fp.mul(t3, t1);
      Z3 = Fp.mul(t5, Z3);
      Z3 = Fp.add(Z3, t0);
      return new Point(X3, Y3, Z3);
    }
    subtract(other) {
      return this.add(other.negate());
    }
    is0() {
      return this.equals(Point.ZERO);
    }
    /**
     * Constant time multiplication.
     * Uses wNAF method. Windowed method may be 10% faster,
     * but takes 2x longer to generate and consumes 2x memory.
     * Uses precomputes when available.
     * Uses endomorphism for Koblitz curves.
     * @param scalar by which the point would be multiplied
     * @returns New point
     */
    multiply(scalar) {
      const { endo: endo2 } = extraOpts;
      if (!Fn.isValidNot0(scalar))
        throw new Error("invalid scalar: out of range");
      let point, fake;
      const mul = (n) => wnaf.cached(this, n, (p) => normalizeZ(Point, p));
      if (endo2) {
        const { k1neg, k1, k2neg, k2 } = splitEndoScalarN(scalar);
        const { p: k1p, f: k1f } = mul(k1);
        const { p: k2p, f: k2f } = mul(k2);
        fake = k1f.add(k2f);
        point = finishEndo(endo2.beta, k1p, k2p, k1neg, k2neg);
      } else {
        const { p, f } = mul(scalar);
        point = p;
        fake = f;
      }
      return normalizeZ(Point, [point, fake])[0];
    }
    /**
     * Non-constant-time multiplication. Uses double-and-add algorithm.
     * It's faster, but should only be used when you don't care about
     * an exposed secret key e.g. sig verification, which works over *public* keys.
     */
    multiplyUnsafe(sc) {
      const { endo: endo2 } = extraOpts;
      const p = this;
      if (!Fn.isValid(sc))
        throw new Error("invalid scalar: out of range");
      if (sc === _0n4 || p.is0())
        return Point.ZERO;
      if (sc === _1n4)
        return p;
      if (wnaf.hasCache(this))
        return this.multiply(sc);
      if (endo2) {
        const { k1neg, k1, k2neg, k2 } = splitEndoScalarN(sc);
        const { p1, p2 } = mulEndoUnsafe(Point, p, k1, k2);
        return finishEndo(endo2.beta, p1, p2, k1neg, k2neg);
      } else {
        return wnaf.unsafe(p, sc);
      }
    }
    multiplyAndAddUnsafe(Q, a, b) {
      const sum = this.multiplyUnsafe(a).add(Q.multiplyUnsafe(b));
      return sum.is0() ? void 0 : sum;
    }
    /**
     * Converts Projective point to affine (x, y) coordinates.
     * @param invertedZ Z^-1 (inverted zero) - optional, precomputation is useful for invertBatch
     */
    toAffine(invertedZ) {
      return toAffineMemo(this, invertedZ);
    }
    /**
     * Checks whether Point is free of torsion elements (is in prime subgroup).
     * Always torsion-free for cofactor=1 curves.
     */
    isTorsionFree() {
      const { isTorsionFree } = extraOpts;
      if (cofactor === _1n4)
        return true;
      if (isTorsionFree)
        return isTorsionFree(Point, this);
      return wnaf.unsafe(this, CURVE_ORDER).is0();
    }
    clearCofactor() {
      const { clearCofactor } = extraOpts;
      if (cofactor === _1n4)
        return this;
      if (clearCofactor)
        return clearCofactor(Point, this);
      return this.multiplyUnsafe(cofactor);
    }
    isSmallOrder() {
      return this.multiplyUnsafe(cofactor).is0();
    }
    toBytes(isCompressed = true) {
      _abool2(isCompressed, "isCompressed");
      this.assertValidity();
      return encodePoint(Point, this, isCompressed);
    }
    toHex(isCompressed = true) {
      return bytesToHex(this.toBytes(isCompressed));
    }
    toString() {
      return `<Point ${this.is0() ? "ZERO" : this.toHex()}>`;
    }
    // TODO: remove
    get px() {
      return this.X;
    }
    get py() {
      return this.X;
    }
    get pz() {
      return this.Z;
    }
    toRawBytes(isCompressed = true) {
      return this.toBytes(isCompressed);
    }
    _setWindowSize(windowSize) {
      this.precompute(windowSize);
    }
    static normalizeZ(points) {
      return normalizeZ(Point, points);
    }
    static msm(points, scalars) {
      return pippenger(Point, Fn, points, scalars);
    }
    static fromPrivateKey(privateKey) {
      return Point.BASE.multiply(_normFnElement(Fn, privateKey));
    }
  }
  Point.BASE = new Point(CURVE.Gx, CURVE.Gy, Fp.ONE);
  Point.ZERO = new Point(Fp.ZERO, Fp.ONE, Fp.ZERO);
  Point.Fp = Fp;
  Point.Fn = Fn;
  const bits = Fn.BITS;
  const wnaf = new wNAF(Point, extraOpts.endo ? Math.ceil(bits / 2) : bits);
  Point.BASE.precompute(8);
  return Point;
}
function pprefix(hasEvenY) {
  return Uint8Array.of(hasEvenY ? 2 : 3);
}
function getWLengths(Fp, Fn) {
  return {
    secretKey: Fn.BYTES,
    publicKey: 1 + Fp.BYTES,
    publicKeyUncompressed: 1 + 2 * Fp.BYTES,
    publicKeyHasPrefix: true,
    signature: 2 * Fn.BYTES
  };
}
function ecdh(Point, ecdhOpts = {}) {
  const { Fn } = Point;
  const randomBytes_ = ecdhOpts.randomBytes || randomBytes;
  const lengths = Object.assign(getWLengths(Point.Fp, Fn), { seed: getMinHashLength(Fn.ORDER) });
  function isValidSecretKey(secretKey) {
    try {
      return !!_normFnElement(Fn, secretKey);
    } catch (error2) {
      return false;
    }
  }
  function isValidPublicKey(publicKey, isCompressed) {
    const { publicKey: comp, publicKeyUncompressed } = lengths;
    try {
      const l = publicKey.length;
      if (isCompressed === true && l !== comp)
        return false;
      if (isCompressed === false && l !== publicKeyUncompressed)
        return false;
      return !!Point.fromBytes(publicKey);
    } catch (error2) {
      return false;
    }
  }
  function randomSecretKey(seed = randomBytes_(lengths.seed)) {
    return mapHashToField(_abytes2(seed, lengths.seed, "seed"), Fn.ORDER);
  }
  function getPublicKey(secretKey, isCompressed = true) {
    return Point.BASE.multiply(_normFnElement(Fn, secretKey)).toBytes(isCompressed);
  }
  function keygen(seed) {
    const secretKey = randomSecretKey(seed);
    return { secretKey, publicKey: getPublicKey(secretKey) };
  }
  function isProbPub(item) {
    if (typeof item === "bigint")
      return false;
    if (item instanceof Point)
      return true;
    const { secretKey, publicKey, publicKeyUncompressed } = lengths;
    if (Fn.allowedLengths || secretKey === publicKey)
      return void 0;
    const l = ensureBytes("key", item).length;
    return l === publicKey || l === publicKeyUncompressed;
  }
  function getSharedSecret(secretKeyA, publicKeyB, isCompressed = true) {
    if (isProbPub(secretKeyA) === true)
      throw new Error("first arg must be private key");
    if (isProbPub(publicKeyB) === false)
      throw new Error("second arg must be public key");
    const s = _normFnElement(Fn, secretKeyA);
    const b = Point.fromHex(publicKeyB);
    return b.multiply(s).toBytes(isCompressed);
  }
  const utils = {
    isValidSecretKey,
    isValidPublicKey,
    randomSecretKey,
    // TODO: remove
    isValidPrivateKey: isValidSecretKey,
    randomPrivateKey: randomSecretKey,
    normPrivateKeyToScalar: (key2) => _normFnElement(Fn, key2),
    precompute(windowSize = 8, point = Point.BASE) {
      return point.precompute(windowSize, false);
    }
  };
  return Object.freeze({ getPublicKey, getSharedSecret, keygen, Point, utils, lengths });
}
function ecdsa(Point, hash, ecdsaOpts = {}) {
  ahash(hash);
  _validateObject(ecdsaOpts, {}, {
    hmac: "function",
    lowS: "boolean",
    randomBytes: "function",
    bits2int: "function",
    bits2int_modN: "function"
  });
  const randomBytes2 = ecdsaOpts.randomBytes || randomBytes;
  const hmac2 = ecdsaOpts.hmac || ((key2, ...msgs) => hmac(hash, key2, concatBytes2(...msgs)));
  const { Fp, Fn } = Point;
  const { ORDER: CURVE_ORDER, BITS: fnBits } = Fn;
  const { keygen, getPublicKey, getSharedSecret, utils, lengths } = ecdh(Point, ecdsaOpts);
  const defaultSigOpts = {
    prehash: false,
    lowS: typeof ecdsaOpts.lowS === "boolean" ? ecdsaOpts.lowS : false,
    format: void 0,
    //'compact' as ECDSASigFormat,
    extraEntropy: false
  };
  const defaultSigOpts_format = "compact";
  function isBiggerThanHalfOrder(number3) {
    const HALF = CURVE_ORDER >> _1n4;
    return number3 > HALF;
  }
  function validateRS(title2, num) {
    if (!Fn.isValidNot0(num))
      throw new Error(`invalid signature ${title2}: out of range 1..Point.Fn.ORDER`);
    return num;
  }
  function validateSigLength(bytes2, format) {
    validateSigFormat(format);
    const size = lengths.signature;
    const sizer = format === "compact" ? size : format === "recovered" ? size + 1 : void 0;
    return _abytes2(bytes2, sizer, `${format} signature`);
  }
  class Signature {
    constructor(r, s, recovery) {
      this.r = validateRS("r", r);
      this.s = validateRS("s", s);
      if (recovery != null)
        this.recovery = recovery;
      Object.freeze(this);
    }
    static fromBytes(bytes2, format = defaultSigOpts_format) {
      validateSigLength(bytes2, format);
      let recid;
      if (format === "der") {
        const { r: r2, s: s2 } = DER.toSig(_abytes2(bytes2));
        return new Signature(r2, s2);
      }
      if (format === "recovered") {
        recid = bytes2[0];
        format = "compact";
        bytes2 = bytes2.subarray(1);
      }
      const L = Fn.BYTES;
      const r = bytes2.subarray(0, L);
      const s = bytes2.subarray(L, L * 2);
      return new Signature(Fn.fromBytes(r), Fn.fromBytes(s), recid);
    }
    static fromHex(hex, format) {
      return this.fromBytes(hexToBytes(hex), format);
    }
    addRecoveryBit(recovery) {
      return new Signature(this.r, this.s, recovery);
    }
    recoverPublicKey(messageHash) {
      const FIELD_ORDER = Fp.ORDER;
      const { r, s, recovery: rec } = this;
      if (rec == null || ![0, 1, 2, 3].includes(rec))
        throw new Error("recovery id invalid");
      const hasCofactor = CURVE_ORDER * _2n2 < FIELD_ORDER;
      if (hasCofactor && rec > 1)
        throw new Error("recovery id is ambiguous for h>1 curve");
      const radj = rec === 2 || rec === 3 ? r + CURVE_ORDER : r;
      if (!Fp.isValid(radj))
        throw new Error("recovery id 2 or 3 invalid");
      const x = Fp.toBytes(radj);
      const R = Point.fromBytes(concatBytes2(pprefix((rec & 1) === 0), x));
      const ir = Fn.inv(radj);
      const h = bits2int_modN(ensureBytes("msgHash", messageHash));
      const u1 = Fn.create(-h * ir);
      const u2 = Fn.create(s * ir);
      const Q = Point.BASE.multiplyUnsafe(u1).add(R.multiplyUnsafe(u2));
      if (Q.is0())
        throw new Error("point at infinify");
      Q.assertValidity();
      return Q;
    }
    // Signatures should be low-s, to prevent malleability.
    hasHighS() {
      return isBiggerThanHalfOrder(this.s);
    }
    toBytes(format = defaultSigOpts_format) {
      validateSigFormat(format);
      if (format === "der")
        return hexToBytes(DER.hexFromSig(this));
      const r = Fn.toBytes(this.r);
      const s = Fn.toBytes(this.s);
      if (format === "recovered") {
        if (this.recovery == null)
          throw new Error("recovery bit must be present");
        return concatBytes2(Uint8Array.of(this.recovery), r, s);
      }
      return concatBytes2(r, s);
    }
    toHex(format) {
      return bytesToHex(this.toBytes(format));
    }
    // TODO: remove
    assertValidity() {
    }
    static fromCompact(hex) {
      return Signature.fromBytes(ensureBytes("sig", hex), "compact");
    }
    static fromDER(hex) {
      return Signature.fromBytes(ensureBytes("sig", hex), "der");
    }
    normalizeS() {
      return this.hasHighS() ? new Signature(this.r, Fn.neg(this.s), this.recovery) : this;
    }
    toDERRawBytes() {
      return this.toBytes("der");
    }
    toDERHex() {
      return bytesToHex(this.toBytes("der"));
    }
    toCompactRawBytes() {
      return this.toBytes("compact");
    }
    toCompactHex() {
      return bytesToHex(this.toBytes("compact"));
    }
  }
  const bits2int = ecdsaOpts.bits2int || function bits2int_def(bytes2) {
    if (bytes2.length > 8192)
      throw new Error("input is too large");
    const num = bytesToNumberBE(bytes2);
    const delta = bytes2.length * 8 - fnBits;
    return delta > 0 ? num >> BigInt(delta) : num;
  };
  const bits2int_modN = ecdsaOpts.bits2int_modN || function bits2int_modN_def(bytes2) {
    return Fn.create(bits2int(bytes2));
  };
  const ORDER_MASK = bitMask(fnBits);
  function int2octets(num) {
    aInRange("num < 2^" + fnBits, num, _0n4, ORDER_MASK);
    return Fn.toBytes(num);
  }
  function validateMsgAndHash(message, prehash) {
    _abytes2(message, void 0, "message");
    return prehash ? _abytes2(hash(message), void 0, "prehashed message") : message;
  }
  function prepSig(message, privateKey, opts) {
    if (["recovered", "canonical"].some((k) => k in opts))
      throw new Error("sign() legacy options not supported");
    const { lowS, prehash, extraEntropy } = validateSigOpts(opts, defaultSigOpts);
    message = validateMsgAndHash(message, prehash);
    const h1int = bits2int_modN(message);
    const d = _normFnElement(Fn, privateKey);
    const seedArgs = [int2octets(d), int2octets(h1int)];
    if (extraEntropy != null && extraEntropy !== false) {
      const e = extraEntropy === true ? randomBytes2(lengths.secretKey) : extraEntropy;
      seedArgs.push(ensureBytes("extraEntropy", e));
    }
    const seed = concatBytes2(...seedArgs);
    const m = h1int;
    function k2sig(kBytes) {
      const k = bits2int(kBytes);
      if (!Fn.isValidNot0(k))
        return;
      const ik = Fn.inv(k);
      const q = Point.BASE.multiply(k).toAffine();
      const r = Fn.create(q.x);
      if (r === _0n4)
        return;
      const s = Fn.create(ik * Fn.create(m + r * d));
      if (s === _0n4)
        return;
      let recovery = (q.x === r ? 0 : 2) | Number(q.y & _1n4);
      let normS = s;
      if (lowS && isBiggerThanHalfOrder(s)) {
        normS = Fn.neg(s);
        recovery ^= 1;
      }
      return new Signature(r, normS, recovery);
    }
    return { seed, k2sig };
  }
  function sign(message, secretKey, opts = {}) {
    message = ensureBytes("message", message);
    const { seed, k2sig } = prepSig(message, secretKey, opts);
    const drbg = createHmacDrbg(hash.outputLen, Fn.BYTES, hmac2);
    const sig = drbg(seed, k2sig);
    return sig;
  }
  function tryParsingSig(sg) {
    let sig = void 0;
    const isHex = typeof sg === "string" || isBytes(sg);
    const isObj = !isHex && sg !== null && typeof sg === "object" && typeof sg.r === "bigint" && typeof sg.s === "bigint";
    if (!isHex && !isObj)
      throw new Error("invalid signature, expected Uint8Array, hex string or Signature instance");
    if (isObj) {
      sig = new Signature(sg.r, sg.s);
    } else if (isHex) {
      try {
        sig = Signature.fromBytes(ensureBytes("sig", sg), "der");
      } catch (derError2) {
        if (!(derError2 instanceof DER.Err))
          throw derError2;
      }
      if (!sig) {
        try {
          sig = Signature.fromBytes(ensureBytes("sig", sg), "compact");
        } catch (error2) {
          return false;
        }
      }
    }
    if (!sig)
      return false;
    return sig;
  }
  function verify4(signature, message, publicKey, opts = {}) {
    const { lowS, prehash, format } = validateSigOpts(opts, defaultSigOpts);
    publicKey = ensureBytes("publicKey", publicKey);
    message = validateMsgAndHash(ensureBytes("message", message), prehash);
    if ("strict" in opts)
      throw new Error("options.strict was renamed to lowS");
    const sig = format === void 0 ? tryParsingSig(signature) : Signature.fromBytes(ensureBytes("sig", signature), format);
    if (sig === false)
      return false;
    try {
      const P = Point.fromBytes(publicKey);
      if (lowS && sig.hasHighS())
        return false;
      const { r, s } = sig;
      const h = bits2int_modN(message);
      const is = Fn.inv(s);
      const u1 = Fn.create(h * is);
      const u2 = Fn.create(r * is);
      const R = Point.BASE.multiplyUnsafe(u1).add(P.multiplyUnsafe(u2));
      if (R.is0())
        return false;
      const v = Fn.create(R.x);
      return v === r;
    } catch (e) {
      return false;
    }
  }
  function recoverPublicKey(signature, message, opts = {}) {
    const { prehash } = validateSigOpts(opts, defaultSigOpts);
    message = validateMsgAndHash(message, prehash);
    return Signature.fromBytes(signature, "recovered").recoverPublicKey(message).toBytes();
  }
  return Object.freeze({
    keygen,
    getPublicKey,
    getSharedSecret,
    utils,
    lengths,
    Point,
    sign,
    verify: verify4,
    recoverPublicKey,
    Signature,
    hash
  });
}
function _weierstrass_legacy_opts_to_new(c) {
  const CURVE = {
    a: c.a,
    b: c.b,
    p: c.Fp.ORDER,
    n: c.n,
    h: c.h,
    Gx: c.Gx,
    Gy: c.Gy
  };
  const Fp = c.Fp;
  let allowedLengths = c.allowedPrivateKeyLengths ? Array.from(new Set(c.allowedPrivateKeyLengths.map((l) => Math.ceil(l / 2)))) : void 0;
  const Fn = Field(CURVE.n, {
    BITS: c.nBitLength,
    allowedLengths,
    modFromBytes: c.wrapPrivateKey
  });
  const curveOpts = {
    Fp,
    Fn,
    allowInfinityPoint: c.allowInfinityPoint,
    endo: c.endo,
    isTorsionFree: c.isTorsionFree,
    clearCofactor: c.clearCofactor,
    fromBytes: c.fromBytes,
    toBytes: c.toBytes
  };
  return { CURVE, curveOpts };
}
function _ecdsa_legacy_opts_to_new(c) {
  const { CURVE, curveOpts } = _weierstrass_legacy_opts_to_new(c);
  const ecdsaOpts = {
    hmac: c.hmac,
    randomBytes: c.randomBytes,
    lowS: c.lowS,
    bits2int: c.bits2int,
    bits2int_modN: c.bits2int_modN
  };
  return { CURVE, curveOpts, hash: c.hash, ecdsaOpts };
}
function _ecdsa_new_output_to_legacy(c, _ecdsa) {
  const Point = _ecdsa.Point;
  return Object.assign({}, _ecdsa, {
    ProjectivePoint: Point,
    CURVE: Object.assign({}, c, nLength(Point.Fn.ORDER, Point.Fn.BITS))
  });
}
function weierstrass(c) {
  const { CURVE, curveOpts, hash, ecdsaOpts } = _ecdsa_legacy_opts_to_new(c);
  const Point = weierstrassN(CURVE, curveOpts);
  const signs = ecdsa(Point, hash, ecdsaOpts);
  return _ecdsa_new_output_to_legacy(c, signs);
}

// node_modules/@noble/curves/esm/_shortw_utils.js
function createCurve(curveDef, defHash) {
  const create = (hash) => weierstrass({ ...curveDef, hash });
  return { ...create(defHash), create };
}

// node_modules/@noble/curves/esm/nist.js
var p256_CURVE = {
  p: BigInt("0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
  n: BigInt("0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
  h: BigInt(1),
  a: BigInt("0xffffffff00000001000000000000000000000000fffffffffffffffffffffffc"),
  b: BigInt("0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b"),
  Gx: BigInt("0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"),
  Gy: BigInt("0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")
};
var p384_CURVE = {
  p: BigInt("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff"),
  n: BigInt("0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"),
  h: BigInt(1),
  a: BigInt("0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc"),
  b: BigInt("0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef"),
  Gx: BigInt("0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"),
  Gy: BigInt("0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f")
};
var p521_CURVE = {
  p: BigInt("0x1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"),
  n: BigInt("0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"),
  h: BigInt(1),
  a: BigInt("0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffc"),
  b: BigInt("0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00"),
  Gx: BigInt("0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"),
  Gy: BigInt("0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650")
};
var Fp256 = Field(p256_CURVE.p);
var Fp384 = Field(p384_CURVE.p);
var Fp521 = Field(p521_CURVE.p);
var p256 = createCurve({ ...p256_CURVE, Fp: Fp256, lowS: false }, sha2562);
var p384 = createCurve({ ...p384_CURVE, Fp: Fp384, lowS: false }, sha384);
var p521 = createCurve({ ...p521_CURVE, Fp: Fp521, lowS: false, allowedPrivateKeyLengths: [130, 131, 132] }, sha512);

// core/src/x509/key-type.ts
var KEY_TYPES = ["rsa-2048", "rsa-3072", "rsa-4096", "p-256", "p-384", "ed25519"];
function isKeyType(text4) {
  return KEY_TYPES.includes(text4);
}
function keyTypeOf(spki) {
  const key2 = parsePublicKey(spki);
  const name = key2.algorithm === "rsa" ? `rsa-${key2.bits}` : key2.algorithm === "ec" ? key2.curve : key2.algorithm;
  if (isKeyType(name)) return name;
  throw new OriginSignError("format.key_type", `OriginSign does not sign with keys of the type ${name}.`, {
    hint: `use one of ${KEY_TYPES.join(", ")}`
  });
}

// core/src/x509/signature.ts
function signatureDigest(type) {
  if (type === "ed25519") return void 0;
  return type === "p-384" ? "sha384" : "sha256";
}
function canSign(type, toBeSigned) {
  if (toBeSigned.kind === "message") return true;
  return toBeSigned.digest.length === 32 && type !== "ed25519" && type !== "p-384";
}
function verifySignature(spki, toBeSigned, signature) {
  const type = keyTypeOf(spki);
  if (!canSign(type, toBeSigned)) return false;
  try {
    if (toBeSigned.kind === "message") {
      return verify(signatureDigest(type) ?? null, toBeSigned.bytes, importPublicKey(spki), signature);
    }
    return type === "p-256" ? verifyP256Digest(spki, toBeSigned.digest, signature) : verifyRsaDigest(spki, toBeSigned.digest, signature);
  } catch {
    return false;
  }
}
function importPublicKey(spki) {
  const name = encodeBase64(spki);
  const known = IMPORTED.get(name);
  if (known !== void 0) return known;
  const key2 = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
  if (IMPORTED.size >= MAX_IMPORTED) IMPORTED.clear();
  IMPORTED.set(name, key2);
  return key2;
}
var IMPORTED = /* @__PURE__ */ new Map();
var MAX_IMPORTED = 256;
function sha256DigestInfo(digest) {
  return derSequence(derSequence(derOid(Oid.sha256), derNull()), derOctetString(digest));
}
function verifyRsaDigest(spki, digest, signature) {
  const key2 = { key: importPublicKey(spki), padding: constants.RSA_PKCS1_PADDING };
  return equalBytes(publicDecrypt(key2, signature), sha256DigestInfo(digest));
}
function verifyP256Digest(spki, digest, signature) {
  const key2 = parsePublicKey(spki);
  if (key2.algorithm !== "ec") return false;
  return p256.verify(signature, digest, key2.point, { format: "der", prehash: false, lowS: false });
}

// core/src/x509/signature-algorithm.ts
var SCHEMES = {
  [Oid.rsaEncryption]: { key: "rsa" },
  [Oid.sha256WithRsa]: { key: "rsa", digest: "sha256" },
  [Oid.sha384WithRsa]: { key: "rsa", digest: "sha384" },
  [Oid.sha512WithRsa]: { key: "rsa", digest: "sha512" },
  [Oid.ecPublicKey]: { key: "ec" },
  [Oid.ecdsaWithSha256]: { key: "ec", digest: "sha256" },
  [Oid.ecdsaWithSha384]: { key: "ec", digest: "sha384" },
  [Oid.ecdsaWithSha512]: { key: "ec", digest: "sha512" },
  [Oid.ed25519]: { key: "ed25519" }
};
function readAlgorithm(bytes2) {
  const parts = sequenceCursor(readDer(bytes2));
  const oid = oidText(parts.take());
  const parameters = parts.rest();
  const [first] = parameters;
  if (parameters.length > 1 || first !== void 0 && (first.tag !== Tag.null || first.contents.length !== 0)) {
    throw new OriginSignError("format.unsupported", `The algorithm ${oid} has parameters that are not supported.`);
  }
  return oid;
}
function readDigestAlgorithm(bytes2) {
  const oid = readAlgorithm(bytes2);
  const digest = digestOfOid(oid);
  if (digest !== void 0) return digest;
  throw new OriginSignError("format.unsupported", `The digest algorithm ${oid} is not supported.`);
}
function readSignatureScheme(bytes2) {
  const oid = readAlgorithm(bytes2);
  const scheme = SCHEMES[oid];
  if (scheme !== void 0) return scheme;
  throw new OriginSignError("format.unsupported", `The signature algorithm ${oid} is not supported.`);
}
function verifiesWithScheme(spki, scheme, bytes2, signature) {
  const { algorithm } = parsePublicKey(spki);
  if (algorithm !== scheme.key || scheme.digest === void 0 !== (algorithm === "ed25519")) return false;
  try {
    return verify2(scheme.digest ?? null, bytes2, importPublicKey(spki), signature);
  } catch {
    return false;
  }
}
function encodeSignatureAlgorithm(type) {
  switch (type) {
    case "p-256":
      return derSequence(derOid(Oid.ecdsaWithSha256));
    case "p-384":
      return derSequence(derOid(Oid.ecdsaWithSha384));
    case "ed25519":
      return derSequence(derOid(Oid.ed25519));
    default:
      return derSequence(derOid(Oid.sha256WithRsa), derNull());
  }
}
function encodeSha256Algorithm() {
  return derSequence(derOid(Oid.sha256), derNull());
}

// core/src/formats/authenticode/spc.ts
var SpcOid = {
  indirectData: "1.3.6.1.4.1.311.2.1.4",
  statementType: "1.3.6.1.4.1.311.2.1.11",
  opusInfo: "1.3.6.1.4.1.311.2.1.12",
  individualCodeSigning: "1.3.6.1.4.1.311.2.1.21",
  nestedSignature: "1.3.6.1.4.1.311.2.4.1",
  timestampToken: "1.3.6.1.4.1.311.3.3.1"
};
var PE_IMAGE = {
  type: "1.3.6.1.4.1.311.2.1.15",
  value: derSequence(
    der(Tag.bitString, Uint8Array.of(0)),
    derContext(0, derContext(2, derContextPrimitive(0, new Uint8Array())))
  ),
  noun: "PE file"
};
var CABINET = {
  type: "1.3.6.1.4.1.311.2.1.25",
  value: derContext(2, derContextPrimitive(0, utf16("<<<Obsolete>>>"))),
  noun: "cabinet"
};
function encodeIndirectData(kind, digest) {
  const data = derSequence(derOid(kind.type), kind.value);
  return derSequence(data, derSequence(encodeSha256Algorithm(), derOctetString(digest)));
}
function readIndirectData(kind, value) {
  const parts = sequenceCursor(value);
  const data = sequenceCursor(parts.take());
  if (oidText(data.take()) !== kind.type) throw derError(`expected the data of a ${kind.noun}`);
  data.take(kind.value[0]);
  data.end();
  const digestInfo = sequenceCursor(parts.take());
  parts.end();
  const algorithm = readDigestAlgorithm(digestInfo.take().raw);
  const digest = digestInfo.take(Tag.octetString).contents;
  digestInfo.end();
  if (algorithm !== "sha256" || digest.length !== 32) throw derError(`expected a SHA-256 of the ${kind.noun}`);
  return digest;
}
function encodeStatementType() {
  return encodeAttribute(SpcOid.statementType, derSequence(derOid(SpcOid.individualCodeSigning)));
}
function encodeOpusInfo(programName, programUrl) {
  const name = programName === void 0 ? [] : [derContext(0, derContextPrimitive(0, utf16(programName)))];
  const url = programUrl === void 0 ? [] : [derContext(1, derContextPrimitive(0, Buffer.from(programUrl, "latin1")))];
  return encodeAttribute(SpcOid.opusInfo, derSequence(...name, ...url));
}
function utf16(text4) {
  return Buffer.from(text4, "utf16le").swap16();
}

// core/src/x509/certificate-extensions.ts
var KEY_USAGES = [
  "digitalSignature",
  "nonRepudiation",
  "keyEncipherment",
  "dataEncipherment",
  "keyAgreement",
  "keyCertSign",
  "cRLSign",
  "encipherOnly",
  "decipherOnly"
];
function readExtensions(value) {
  const extensions = sequenceCursor(value).rest().map((item) => {
    const parts = sequenceCursor(item);
    const oid = oidText(parts.take());
    const critical = parts.takeIf(Tag.boolean);
    const octets = parts.take(Tag.octetString);
    parts.end();
    if (critical !== void 0 && critical.raw[2] !== 255) throw derError("a BOOLEAN that DER does not allow");
    return { oid, critical: critical !== void 0, value: octets.contents };
  });
  if (extensions.length === 0) throw derError("an empty list of extensions");
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length) throw derError("an extension twice");
  return extensions;
}
function readBasicConstraints(bytes2) {
  const parts = sequenceCursor(readDer(bytes2));
  const authority = parts.takeIf(Tag.boolean);
  if (authority !== void 0 && ![0, 255].includes(authority.contents[0] ?? 1)) throw derError("an odd BOOLEAN");
  const isAuthority = authority?.contents[0] === 255;
  const pathLength = parts.takeIf(Tag.integer);
  parts.end();
  if (pathLength === void 0) return { isAuthority };
  if (!isAuthority) throw derError("a path length without an authority");
  return { isAuthority, pathLength: smallInteger(pathLength) };
}
function readKeyUsage(bytes2) {
  const { tag, contents } = readDer(bytes2);
  const [unused = 8, ...octets] = contents;
  if (tag !== Tag.bitString || unused > 7 || octets.length === 0) throw derError("expected a BIT STRING of key usages");
  return new Set(KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) << (bit & 7) & 128) !== 0));
}
function readExtendedKeyUsage(bytes2) {
  const usages = sequenceCursor(readDer(bytes2)).rest().map(oidText);
  if (usages.length === 0) throw derError("an empty list of extended key usages");
  return usages;
}

// core/src/x509/name.ts
var SHORT_NAMES = {
  "2.5.4.3": "CN",
  "2.5.4.5": "serialNumber",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.9": "STREET",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "1.2.840.113549.1.9.1": "emailAddress",
  "0.9.2342.19200300.100.1.1": "UID",
  "0.9.2342.19200300.100.1.25": "DC"
};
var TYPES = new Map(Object.entries(SHORT_NAMES).map(([oid, short]) => [short, oid]));
function nameText(name) {
  return formatName(relativeNames(name).reverse());
}
function formatName(names) {
  return names.map((attributes) => attributes.map(attributeText).sort().join("+")).join(",");
}
function relativeNames(name) {
  return sequenceCursor(readDer(name)).rest().map((set) => {
    if (set.tag !== Tag.set) throw derError("expected a SET in a name");
    const attributes = readDerAll(set.contents).map(readAttribute);
    if (attributes.length === 0) throw derError("an empty relative name");
    return attributes;
  });
}
function readAttribute(value) {
  const parts = sequenceCursor(value);
  const attribute = { type: oidText(parts.take()), value: parts.take() };
  parts.end();
  return attribute;
}
function typeText(oid) {
  return SHORT_NAMES[oid] ?? oid;
}
function attributeText({ type, value }) {
  const text4 = nameString(value);
  return `${typeText(type)}=${text4 === void 0 ? `#${encodeHex(value.raw)}` : escapeText(text4)}`;
}
function nameString(value) {
  switch (value.tag) {
    case Tag.utf8String:
      return decodeUtf8(value.contents);
    case Tag.printableString:
    case Tag.ia5String:
      if (value.contents.some((octet) => octet >= 128)) throw derError("a string outside its alphabet");
      return Buffer.from(value.contents).toString("latin1");
    case Tag.bmpString:
      return bmpText(value.contents);
    default:
      return void 0;
  }
}
function decodeUtf8(bytes2) {
  try {
    return utf8Text(bytes2);
  } catch {
    throw derError("a UTF8String that is not UTF-8");
  }
}
function bmpText(contents) {
  if (contents.length % 2 !== 0) throw derError("a BMPString of odd length");
  const text4 = Buffer.from(contents).swap16().toString("utf16le");
  if (new RegExp("\\p{Surrogate}", "u").test(text4)) throw derError("a BMPString with half a character");
  return text4;
}
var INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
function escapeText(text4) {
  const characters = Array.from(text4);
  return characters.map((character, index) => {
    const isFirst = index === 0 && (character === " " || character === "#");
    const isLast = index === characters.length - 1 && character === " ";
    if (isFirst || isLast || /[\\"+,;<>]/.test(character)) return `\\${character}`;
    return INVISIBLE.test(character) ? escapeOctets(character) : character;
  }).join("");
}
function escapeOctets(character) {
  return [...Buffer.from(character, "utf8")].map((octet) => `\\${octet.toString(16).padStart(2, "0")}`).join("");
}

// core/src/x509/certificate.ts
var MAX_CERTIFICATE = 64 * 1024;
function parseCertificate(bytes2) {
  if (bytes2.length > MAX_CERTIFICATE) throw derError("a certificate too large");
  const outer = sequenceCursor(readDer(bytes2));
  const tbs = outer.take(Tag.sequence);
  const algorithm = outer.take(Tag.sequence);
  const signature = wholeBits(outer.take());
  outer.end();
  const fields = readTbs(tbs);
  if (Buffer.compare(fields.algorithm, algorithm.raw) !== 0) throw derError("two different signature algorithms");
  const { algorithm: _, ...rest } = fields;
  return { der: bytes2, tbs: tbs.raw, signatureAlgorithm: algorithm.raw, signature, ...rest };
}
function readTbs(tbs) {
  const parts = sequenceCursor(tbs);
  const version2 = readVersion(parts.takeIf(160));
  const serialNumber = parts.take(Tag.integer).contents;
  const algorithm = parts.take(Tag.sequence).raw;
  const issuer = parts.take(Tag.sequence).raw;
  const validity2 = sequenceCursor(parts.take());
  const notBefore = readDerTime(validity2.take());
  const notAfter = readDerTime(validity2.take());
  validity2.end();
  const subject2 = parts.take(Tag.sequence).raw;
  const spki = parts.take(Tag.sequence).raw;
  const extensions = version2 < 3 ? [] : readOptionalParts(parts);
  parts.end();
  if (serialNumber.length === 0 || serialNumber.length > 21) throw derError("a serial number of odd length");
  const texts = { issuerText: nameText(issuer), subjectText: nameText(subject2) };
  const identity = { algorithm, serialNumber, issuer, subject: subject2, ...texts, notBefore, notAfter, spki };
  return { ...identity, extensions, ...readKnownExtensions(extensions) };
}
function readVersion(value) {
  if (value === void 0) return 1;
  const { tag, contents } = readDer(value.contents);
  if (tag !== Tag.integer || contents.length !== 1 || contents[0] !== 2)
    throw derError("a certificate version that is not 3");
  return 3;
}
function readOptionalParts(parts) {
  parts.takeIf(129);
  parts.takeIf(130);
  const extensions = parts.takeIf(163);
  return extensions === void 0 ? [] : readExtensions(readDer(extensions.contents));
}
function readKnownExtensions(extensions) {
  const read = (oid, parse2) => {
    const extension = extensions.find((candidate) => candidate.oid === oid);
    return extension === void 0 ? void 0 : parse2(extension.value);
  };
  const basicConstraints = read(Oid.basicConstraints, readBasicConstraints);
  const keyUsage = read(Oid.keyUsage, readKeyUsage);
  const extendedKeyUsage = read(Oid.extendedKeyUsage, readExtendedKeyUsage);
  const subjectKeyIdentifier2 = read(Oid.subjectKeyIdentifier, readKeyIdentifier);
  return {
    ...basicConstraints === void 0 ? {} : { basicConstraints },
    ...keyUsage === void 0 ? {} : { keyUsage },
    ...extendedKeyUsage === void 0 ? {} : { extendedKeyUsage },
    ...subjectKeyIdentifier2 === void 0 ? {} : { subjectKeyIdentifier: subjectKeyIdentifier2 }
  };
}
function readKeyIdentifier(bytes2) {
  const { tag, contents } = readDer(bytes2);
  if (tag !== Tag.octetString) throw derError("expected a key identifier");
  return contents;
}

// core/src/x509/cms-build.ts
function encodeSignedData(parts) {
  const content = parts.content === void 0 ? [] : [derContext(0, parts.content)];
  const signedData = derSequence(
    derInteger(parts.version),
    derSetOf(encodeSha256Algorithm()),
    derSequence(derOid(parts.contentType), ...content),
    retagAttributes(derSetOf(...parts.certificates), 160),
    derSetOf(encodeSignerInfo(parts))
  );
  return derSequence(derOid(Oid.signedData), derContext(0, signedData));
}
function encodeSignerInfo(parts) {
  const { issuer, serialNumber } = parseCertificate(parts.certificates[0]);
  const { unsignedAttributes = [] } = parts;
  const unsigned2 = unsignedAttributes.length === 0 ? [] : [retagAttributes(derSetOf(...unsignedAttributes), 161)];
  return derSequence(
    derInteger(1),
    derSequence(issuer, der(Tag.integer, serialNumber)),
    encodeSha256Algorithm(),
    retagAttributes(parts.signedAttributes, 160),
    encodeCmsSignatureAlgorithm(parts.keyType),
    derOctetString(parts.signature),
    ...unsigned2
  );
}
function encodeCmsSignatureAlgorithm(type) {
  return type.startsWith("rsa-") ? derSequence(derOid(Oid.rsaEncryption), derNull()) : encodeSignatureAlgorithm(type);
}

// core/src/attestation/covered-digest.ts
var COVERED_DIGESTS = {
  sha256: { hexLength: 64, description: "SHA-256 of the whole file." },
  blake2b512: { hexLength: 128, description: "BLAKE2b of 64 bytes of the whole file." },
  linuxModuleSha256: { hexLength: 64, description: "SHA-256 of a kernel module without its signature." },
  authenticodeSha256: {
    hexLength: 64,
    description: "SHA-256 that Authenticode takes of a file: without the signature and the fields that it changes."
  }
};
function isCoveredDigestName(text4) {
  return Object.hasOwn(COVERED_DIGESTS, text4);
}
function parseCoveredDigest(map) {
  if (typeof map !== "object" || map === null || Array.isArray(map)) throw digestError("a digest must be an object");
  const entries2 = Object.entries(map);
  const [entry2] = entries2;
  if (entry2 === void 0 || entries2.length !== 1) throw digestError("a subject has exactly one digest");
  const [algorithm, value] = entry2;
  if (!isCoveredDigestName(algorithm)) throw digestError("the digest algorithm is not one that a signature covers");
  if (!isDigestValue(algorithm, value)) {
    throw digestError(`${algorithm} takes ${COVERED_DIGESTS[algorithm].hexLength} lower-case hexadecimal characters`);
  }
  return { algorithm, value };
}
function equalCoveredDigests(left, right) {
  return left.algorithm === right.algorithm && left.value === right.value;
}
function isDigestValue(algorithm, value) {
  return typeof value === "string" && value.length === COVERED_DIGESTS[algorithm].hexLength && /^[0-9a-f]+$/.test(value);
}
function digestError(what) {
  return new OriginSignError("statement.digest", `The digest is not accepted: ${what}.`);
}

// core/src/formats/inputs-check.ts
function checkCoveredDigest(digest, expected) {
  const { hexLength } = COVERED_DIGESTS[expected];
  if (digest.algorithm === expected && digest.value.length === hexLength && /^[0-9a-f]*$/.test(digest.value)) return;
  throw new OriginSignError("statement.digest", `This format covers one ${expected} digest in lower-case hexadecimal.`);
}
function checkInputNames(inputs, allowed) {
  const other = Object.keys(inputs).find((name) => !allowed.includes(name));
  if (other === void 0) return;
  throw new OriginSignError(
    "statement.inputs",
    "The inputs of an artifact have a member that its format does not know.",
    {
      details: { member: other.slice(0, 64) }
    }
  );
}
function checkOptionNames(options, allowed) {
  const other = Object.keys(options).find((name) => !allowed.includes(name));
  if (other === void 0) return;
  throw new OriginSignError("statement.options", "An artifact has an option that its format does not know.", {
    hint: allowed.length === 0 ? "this format has no options" : `the options are ${allowed.join(", ")}`,
    details: { option: other.slice(0, 64) }
  });
}
function checkKeyType(format, type) {
  if (format.keyTypes.includes(type)) return;
  throw new OriginSignError(
    "format.key_type",
    `The format ${format.id} cannot be signed with a key of the type ${type}.`,
    {
      hint: `use one of ${format.keyTypes.join(", ")}`
    }
  );
}
function certificatesOf(key2) {
  const [leaf, ...others] = key2.certificates;
  if (leaf === void 0) {
    throw new OriginSignError("key.certificate", "The key has no certificate, which this format needs.");
  }
  if (!equalBytes(parseCertificate(leaf).spki, key2.spki)) {
    throw new OriginSignError("key.certificate", "The first certificate of the key is for another key.");
  }
  return [leaf, ...others];
}

// core/src/formats/authenticode/to-be-signed.ts
function checkAuthenticodeInputs(coveredDigest2, inputs, options) {
  checkCoveredDigest(coveredDigest2, "authenticodeSha256");
  checkInputNames(inputs, []);
  checkOptionNames(options, []);
}
function prepareAuthenticode(kind, context) {
  certificatesOf(context.key);
  const { programName, programUrl } = context;
  if (programUrl !== void 0 && !/^[\x21-\x7e]{1,2048}$/.test(programUrl)) {
    throw new OriginSignError("config.invalid", "The program URL of the signing policy is not plain ASCII.");
  }
  const content = encodeIndirectData(kind, decodeHex(context.coveredDigest.value));
  const attributes = encodeSignedAttributes([
    ...encodeContentAttributes(SpcOid.indirectData, sha256(readDer(content).contents)),
    encodeStatementType(),
    encodeOpusInfo(programName, programUrl)
  ]);
  return { toBeSigned: { kind: "message", bytes: attributes }, structure: derSequence(content, attributes) };
}
function assembleAuthenticode(structure, key2, signature, timestampToken) {
  const [content, attributes, ...others] = sequenceCursor(readDer(structure)).rest();
  if (content === void 0 || attributes === void 0 || others.length > 0) throw derError("an unknown structure");
  const unsigned2 = timestampToken === void 0 ? [] : [encodeAttribute(SpcOid.timestampToken, timestampToken)];
  return encodeSignedData({
    version: 1,
    contentType: SpcOid.indirectData,
    content: content.raw,
    certificates: certificatesOf(key2),
    keyType: key2.type,
    signedAttributes: attributes.raw,
    signature,
    unsignedAttributes: unsigned2
  });
}

// core/src/formats/authenticode-cab/digest.ts
import { createHash as createHash3 } from "node:crypto";

// core/src/formats/source-chunks.ts
import { createHash as createHash2 } from "node:crypto";
var CHUNK = 1024 * 1024;
async function* readChunks(source, start = 0, end = source.size) {
  const readAt2 = (offset) => source.read(offset, Math.min(CHUNK, end - offset));
  let next = start < end ? readAt2(start) : void 0;
  for (let offset = start; next !== void 0; ) {
    const bytes2 = await next;
    const following = offset + bytes2.length;
    next = following < end ? readAt2(following) : void 0;
    next?.catch(() => void 0);
    yield { offset, bytes: bytes2 };
    offset = following;
  }
}
async function hashSource(source) {
  const hash = createHash2("sha256");
  for await (const { bytes: bytes2 } of readChunks(source)) hash.update(bytes2);
  return new Uint8Array(hash.digest());
}
async function digestWholeFile(source) {
  const value = encodeHex(await hashSource(source));
  return { coveredDigest: { algorithm: "sha256", value }, inputs: {}, file: { sha256: value, size: source.size } };
}

// core/src/formats/authenticode-cab/layout.ts
var HEADER = 36;
var RESERVE = 24;
var SIGNATURE_OFFSET = 44;
var SIGNATURE_LENGTH = 48;
var RESERVE_END = { start: 52, end: HEADER + RESERVE };
var FOLDER = 8;
var FLAG_RESERVE = 4;
var FLAGS_SET = 3;
var MAX_SIZE = 4294967295 - RESERVE - 1024 * 1024;
async function isCab(source) {
  if (source.size < HEADER + FOLDER) return false;
  return view(await source.read(0, 4)).getUint32(0) === 1297302342;
}
async function readCabLayout(source) {
  if (!await isCab(source)) throw malformed2("has no cabinet header");
  if (source.size > MAX_SIZE) throw new OriginSignError("format.too_large", "Cabinets end below 4 GiB.");
  const header = view(await source.read(0, HEADER));
  const flags = checkedFlags(header);
  const reserved = (flags & FLAG_RESERVE) !== 0;
  if (reserved && source.size < HEADER + RESERVE) throw malformed2("ends inside its header");
  const end = header.getUint32(8, true);
  const reserve = view(reserved ? await source.read(HEADER, RESERVE) : emptyReserve());
  const signature = reserved ? readReserve(reserve, end) : void 0;
  const headerEnd = HEADER + (reserved ? RESERVE : 0);
  const start = headerEnd + header.getUint16(26, true) * FOLDER;
  if (start > source.size) throw malformed2("ends inside its header");
  if (header.getUint32(16, true) !== start)
    throw malformed2("has its list of files in another place than behind its folders");
  if ((signature === void 0 ? end : end + signature.length) !== source.size) {
    throw malformed2("is not as long as its header says");
  }
  const folders = await source.read(headerEnd, start - headerEnd);
  const shift = reserved ? 0 : RESERVE;
  checkFolders(view(folders), start, end);
  return {
    head: headOf(header, folders, shift),
    body: { start, end },
    ...signature === void 0 ? {} : { signature }
  };
}
function checkedFlags(header) {
  if (header.getUint32(4, true) !== 0) throw malformed2("has a reserved field that is not zero");
  if (header.getUint16(24, true) !== 259) throw unsupported2("is not of version 1.3");
  const flags = header.getUint16(30, true);
  if (flags > (FLAGS_SET | FLAG_RESERVE)) throw malformed2("has unknown flags");
  if ((flags & FLAGS_SET) !== 0 || header.getUint16(34, true) !== 0) throw unsupported2("belongs to a set of cabinets");
  if (header.getUint16(26, true) === 0) throw malformed2("has no folders");
  return flags;
}
function emptyReserve() {
  const reserve = new DataView(new ArrayBuffer(RESERVE));
  reserve.setUint16(0, RESERVE - 4, true);
  reserve.setUint32(4, 1048576, true);
  return new Uint8Array(reserve.buffer);
}
function readReserve(reserve, end) {
  const expected = view(emptyReserve());
  if (reserve.getUint32(0) !== expected.getUint32(0) || reserve.getUint32(4) !== expected.getUint32(4)) {
    throw unsupported2("reserves space for something other than a signature");
  }
  if (reserve.getUint32(16) !== 0 || reserve.getUint32(20) !== 0) throw malformed2("hides data in its reserve");
  const offset = reserve.getUint32(SIGNATURE_OFFSET - HEADER, true);
  const length = reserve.getUint32(SIGNATURE_LENGTH - HEADER, true);
  if (offset === 0 && length === 0) return void 0;
  if (offset !== end || length === 0) throw malformed2("has a signature of impossible position or length");
  return { offset, length };
}
function checkFolders(folders, start, end) {
  for (let offset = 0; offset < folders.byteLength; offset += FOLDER) {
    const data = folders.getUint32(offset, true);
    if (data < start || data > end) throw malformed2("has a folder outside of its content");
  }
}
function headOf(header, folders, shift) {
  const head = new Uint8Array(HEADER + RESERVE + folders.length);
  head.set(new Uint8Array(header.buffer, header.byteOffset, HEADER));
  head.set(emptyReserve(), HEADER);
  head.set(folders, HEADER + RESERVE);
  const fields = view(head);
  const move = (at) => fields.setUint32(at, fields.getUint32(at, true) + shift, true);
  move(8);
  move(16);
  for (let at = HEADER + RESERVE; at < head.length; at += FOLDER) move(at);
  fields.setUint16(30, FLAG_RESERVE, true);
  return head;
}
function view(bytes2) {
  return new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
}
function malformed2(what) {
  return new OriginSignError("format.malformed", `The cabinet ${what}.`);
}
function unsupported2(what) {
  return new OriginSignError("format.unsupported", `The cabinet ${what}.`);
}

// core/src/formats/authenticode-cab/digest.ts
async function digestCab(source, options) {
  checkOptionNames(options, []);
  const { head, body } = await readCabLayout(source);
  const file = createHash3("sha256");
  const cabinet = createHash3("sha256");
  for (const [start, end] of [
    [0, 4],
    [8, 34],
    [RESERVE_END.start + 4, head.length]
  ]) {
    cabinet.update(head.subarray(start, end));
  }
  for await (const { offset, bytes: bytes2 } of readChunks(source)) {
    file.update(bytes2);
    const from = Math.max(body.start, offset);
    const to = Math.min(body.end, offset + bytes2.length);
    if (from < to) cabinet.update(bytes2.subarray(from - offset, to - offset));
  }
  return {
    coveredDigest: { algorithm: "authenticodeSha256", value: cabinet.digest("hex") },
    inputs: {},
    file: { sha256: file.digest("hex"), size: source.size }
  };
}

// core/src/formats/authenticode-cab/embed.ts
async function embedCab(source, block) {
  const { head, body } = await readCabLayout(source);
  const length = body.end - body.start;
  const padded = concatBytes(block, new Uint8Array((8 - block.length % 8) % 8));
  const fields = new DataView(head.buffer, head.byteOffset, head.byteLength);
  fields.setUint32(SIGNATURE_OFFSET, head.length + length, true);
  fields.setUint32(SIGNATURE_LENGTH, padded.length, true);
  return {
    kind: "embedded",
    segments: [{ bytes: head }, { copy: { offset: body.start, length } }, { bytes: padded }]
  };
}

// core/src/formats/authenticode/verify-block.ts
import { createHash as createHash4 } from "node:crypto";

// core/src/x509/cms-parse.ts
var MAX_SIGNED_DATA = 1024 * 1024;
function parseSignedData(bytes2) {
  if (bytes2.length > MAX_SIGNED_DATA) throw derError("a signature too large");
  const contentInfo = sequenceCursor(readDer(bytes2));
  if (oidText(contentInfo.take()) !== Oid.signedData) throw derError("expected a SignedData");
  const signedData = sequenceCursor(readDer(contentInfo.take(160).contents));
  contentInfo.end();
  if (![1, 3, 4, 5].includes(smallInteger(signedData.take()))) throw derError("an unknown version of SignedData");
  signedData.take(Tag.set);
  const { contentType, content } = readContent(signedData.take());
  const certificates = readDerAll(signedData.takeIf(160)?.contents ?? new Uint8Array());
  signedData.takeIf(161);
  const signers = readDerAll(signedData.take(Tag.set).contents);
  signedData.end();
  const [signer] = signers;
  if (signer === void 0 || signers.length !== 1) throw derError("expected exactly one signer");
  const plain2 = certificates.filter(({ tag }) => tag === Tag.sequence).map(({ raw: raw2 }) => raw2);
  return {
    contentType,
    ...content === void 0 ? {} : { content },
    certificates: plain2,
    signer: readSigner(signer)
  };
}
function readContent(value) {
  const parts = sequenceCursor(value);
  const contentType = oidText(parts.take());
  const wrapper = parts.takeIf(160);
  parts.end();
  return { contentType, ...wrapper === void 0 ? {} : { content: readDer(wrapper.contents) } };
}
function readSigner(value) {
  const parts = sequenceCursor(value);
  const version2 = smallInteger(parts.take());
  const identifier = readIdentifier(parts, version2);
  const digest = readDigestAlgorithm(parts.take().raw);
  const signed = parts.take(160);
  const signatureAlgorithm = parts.take(Tag.sequence).raw;
  const signature = parts.take(Tag.octetString).contents;
  const unsigned2 = parts.takeIf(161);
  parts.end();
  const signedAttributesBytes = Uint8Array.from(signed.raw);
  signedAttributesBytes[0] = Tag.set;
  return {
    identifier,
    digest,
    signedAttributesBytes,
    signedAttributes: readAttributes(signed.contents),
    signatureAlgorithm,
    signature,
    unsignedAttributes: readAttributes(unsigned2?.contents ?? new Uint8Array())
  };
}
function readIdentifier(parts, version2) {
  const keyIdentifier = parts.takeIf(128);
  if (version2 !== (keyIdentifier === void 0 ? 1 : 3)) throw derError("an unknown version of SignerInfo");
  if (keyIdentifier !== void 0) return { keyIdentifier: keyIdentifier.contents };
  const pair = sequenceCursor(parts.take());
  const issuer = pair.take(Tag.sequence).raw;
  const serialNumber = pair.take(Tag.integer).contents;
  pair.end();
  return { issuer, serialNumber };
}

// core/src/x509/cms-verify.ts
function verifySigner(signedData, contentDigest) {
  const { signer, contentType } = signedData;
  const certificate = findSigner(signedData.certificates, signer.identifier);
  const statedType = signer.signedAttributes.get(Oid.contentType);
  const statedDigest = signer.signedAttributes.get(Oid.messageDigest);
  if (statedType === void 0 || oidText(statedType) !== contentType) throw failed("names another type of content");
  if (statedDigest === void 0) throw failed("does not name the digest of its content");
  if (statedDigest.tag !== Tag.octetString) throw derError("expected a message digest");
  const scheme = readSignatureScheme(signer.signatureAlgorithm);
  if (scheme.digest !== void 0 && scheme.digest !== signer.digest) throw failed("names two digest algorithms");
  const exact = { key: scheme.key, digest: signer.digest };
  if (!verifiesWithScheme(certificate.spki, exact, signer.signedAttributesBytes, signer.signature)) {
    throw failed("does not verify under the key of its certificate");
  }
  if (!equalBytes(statedDigest.contents, contentDigest(signer.digest))) {
    throw new OriginSignError("verify.digest", "The signature is genuine, but for other content.");
  }
  return certificate;
}
function findSigner(certificates, identifier) {
  const found = certificates.flatMap(readable).find((candidate) => matches(candidate, identifier));
  if (found === void 0) throw failed("does not carry the certificate of its signer");
  return found;
}
function readable(bytes2) {
  try {
    return [parseCertificate(bytes2)];
  } catch (error2) {
    if (isOriginSignError(error2)) return [];
    throw error2;
  }
}
function matches(certificate, identifier) {
  if ("keyIdentifier" in identifier) {
    return equalBytes(certificate.subjectKeyIdentifier ?? new Uint8Array(), identifier.keyIdentifier);
  }
  const { issuer, serialNumber } = identifier;
  return equalBytes(certificate.issuer, issuer) && equalBytes(certificate.serialNumber, serialNumber);
}
function failed(what) {
  return new OriginSignError("verify.signature", `The signature ${what}.`);
}

// core/src/formats/authenticode/verify-block.ts
async function verifyAuthenticodeBlock(format, kind, block, digest) {
  const signedData = parseSignedData(block);
  const { signer, content, certificates, contentType } = signedData;
  if (contentType !== SpcOid.indirectData || content === void 0) {
    throw new OriginSignError(
      "verify.signature",
      `The signature of the ${kind.noun} is not an Authenticode signature.`
    );
  }
  const signedDigest = readIndirectData(kind, content);
  const certificate = verifySigner(signedData, (name) => createHash4(name).update(content.contents).digest());
  const coveredDigest2 = await digest();
  if (!equalBytes(signedDigest, decodeHex(coveredDigest2.value))) {
    throw new OriginSignError("verify.digest", `The ${kind.noun} was changed after it was signed.`);
  }
  const timestamp = signer.unsignedAttributes.get(SpcOid.timestampToken);
  const nested = signer.unsignedAttributes.has(SpcOid.nestedSignature);
  return {
    format,
    coveredDigest: coveredDigest2,
    signature: signer.signature,
    spki: certificate.spki,
    signerCertificate: certificate.der,
    certificates,
    ...timestamp === void 0 ? {} : { timestampToken: timestamp.raw },
    ...nested ? { notes: ["The signature carries a second one inside, which was not checked."] } : {}
  };
}

// core/src/formats/authenticode-cab/verify.ts
var MAX_SIGNATURE = 1024 * 1024;
async function verifyCab(source) {
  const { signature } = await readCabLayout(source);
  if (signature === void 0) return void 0;
  if (signature.length > MAX_SIGNATURE) {
    throw new OriginSignError("format.too_large", "The signature of the cabinet is too large.");
  }
  const padded = await source.read(signature.offset, signature.length);
  const block = readDerPrefix(padded).raw;
  const rest = padded.subarray(block.length);
  if (rest.length >= 8 || rest.some((octet) => octet !== 0)) {
    throw new OriginSignError("verify.signature", "The cabinet hides data behind its signature.");
  }
  return verifyAuthenticodeBlock("authenticode-cab", CABINET, block, async () => {
    const { coveredDigest: coveredDigest2 } = await digestCab(source, {});
    return coveredDigest2;
  });
}

// core/src/formats/authenticode-cab/authenticode-cab.ts
var authenticodeCab = {
  id: "authenticode-cab",
  purpose: "authenticode",
  keyTypes: ["rsa-2048", "rsa-3072", "rsa-4096", "p-256"],
  certificate: true,
  coveredDigest: "authenticodeSha256",
  description: "Authenticode signature inside a Windows cabinet.",
  recognise: isCab,
  digest: digestCab,
  checkInputs: checkAuthenticodeInputs,
  carriesTimestamp: () => true,
  toBeSigned: (context) => {
    checkKeyType(authenticodeCab, context.key.type);
    return prepareAuthenticode(CABINET, context);
  },
  assemble: assembleAuthenticode,
  embed: embedCab,
  verify: verifyCab
};

// core/src/formats/authenticode-pe/digest.ts
import { createHash as createHash5 } from "node:crypto";

// core/src/formats/authenticode-pe/layout.ts
var DOS_HEADER = 64;
var FILE_HEADER = 24;
var SECTION_HEADER = 40;
var SECURITY_DIRECTORY = 4;
var DIRECTORIES = { 267: 96, 523: 112 };
var CHECKSUM = 64;
var MAX_SIZE2 = 4294967295;
var MAX_SIGNATURE2 = 1024 * 1024;
async function isPe(source) {
  if (source.size < DOS_HEADER + FILE_HEADER) return false;
  const dos = view2(await source.read(0, DOS_HEADER));
  if (dos.getUint16(0, true) !== 23117) return false;
  const header = dos.getUint32(60, true);
  if (header > source.size - FILE_HEADER) return false;
  return view2(await source.read(header, 4)).getUint32(0, true) === 17744;
}
async function readPeLayout(source) {
  if (!await isPe(source)) throw malformed3("has no PE header");
  if (source.size > MAX_SIZE2 - MAX_SIGNATURE2) {
    throw new OriginSignError("format.too_large", "PE files end below 4 GiB.");
  }
  const header = view2(await source.read(0, DOS_HEADER)).getUint32(60, true);
  if (header < DOS_HEADER || header % 4 !== 0) throw malformed3("has overlapping headers");
  const file = view2(await source.read(header, FILE_HEADER));
  const sections = file.getUint16(6, true);
  const optionalSize = file.getUint16(20, true);
  const optionalAt = header + FILE_HEADER;
  const headersEnd = optionalAt + optionalSize + sections * SECTION_HEADER;
  if (headersEnd > source.size) throw malformed3("ends inside its headers");
  const optional3 = view2(await source.read(optionalAt, optionalSize));
  const entry2 = securityEntry(optional3);
  const table3 = view2(await source.read(optionalAt + optionalSize, sections * SECTION_HEADER));
  const contentEnd = Math.max(headersEnd, sectionsEnd(table3, source.size));
  const offset = optional3.getUint32(entry2, true);
  const length = optional3.getUint32(entry2 + 4, true);
  const places = { checksum: optionalAt + CHECKSUM, securityEntry: optionalAt + entry2 };
  if (offset === 0 && length === 0) {
    return { ...places, dataEnd: source.size, padding: (8 - source.size % 8) % 8 };
  }
  checkTable(offset, length, contentEnd, source.size);
  return { ...places, dataEnd: offset, padding: 0, table: { offset, length } };
}
function securityEntry(optional3) {
  const magic = optional3.byteLength < 2 ? 0 : optional3.getUint16(0, true);
  const directories = DIRECTORIES[magic];
  if (directories === void 0) throw malformed3("is neither PE32 nor PE32+");
  const entry2 = directories + SECURITY_DIRECTORY * 8;
  if (optional3.byteLength < entry2 + 8 || optional3.getUint32(directories - 4, true) <= SECURITY_DIRECTORY) {
    throw malformed3("has no place for a signature in its headers");
  }
  return entry2;
}
function sectionsEnd(table3, size) {
  let end = 0;
  for (let offset = 0; offset < table3.byteLength; offset += SECTION_HEADER) {
    const length = table3.getUint32(offset + 16, true);
    const start = table3.getUint32(offset + 20, true);
    if (length > 0 && start > 0) end = Math.max(end, start + length);
  }
  if (end > size) throw malformed3("ends inside a section");
  return end;
}
function checkTable(offset, length, contentEnd, size) {
  if (offset < contentEnd) throw malformed3("has a certificate table that overlaps its content");
  if (offset % 8 !== 0 || length < 8) throw malformed3("has a certificate table of impossible position or length");
  if (offset + length > size) throw malformed3("ends inside its certificate table");
  if (offset + length < size) throw malformed3("has data behind its certificate table");
}
function view2(bytes2) {
  return new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
}
function malformed3(what) {
  return new OriginSignError("format.malformed", `The PE file ${what}.`);
}

// core/src/formats/authenticode-pe/digest.ts
async function digestPe(source, options) {
  checkOptionNames(options, []);
  const layout = await readPeLayout(source);
  const file = createHash5("sha256");
  const image = createHash5("sha256");
  for await (const chunk of readChunks(source)) {
    file.update(chunk.bytes);
    updateImage(image, chunk, layout);
  }
  image.update(new Uint8Array(layout.padding));
  return {
    coveredDigest: { algorithm: "authenticodeSha256", value: image.digest("hex") },
    inputs: {},
    file: { sha256: file.digest("hex"), size: source.size }
  };
}
function updateImage(image, { offset, bytes: bytes2 }, layout) {
  const { checksum, securityEntry: securityEntry2, dataEnd } = layout;
  const covered = [
    [0, checksum],
    [checksum + 4, securityEntry2],
    [securityEntry2 + 8, dataEnd]
  ];
  for (const [start, end] of covered) {
    const from = Math.max(start, offset);
    const to = Math.min(end, offset + bytes2.length);
    if (from < to) image.update(bytes2.subarray(from - offset, to - offset));
  }
}

// core/src/formats/authenticode-pe/certificate-table.ts
var HEADER2 = 8;
var REVISION_2 = 512;
var TYPE_PKCS_SIGNED_DATA = 2;
var MAX_CERTIFICATE_TABLE = 1024 * 1024;
function encodeCertificateTable(signedData) {
  const padding = (8 - (HEADER2 + signedData.length) % 8) % 8;
  const header = new DataView(new ArrayBuffer(HEADER2));
  header.setUint32(0, HEADER2 + signedData.length + padding, true);
  header.setUint16(4, REVISION_2, true);
  header.setUint16(6, TYPE_PKCS_SIGNED_DATA, true);
  return concatBytes(new Uint8Array(header.buffer), signedData, new Uint8Array(padding));
}
function readCertificateTable(table3) {
  const header = new DataView(table3.buffer, table3.byteOffset, table3.byteLength);
  if (table3.length < HEADER2) throw refused("is cut short");
  const length = header.getUint32(0, true);
  if (length < HEADER2 || Math.ceil(length / 8) * 8 !== table3.length) throw refused("does not hold exactly one entry");
  if (header.getUint16(4, true) !== REVISION_2 || header.getUint16(6, true) !== TYPE_PKCS_SIGNED_DATA) {
    throw refused("holds something other than a signature");
  }
  const signedData = signedDataAt(table3.subarray(HEADER2, length));
  const rest = table3.subarray(HEADER2 + signedData.length);
  if (rest.length >= 8 || rest.some((octet) => octet !== 0)) throw refused("hides data behind its signature");
  return signedData;
}
function signedDataAt(bytes2) {
  try {
    return readDerPrefix(bytes2).raw;
  } catch (cause) {
    if (!isOriginSignError(cause)) throw cause;
    throw new OriginSignError("verify.signature", "The certificate table of the PE file holds no DER.", { cause });
  }
}
function refused(what) {
  return new OriginSignError("verify.signature", `The certificate table of the PE file ${what}.`);
}

// core/src/formats/authenticode-pe/checksum.ts
var PeChecksum = class {
  #sum = 0;
  #length = 0;
  /** Adds the next bytes. */
  update(bytes2) {
    let index = 0;
    if (this.#length % 2 === 1 && bytes2.length > 0) {
      this.#add((bytes2[0] ?? 0) << 8);
      index = 1;
    }
    let sum = 0;
    for (; index + 1 < bytes2.length; index += 2) sum += (bytes2[index] ?? 0) | (bytes2[index + 1] ?? 0) << 8;
    if (index < bytes2.length) sum += bytes2[index] ?? 0;
    this.#add(sum);
    this.#length += bytes2.length;
  }
  /** Value for the CheckSum field. */
  value() {
    return this.#sum + this.#length >>> 0;
  }
  #add(sum) {
    let total = this.#sum + sum;
    while (total > 65535) total = total % 65536 + Math.floor(total / 65536);
    this.#sum = total;
  }
};

// core/src/formats/authenticode-pe/embed.ts
async function embedPe(source, block) {
  const { checksum, securityEntry: securityEntry2, dataEnd, padding } = await readPeLayout(source);
  const table3 = encodeCertificateTable(block);
  const entry2 = uint32Bytes(dataEnd + padding, table3.length);
  const segments = (sum2) => [
    copy(0, checksum),
    { bytes: sum2 },
    copy(checksum + 4, securityEntry2),
    { bytes: entry2 },
    copy(securityEntry2 + 8, dataEnd),
    { bytes: concatBytes(new Uint8Array(padding), table3) }
  ];
  const sum = new PeChecksum();
  for (const segment of segments(new Uint8Array(4))) await addSegment(sum, source, segment);
  return { kind: "embedded", segments: segments(uint32Bytes(sum.value())) };
}
async function addSegment(sum, source, segment) {
  if ("bytes" in segment) {
    sum.update(segment.bytes);
    return;
  }
  const { offset, length } = segment.copy;
  for await (const { bytes: bytes2 } of readChunks(source, offset, offset + length)) sum.update(bytes2);
}
function copy(start, end) {
  return { copy: { offset: start, length: end - start } };
}
function uint32Bytes(...values) {
  const view4 = new DataView(new ArrayBuffer(values.length * 4));
  values.forEach((value, index) => view4.setUint32(index * 4, value, true));
  return new Uint8Array(view4.buffer);
}

// core/src/formats/authenticode-pe/verify.ts
async function verifyPe(source) {
  const { table: table3 } = await readPeLayout(source);
  if (table3 === void 0) return void 0;
  if (table3.length > MAX_CERTIFICATE_TABLE) {
    throw new OriginSignError("format.too_large", "The certificate table of the PE file is too large.");
  }
  const block = readCertificateTable(await source.read(table3.offset, table3.length));
  return verifyAuthenticodeBlock("authenticode-pe", PE_IMAGE, block, async () => {
    const { coveredDigest: coveredDigest2 } = await digestPe(source, {});
    return coveredDigest2;
  });
}

// core/src/formats/authenticode-pe/authenticode-pe.ts
var authenticodePe = {
  id: "authenticode-pe",
  purpose: "authenticode",
  keyTypes: ["rsa-2048", "rsa-3072", "rsa-4096", "p-256"],
  certificate: true,
  coveredDigest: "authenticodeSha256",
  description: "Authenticode signature inside a Windows program or library.",
  recognise: isPe,
  digest: digestPe,
  checkInputs: checkAuthenticodeInputs,
  carriesTimestamp: () => true,
  toBeSigned: (context) => {
    checkKeyType(authenticodePe, context.key.type);
    return prepareAuthenticode(PE_IMAGE, context);
  },
  assemble: assembleAuthenticode,
  embed: embedPe,
  verify: verifyPe
};

// core/src/x509/signing-certificate.ts
import { createHash as createHash6 } from "node:crypto";
function encodeSigningCertificate(certificate) {
  const certificateId = derSequence(derOctetString(sha256(certificate)));
  return encodeAttribute(Oid.signingCertificateV2, derSequence(derSequence(certificateId)));
}
function namesSigningCertificate(attributes, certificate) {
  const first = attributes.get(Oid.signingCertificate);
  const second = attributes.get(Oid.signingCertificateV2);
  if (first === void 0 && second === void 0) return false;
  return (first === void 0 || equalBytes(firstId(first).hash, createHash6("sha1").update(certificate).digest())) && (second === void 0 || matchesSecond(second, certificate));
}
function matchesSecond(value, certificate) {
  const { hash, algorithm } = firstId(value);
  return equalBytes(
    hash,
    createHash6(algorithm ?? "sha256").update(certificate).digest()
  );
}
function firstId(value) {
  const list2 = sequenceCursor(value).take(Tag.sequence);
  const [first] = readDerAll(list2.contents);
  const parts = sequenceCursor(first ?? list2);
  const algorithm = parts.takeIf(Tag.sequence);
  const hash = parts.take(Tag.octetString).contents;
  return { hash, algorithm: algorithm === void 0 ? void 0 : readDigestAlgorithm(algorithm.raw) };
}

// core/src/formats/cms-detached/cms-detached.ts
var EXTENSION = ".p7s";
var cmsDetached = {
  id: "cms-detached",
  purpose: "cms",
  keyTypes: ["rsa-2048", "rsa-3072", "rsa-4096", "p-256"],
  certificate: true,
  coveredDigest: "sha256",
  description: "Detached CMS signature of any file, beside it as .p7s.",
  recognise: () => Promise.resolve(false),
  digest: (source, options) => {
    checkOptionNames(options, []);
    return digestWholeFile(source);
  },
  checkInputs: (coveredDigest2, inputs, options) => {
    checkCoveredDigest(coveredDigest2, "sha256");
    checkInputNames(inputs, []);
    checkOptionNames(options, []);
  },
  carriesTimestamp: () => true,
  toBeSigned: prepareCms,
  assemble: (structure, key2, signature, timestampToken) => encodeSignedData({
    version: 1,
    contentType: Oid.data,
    certificates: certificatesOf(key2),
    keyType: key2.type,
    signedAttributes: structure,
    signature,
    unsignedAttributes: timestampToken === void 0 ? [] : [encodeAttribute(Oid.timestampToken, timestampToken)]
  }),
  embed: (_source, block) => Promise.resolve({ kind: "beside", extension: EXTENSION, bytes: block }),
  verify: verifyCms
};
function prepareCms(context) {
  checkKeyType(cmsDetached, context.key.type);
  const [leaf] = certificatesOf(context.key);
  const attributes = encodeSignedAttributes([
    ...encodeContentAttributes(Oid.data, decodeHex(context.coveredDigest.value)),
    encodeSigningTime(context.signingTime),
    encodeSigningCertificate(leaf)
  ]);
  return { toBeSigned: { kind: "message", bytes: attributes }, structure: attributes };
}
async function verifyCms(source, beside) {
  const block = await beside(EXTENSION);
  if (block === void 0) return void 0;
  const signedData = parseSignedData(block);
  const { signer, certificates, content, contentType } = signedData;
  if (contentType !== Oid.data || content !== void 0) {
    throw new OriginSignError("verify.signature", "The CMS signature is not a detached signature of plain data.");
  }
  const digest = await hashSource(source);
  const certificate = verifySigner(signedData, (algorithm) => {
    if (algorithm === "sha256") return digest;
    throw new OriginSignError("format.unsupported", `Detached CMS signatures with ${algorithm} are not supported.`);
  });
  const timestamp = signer.unsignedAttributes.get(Oid.timestampToken);
  return {
    format: cmsDetached.id,
    coveredDigest: { algorithm: "sha256", value: encodeHex(digest) },
    signature: signer.signature,
    spki: certificate.spki,
    signerCertificate: certificate.der,
    certificates,
    ...timestamp === void 0 ? {} : { timestampToken: timestamp.raw }
  };
}

// core/src/formats/linux-module/digest.ts
import { createHash as createHash7 } from "node:crypto";

// core/src/formats/linux-module/elf.ts
var IDENT = 16;
var HEADER3 = { narrow: 52, wide: 64 };
var RELOCATABLE = 1;
var MODULE_SECTION = ".gnu.linkonce.this_module";
var MAX_SECTIONS = 16384;
var MAX_NAMES = 1024 * 1024;
async function isKernelModule(source) {
  const shape5 = await readShape(source);
  if (shape5 === void 0) return false;
  const size = shape5.wide ? HEADER3.wide : HEADER3.narrow;
  if (source.size < size) return false;
  const header = view3(await source.read(0, size));
  if (header.getUint16(16, shape5.little) !== RELOCATABLE) return false;
  const at = shape5.wide ? 40 : 32;
  const tail = shape5.wide ? 58 : 46;
  const offset = readAddress(header, at, shape5);
  const [entry2, count2, names] = [0, 2, 4].map((step) => header.getUint16(tail + step, shape5.little));
  if (entry2 !== (shape5.wide ? 64 : 40) || count2 === void 0 || names === void 0) return false;
  if (count2 > MAX_SECTIONS || names >= count2 || offset + count2 * entry2 > source.size) return false;
  return hasModuleSection(source, view3(await source.read(offset, count2 * entry2)), { shape: shape5, entry: entry2, names });
}
async function checkKernelModule(source) {
  if (await isKernelModule(source)) return;
  throw new OriginSignError("format.malformed", "The file is no kernel module.", {
    hint: "sign modules before they are compressed: the kernel checks what it has decompressed"
  });
}
async function hasModuleSection(source, table3, { shape: shape5, entry: entry2, names }) {
  const place = names * entry2;
  const start = readAddress(table3, place + (shape5.wide ? 24 : 16), shape5);
  const length = readAddress(table3, place + (shape5.wide ? 32 : 20), shape5);
  if (length > MAX_NAMES || start + length > source.size) return false;
  const text4 = Buffer.from(await source.read(start, length)).toString("latin1");
  for (let at = 0; at < table3.byteLength; at += entry2) {
    const name = table3.getUint32(at, shape5.little);
    if (text4.startsWith(`${MODULE_SECTION}\0`, name) && name < length) return true;
  }
  return false;
}
async function readShape(source) {
  if (source.size < IDENT) return void 0;
  const ident = view3(await source.read(0, IDENT));
  const [kind, order] = [ident.getUint8(4), ident.getUint8(5)];
  if (ident.getUint32(0) !== 2135247942 || kind < 1 || kind > 2 || order < 1 || order > 2) return void 0;
  return { wide: kind === 2, little: order === 1 };
}
function readAddress(fields, at, { wide, little }) {
  return wide ? Number(fields.getBigUint64(at, little)) : fields.getUint32(at, little);
}
function view3(bytes2) {
  return new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
}

// core/src/formats/linux-module/options.ts
var MAX_CERTIFICATE2 = 16 * 1024;
function signerCertificate(options) {
  checkOptionNames(options, ["certificate"]);
  const { certificate } = options;
  if (certificate === void 0) return void 0;
  if (typeof certificate !== "string" || certificate.length > MAX_CERTIFICATE2) throw refused2();
  try {
    return parseCertificate(decodeBase64(certificate));
  } catch (error2) {
    if (isOriginSignError(error2)) throw refused2(error2);
    throw error2;
  }
}
function refused2(cause) {
  return new OriginSignError("statement.options", "The option certificate is not a certificate in base64.", {
    hint: "openssl x509 -in module.pem -outform DER | base64 -w0",
    ...cause === void 0 ? {} : { cause }
  });
}

// core/src/formats/linux-module/trailer.ts
var MAGIC = utf8("~Module signature appended~\n");
var INFO = 12;
var TRAILER = INFO + MAGIC.length;
var PKCS7 = 2;
var MAX_SIGNATURE3 = 64 * 1024;
function encodeTrailer(signature) {
  const info2 = new DataView(new ArrayBuffer(INFO));
  info2.setUint8(2, PKCS7);
  info2.setUint32(8, signature.length);
  return concatBytes(signature, new Uint8Array(info2.buffer), MAGIC);
}
async function readModuleLayout(source) {
  if (!await endsSigned(source, source.size)) return { contentEnd: source.size };
  const infoAt = source.size - TRAILER;
  const bytes2 = await source.read(infoAt, INFO);
  const info2 = new DataView(bytes2.buffer, bytes2.byteOffset, bytes2.byteLength);
  if (info2.getUint8(2) !== PKCS7) {
    throw new OriginSignError("format.unsupported", "The signature of the kernel module is not of the PKCS#7 kind.");
  }
  if (bytes2.some((octet, index) => index < 8 && index !== 2 && octet !== 0)) throw malformed4("has data in its trailer");
  const length = info2.getUint32(8);
  if (length === 0 || length > infoAt) throw malformed4("has a signature of impossible length");
  if (length > MAX_SIGNATURE3)
    throw new OriginSignError("format.too_large", "The signature of the kernel module is too large.");
  const contentEnd = infoAt - length;
  if (await endsSigned(source, contentEnd)) {
    throw new OriginSignError("format.unsupported", "The kernel module was signed more than once.");
  }
  return { contentEnd, signature: { offset: contentEnd, length } };
}
async function endsSigned(source, end) {
  if (end < TRAILER) return false;
  return equalBytes(await source.read(end - MAGIC.length, MAGIC.length), MAGIC);
}
function malformed4(what) {
  return new OriginSignError("format.malformed", `The kernel module ${what}.`);
}

// core/src/formats/linux-module/digest.ts
async function digestModule(source, options) {
  signerCertificate(options);
  await checkKernelModule(source);
  const { contentEnd } = await readModuleLayout(source);
  const [module, file] = [createHash7("sha256"), createHash7("sha256")];
  for await (const { offset, bytes: bytes2 } of readChunks(source)) {
    file.update(bytes2);
    if (offset < contentEnd) module.update(bytes2.subarray(0, contentEnd - offset));
  }
  return {
    coveredDigest: { algorithm: "linuxModuleSha256", value: module.digest("hex") },
    inputs: {},
    file: { sha256: file.digest("hex"), size: source.size }
  };
}
function checkModuleInputs(coveredDigest2, inputs, options) {
  checkCoveredDigest(coveredDigest2, "linuxModuleSha256");
  checkInputNames(inputs, []);
  signerCertificate(options);
}

// core/src/formats/linux-module/signature-block.ts
import { createHash as createHash8 } from "node:crypto";
var SHA2562 = derSequence(derOid(Oid.sha256));
function subjectKeyIdentifier(spki) {
  const parts = sequenceCursor(readDer(spki));
  parts.take(Tag.sequence);
  return new Uint8Array(createHash8("sha1").update(wholeBits(parts.take())).digest());
}
function encodeModuleSignature(signer, type, signature) {
  const named = "keyIdentifier" in signer;
  const version2 = derInteger(named ? 3 : 1);
  const identifier = named ? derContextPrimitive(0, signer.keyIdentifier) : derSequence(signer.issuer, der(Tag.integer, signer.serialNumber));
  const algorithm = type.startsWith("rsa-") ? derSequence(derOid(Oid.rsaEncryption), derNull()) : encodeSignatureAlgorithm(type);
  const info2 = derSequence(version2, identifier, SHA2562, algorithm, derOctetString(signature));
  const signedData = derSequence(version2, derSetOf(SHA2562), derSequence(derOid(Oid.data)), derSetOf(info2));
  return derSequence(derOid(Oid.signedData), derContext(0, signedData));
}
function readModuleSignature(bytes2) {
  const contentInfo = sequenceCursor(readDer(bytes2));
  if (oidText(contentInfo.take()) !== Oid.signedData) throw derError("expected a SignedData");
  const signedData = sequenceCursor(readDer(contentInfo.take(160).contents));
  contentInfo.end();
  const version2 = smallInteger(signedData.take());
  if (version2 !== 1 && version2 !== 3) throw derError("an unknown version of SignedData");
  signedData.take(Tag.set);
  const content = sequenceCursor(signedData.take());
  if (oidText(content.take()) !== Oid.data || content.rest().length > 0)
    throw refused3("is not a detached signature of data");
  signedData.takeIf(160);
  const [signer, ...others] = readDerAll(signedData.take(Tag.set).contents);
  signedData.end();
  if (signer === void 0 || others.length > 0) throw derError("expected exactly one signer");
  return readSigner2(signer, version2);
}
function readSigner2(value, structureVersion) {
  const parts = sequenceCursor(value);
  const version2 = smallInteger(parts.take());
  const named = parts.takeIf(128) !== void 0;
  if (!named) parts.take(Tag.sequence);
  if (version2 !== (named ? 3 : 1) || named && structureVersion === 1) throw derError("versions that do not fit");
  const digest = readDigestAlgorithm(parts.take(Tag.sequence).raw);
  if (parts.takeIf(160) !== void 0) throw refused3("has signed attributes");
  const scheme = readSignatureScheme(parts.take(Tag.sequence).raw);
  const signature = parts.take(Tag.octetString).contents;
  parts.end();
  if (digest === "sha256" && (scheme.digest ?? digest) === "sha256" && scheme.key !== "ed25519") return signature;
  throw new OriginSignError("format.unsupported", "Signatures of kernel modules are supported with SHA-256 alone.");
}
function refused3(what) {
  return new OriginSignError("verify.signature", `The signature of the kernel module ${what}.`);
}

// core/src/formats/linux-module/to-be-signed.ts
function prepareModule({ options, key: key2, coveredDigest: coveredDigest2 }) {
  const certificate = signerCertificate(options);
  if (certificate !== void 0 && !equalBytes(certificate.spki, key2.spki)) {
    throw new OriginSignError(
      "statement.options",
      "The certificate of the option is for another key than the policy names."
    );
  }
  const structure = certificate === void 0 ? derContextPrimitive(0, subjectKeyIdentifier(key2.spki)) : derSequence(certificate.issuer, der(Tag.integer, certificate.serialNumber));
  return {
    toBeSigned: { kind: "digest", digest: decodeHex(coveredDigest2.value) },
    structure: derOctetString(structure)
  };
}
function assembleModule(structure, key2, signature, timestampToken) {
  if (timestampToken !== void 0) throw new TypeError("A kernel module has no place for a timestamp.");
  return encodeModuleSignature(readStructure(structure), key2.type, signature);
}
function readStructure(structure) {
  const identifier = readDer(readDer(structure).contents);
  if (identifier.tag === 128) return { keyIdentifier: identifier.contents };
  const [issuer, serialNumber, ...others] = sequenceCursor(identifier).rest();
  if (issuer === void 0 || serialNumber === void 0 || others.length > 0) throw derError("an unknown structure");
  return { issuer: issuer.raw, serialNumber: serialNumber.contents };
}

// core/src/formats/linux-module/verify.ts
async function verifyModule(source) {
  await checkKernelModule(source);
  const { signature: place } = await readModuleLayout(source);
  if (place === void 0) return void 0;
  const signature = readModuleSignature(await source.read(place.offset, place.length));
  const { coveredDigest: coveredDigest2 } = await digestModule(source, {});
  return {
    format: "linux-module",
    coveredDigest: coveredDigest2,
    signature,
    certificates: [],
    signed: { digest: decodeHex(coveredDigest2.value) }
  };
}

// core/src/formats/linux-module/linux-module.ts
var linuxModule = {
  id: "linux-module",
  purpose: "raw",
  keyTypes: ["rsa-2048", "rsa-3072", "rsa-4096", "p-256"],
  certificate: false,
  coveredDigest: "linuxModuleSha256",
  description: "Signature at the end of a Linux kernel module.",
  recognise: isKernelModule,
  digest: digestModule,
  checkInputs: checkModuleInputs,
  carriesTimestamp: (options) => {
    signerCertificate(options);
    return false;
  },
  toBeSigned: (context) => {
    checkKeyType(linuxModule, context.key.type);
    return prepareModule(context);
  },
  assemble: assembleModule,
  embed: async (source, block) => {
    await checkKernelModule(source);
    const { contentEnd } = await readModuleLayout(source);
    const copy2 = { offset: 0, length: contentEnd };
    return { kind: "embedded", segments: [{ copy: copy2 }, { bytes: encodeTrailer(block) }] };
  },
  verify: verifyModule
};

// core/src/formats/minisign/digest.ts
import { createHash as createHash9 } from "node:crypto";

// core/src/formats/raw/options.ts
var MAX_CONTENT = 1024 * 1024;
function parseRawOptions(options) {
  checkOptionNames(options, ["output", "message"]);
  const { output = "signature", message = "digest" } = options;
  if (output !== "signature" && output !== "sigstore-bundle") {
    throw invalid("output", "signature or sigstore-bundle");
  }
  if (message !== "digest" && message !== "content") throw invalid("message", "digest or content");
  return { output, message };
}
function invalid(option, values) {
  return new OriginSignError("statement.options", `The option ${option} of the raw format must be ${values}.`);
}

// core/src/formats/raw/digest.ts
async function digestRaw(source, options) {
  if (parseRawOptions(options).message === "digest") return digestWholeFile(source);
  if (source.size > MAX_CONTENT) {
    throw new OriginSignError("format.too_large", "Keys that sign whole messages sign files of 1 MiB at most.", {
      hint: "use an RSA or P-256 key, which signs the digest"
    });
  }
  const content = await source.read(0, source.size);
  const value = sha256Hex(content);
  return {
    coveredDigest: { algorithm: "sha256", value },
    inputs: { content: encodeBase64(content) },
    file: { sha256: value, size: source.size }
  };
}
function checkRawInputs(coveredDigest2, inputs, options) {
  checkCoveredDigest(coveredDigest2, "sha256");
  if (parseRawOptions(options).message === "digest") {
    checkInputNames(inputs, []);
    return;
  }
  checkInputNames(inputs, ["content"]);
  if (sha256Hex(readContent2(inputs)) !== coveredDigest2.value)
    throw refused4("The content is not the one of the digest.");
}
function readContent2(inputs) {
  const { content } = inputs;
  if (typeof content !== "string") throw refused4("The inputs have no content.");
  if (content.length > Math.ceil(MAX_CONTENT / 3) * 4) throw refused4("The content is larger than 1 MiB.");
  try {
    const bytes2 = decodeBase64(content);
    if (bytes2.length > MAX_CONTENT) throw refused4("The content is larger than 1 MiB.");
    return bytes2;
  } catch (error2) {
    if (!isOriginSignError(error2, "encoding.base64")) throw error2;
    throw refused4("The content is not canonical base64.");
  }
}
function refused4(what) {
  return new OriginSignError("statement.inputs", what);
}

// core/src/formats/minisign/options.ts
function isLegacy(options) {
  checkOptionNames(options, ["legacy"]);
  const { legacy = false } = options;
  if (typeof legacy === "boolean") return legacy;
  throw new OriginSignError("statement.options", "The option legacy of the minisign format must be true or false.");
}

// core/src/formats/minisign/digest.ts
function blake2b512(bytes2) {
  return new Uint8Array(createHash9("blake2b512").update(bytes2).digest());
}
async function hashBoth(source) {
  const [blake2b, sha2563] = [createHash9("blake2b512"), createHash9("sha256")];
  for await (const { bytes: bytes2 } of readChunks(source)) {
    blake2b.update(bytes2);
    sha2563.update(bytes2);
  }
  return { blake2b: new Uint8Array(blake2b.digest()), sha256: sha2563.digest("hex") };
}
function readWhole(source) {
  if (source.size <= MAX_CONTENT) return source.read(0, source.size);
  throw new OriginSignError("format.too_large", "Legacy minisign signatures are for files of 1 MiB at most.", {
    hint: "leave the option legacy out: minisign knows the other kind since 0.6"
  });
}
async function digestMinisign(source, options) {
  const inputs = isLegacy(options) ? { content: encodeBase64(await readWhole(source)) } : {};
  const { blake2b, sha256: sha2563 } = await hashBoth(source);
  return {
    coveredDigest: { algorithm: "blake2b512", value: encodeHex(blake2b) },
    inputs,
    file: { sha256: sha2563, size: source.size }
  };
}
function checkMinisignInputs(coveredDigest2, inputs, options) {
  checkCoveredDigest(coveredDigest2, "blake2b512");
  if (!isLegacy(options)) {
    checkInputNames(inputs, []);
    return;
  }
  checkInputNames(inputs, ["content"]);
  if (encodeHex(blake2b512(readContent2(inputs))) === coveredDigest2.value) return;
  throw new OriginSignError("statement.inputs", "The content is not the one of the digest.");
}

// core/src/formats/minisign/signature-file.ts
var UNTRUSTED = "untrusted comment: ";
var TRUSTED = "trusted comment: ";
var MAX_UNTRUSTED = 1024;
var MAX_TRUSTED = 8192;
var MAX_FILE = 16 * 1024;
function minisignKeyId(spki) {
  return sha256(spki).subarray(0, 8);
}
function keyIdText(keyId2) {
  return encodeHex(Uint8Array.from(keyId2).reverse()).toUpperCase();
}
function globalMessage(signature, trustedComment) {
  return concatBytes(signature, utf8(trustedComment));
}
function formatMinisign(parts) {
  const { algorithm, keyId: keyId2, signature, trustedComment, globalSignature } = parts;
  return utf8(
    `${UNTRUSTED}signature of the minisign key ${keyIdText(keyId2)}
${encodeBase64(concatBytes(utf8(algorithm), keyId2, signature))}
${TRUSTED}${trustedComment}
${encodeBase64(globalSignature)}
`
  );
}
function parseMinisign(bytes2) {
  const [untrusted = "", first = "", trusted = "", second = "", ...rest] = linesOf(bytes2);
  if (rest.length !== 1 || rest[0] !== "") throw refused5("does not have four lines");
  if (!untrusted.startsWith(UNTRUSTED) || untrusted.length > MAX_UNTRUSTED) throw refused5("has no untrusted comment");
  if (!trusted.startsWith(TRUSTED) || trusted.length > MAX_TRUSTED) throw refused5("has no trusted comment");
  const signature = decoded(first, 74);
  const algorithm = String.fromCharCode(...signature.subarray(0, 2));
  if (algorithm !== "ED" && algorithm !== "Ed") throw refused5("is of an unknown kind");
  return {
    algorithm,
    keyId: signature.subarray(2, 10),
    signature: signature.subarray(10),
    trustedComment: trusted.slice(TRUSTED.length),
    globalSignature: decoded(second, 64)
  };
}
function linesOf(bytes2) {
  if (bytes2.length > MAX_FILE) throw refused5("is too large");
  try {
    const text4 = utf8Text(bytes2);
    if (/[^\P{C}\n\t]/u.test(text4)) throw refused5("has control characters");
    return text4.split("\n");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw refused5("is no text");
  }
}
function decoded(line, length) {
  const bytes2 = /^[A-Za-z0-9+/]+={0,2}$/.test(line) ? new Uint8Array(Buffer.from(line, "base64")) : new Uint8Array();
  if (bytes2.length === length && encodeBase64(bytes2) === line) return bytes2;
  throw refused5(`has a line that is not ${length} bytes in base64`);
}
function refused5(what) {
  return new OriginSignError("verify.signature", `The minisign signature ${what}.`);
}

// core/src/formats/minisign/to-be-signed.ts
function prepareMinisign(context) {
  const legacy = isLegacy(context.options);
  const bytes2 = legacy ? readContent2(context.inputs) : decodeHex(context.coveredDigest.value);
  const seconds = Math.floor(context.signingTime.getTime() / 1e3);
  const name = context.name?.slice(context.name.lastIndexOf("/") + 1);
  const words = [
    `timestamp:${seconds}`,
    ...name === void 0 ? [] : [`file:${name}`],
    ...legacy ? [] : ["hashed"]
  ];
  return {
    toBeSigned: { kind: "message", bytes: bytes2 },
    structure: formatStructure({ algorithm: legacy ? "Ed" : "ED", trustedComment: words.join("	") })
  };
}
function globalToBeSigned(structure, signature) {
  return { kind: "message", bytes: globalMessage(signature, parseStructure(structure).trustedComment) };
}
function withGlobalSignature(structure, globalSignature) {
  return formatStructure({ ...parseStructure(structure), globalSignature: encodeBase64(globalSignature) });
}
function assembleMinisign(structure, key2, signature, timestampToken) {
  const { algorithm, trustedComment, globalSignature } = parseStructure(structure);
  if (timestampToken !== void 0) throw new TypeError("A minisign signature has no place for a timestamp.");
  if (globalSignature === void 0) throw new TypeError("The second signature is missing.");
  return formatMinisign({
    algorithm,
    keyId: minisignKeyId(key2.spki),
    signature: concatBytes(signature),
    trustedComment,
    globalSignature: decodeBase64(globalSignature)
  });
}
function formatStructure(structure) {
  return utf8(canonicalJson({ ...structure }));
}
function parseStructure(bytes2) {
  const stored = parseStrictJson(bytes2);
  const { algorithm, trustedComment, globalSignature } = isJsonObject(stored) ? stored : {};
  const known = algorithm === "ED" || algorithm === "Ed";
  if (!known || typeof trustedComment !== "string") throw new TypeError("Not a structure of the minisign format.");
  return { algorithm, trustedComment, ...typeof globalSignature === "string" ? { globalSignature } : {} };
}

// core/src/formats/minisign/verify.ts
var MINISIGN_EXTENSION = ".minisig";
async function verifyMinisign(source, beside) {
  const bytes2 = await beside(MINISIGN_EXTENSION);
  if (bytes2 === void 0) return void 0;
  const { algorithm, signature, trustedComment, globalSignature } = parseMinisign(bytes2);
  const { blake2b } = await hashBoth(source);
  const message = algorithm === "ED" ? blake2b : await readWhole(source);
  return {
    format: "minisign",
    coveredDigest: { algorithm: "blake2b512", value: encodeHex(blake2b) },
    signature,
    certificates: [],
    signed: { message, also: { message: globalMessage(signature, trustedComment), signature: globalSignature } }
  };
}

// core/src/formats/minisign/minisign.ts
var minisign = {
  id: "minisign",
  purpose: "raw",
  keyTypes: ["ed25519"],
  certificate: false,
  coveredDigest: "blake2b512",
  description: "Signature of any file for minisign, beside it as .minisig.",
  recognise: () => Promise.resolve(false),
  digest: digestMinisign,
  checkInputs: checkMinisignInputs,
  carriesTimestamp: (options) => {
    isLegacy(options);
    return false;
  },
  toBeSigned: (context) => {
    checkKeyType(minisign, context.key.type);
    return prepareMinisign(context);
  },
  second: { toBeSigned: globalToBeSigned, join: withGlobalSignature },
  assemble: assembleMinisign,
  embed: (_source, block) => Promise.resolve({ kind: "beside", extension: MINISIGN_EXTENSION, bytes: block }),
  verify: verifyMinisign
};

// core/src/encoding/pae.ts
function preAuthenticationEncoding(payloadType, payload) {
  const type = utf8(payloadType);
  return concatBytes(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload);
}

// core/src/attestation/shape.ts
function shapeReader(code3, name) {
  const fail2 = (path, what) => new OriginSignError(code3, `The ${name} is malformed at ${path}: ${what}.`, { details: { path } });
  const anyObject = (value, path) => {
    if (!isJsonObject(value)) throw fail2(path, "expected an object");
    return value;
  };
  return {
    fail: fail2,
    anyObject,
    object(value, path, required2, optional3 = []) {
      const object = anyObject(value, path);
      const missing = required2.find((member) => !Object.hasOwn(object, member));
      if (missing !== void 0) throw fail2(`${path}.${missing}`, "the member is missing");
      const unknown2 = Object.keys(object).find((member) => !required2.includes(member) && !optional3.includes(member));
      if (unknown2 !== void 0) throw fail2(path, "a member is not known");
      return object;
    },
    list(value, path, min, max) {
      if (!Array.isArray(value)) throw fail2(path, "expected a list");
      if (value.length < min || value.length > max) throw fail2(path, `expected ${min} to ${max} items`);
      return value;
    },
    text(value, path, pattern) {
      if (typeof value !== "string") throw fail2(path, "expected a string");
      if (!pattern.test(value)) throw fail2(path, "the text is not allowed");
      return value;
    },
    count(value, path) {
      if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
        throw fail2(path, "expected a whole number that is not negative");
      }
      return value;
    }
  };
}

// core/src/attestation/dsse.ts
var STATEMENT_PAYLOAD_TYPE = "application/vnd.in-toto+json";
var shape = shapeReader("envelope.malformed", "DSSE envelope");
function parseEnvelope(value) {
  const object = shape.object(value, "envelope", ["payloadType", "payload", "signatures"]);
  const [signature] = shape.list(object["signatures"], "envelope.signatures", 1, 1);
  return {
    payloadType: shape.text(object["payloadType"], "envelope.payloadType", /^[\x21-\x7e]{1,255}$/),
    payload: base64Text(object["payload"], "envelope.payload"),
    signatures: [parseSignature(signature)]
  };
}
function parseSignature(value) {
  const path = "envelope.signatures.0";
  const object = shape.object(value, path, ["sig"], ["keyid"]);
  const sig = base64Text(object["sig"], `${path}.sig`);
  if (sig === "") throw shape.fail(`${path}.sig`, "the signature is empty");
  if (object["keyid"] === void 0) return { sig };
  return { keyid: shape.text(object["keyid"], `${path}.keyid`, /^[\x20-\x7e]{0,255}$/), sig };
}
function base64Text(value, path) {
  if (typeof value !== "string") throw shape.fail(path, "expected base64");
  try {
    decodeBase64(value);
  } catch {
    throw shape.fail(path, "expected canonical base64");
  }
  return value;
}
function envelopePayload(envelope2) {
  return decodeBase64(envelope2.payload);
}
function envelopeSignature(envelope2) {
  return decodeBase64(envelope2.signatures[0].sig);
}
function verifyEnvelope(envelope2, expectedType, verify4) {
  if (envelope2.payloadType !== expectedType) {
    throw new OriginSignError("envelope.payload_type", `The envelope does not carry ${expectedType}.`);
  }
  const payload = envelopePayload(envelope2);
  if (!verify4(preAuthenticationEncoding(envelope2.payloadType, payload), envelopeSignature(envelope2))) {
    throw new OriginSignError("envelope.signature", "The signature of the envelope does not verify.");
  }
  return payload;
}

// core/src/attestation/bundle.ts
var BUNDLE_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json";
var shape2 = shapeReader("bundle.malformed", "Sigstore bundle");
var MAX_TIMESTAMPS = 8;
function bundleJson(bundle) {
  const { signer, content, timestamps } = bundle;
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    verificationMaterial: {
      ..."keyHint" in signer ? { publicKey: { hint: signer.keyHint } } : { certificate: { rawBytes: encodeBase64(signer.certificate) } },
      tlogEntries: [],
      ...timestamps.length === 0 ? {} : {
        timestampVerificationData: {
          rfc3161Timestamps: timestamps.map((token) => ({ signedTimestamp: encodeBase64(token) }))
        }
      }
    },
    ...contentJson(content)
  };
}
function contentJson(content) {
  if (content.kind === "message") {
    return {
      messageSignature: {
        messageDigest: { algorithm: "SHA2_256", digest: encodeBase64(content.sha256) },
        signature: encodeBase64(content.signature)
      }
    };
  }
  const { payload, payloadType, signatures } = content.envelope;
  const [{ keyid, sig }] = signatures;
  return { dsseEnvelope: { payload, payloadType, signatures: [keyid === void 0 ? { sig } : { sig, keyid }] } };
}
function parseBundle(text4) {
  const value = parseStrictJson(text4);
  const object = shape2.object(
    value,
    "bundle",
    ["mediaType", "verificationMaterial"],
    ["dsseEnvelope", "messageSignature"]
  );
  if (object["mediaType"] !== BUNDLE_MEDIA_TYPE) throw shape2.fail("mediaType", `expected ${BUNDLE_MEDIA_TYPE}`);
  const optional3 = ["publicKey", "certificate", "tlogEntries", "timestampVerificationData"];
  const material2 = shape2.object(object["verificationMaterial"], "verificationMaterial", [], optional3);
  if (material2["tlogEntries"] !== void 0) shape2.list(material2["tlogEntries"], "tlogEntries", 0, 0);
  return {
    signer: parseSigner(material2),
    content: parseContent(object),
    timestamps: parseTimestamps(material2["timestampVerificationData"])
  };
}
function parseSigner({ publicKey, certificate }) {
  if (publicKey === void 0 === (certificate === void 0)) {
    throw shape2.fail("verificationMaterial", "expected a public key or a certificate");
  }
  if (publicKey !== void 0) {
    const { hint } = shape2.object(publicKey, "publicKey", ["hint"]);
    return { keyHint: shape2.text(hint, "publicKey.hint", /^[\x20-\x7e]{1,255}$/) };
  }
  const { rawBytes } = shape2.object(certificate, "certificate", ["rawBytes"]);
  return { certificate: bytes(rawBytes, "certificate.rawBytes") };
}
function parseContent({ dsseEnvelope, messageSignature }) {
  if (dsseEnvelope === void 0 === (messageSignature === void 0)) {
    throw shape2.fail("bundle", "expected one envelope or one message signature");
  }
  if (dsseEnvelope !== void 0) return { kind: "envelope", envelope: parseEnvelope(dsseEnvelope) };
  const message = shape2.object(messageSignature, "messageSignature", ["messageDigest", "signature"]);
  const digest = shape2.object(message["messageDigest"], "messageDigest", ["algorithm", "digest"]);
  if (digest["algorithm"] !== "SHA2_256") throw shape2.fail("messageDigest.algorithm", "expected SHA2_256");
  const sha2563 = bytes(digest["digest"], "messageDigest.digest");
  if (sha2563.length !== 32) throw shape2.fail("messageDigest.digest", "expected 32 bytes");
  return { kind: "message", sha256: sha2563, signature: bytes(message["signature"], "messageSignature.signature") };
}
function parseTimestamps(value) {
  if (value === void 0) return [];
  const path = "timestampVerificationData";
  const { rfc3161Timestamps } = shape2.object(value, path, [], ["rfc3161Timestamps"]);
  if (rfc3161Timestamps === void 0) return [];
  return shape2.list(rfc3161Timestamps, path, 0, MAX_TIMESTAMPS).map((timestamp, index) => {
    const { signedTimestamp } = shape2.object(timestamp, `${path}.${index}`, ["signedTimestamp"]);
    return bytes(signedTimestamp, `${path}.${index}.signedTimestamp`);
  });
}
function bytes(value, path) {
  const text4 = shape2.text(value, path, /^[A-Za-z0-9+/]+={0,2}$/);
  try {
    return decodeBase64(text4);
  } catch (cause) {
    throw new OriginSignError("bundle.malformed", `The Sigstore bundle is malformed at ${path}.`, { cause });
  }
}

// core/src/x509/timestamp-protocol.ts
function encodeTimestampResponse(token) {
  return derSequence(derSequence(derInteger(0)), token);
}
function parseTimestampResponse(bytes2) {
  try {
    const response = sequenceCursor(readDer(bytes2));
    const status = smallInteger(sequenceCursor(response.take()).take());
    const token = response.takeIf(Tag.sequence);
    response.end();
    if (status > 1) throw invalid2(`refused the request with status ${status}`);
    if (token === void 0) throw invalid2("sent no token");
    return token.raw;
  } catch (error2) {
    if (!isOriginSignError(error2, "der.malformed")) throw error2;
    throw invalid2("did not answer with a timestamp response", error2);
  }
}
function invalid2(what, cause) {
  return new OriginSignError("timestamp.invalid", `The timestamp authority ${what}.`, { cause });
}

// core/src/formats/raw/to-be-signed.ts
function prepareRaw(context) {
  const { output, message } = parseRawOptions(context.options);
  if (context.key.type === "ed25519" && message === "digest") {
    throw new OriginSignError("format.key_type", "Ed25519 keys sign whole messages, not digests.", {
      hint: "set the option message to content, for files of 1 MiB at most"
    });
  }
  const { value } = context.coveredDigest;
  return {
    toBeSigned: message === "content" ? { kind: "message", bytes: readContent2(context.inputs) } : { kind: "digest", digest: decodeHex(value) },
    structure: utf8(canonicalJson({ output, sha256: value }))
  };
}
function assembleRaw(structure, key2, signature, timestampToken) {
  const stored = parseStrictJson(structure);
  const { output, sha256: sha2563 } = isJsonObject(stored) ? stored : {};
  if (typeof sha2563 !== "string") throw new TypeError("Not a structure of the raw format.");
  if (output === "sigstore-bundle") {
    const bundle = bundleJson({
      signer: { keyHint: keyHint(key2.spki) },
      content: { kind: "message", sha256: decodeHex(sha2563), signature },
      timestamps: timestampToken === void 0 ? [] : [encodeTimestampResponse(timestampToken)]
    });
    return utf8(JSON.stringify(bundle));
  }
  if (timestampToken !== void 0) throw new TypeError("A plain signature has no place for a timestamp.");
  return signature;
}
function keyHint(spki) {
  return sha256Hex(spki);
}

// core/src/formats/raw/verify.ts
var SIGNATURE_EXTENSION = ".sig";
var BUNDLE_EXTENSION = ".sigstore.json";
var MAX_SIGNATURE4 = 512;
async function verifyRaw(source, beside) {
  const bundle = await beside(BUNDLE_EXTENSION);
  const plain2 = bundle === void 0 ? await beside(SIGNATURE_EXTENSION) : void 0;
  if (bundle === void 0 && plain2 === void 0) return void 0;
  const message = source.size <= MAX_CONTENT ? await source.read(0, source.size) : void 0;
  const digest = message === void 0 ? await hashSource(source) : sha256(message);
  const { signature, timestampToken } = bundle === void 0 ? plainSignature(plain2) : bundleSignature(bundle, digest);
  return {
    format: "raw",
    coveredDigest: { algorithm: "sha256", value: encodeHex(digest) },
    signature,
    certificates: [],
    signed: { digest, ...message === void 0 ? {} : { message } },
    ...timestampToken === void 0 ? {} : { timestampToken }
  };
}
function plainSignature(signature) {
  if (signature === void 0 || signature.length === 0 || signature.length > MAX_SIGNATURE4) {
    throw new OriginSignError("verify.signature", "The signature file does not hold a signature value.");
  }
  return { signature };
}
function bundleSignature(text4, digest) {
  const { content, timestamps } = parseBundle(text4);
  if (content.kind !== "message") {
    throw new OriginSignError("verify.signature", "The bundle beside the file signs a statement and not the file.");
  }
  if (!equalBytes(content.sha256, digest)) {
    throw new OriginSignError("verify.digest", "The bundle beside the file is for another file.");
  }
  const [timestamp] = timestamps;
  if (timestamp === void 0) return { signature: content.signature };
  return { signature: content.signature, timestampToken: parseTimestampResponse(timestamp) };
}

// core/src/formats/raw/raw.ts
var raw = {
  id: "raw",
  purpose: "raw",
  keyTypes: ["rsa-2048", "rsa-3072", "rsa-4096", "p-256", "ed25519"],
  certificate: false,
  coveredDigest: "sha256",
  description: "Plain signature of any file, beside it as .sig or as a Sigstore bundle.",
  recognise: () => Promise.resolve(false),
  digest: digestRaw,
  checkInputs: checkRawInputs,
  carriesTimestamp: (options) => parseRawOptions(options).output === "sigstore-bundle",
  toBeSigned: (context) => {
    checkKeyType(raw, context.key.type);
    return prepareRaw(context);
  },
  assemble: assembleRaw,
  embed: (_source, block, options) => {
    const isBundle = parseRawOptions(options).output === "sigstore-bundle";
    const extension = isBundle ? BUNDLE_EXTENSION : SIGNATURE_EXTENSION;
    return Promise.resolve({ kind: "beside", extension, bytes: block });
  },
  verify: verifyRaw
};

// core/src/formats/registry.ts
var FORMATS = Object.fromEntries(
  [authenticodePe, authenticodeCab, linuxModule, cmsDetached, raw, minisign].map((format) => [format.id, format])
);
function formatById(id) {
  const format = Object.hasOwn(FORMATS, id) ? FORMATS[id] : void 0;
  if (format !== void 0) return format;
  throw new OriginSignError("format.unknown", "There is no such format.", {
    hint: `the formats are ${Object.keys(FORMATS).join(", ")}`
  });
}
async function recogniseFormat(source) {
  for (const format of Object.values(FORMATS)) if (await format.recognise(source)) return format;
  return void 0;
}

// core/src/log/merkle-hash.ts
var HASH_LENGTH = 32;
var LEAF = Uint8Array.of(0);
var NODE = Uint8Array.of(1);
function leafHash(entry2) {
  return sha256(LEAF, entry2);
}
function nodeHash(left, right) {
  return sha256(NODE, left, right);
}
function emptyRoot() {
  return sha256();
}

// core/src/log/note-key.ts
import { createPublicKey as createPublicKey2, verify as verify3 } from "node:crypto";
var TYPE_BYTE = { ed25519: 1, "ecdsa-p256": 2 };
var ED25519_SPKI_HEAD = decodeHex("302a300506032b6570032100");
var P256_SPKI_HEAD = decodeHex("3059301306072a8648ce3d020106082a8648ce3d030107034200");
function malformed5(what) {
  return new OriginSignError("note.malformed", `The verifier key is malformed: ${what}.`);
}
function isKeyName(name) {
  return name.length > 0 && name.length <= 255 && name.isWellFormed() && !/[\p{White_Space}\p{Cc}+]/u.test(name);
}
function algorithmOf(spki) {
  const startsWith = (head) => equalBytes(spki.subarray(0, head.length), head);
  if (spki.length === ED25519_SPKI_HEAD.length + 32 && startsWith(ED25519_SPKI_HEAD)) return "ed25519";
  if (spki.length === P256_SPKI_HEAD.length + 65 && startsWith(P256_SPKI_HEAD)) {
    checkPoint(spki);
    return "ecdsa-p256";
  }
  throw malformed5("it is neither an Ed25519 nor an uncompressed P-256 key");
}
function checkPoint(spki) {
  try {
    createPublicKey2({ key: Buffer.from(spki), format: "der", type: "spki" });
  } catch (cause) {
    throw new OriginSignError("note.malformed", "The verifier key is no point of its curve.", { cause });
  }
}
function material(algorithm, spki) {
  return algorithm === "ed25519" ? spki.subarray(ED25519_SPKI_HEAD.length) : spki;
}
function keyId(name, algorithm, spki) {
  const hash = algorithm === "ed25519" ? sha256(utf8(`${name}
`), Uint8Array.of(TYPE_BYTE.ed25519), material(algorithm, spki)) : sha256(spki);
  return hash.subarray(0, 4);
}
function noteKey(name, spki) {
  if (!isKeyName(name)) throw malformed5("its name is empty or has a space, a plus or a control character");
  const algorithm = algorithmOf(spki);
  return { name, id: keyId(name, algorithm, spki), algorithm, spki };
}
function formatVerifierKey(key2) {
  const encoded = concatBytes(Uint8Array.of(TYPE_BYTE[key2.algorithm]), material(key2.algorithm, key2.spki));
  return `${key2.name}+${encodeHex(key2.id)}+${encodeBase64(encoded)}`;
}
function parseVerifierKey(text4) {
  const [, name = "", idText = "", keyText = ""] = /^([^+]*)\+([^+]*)\+(.*)$/su.exec(text4) ?? [];
  try {
    const encoded = decodeBase64(keyText);
    const [type] = encoded;
    const body = encoded.subarray(1);
    if (type !== TYPE_BYTE.ed25519 && type !== TYPE_BYTE["ecdsa-p256"]) throw malformed5("its type is not supported");
    const key2 = noteKey(name, type === TYPE_BYTE.ed25519 ? concatBytes(ED25519_SPKI_HEAD, body) : body);
    if (TYPE_BYTE[key2.algorithm] !== type) throw malformed5("its type and its key do not fit");
    if (!equalBytes(decodeHex(idText), key2.id)) throw malformed5("its id is not the one of its key");
    return key2;
  } catch (error2) {
    if (isOriginSignError(error2, "note.malformed")) throw error2;
    throw new OriginSignError("note.malformed", "The verifier key is malformed.", { cause: error2 });
  }
}
function isNoteSignature(key2, text4, signature) {
  const publicKey = createPublicKey2({ key: Buffer.from(key2.spki), format: "der", type: "spki" });
  return verify3(key2.algorithm === "ed25519" ? null : "sha256", text4, publicKey, signature);
}

// core/src/log/signed-note.ts
var MAX_NOTE = 1 << 20;
var MAX_SIGNATURES = 64;
var EM_DASH = "—";
function malformed6(what) {
  return new OriginSignError("note.malformed", `The signed note is malformed: ${what}.`);
}
function isNoteText(text4) {
  return text4.endsWith("\n") && text4.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f]/.test(text4);
}
function parseNote(note) {
  if (note.length > MAX_NOTE) throw malformed6("it is too long");
  const whole = typeof note === "string" ? note : decodeText2(note);
  if (!isNoteText(whole)) throw malformed6("it has control characters or does not end in a newline");
  const blank = whole.lastIndexOf("\n\n");
  if (blank < 0) throw malformed6("it has no blank line before its signatures");
  const lines2 = whole.slice(blank + 2).split("\n").slice(0, -1);
  if (lines2.length === 0) throw malformed6("it has no signature");
  if (lines2.length > MAX_SIGNATURES) throw malformed6(`it has more than ${MAX_SIGNATURES} signatures`);
  return { text: whole.slice(0, blank + 1), signatures: lines2.map(parseSignatureLine) };
}
function decodeText2(note) {
  try {
    return utf8Text(note);
  } catch (cause) {
    throw new OriginSignError("note.malformed", "The signed note is not UTF-8.", { cause });
  }
}
function parseSignatureLine(line) {
  const [dash, name, encoded, ...rest] = line.split(" ");
  if (dash !== EM_DASH || name === void 0 || encoded === void 0 || rest.length > 0) {
    throw malformed6("a signature line does not have three parts");
  }
  if (!isKeyName(name)) throw malformed6("a signature line has a key name that is not allowed");
  const bytes2 = decodeSignature(encoded);
  if (bytes2.length < 5) throw malformed6("a signature is too short");
  return { name, id: bytes2.subarray(0, 4), signature: bytes2.subarray(4) };
}
function decodeSignature(encoded) {
  try {
    return decodeBase64(encoded);
  } catch (error2) {
    if (isOriginSignError(error2)) throw malformed6("a signature is not base64");
    throw error2;
  }
}
function openNote(note, keys) {
  const { text: text4, signatures } = parseNote(note);
  const message = utf8(text4);
  const signers = [];
  for (const { name, id, signature } of signatures) {
    const key2 = findKey(keys, name, id);
    if (key2 === void 0) continue;
    if (!isNoteSignature(key2, message, signature)) {
      throw new OriginSignError("note.signature", `A signature of the known key ${name} does not verify.`);
    }
    if (!signers.includes(key2)) signers.push(key2);
  }
  if (signers.length === 0) {
    const names = signatures.map(({ name }) => name).slice(0, 4);
    throw new OriginSignError("note.signature", "No known key signed the note.", { details: { signedBy: names } });
  }
  return { text: text4, signers };
}
function findKey(keys, name, id) {
  const found = keys.filter((key3) => key3.name === name && equalBytes(key3.id, id));
  const [key2] = found;
  if (key2 !== void 0 && found.some((other) => !equalBytes(other.spki, key2.spki))) {
    throw new OriginSignError("note.signature", `Two known keys share the name ${name} and an id.`);
  }
  return key2;
}

// core/src/log/checkpoint.ts
function malformed7(what) {
  return new OriginSignError("note.malformed", `The checkpoint is malformed: ${what}.`);
}
function parseCheckpoint(text4) {
  const [origin2 = "", sizeText = "", rootText = "", end, ...rest] = text4.split("\n");
  if (end !== "" || rest.length > 0) throw malformed7("it does not have three lines");
  if (!isKeyName(origin2)) throw malformed7("its origin is not allowed");
  const size = parseCount(sizeText);
  if (size === void 0) throw malformed7("its size is not a plain decimal number");
  return { origin: origin2, size, root: parseHash(rootText) };
}
function parseCount(text4) {
  const value = /^(?:0|[1-9]\d{0,15})$/.test(text4) ? Number(text4) : Number.NaN;
  return Number.isSafeInteger(value) ? value : void 0;
}
function parseHash(text4) {
  try {
    const hash = decodeBase64(text4);
    if (hash.length === HASH_LENGTH) return hash;
  } catch (error2) {
    if (!isOriginSignError(error2)) throw error2;
  }
  throw malformed7("its root is not a SHA-256 hash in base64");
}
function openCheckpoint(note, keys) {
  const { text: text4, signers } = openNote(note, keys);
  const checkpoint = parseCheckpoint(text4);
  const own2 = signers.filter((key2) => key2.name === checkpoint.origin);
  if (own2.length === 0) {
    throw new OriginSignError("note.signature", `No known key of the log ${checkpoint.origin} signed the checkpoint.`);
  }
  return { ...checkpoint, signers: own2 };
}

// core/src/log/entry-fields.ts
var UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
var text2 = string2().check(
  _minLength(1),
  _maxLength(1024),
  refine((value) => value.isWellFormed() && !UNSAFE.test(value), "control or direction characters")
);
var label = string2().check(_regex(/^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}$/));
var sha256Hex2 = string2().check(_regex(/^[0-9a-f]{64}$/));
var requestId = string2().check(_regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
var salt = string2().check(_regex(/^[A-Za-z0-9_-]{21}[AQgw]$/));
var time4 = string2().check(
  _regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  refine((value) => {
    const date3 = new Date(value);
    return !Number.isNaN(date3.getTime()) && date3.toISOString() === value;
  }, "no such time")
);
var count = number2().check(refine((value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0), "not a count"));
var code2 = string2().check(_regex(/^[a-z]+\.[a-z_]+$/));
var recordList = strictObject({ count, root: sha256Hex2 });
var entryReference = strictObject({ index: count, leaf: sha256Hex2 });
var origin = strictObject({
  platform: label,
  system: label,
  repository: strictObject({ uri: text2, id: text2, ownerId: optional(text2) }),
  commit: optional(text2),
  ref: optional(text2),
  workflow: strictObject({ uri: text2, path: text2, ref: optional(text2), commit: optional(text2) }),
  callee: optional(strictObject({ uri: text2, repository: text2, path: text2, ref: text2, commit: optional(text2) })),
  run: strictObject({ id: text2, attempt: optional(count), uri: text2 }),
  trigger: optional(text2),
  runner: optional(text2),
  environment: optional(text2)
});

// core/src/log/entry-bodies.ts
var artifacts = recordList;
var ENTRY_BODIES = {
  /** A request was accepted: who asks for what, and why it is allowed. Hashes of the tokens and of the issuer keys used. */
  REQUEST: strictObject({
    type: literal("REQUEST"),
    requestId,
    project: label,
    policy: label,
    policyHash: sha256Hex2,
    rule: label,
    binding: _enum(["audience", "proof", "bearer"]),
    system: label,
    origin,
    /** Commitment to the actor; see commitment.ts. */
    actor: optional(sha256Hex2),
    /** Commitment to the stored claims, which are evaluated again before the HSM signs. */
    claims: optional(sha256Hex2),
    tokens: array(strictObject({ sha256: sha256Hex2, keySet: optional(sha256Hex2) })).check(_maxLength(4)),
    payloadSha256: sha256Hex2,
    traceSha256: sha256Hex2,
    artifacts,
    /** People who have to agree before INTENT. */
    approvals: optional(strictObject({ count, from: array(text2).check(_minLength(1), _maxLength(64)) }))
  }),
  /** Somebody of the roster decided about a request that waits. The SSH signature itself is kept beside the log, by hash here. */
  APPROVAL: strictObject({
    type: literal("APPROVAL"),
    requestId,
    decision: _enum(["approve", "deny"]),
    /** Commitment to the id of the person; see commitment.ts. */
    approver: sha256Hex2,
    /** SHA-256 of the bytes that were signed. */
    statementSha256: sha256Hex2,
    /** SHA-256 of the SSHSIG. */
    signatureSha256: sha256Hex2,
    /** Policy file and roster that it was taken under. */
    policyHash: sha256Hex2,
    rosterHash: sha256Hex2
  }),
  /** The HSM is about to sign. `artifacts.root` is over the structures that it signs. */
  INTENT: strictObject({
    type: literal("INTENT"),
    requestId,
    attempt: count,
    lease: strictObject({ replica: label, until: time4 }),
    artifacts,
    /** The INTENT that this one takes the place of. */
    replaces: optional(entryReference)
  }),
  /** The HSM signed. `artifacts.root` is over the per-artifact records; nothing is released before this entry is public. */
  RESULT: strictObject({
    type: literal("RESULT"),
    requestId,
    intent: entryReference,
    artifacts,
    provenanceSha256: sha256Hex2
  }),
  /** Signing failed for good. `signatures` is the root over what the HSM made and nobody got. */
  FAILURE: strictObject({
    type: literal("FAILURE"),
    requestId,
    intent: optional(entryReference),
    code: code2,
    signatures: optional(recordList)
  }),
  /** A request was refused. Project and policy are what the client asked for. */
  DENIAL: strictObject({
    type: literal("DENIAL"),
    requestId,
    project: text2,
    policy: text2,
    system: optional(label),
    code: code2,
    rule: optional(label),
    traceSha256: optional(sha256Hex2),
    repositoryId: optional(text2)
  }),
  /** Refusals that are counted and not told one by one: of repositories that no project links, and of ones that insist. */
  REFUSALS: strictObject({ type: literal("REFUSALS"), since: time4, count }),
  CANCEL: strictObject({ type: literal("CANCEL"), requestId }),
  EXPIRY: strictObject({ type: literal("EXPIRY"), requestId }),
  /** The lease of an INTENT ran out and nobody knows whether the HSM signed. Nothing of it was released. */
  OUTCOME_UNKNOWN: strictObject({ type: literal("OUTCOME_UNKNOWN"), requestId, intent: entryReference }),
  /** Something was done with a key. `issue` and `csr` stand before the HSM signs a certificate or a request for one. */
  KEY: strictObject({
    type: literal("KEY"),
    action: _enum(["generate", "adopt", "issue", "csr", "certificate", "retire"]),
    label,
    purpose: label,
    keyType: label,
    spkiSha256: sha256Hex2,
    certificateSha256: optional(sha256Hex2),
    /** What `issue` and `csr` sign. */
    toBeSignedSha256: optional(sha256Hex2)
  }),
  /**
   * A policy file is in force from here on (`ok`), or was refused: then `kept` is the hash of its older version that stays in
   * force. Of a file that was `removed` the hash is the one that was in force until here.
   */
  POLICY: strictObject({
    type: literal("POLICY"),
    file: text2,
    hash: sha256Hex2,
    ok: boolean2(),
    kept: optional(sha256Hex2),
    removed: optional(literal(true))
  }),
  /** The roster of people was loaded. */
  ROSTER: strictObject({ type: literal("ROSTER"), hash: sha256Hex2 }),
  /** A key set of an issuer was seen for the first time; `keySet` is the SHA-256 of its body. */
  ISSUER_KEYS: strictObject({ type: literal("ISSUER_KEYS"), system: label, keySet: sha256Hex2 }),
  START: strictObject({ type: literal("START"), version: label, replica: label }),
  STOP: strictObject({ type: literal("STOP"), replica: label })
};

// core/src/log/entries.ts
var MAX_ENTRY = 8192;
var envelope = {
  v: literal(1),
  /** When the entry was made, by the clock of the server. */
  time: time4,
  /** 128 random bits: leaf hashes are public, and nobody may find an entry by guessing it. */
  salt
};
var SCHEMAS = Object.fromEntries(
  Object.entries(ENTRY_BODIES).map(([type, body]) => [type, extend2(body, envelope)])
);
function isEntryType(type) {
  return typeof type === "string" && Object.hasOwn(SCHEMAS, type);
}
function entryProblem(value) {
  if (!isJsonObject(value)) return "it is not an object";
  const { type } = value;
  if (!isEntryType(type)) return "its type is not known";
  const issue3 = SCHEMAS[type].safeParse(value).error?.issues[0];
  return issue3 === void 0 ? void 0 : `${issue3.path.join(".") || "an unknown member"} is not as documented`;
}
function parseEntry(bytes2) {
  const problem = (what, cause) => new OriginSignError("log.corrupt", `The log entry is malformed: ${what}.`, { cause });
  if (bytes2.length > MAX_ENTRY) throw problem("it is too large");
  let value;
  try {
    value = parseStrictJson(bytes2);
  } catch (cause) {
    throw isOriginSignError(cause) ? problem("it is not strict JSON", cause) : cause;
  }
  const why = entryProblem(value);
  if (why !== void 0) throw problem(why);
  if (canonicalJson(value) !== utf8Text(bytes2)) throw problem("it is not canonical JSON");
  return value;
}
function parseEntryOf(type, bytes2) {
  const entry2 = parseEntry(bytes2);
  if (entry2.type !== type) {
    throw new OriginSignError("log.corrupt", `The log entry is of type ${entry2.type}, not ${type}.`);
  }
  return entry2;
}

// core/src/log/merkle-proof.ts
function invalid3(what) {
  return new OriginSignError("proof.invalid", `The Merkle proof is not valid: ${what}.`);
}
function checkHashes(hashes) {
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw invalid3("a hash has the wrong length");
}
function verifyInclusion({ index, size, leaf, root, proof }) {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw invalid3(`there is no leaf ${index} in a tree of ${size}`);
  }
  checkHashes([leaf, root, ...proof]);
  let position = index;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) throw invalid3("it has more hashes than the tree has levels");
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash);
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw invalid3("it has fewer hashes than the tree has levels");
  if (!equalBytes(hash, root)) throw invalid3("it leads to another root");
}

// core/src/log/frontier.ts
var EMPTY_FRONTIER = { size: 0, hashes: [] };
function appendLeaf(frontier, leaf) {
  const hashes = [...frontier.hashes];
  const completed = [];
  let hash = leaf;
  let index = frontier.size;
  for (let level = 1; index % 2 === 1; level += 1) {
    hash = nodeHash(hashes.pop(), hash);
    index = (index - 1) / 2;
    completed.push({ level, index, hash });
  }
  hashes.push(hash);
  return { frontier: { size: frontier.size + 1, hashes }, completed };
}
function frontierRoot(frontier) {
  const { hashes } = frontier;
  const last = hashes.at(-1);
  if (last === void 0) return emptyRoot();
  return hashes.slice(0, -1).reduceRight((root, hash) => nodeHash(hash, root), last);
}
function frontierOf(leaves) {
  let frontier = EMPTY_FRONTIER;
  for (const leaf of leaves) frontier = appendLeaf(frontier, leaf).frontier;
  return frontier;
}
function rootOf(leaves) {
  return frontierRoot(frontierOf(leaves));
}

// core/src/log/records.ts
var MAX_RECORDS = 1024;
var coveredDigest = record(string2().check(_regex(/^[a-z][A-Za-z0-9]{2,39}$/)), string2().check(_regex(/^(?:[0-9a-f]{2}){32,64}$/))).check(refine((digest) => Object.keys(digest).length === 1, "not exactly one digest"));
var subject = { position: count, name: text2, format: label, coveredDigest };
var key = strictObject({ label, spkiSha256: sha256Hex2 });
var schemas = {
  /** What a REQUEST asks to have signed. `claimed` is the client's word. */
  REQUEST: strictObject({
    ...subject,
    inputsSha256: sha256Hex2,
    optionsSha256: sha256Hex2,
    claimed: strictObject({ sha256: sha256Hex2, size: count })
  }),
  /** What an INTENT hands to the HSM. */
  INTENT: strictObject({ ...subject, key, toBeSignedSha256: sha256Hex2, structureSha256: optional(sha256Hex2) }),
  /** What a RESULT released: the signature by the SHA-256 of its value. */
  RESULT: strictObject({
    ...subject,
    key,
    signatureSha256: sha256Hex2,
    /** Time of the RFC 3161 token. */
    timestamp: optional(time4),
    /** SHA-256 of the signature block as the client gets it. */
    blockSha256: optional(sha256Hex2)
  })
};
function recordList2(records) {
  const leaves = records.map((record2) => leafHash(utf8(canonicalJson(record2))));
  return { count: records.length, root: encodeHex(rootOf(leaves)) };
}
function checkRecords(kind, value) {
  const malformed9 = (what) => new OriginSignError("verify.receipt", `The artifact records are malformed: ${what}.`);
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_RECORDS) {
    throw malformed9(`expected 1 to ${MAX_RECORDS} records`);
  }
  for (const [position, record2] of value.entries()) {
    const issue3 = schemas[kind].safeParse(record2).error?.issues[0];
    if (issue3 !== void 0)
      throw malformed9(`record ${position}: ${issue3.path.join(".") || "a member"} is not as documented`);
    if (record2.position !== position) throw malformed9(`record ${position} has another position`);
  }
  return value;
}

// core/src/log/tlog-proof.ts
var HEADER4 = "c2sp.org/tlog-proof@v1";
var MAX_PROOF = 8 << 20;
var MAX_HASHES = 63;
function malformed8(what) {
  return new OriginSignError("verify.receipt", `The receipt is malformed: ${what}.`);
}
function parseTlogProof(proof) {
  if (proof.length > MAX_PROOF) throw malformed8("it is too long");
  const text4 = typeof proof === "string" ? proof : decodeText3(proof);
  const blank = text4.indexOf("\n\n");
  if (blank < 0) throw malformed8("it has no checkpoint");
  const [header, ...lines2] = text4.slice(0, blank).split("\n");
  if (header !== HEADER4) throw malformed8(`its first line is not ${HEADER4}`);
  const extra = lines2[0]?.startsWith("extra ") === true ? decode3(lines2.shift()?.slice(6) ?? "", "extra") : void 0;
  const indexLine = lines2.shift() ?? "";
  const index = indexLine.startsWith("index ") ? parseCount(indexLine.slice(6)) : void 0;
  if (index === void 0) throw malformed8("it has no index");
  if (lines2.length > MAX_HASHES) throw malformed8("it has more hashes than any tree has levels");
  const hashes = lines2.map((line) => decode3(line, "a hash"));
  if (hashes.some((hash) => hash.length !== HASH_LENGTH)) throw malformed8("a hash has the wrong length");
  return { ...extra === void 0 ? {} : { extra }, index, hashes, checkpoint: text4.slice(blank + 2) };
}
function decodeText3(proof) {
  try {
    return utf8Text(proof);
  } catch (cause) {
    throw new OriginSignError("verify.receipt", "The receipt is not UTF-8.", { cause });
  }
}
function decode3(text4, what) {
  try {
    return decodeBase64(text4);
  } catch (error2) {
    if (isOriginSignError(error2)) throw malformed8(`${what} is not base64`);
    throw error2;
  }
}

// core/src/log/trusted-log.ts
function noteKeys(logs) {
  return logs.flatMap(
    ({ origin: origin2, keys }) => keys.map(({ vkey }) => {
      const key2 = parseVerifierKey(vkey);
      if (key2.name !== origin2) {
        throw new OriginSignError("note.malformed", `The key of the log ${origin2} is named ${key2.name}.`);
      }
      return key2;
    })
  );
}
function refuseUntrustedKeys(logs, checkpoint, entryTime) {
  const { size, origin: origin2 } = checkpoint;
  const signers = new Set(checkpoint.signers.map(formatVerifierKey));
  const trusted = logs.filter((log) => log.origin === origin2).flatMap((log) => log.keys).filter(({ vkey }) => signers.has(vkey)).some(
    ({ fromSize, toSize, validUntil }) => size >= fromSize && (toSize === void 0 || size <= toSize) && (validUntil === void 0 || entryTime.getTime() <= Date.parse(validUntil))
  );
  if (trusted) return;
  throw new OriginSignError(
    "verify.log_key",
    `No key of the log ${origin2} is trusted for its size ${size} at that time.`,
    {
      details: { origin: origin2, size, entryTime: entryTime.toISOString() }
    }
  );
}

// core/src/log/receipt.ts
function refused6(what, cause) {
  return new OriginSignError("verify.receipt", `The receipt does not verify: ${what}.`, { cause });
}
function parseExtra({ extra }) {
  if (extra === void 0) throw refused6("it does not carry its entry");
  const value = parseExtraJson(extra);
  if (!isJsonObject(value) || Object.keys(value).join() !== "entry,records" || typeof value["entry"] !== "string") {
    throw refused6("its extra data is not an entry with records");
  }
  if (canonicalJson(value) !== utf8Text(extra)) throw refused6("its extra data is not canonical JSON");
  return { entry: utf8(value["entry"]), records: checkRecords("RESULT", value["records"]) };
}
function parseExtraJson(extra) {
  try {
    return parseStrictJson(extra);
  } catch (cause) {
    throw isOriginSignError(cause) ? refused6("its extra data is not strict JSON", cause) : cause;
  }
}
function parseResult(entry2) {
  try {
    return parseEntryOf("RESULT", entry2);
  } catch (cause) {
    throw isOriginSignError(cause) ? refused6("its entry is not a RESULT", cause) : cause;
  }
}
function verifyReceipt(receipt, logs) {
  const proof = parseTlogProof(receipt);
  const checkpoint = openCheckpoint(proof.checkpoint, noteKeys(logs));
  const { entry: entry2, records } = parseExtra(proof);
  const leaf = leafHash(entry2);
  const { index, hashes } = proof;
  verifyInclusion({ index, size: checkpoint.size, leaf, root: checkpoint.root, proof: hashes });
  const result = parseResult(entry2);
  refuseUntrustedKeys(logs, checkpoint, new Date(result.time));
  const list2 = recordList2(records);
  if (list2.count !== result.artifacts.count || list2.root !== result.artifacts.root) {
    throw refused6("its records are not the ones that the log entry commits to");
  }
  return { checkpoint, index, leaf, entry: result, records };
}
function findRecord(receipt, signatureSha256) {
  const wanted = encodeHex(signatureSha256);
  const record2 = receipt.records.find((candidate) => candidate.signatureSha256 === wanted);
  if (record2 === void 0) {
    throw new OriginSignError(
      "verify.not_in_receipt",
      "The receipt is for other signatures than the one of this file."
    );
  }
  return record2;
}

// core/src/verify/checklist.ts
var FALLBACK = {
  trust: "verify.trial",
  signature: "verify.signature",
  timestamp: "verify.timestamp",
  receipt: "verify.receipt",
  signer: "verify.certificate",
  record: "verify.not_in_receipt",
  provenance: "verify.provenance",
  binding: "verify.provenance",
  repository: "verify.expectation",
  project: "verify.expectation",
  ref: "verify.expectation",
  workflow: "verify.expectation",
  policy: "verify.expectation",
  builder: "verify.expectation"
};
var Checklist = class {
  #checks = [];
  /** The outcomes so far, in order. */
  get checks() {
    return [...this.#checks];
  }
  /**
   * Runs one step with what it needs, and gives back its result, or `undefined` where it failed or could not be made. Errors
   * of verification become the outcome under their own code, errors about unreadable bytes under that of the check. Where a
   * person or a disk is at fault (`input.*`), or the error is not ours, nothing is known about the file: it is thrown on.
   */
  async run(name, needs, step) {
    if (Object.values(needs).includes(void 0)) {
      this.#checks.push({ name, ok: false, detail: "not checked, because a check before it failed" });
      return void 0;
    }
    try {
      const result = await step(needs);
      this.#checks.push({ name, ok: true });
      return result;
    } catch (error2) {
      if (!isOriginSignError(error2) || error2.code.startsWith("input.")) throw error2;
      this.#checks.push(failedCheck(name, error2));
      return void 0;
    }
  }
};
function failedCheck(name, error2) {
  const code3 = CODE_TABLE[error2.code].exit === 1 ? error2.code : FALLBACK[name];
  return { name, ok: false, detail: error2.message, code: code3, ...error2.hint === void 0 ? {} : { hint: error2.hint } };
}

// core/src/attestation/statement.ts
var STATEMENT_TYPE = "https://in-toto.io/Statement/v1";
var MAX_ARTIFACTS = 1024;
var shape3 = shapeReader("statement.malformed", "statement");

// core/src/attestation/provenance.ts
var PROVENANCE_TYPE = "https://slsa.dev/provenance/v1";
var CI_JOB_BUILD_TYPE = "https://originsign.dev/buildtypes/ci-job/v1";
function slsaMembers(origin2) {
  const { repository, ref, commit, workflow, run } = origin2;
  return {
    externalParameters: { workflow: { repository: repository.uri, ...present({ ref }), path: workflow.path } },
    // What nobody verified is left out: a dependency without its commit would look like a statement about the source.
    resolvedDependencies: commit === void 0 ? [] : [{ uri: `git+${repository.uri}${ref === void 0 ? "" : `@${ref}`}`, digest: { gitCommit: commit } }],
    runDetails: { builder: { id: builderId(origin2) }, metadata: { invocationId: run.uri } }
  };
}
function builderId(origin2) {
  return (origin2.callee ?? origin2.workflow).uri;
}
function present(members2) {
  const entries2 = Object.entries(members2).filter((entry2) => entry2[1] !== void 0);
  return Object.fromEntries(entries2);
}

// core/src/policy/glob.ts
var MAX_GLOB_LENGTH = 512;
function parseGlob(pattern) {
  if (pattern === "") return "a pattern must not be empty";
  if (pattern.length > MAX_GLOB_LENGTH) return `a pattern has at most ${MAX_GLOB_LENGTH} characters`;
  const special = /[?[\]{}\\!]/.exec(pattern);
  if (special !== null) return `"${special[0]}" has no meaning in a pattern, only * and ** have`;
  const segments = [];
  for (const segment of pattern.split("/")) {
    if (segment === "**") segments.push({ kind: "any-depth" });
    else if (segment.includes("**")) return '"**" can only be a whole segment, as in refs/heads/**';
    else segments.push({ kind: "pieces", pieces: segment.split("*") });
  }
  return { pattern, segments };
}
function matchesGlob(glob, text4) {
  const groups = splitAtAnyDepth(glob.segments);
  const segments = text4.split("/");
  const [head = [], ...rest] = groups;
  const tail = rest.pop();
  if (tail === void 0) return head.length === segments.length && groupFits(head, segments, 0);
  if (!groupFits(head, segments, 0)) return false;
  let offset = head.length;
  for (const group of rest) {
    const found = findGroup(group, segments, offset);
    if (found === void 0) return false;
    offset = found + group.length;
  }
  const tailStart = segments.length - tail.length;
  if (tailStart < offset || !groupFits(tail, segments, tailStart)) return false;
  return tail.length > 0 || tailStart > offset && segments.at(-1) !== "";
}
function splitAtAnyDepth(segments) {
  const groups = [[]];
  for (const segment of segments) {
    if (segment.kind === "any-depth") groups.push([]);
    else groups.at(-1)?.push(segment.pieces);
  }
  return groups;
}
function findGroup(group, segments, from) {
  for (let start = from; start + group.length <= segments.length; start += 1) {
    if (groupFits(group, segments, start)) return start;
  }
  return void 0;
}
function groupFits(group, segments, start) {
  if (start + group.length > segments.length) return false;
  return group.every((pieces, index) => segmentFits(pieces, segments[start + index] ?? ""));
}
function segmentFits(pieces, segment) {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === void 0) return segment === first;
  if (segment === "" || !segment.startsWith(first)) return false;
  let offset = first.length;
  for (const piece of rest) {
    const found = segment.indexOf(piece, offset);
    if (found === -1) return false;
    offset = found + piece.length;
  }
  return segment.length - last.length >= offset && segment.endsWith(last);
}

// core/src/verify/expectations.ts
var EXPECTED = {
  repository: (expected, { origin: origin2 }) => verifyExact("repository", expected, origin2.repository.uri),
  project: (expected, { request }) => verifyExact("project", expected, request.project),
  ref: (expected, { origin: origin2 }) => verifyRef(expected, origin2),
  workflow: (expected, { origin: origin2 }) => verifyWorkflow(expected, origin2),
  policy: (expected, { request }) => verifyExact("policy", expected, request.policy),
  builder: (expected, { origin: origin2 }) => verifyPattern("builder", expected, builderId(origin2))
};
async function checkExpectations(checks, expectations, provenance) {
  for (const [name, verify4] of Object.entries(EXPECTED)) {
    const expected = expectations[name];
    if (expected === void 0) continue;
    await checks.run(name, { statement: provenance?.statement }, ({ statement }) => verify4(expected, statement));
  }
}
function verifyExact(what, expected, actual) {
  if (expected !== actual) throw unexpected(what, expected, actual);
}
function verifyPattern(what, expected, actual) {
  if (expected === actual) return;
  const glob = parseGlob(expected);
  if (typeof glob === "string" && URL.canParse(expected)) throw unexpected(what, expected, actual);
  if (typeof glob === "string") {
    throw new OriginSignError("input.invalid", `The expected ${what} is no pattern: ${glob}.`);
  }
  if (!matchesGlob(glob, actual)) throw unexpected(what, expected, actual);
}
function verifyRef(expected, { ref }) {
  if (ref !== void 0) return verifyPattern("ref", expected, ref);
  throw new OriginSignError("verify.expectation", `The provenance names no ref, expected ${expected}.`, {
    hint: "this build system tells the server a ref only through an origin connector; expect a builder or policy instead",
    details: { what: "ref", expected }
  });
}
function verifyWorkflow(expected, { workflow, repository }) {
  const { uri, path } = workflow;
  if (expected === uri) return;
  const inside = `${repository.uri}/${path}`;
  if (expected === path && (uri === inside || uri.startsWith(`${inside}@`))) return;
  throw unexpected("workflow", expected, uri);
}
function unexpected(what, expected, actual) {
  return new OriginSignError("verify.expectation", `The ${what} is ${actual}, expected ${expected}.`, {
    details: { what, expected, actual }
  });
}

// core/src/attestation/provenance-digest.ts
function provenanceSha256(envelope2) {
  return sha256Hex(envelopePayload(envelope2));
}

// core/src/attestation/provenance-reader.ts
var shape4 = shapeReader("verify.provenance", "provenance");
var TEXT = new RegExp("^\\P{Cc}{0,2048}$", "u");
function parseProvenance(payload) {
  const statement = shape4.object(parseStrictJson(payload), "statement", [
    "_type",
    "subject",
    "predicateType",
    "predicate"
  ]);
  requireEqual(statement["_type"], STATEMENT_TYPE, "_type");
  requireEqual(statement["predicateType"], PROVENANCE_TYPE, "predicateType");
  const predicate = shape4.object(statement["predicate"], "predicate", ["buildDefinition", "runDetails"]);
  const definition = shape4.anyObject(predicate["buildDefinition"], "buildDefinition");
  const parameters = shape4.anyObject(definition["internalParameters"], "internalParameters");
  const origin2 = parseOrigin(parameters["origin"]);
  const derived = slsaMembers(origin2);
  requireEqual(definition["buildType"], CI_JOB_BUILD_TYPE, "buildType");
  requireEqual(definition["externalParameters"], derived.externalParameters, "externalParameters");
  requireEqual(definition["resolvedDependencies"], derived.resolvedDependencies, "resolvedDependencies");
  requireEqual(predicate["runDetails"], derived.runDetails, "runDetails");
  return {
    subjects: shape4.list(statement["subject"], "subject", 1, MAX_ARTIFACTS).map(parseSubject),
    origin: origin2,
    request: parseRequest(parameters["request"])
  };
}
function requireEqual(actual, expected, path) {
  if (actual === void 0 || canonicalJson(actual) !== canonicalJson(expected)) {
    throw shape4.fail(path, "it is not what the origin says");
  }
}
function parseSubject(value, index) {
  const path = `subject.${index}`;
  const subject2 = shape4.object(value, path, ["name", "digest"], ["annotations"]);
  return {
    name: text3(subject2, "name", path),
    coveredDigest: parseCoveredDigest(subject2["digest"]),
    ...subject2["annotations"] === void 0 ? {} : { claimed: parseClaimed(subject2["annotations"], path) }
  };
}
function parseClaimed(value, path) {
  const annotations = shape4.object(value, `${path}.annotations`, ["claimed"]);
  const claimed = shape4.object(annotations["claimed"], `${path}.annotations.claimed`, ["sha256", "size"]);
  return {
    sha256: shape4.text(claimed["sha256"], `${path}.annotations.claimed.sha256`, /^[0-9a-f]{64}$/),
    size: shape4.count(claimed["size"], `${path}.annotations.claimed.size`)
  };
}
function parseOrigin(value) {
  const origin2 = shape4.anyObject(value, "origin");
  const repository = shape4.anyObject(origin2["repository"], "origin.repository");
  const run = shape4.anyObject(origin2["run"], "origin.run");
  return {
    platform: text3(origin2, "platform", "origin"),
    system: text3(origin2, "system", "origin"),
    repository: {
      uri: text3(repository, "uri", "origin.repository"),
      id: text3(repository, "id", "origin.repository"),
      ...optional2(repository, "ownerId", "origin.repository")
    },
    ...optional2(origin2, "commit", "origin"),
    ...optional2(origin2, "ref", "origin"),
    workflow: parseWorkflow(origin2["workflow"], "origin.workflow"),
    ...origin2["callee"] === void 0 ? {} : { callee: parseCallee(origin2["callee"]) },
    run: {
      id: text3(run, "id", "origin.run"),
      ...run["attempt"] === void 0 ? {} : { attempt: shape4.count(run["attempt"], "origin.run.attempt") },
      uri: text3(run, "uri", "origin.run")
    },
    ...optional2(origin2, "trigger", "origin"),
    ...optional2(origin2, "runner", "origin"),
    ...optional2(origin2, "environment", "origin")
  };
}
function parseWorkflow(value, path) {
  const workflow = shape4.anyObject(value, path);
  return {
    uri: text3(workflow, "uri", path),
    path: text3(workflow, "path", path),
    ...optional2(workflow, "ref", path),
    ...optional2(workflow, "commit", path)
  };
}
function parseCallee(value) {
  const callee = shape4.anyObject(value, "origin.callee");
  return { ...parseWorkflow(value, "origin.callee"), repository: text3(callee, "repository", "origin.callee") };
}
function parseRequest(value) {
  const request = shape4.anyObject(value, "request");
  const { binding } = request;
  if (binding !== "audience" && binding !== "proof" && binding !== "bearer") {
    throw shape4.fail("request.binding", "expected audience, proof or bearer");
  }
  return {
    id: text3(request, "id", "request"),
    server: text3(request, "server", "request"),
    project: text3(request, "project", "request"),
    policy: text3(request, "policy", "request"),
    policyHash: text3(request, "policyHash", "request"),
    rule: text3(request, "rule", "request"),
    binding
  };
}
function optional2(object, member, path) {
  if (object[member] === void 0) return {};
  return { [member]: text3(object, member, path) };
}
function text3(object, member, path) {
  return shape4.text(object[member], `${path}.${member}`, TEXT);
}

// core/src/verify/validity.ts
function isValidAt(validity2, time5) {
  const { validFrom, validUntil } = validity2;
  return Date.parse(validFrom) <= time5.getTime() && (validUntil === void 0 || time5.getTime() <= Date.parse(validUntil));
}

// core/src/verify/provenance.ts
function verifyProvenance(bytes2, trust, at) {
  const envelope2 = envelopeOf(bytes2);
  const payload = verifyEnvelope(
    envelope2,
    STATEMENT_PAYLOAD_TYPE,
    (encoding, signature) => trust.provenanceKeys.filter((key2) => isValidAt(key2, at)).some(({ spki }) => verifySignature(decodeBase64(spki), { kind: "message", bytes: encoding }, signature))
  );
  return { statement: parseProvenance(payload), payloadSha256: provenanceSha256(envelope2) };
}
function verifyBinding({ provenance, receipt, signature }) {
  const { statement, payloadSha256 } = provenance;
  const covered = signature.coveredDigest;
  if (payloadSha256 !== receipt.entry.provenanceSha256) {
    throw new OriginSignError("verify.provenance", "The provenance is not the one that the log entry names.");
  }
  if (statement.request.id !== receipt.entry.requestId) {
    throw new OriginSignError("verify.provenance", "The provenance is of another signing request than the log entry.");
  }
  if (!statement.subjects.some(({ coveredDigest: coveredDigest2 }) => equalCoveredDigests(coveredDigest2, covered))) {
    throw new OriginSignError(
      "verify.provenance",
      "The provenance does not speak of the digest that the signature covers."
    );
  }
}
function chooseProvenance(candidates, receipt, covered) {
  const [first] = candidates;
  if (first === void 0) {
    throw new OriginSignError("verify.provenance_missing", "There is no provenance for the file.", {
      hint: "keep originsign-*.provenance.sigstore.json beside the file, or give its path"
    });
  }
  const envelopes = candidates.flatMap((bytes2) => {
    const envelope2 = tryEnvelope(bytes2);
    return envelope2 === void 0 ? [] : [{ bytes: bytes2, envelope: envelope2 }];
  });
  const named = envelopes.find(({ envelope: envelope2 }) => provenanceSha256(envelope2) === receipt?.entry.provenanceSha256);
  const speaking = envelopes.find(({ envelope: envelope2 }) => covered !== void 0 && speaksOf(envelope2, covered));
  return (named ?? speaking)?.bytes ?? first;
}
function envelopeOf(bytes2) {
  const { content } = parseBundle(bytes2);
  if (content.kind === "envelope") return content.envelope;
  throw new OriginSignError("verify.provenance", "The bundle does not carry provenance.");
}
function tryEnvelope(bytes2) {
  try {
    return envelopeOf(bytes2);
  } catch (error2) {
    if (isOriginSignError(error2)) return void 0;
    throw error2;
  }
}
function speaksOf(envelope2, covered) {
  return Buffer.from(envelopePayload(envelope2)).includes(covered.value);
}

// core/src/verify/receipt.ts
function chooseReceipt(candidates, signature) {
  const [first] = candidates;
  if (first === void 0) {
    throw new OriginSignError("verify.receipt_missing", "There is no receipt for the file.", {
      hint: "keep originsign-*.tlog-proof beside the file, or give its path"
    });
  }
  return (signature === void 0 ? void 0 : candidates.find((bytes2) => mentions(bytes2, signature))) ?? first;
}
function verifyRecord({ receipt, signature, signer }) {
  const record2 = findRecord(receipt, sha256(signature.signature));
  if (record2.format !== signature.format) throw differs("format");
  if (!equalCoveredDigests(parseCoveredDigest(record2.coveredDigest), signature.coveredDigest)) throw differs("digest");
  if (record2.key.spkiSha256 !== signer.spkiSha256) throw differs("key");
  return record2;
}
function differs(what) {
  return new OriginSignError(
    "verify.not_in_receipt",
    `The receipt has the signature under another ${what} than the file.`
  );
}
function mentions(bytes2, signature) {
  try {
    const { extra } = parseTlogProof(bytes2);
    return extra !== void 0 && Buffer.from(extra).includes(sha256Hex(signature.signature));
  } catch (error2) {
    if (isOriginSignError(error2)) return false;
    throw error2;
  }
}

// core/src/verify/build-report.ts
function buildReport({ checks }, findings) {
  const { signature, stamped, signer, receipt, provenance } = findings;
  const timestamp = stamped?.time?.toISOString();
  return {
    verified: checks.length > 0 && checks.every(({ ok }) => ok),
    checks,
    ...signature === void 0 ? {} : { format: signature.format, coveredDigest: signature.coveredDigest },
    ...signer === void 0 ? {} : { signer },
    ...timestamp === void 0 ? {} : { timestamp },
    ...receipt === void 0 ? {} : loggedAs(receipt),
    ...provenance === void 0 ? {} : cameFrom(provenance, signature)
  };
}
function loggedAs({ checkpoint, index, entry: entry2 }) {
  return { requestId: entry2.requestId, log: { origin: checkpoint.origin, index, time: entry2.time } };
}
function cameFrom({ statement }, signature) {
  const { request, origin: origin2, subjects } = statement;
  const subject2 = subjects.find(({ coveredDigest: coveredDigest2 }) => {
    return signature !== void 0 && equalCoveredDigests(coveredDigest2, signature.coveredDigest);
  });
  return {
    requestId: request.id,
    project: request.project,
    policy: request.policy,
    origin: origin2,
    binding: request.binding,
    ...subject2?.claimed === void 0 ? {} : { claimed: subject2.claimed }
  };
}

// core/src/verify/signature.ts
async function readFileSignature(file) {
  const { source, beside } = file;
  const shown = file.format === void 0 ? await recogniseFormat(source) : formatById(file.format);
  const found = await shown?.verify(source, beside);
  if (found !== void 0) return found;
  const others = file.format === void 0 ? Object.values(FORMATS).filter((format) => format !== shown) : [];
  for (const format of others) {
    const signature = await tryBeside(format, file);
    if (signature !== void 0) return signature;
  }
  throw new OriginSignError("verify.unsigned", "The file carries no signature, nor is there one beside it.");
}
async function tryBeside(format, { source, beside }) {
  try {
    return await format.verify(source, beside);
  } catch (error2) {
    if (isOriginSignError(error2, "format.malformed")) return void 0;
    throw error2;
  }
}

// core/src/formats/verifies-under.ts
function verifiesUnder(signature, spki) {
  if (signature.spki !== void 0) return equalBytes(signature.spki, spki);
  const { signed } = signature;
  if (signed === void 0) return false;
  const { digest, message, also } = signed;
  if (also !== void 0 && !verifySignature(spki, { kind: "message", bytes: also.message }, also.signature))
    return false;
  if (keyTypeOf(spki) !== "ed25519") {
    return digest !== void 0 && verifySignature(spki, { kind: "digest", digest }, signature.signature);
  }
  return message !== void 0 && verifySignature(spki, { kind: "message", bytes: message }, signature.signature);
}

// core/src/x509/chain.ts
var UNDERSTOOD = /* @__PURE__ */ new Set([
  Oid.subjectKeyIdentifier,
  Oid.keyUsage,
  Oid.subjectAltName,
  Oid.basicConstraints,
  Oid.certificatePolicies,
  Oid.authorityKeyIdentifier,
  Oid.extendedKeyUsage
]);
var MAX_INTERMEDIATES = 6;
var MAX_CHECKS = 100;
function verifyChain(leaf, intermediates, roots, { at, extendedKeyUsage }) {
  if (Number.isNaN(at.getTime())) throw new TypeError("The time to check at is no time.");
  const certificate = parseCertificate(leaf);
  checkLeaf(certificate, at, extendedKeyUsage);
  const search = new ChainSearch(
    intermediates.slice(0, 32).flatMap(tryParse),
    roots.map(parseCertificate),
    at,
    extendedKeyUsage
  );
  return search.from(certificate);
}
function checkLeaf(leaf, at, usage) {
  checkCertificate(leaf, at);
  if (leaf.basicConstraints?.isAuthority === true) throw refused7(leaf, "usage", "is the certificate of an authority");
  if (leaf.keyUsage?.has("digitalSignature") === false)
    throw refused7(leaf, "usage", "does not allow its key to sign data");
  if (leaf.extendedKeyUsage?.includes(usage) !== true) throw refused7(leaf, "usage", `is not made for the use ${usage}`);
}
var ChainSearch = class {
  #intermediates;
  #roots;
  #at;
  #usage;
  #checks = 0;
  #reason;
  constructor(intermediates, roots, at, usage) {
    this.#intermediates = intermediates;
    this.#roots = roots;
    this.#at = at;
    this.#usage = usage;
  }
  from(leaf) {
    const chain = this.#extend([leaf]);
    if (chain !== void 0) return chain;
    throw this.#reason ?? refused7(leaf, "trust", "does not lead to a trusted root");
  }
  /** Depth first; roots come before intermediates, so that the shortest way wins. */
  #extend(chain) {
    const last = chain.at(-1);
    if (last === void 0) return void 0;
    for (const root of this.#roots) if (this.#issued(root, chain, last, true)) return [...chain, root];
    if (chain.length > MAX_INTERMEDIATES) return void 0;
    for (const candidate of this.#intermediates) {
      if (chain.some((used) => equalBytes(used.der, candidate.der))) continue;
      const found = this.#issued(candidate, chain, last, false) ? this.#extend([...chain, candidate]) : void 0;
      if (found !== void 0) return found;
    }
    return void 0;
  }
  #issued(issuer, chain, subject2, isRoot) {
    if (!equalBytes(issuer.subject, subject2.issuer)) return false;
    this.#checks += 1;
    if (this.#checks > MAX_CHECKS) throw refused7(subject2, "trust", "comes with too many certificates to try");
    try {
      checkIssuer(issuer, chain, this.#at, isRoot ? void 0 : this.#usage);
      checkSignature(subject2, issuer);
      return true;
    } catch (error2) {
      if (!isOriginSignError(error2)) throw error2;
      this.#reason ??= isOriginSignError(error2, "verify.certificate") ? error2 : refused7(issuer, "trust", "cannot be used", error2);
      return false;
    }
  }
};
function checkCertificate(certificate, at) {
  if (at < certificate.notBefore || at > certificate.notAfter) {
    const validity2 = `${certificate.notBefore.toISOString()} to ${certificate.notAfter.toISOString()}`;
    throw refused7(certificate, "time", `is valid from ${validity2}, not at ${at.toISOString()}`);
  }
  const unknown2 = certificate.extensions.find(({ oid, critical }) => critical && !UNDERSTOOD.has(oid));
  if (unknown2 !== void 0)
    throw refused7(certificate, "trust", `has the critical extension ${unknown2.oid}, which is not understood`);
  try {
    parsePublicKey(certificate.spki);
  } catch (cause) {
    throw refused7(certificate, "trust", "has a key that is too weak or not supported", cause);
  }
}
function checkIssuer(issuer, chain, at, usage) {
  checkCertificate(issuer, at);
  const { basicConstraints, keyUsage, extendedKeyUsage } = issuer;
  const isOldRoot = usage === void 0 && issuer.extensions.length === 0;
  if (basicConstraints?.isAuthority !== true && !isOldRoot)
    throw refused7(issuer, "trust", "is not the certificate of an authority");
  if (keyUsage?.has("keyCertSign") === false)
    throw refused7(issuer, "trust", "does not allow its key to sign certificates");
  const below = chain.slice(1).filter(({ subject: subject2, issuer: by }) => !equalBytes(subject2, by)).length;
  if (below > (basicConstraints?.pathLength ?? Infinity))
    throw refused7(issuer, "trust", "allows fewer certificates below it");
  const uses = usage === void 0 ? void 0 : extendedKeyUsage;
  if (uses !== void 0 && !uses.includes(usage ?? "") && !uses.includes(Oid.anyExtendedKeyUsage)) {
    throw refused7(issuer, "usage", `does not allow the use ${usage ?? ""}`);
  }
}
function checkSignature(subject2, issuer) {
  const scheme = readSignatureScheme(subject2.signatureAlgorithm);
  if (!verifiesWithScheme(issuer.spki, scheme, subject2.tbs, subject2.signature)) {
    throw refused7(subject2, "trust", `is not signed by ${issuer.subjectText}`);
  }
}
function tryParse(bytes2) {
  try {
    return [parseCertificate(bytes2)];
  } catch (error2) {
    if (isOriginSignError(error2)) return [];
    throw error2;
  }
}
function refused7(certificate, reason, what, cause) {
  const message = `The certificate ${certificate.subjectText} ${what}.`;
  return new OriginSignError("verify.certificate", message, { details: { reason }, cause });
}

// core/src/x509/timestamp-token.ts
import { createHash as createHash10 } from "node:crypto";
function verifyTimestampToken(token, timestamped, roots, expected = {}) {
  try {
    const signedData = parseSignedData(token);
    const content = contentOctets(signedData);
    const info2 = readTimestampInfo(content);
    checkInfo(info2, timestamped, expected);
    const certificate = verifySigner(signedData, (digest) => createHash10(digest).update(content).digest());
    checkAuthority(certificate, signedData);
    const purpose = { at: info2.time, extendedKeyUsage: Oid.timeStamping };
    verifyChain(certificate.der, signedData.certificates, roots, purpose);
    const serialNumber = Buffer.from(info2.serialNumber).toString("hex");
    return { time: info2.time, policy: info2.policy, serialNumber, authority: certificate.subjectText };
  } catch (cause) {
    if (!isOriginSignError(cause) || cause.code === "verify.timestamp") throw cause;
    throw new OriginSignError("verify.timestamp", `The timestamp does not verify: ${cause.message}`, { cause });
  }
}
function contentOctets({ contentType, content }) {
  if (contentType !== Oid.timestampInfo || content?.tag !== Tag.octetString) throw derError("expected a timestamp");
  return content.contents;
}
function readTimestampInfo(bytes2) {
  const parts = sequenceCursor(readDer(bytes2));
  if (smallInteger(parts.take()) !== 1) throw derError("an unknown version of TSTInfo");
  const policy = oidText(parts.take());
  const imprint = sequenceCursor(parts.take());
  const digest = readDigestAlgorithm(imprint.take().raw);
  const value = imprint.take(Tag.octetString).contents;
  imprint.end();
  const serialNumber = parts.take(Tag.integer).contents;
  const time5 = readDerTime(parts.take(Tag.generalizedTime));
  parts.takeIf(Tag.sequence);
  parts.takeIf(Tag.boolean);
  const nonce = parts.takeIf(Tag.integer);
  parts.takeIf(160);
  const extensions = parts.takeIf(161);
  if (extensions !== void 0 && readExtensions({ ...extensions, tag: Tag.sequence }).some(({ critical }) => critical)) {
    throw derError("a critical extension that is not understood");
  }
  parts.end();
  const info2 = { policy, imprint: { digest, value }, serialNumber, time: time5 };
  return nonce === void 0 ? info2 : { ...info2, nonce: unsignedBytes(nonce) };
}
function checkInfo(info2, timestamped, expected) {
  const digest = createHash10(info2.imprint.digest).update(timestamped).digest();
  if (!equalBytes(digest, info2.imprint.value)) throw failed2("is for another signature");
  if (expected.nonce !== void 0 && !equalBytes(info2.nonce ?? new Uint8Array(), withoutLeadingZeros(expected.nonce))) {
    throw failed2("answers another request");
  }
  const { near } = expected;
  if (near !== void 0 && Math.abs(info2.time.getTime() - near.now.getTime()) > near.milliseconds) {
    throw failed2(`states the time ${info2.time.toISOString()}, which is too far from now`);
  }
}
function checkAuthority(certificate, { signer }) {
  const extension = certificate.extensions.find(({ oid }) => oid === Oid.extendedKeyUsage);
  const isAlone = certificate.extendedKeyUsage?.join() === Oid.timeStamping;
  if (!isAlone || extension?.critical !== true)
    throw failed2("comes from a certificate that is not for timestamps alone");
  if (!namesSigningCertificate(signer.signedAttributes, certificate.der)) {
    throw failed2("does not name the certificate of its signer");
  }
}
function withoutLeadingZeros(bytes2) {
  const start = bytes2.findIndex((octet) => octet !== 0);
  return start < 0 ? bytes2.subarray(-1) : bytes2.subarray(start);
}
function failed2(what) {
  return new OriginSignError("verify.timestamp", `The timestamp ${what}.`);
}

// core/src/verify/signer.ts
function verifySignatureTimestamp(signature, trust) {
  const { timestampToken } = signature;
  if (timestampToken === void 0) return { time: void 0 };
  const roots = trust.timestampRoots.map(({ certificate }) => decodeBase64(certificate));
  return { time: verifyTimestampToken(timestampToken, signature.signature, roots).time };
}
function verifySigner2(signature, trust, times) {
  const { signerCertificate: signerCertificate2, certificates } = signature;
  const { certificate, purpose } = formatById(signature.format);
  if (!certificate) return verifyBareKey(signature, purpose, trust, times.logged ?? times.now);
  if (signerCertificate2 === void 0) {
    throw new OriginSignError("verify.certificate", "The signature comes without the certificate of its signer.");
  }
  const roots = trust.signingRoots.map(({ certificate: certificate2 }) => decodeBase64(certificate2));
  const at = times.timestamp ?? times.now;
  const chain = verifyChain(signerCertificate2, certificates, roots, { at, extendedKeyUsage: Oid.codeSigning });
  const [leaf] = chain;
  if (leaf === void 0) throw new TypeError("A verified chain has a leaf.");
  return { name: leaf.subjectText, issuer: leaf.issuerText, spkiSha256: sha256Hex(leaf.spki) };
}
function verifyBareKey(signature, purpose, trust, at) {
  for (const key2 of trust.signingKeys) {
    if (key2.purpose !== purpose || !isValidAt(key2, at)) continue;
    const spki = decodeBase64(key2.spki);
    if (verifiesUnder(signature, spki)) return { name: key2.label, spkiSha256: sha256Hex(spki) };
  }
  throw new OriginSignError(
    "verify.signature",
    `No ${purpose} key that the trust file names for the time made the signature.`
  );
}

// core/src/x509/trial-organisation.ts
var TRIAL_ORGANISATION = "OriginSign Trial - not for release";

// core/src/verify/trial.ts
function verifyNotTrial(trust, allowed) {
  if (allowed) return;
  const isTrial = trust.trial === true || trust.logs.some(({ origin: origin2 }) => origin2.endsWith("/trial"));
  if (isTrial || trust.signingRoots.some(({ certificate }) => isOfTrial(decodeBase64(certificate)))) {
    throw new OriginSignError("verify.trial", "The trust file is of a trial store, whose keys prove nothing.");
  }
}
function isOfTrial(root) {
  return parseCertificate(root).subjectText.includes(TRIAL_ORGANISATION);
}

// core/src/verify/verifier.ts
async function verifyFile(input2) {
  const { file, trust, expected, now } = input2;
  if (file.format !== void 0) formatById(file.format);
  const checks = new Checklist();
  await checks.run("trust", {}, () => verifyNotTrial(trust, input2.trial === true));
  const signature = await checks.run("signature", {}, () => readFileSignature(file));
  const stamped = await checks.run(
    "timestamp",
    { signature },
    (known) => verifySignatureTimestamp(known.signature, trust)
  );
  const receipt = await checks.run(
    "receipt",
    {},
    () => verifyReceipt(chooseReceipt(input2.receipts, signature), trust.logs)
  );
  const logged = receipt === void 0 ? void 0 : new Date(receipt.entry.time);
  const times = { now, logged, timestamp: stamped?.time };
  const signer = await checks.run("signer", { signature }, (known) => verifySigner2(known.signature, trust, times));
  await checks.run("record", { receipt, signature, signer }, (known) => verifyRecord(known));
  const provenance = await checks.run(
    "provenance",
    {},
    () => verifyProvenance(chooseProvenance(input2.provenances, receipt, signature?.coveredDigest), trust, logged ?? now)
  );
  await checks.run("binding", { provenance, receipt, signature }, (known) => verifyBinding(known));
  await checkExpectations(checks, expected, provenance);
  return buildReport(checks, { signature, stamped, signer, receipt, provenance });
}

// core/src/client/file-source.ts
import { open } from "node:fs/promises";
async function openFileSource(path) {
  const handle = await open(path, "r").catch((cause) => {
    throw fileError(path, "cannot be opened", cause);
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw fileError(path, "is no regular file");
    return {
      size: stats.size,
      mode: stats.mode & 4095,
      read: (offset, length) => readExactly(handle, path, offset, length),
      close: () => handle.close()
    };
  } catch (error2) {
    await handle.close();
    throw error2;
  }
}
async function readExactly(handle, path, offset, length) {
  const bytes2 = new Uint8Array(length);
  for (let done = 0; done < length; ) {
    const { bytesRead } = await handle.read(bytes2, done, length - done, offset + done).catch((cause) => {
      throw fileError(path, "cannot be read", cause);
    });
    if (bytesRead === 0) throw fileError(path, "ends before the bytes that were asked for");
    done += bytesRead;
  }
  return bytes2;
}
async function withFileSource(path, use) {
  const source = await openFileSource(path);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}
function fileError(path, what, cause) {
  return new OriginSignError("input.file", `The file "${path}" ${what}.`, { cause });
}

// core/src/client/parallel.ts
async function mapInParallel(items, limit, map) {
  const results = [];
  const open3 = items.entries();
  let failed3 = false;
  const work = async () => {
    for (const [index, item] of open3) {
      if (failed3) return;
      try {
        results[index] = await map(item, index);
      } catch (error2) {
        failed3 = true;
        throw error2;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, work));
  const failure2 = outcomes.find((outcome) => outcome.status === "rejected");
  if (failure2 !== void 0) throw failure2.reason;
  return results;
}

// core/src/client/verification/candidates.ts
import { lstat as lstat2, realpath } from "node:fs/promises";
import { resolve as resolve2 } from "node:path";

// core/src/client/glob-pattern.ts
var MAX_ALTERNATIVES = 256;
function expandBraces(pattern) {
  const done = [];
  const open3 = [pattern];
  for (let next = open3.pop(); next !== void 0; next = open3.pop()) {
    const alternatives2 = expandFirst(next, pattern);
    if (alternatives2 === void 0) done.push(next);
    else open3.push(...alternatives2.reverse());
    if (done.length + open3.length > MAX_ALTERNATIVES) {
      throw invalid4(pattern, `its braces have more than ${MAX_ALTERNATIVES} alternatives`);
    }
  }
  return [...new Set(done)];
}
function expandFirst(text4, pattern) {
  const end = text4.indexOf("}");
  const start = end === -1 ? text4.indexOf("{") : text4.lastIndexOf("{", end);
  if (end === -1 && start === -1) return void 0;
  if (end === -1 || start === -1) throw invalid4(pattern, "a brace has no partner");
  const before = text4.slice(0, start);
  const after = text4.slice(end + 1);
  return text4.slice(start + 1, end).split(",").map((alternative) => before + alternative + after);
}
function hasWildcard(segment) {
  return /[*?]/.test(segment);
}
function staticPrefix(segments) {
  const first = segments.findIndex(hasWildcard);
  return first === -1 ? segments : segments.slice(0, first);
}
function matchesSegments(pattern, path) {
  return matchWithStar(pattern, path, (segment) => segment === "**", matchesSegment);
}
function matchesSegment(pattern, text4) {
  return matchWithStar(
    Array.from(pattern),
    Array.from(text4),
    (item) => item === "*",
    (item, character) => item === "?" || item === character
  );
}
function matchWithStar(pattern, text4, isStar, matches2) {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text4.length; ) {
    const item = pattern[at];
    if (item !== void 0 && isStar(item)) {
      star = at++;
      resume = index;
    } else if (item !== void 0 && matches2(item, text4[index] ?? "")) {
      at += 1;
      index += 1;
    } else if (star !== -1) {
      at = star + 1;
      index = ++resume;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isStar);
}
function invalid4(pattern, what) {
  return new OriginSignError("input.invalid", `The file pattern "${pattern}" is not valid: ${what}.`, {
    hint: "patterns have *, **, ?, {a,b} and a leading ! to exclude"
  });
}

// core/src/client/globs.ts
import { lstat, readdir } from "node:fs/promises";
import { dirname, join, relative as relative2, resolve, sep } from "node:path";
var OWN_FILES = /^originsign-[A-Za-z0-9_-]{12}\.(?:tlog-proof|provenance\.sigstore\.json)$/;
async function findFiles(patterns, options) {
  const parsed = patterns.map((text4) => text4.trim()).filter((text4) => text4 !== "");
  const all = parsed.map((text4) => parsePattern(text4, options));
  const search = new Search(options);
  for (const pattern of all) await search.apply(pattern);
  const positive = all.filter(({ excludes: excludes2 }) => !excludes2);
  const base = commonFolder(positive.flatMap(({ alternatives: alternatives2 }) => alternatives2));
  const files = search.found().map((path) => ({ path, name: relative2(base, path).split(sep).join("/").normalize("NFC") }));
  if (files.length === 0) {
    throw new OriginSignError("input.no_files", `No file matches ${list(parsed)}.`, { details: { patterns: parsed } });
  }
  files.sort((left, right) => left.name < right.name ? -1 : 1);
  return { base, files, unmatched: search.unmatched, links: [...search.links].sort() };
}
function list(patterns) {
  return patterns.length === 0 ? "an empty list of patterns" : patterns.map((text4) => `"${text4}"`).join(", ");
}
function parsePattern(text4, { workingDirectory, platform: platform2 = process.platform }) {
  const excludes2 = text4.startsWith("!");
  const body = excludes2 ? text4.slice(1).trim() : text4;
  if (body === "") throw invalid4(text4, "there is nothing after the !");
  const alternatives2 = expandBraces(platform2 === "win32" ? body.replaceAll("\\", "/") : body).map(
    (alternative) => absoluteSegments(alternative, workingDirectory, text4)
  );
  return { text: text4, excludes: excludes2, alternatives: alternatives2 };
}
function absoluteSegments(pattern, workingDirectory, whole) {
  if (pattern === "") throw invalid4(whole, "an alternative is empty");
  const segments = pattern.split("/");
  const first = segments.findIndex(hasWildcard);
  const literal2 = first === -1 ? segments : segments.slice(0, first);
  const rest = (first === -1 ? [] : segments.slice(first)).filter((segment) => segment !== "" && segment !== ".");
  if (rest.includes("..")) throw invalid4(whole, "there is a .. after a wildcard");
  return [...pathSegments(resolve(workingDirectory, `${literal2.join("/")}${literal2.length > 0 ? "/" : ""}`)), ...rest];
}
function pathSegments(path) {
  return path.split(sep).filter((segment, index) => index === 0 || segment !== "");
}
function pathOf(segments) {
  return segments.length === 1 ? `${segments[0] ?? ""}${sep}` : segments.join(sep);
}
function commonFolder(alternatives2) {
  const folders = alternatives2.map((segments) => {
    const prefix = staticPrefix(segments);
    return prefix.length === segments.length ? pathSegments(dirname(pathOf(prefix))) : prefix;
  });
  const [first = []] = folders;
  const end = first.findIndex((segment, index) => folders.some((folder) => folder[index] !== segment));
  return pathOf(end === -1 ? first : first.slice(0, end));
}
var Search = class {
  links = /* @__PURE__ */ new Set();
  unmatched = [];
  #files = /* @__PURE__ */ new Set();
  #options;
  constructor(options) {
    this.#options = options;
  }
  found() {
    return [...this.#files];
  }
  async apply(pattern) {
    if (pattern.excludes) return this.#exclude(pattern);
    let matched = false;
    for (const segments of pattern.alternatives) {
      const isLiteral = !segments.some(hasWildcard);
      if (isLiteral) await this.#addNamed(pathOf(segments), pattern.text);
      else if (await this.#addMatching(segments)) matched = true;
      matched ||= isLiteral;
    }
    if (!matched) this.unmatched.push(pattern.text);
  }
  #exclude({ alternatives: alternatives2 }) {
    const below = alternatives2.flatMap((segments) => [segments, [...segments, "**"]]);
    for (const paths of [this.#files, this.links]) {
      for (const path of paths) if (below.some((segments) => this.#matches(segments, path))) paths.delete(path);
    }
  }
  async #addNamed(path, pattern) {
    const stats = await statistics(path);
    if (stats === void 0) {
      throw new OriginSignError("input.no_files", `The file "${pattern}" does not exist.`, { details: { pattern } });
    }
    if (stats.isSymbolicLink()) throw notRegular(pattern, "a symbolic link", "name the file that it leads to");
    if (stats.isDirectory()) throw notRegular(pattern, "a folder", `write ${pattern}/** for all files in it`);
    if (!stats.isFile()) throw notRegular(pattern, "no regular file", "only regular files can be signed");
    this.#files.add(path);
  }
  async #addMatching(segments) {
    const prefix = staticPrefix(segments);
    const depth = segments.includes("**") ? Number.POSITIVE_INFINITY : segments.length - prefix.length;
    let matched = false;
    for await (const { path, entry: entry2 } of walk(pathOf(prefix), depth)) {
      if (!this.#matches(segments, path) || this.#isOwn(path, entry2.name, pathOf(prefix))) continue;
      if (entry2.isSymbolicLink()) this.links.add(path);
      else if (entry2.isFile()) this.#files.add(path);
      matched ||= entry2.isFile();
    }
    return matched;
  }
  #matches(segments, path) {
    const { platform: platform2 = process.platform } = this.#options;
    if (platform2 !== "win32") return matchesSegments(segments, pathSegments(path));
    const lower = (items) => items.map((item) => item.toLowerCase());
    return matchesSegments(lower(segments), lower(pathSegments(path)));
  }
  /** What an earlier run wrote must not become an input of this one. */
  #isOwn(path, name, start) {
    const { outputDirectory, withProofs = false } = this.#options;
    if (!withProofs && OWN_FILES.test(name)) return true;
    return outputDirectory !== void 0 && !isWithin(outputDirectory, start) && isWithin(outputDirectory, path);
  }
};
function isWithin(folder, path) {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
async function* walk(folder, depth) {
  for (const entry2 of await entries(folder)) {
    const path = join(folder, entry2.name);
    if (!entry2.isDirectory()) yield { path, entry: entry2 };
    else if (depth > 1) yield* walk(path, depth - 1);
  }
}
async function entries(folder) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    if (isMissing(cause)) return [];
    throw new OriginSignError("input.file", `The folder "${folder}" cannot be read.`, { cause });
  }
}
async function statistics(path) {
  try {
    return await lstat(path);
  } catch (cause) {
    if (isMissing(cause)) return void 0;
    throw new OriginSignError("input.file", `The file "${path}" cannot be read.`, { cause });
  }
}
function isMissing(error2) {
  const code3 = error2 instanceof Error && "code" in error2 ? error2.code : void 0;
  return code3 === "ENOENT" || code3 === "ENOTDIR";
}
function notRegular(pattern, what, hint) {
  return new OriginSignError("input.file", `"${pattern}" is ${what}.`, { hint });
}

// core/src/client/verification/candidates.ts
async function findCandidates(patterns, workingDirectory, recursive) {
  const texts = patterns.map((text4) => text4.trim()).filter((text4) => text4 !== "");
  const folders = recursive ? await foldersOf(texts, workingDirectory) : /* @__PURE__ */ new Map();
  const named = await findNamed(
    texts.filter((text4) => !folders.has(text4)),
    workingDirectory,
    folders.size === 0
  );
  const walked = await findWalked(texts, folders, workingDirectory);
  const known = new Set(named.files.map(({ path }) => path));
  return {
    files: [...named.files, ...walked.files.filter(({ path }) => !known.has(path))],
    links: walked.links,
    unmatched: [...named.unmatched, ...walked.unmatched]
  };
}
var NOTHING = { files: [], links: [], unmatched: [] };
var excludes = (text4) => text4.startsWith("!");
async function foldersOf(texts, workingDirectory) {
  const folders = /* @__PURE__ */ new Map();
  for (const text4 of texts.filter((pattern) => !excludes(pattern) && !hasWildcard(pattern))) {
    const path = resolve2(workingDirectory, text4);
    const stats = await lstat2(path).catch(() => void 0);
    if (stats?.isDirectory() === true) folders.set(text4, path);
  }
  return folders;
}
async function findNamed(texts, workingDirectory, isEverything) {
  if (!isEverything && texts.every(excludes)) return NOTHING;
  const { base, files, links, unmatched } = await findFiles(texts, { workingDirectory });
  const [link2] = links;
  if (link2 !== void 0) {
    throw new OriginSignError(
      "input.file",
      `"${shortPath(link2, workingDirectory)}" is a symbolic link and was not verified.`,
      { hint: "remove it, or exclude it with a pattern that begins with !" }
    );
  }
  return { files: files.map(({ path }) => ({ path, base, isWalked: false })), links: [], unmatched };
}
async function findWalked(texts, folders, workingDirectory) {
  if (folders.size === 0) return NOTHING;
  const below = texts.flatMap((text4) => {
    if (excludes(text4)) return [text4];
    return folders.has(text4) ? [`${text4}/**`] : [];
  });
  const { files, links, unmatched } = await findFiles(below, { workingDirectory, withProofs: true });
  const roots = [...folders.values()];
  const realRoots = await Promise.all(roots.map((root) => realpath(root)));
  const baseOf = (path) => roots.find((root) => isWithin(root, path)) ?? workingDirectory;
  return {
    files: files.map(({ path }) => ({ path, base: baseOf(path), isWalked: true })),
    links: await Promise.all(links.map((path) => judgeLink(path, realRoots))),
    unmatched
  };
}
async function judgeLink(path, roots) {
  const target = await realpath(path).catch(() => void 0);
  return { path, staysInside: target !== void 0 && roots.some((root) => isWithin(root, target)) };
}

// core/src/client/verification/proofs.ts
import { readdir as readdir2 } from "node:fs/promises";
import { basename, dirname as dirname2, join as join2, resolve as resolve3 } from "node:path";
var RECEIPT = /^originsign-[A-Za-z0-9_-]{12}\.tlog-proof$/;
var PROVENANCE = /^originsign-[A-Za-z0-9_-]{12}\.provenance\.sigstore\.json$/;
var SIGNATURE = /\.(?:p7s|sig|sigstore\.json|minisig)$/;
function signedFileOf(path) {
  return SIGNATURE.test(path) ? path.replace(SIGNATURE, "") : void 0;
}
var ProofFinder = class {
  #named;
  #folders = /* @__PURE__ */ new Map();
  #contents = /* @__PURE__ */ new Map();
  constructor(named) {
    this.#named = named;
  }
  /**
   * The proofs that were named, else all that lie beside the file or in a folder above it up to `base`, where signing puts
   * those of a whole tree: which of them are of this file is found by content. Throws `input.file`.
   */
  async proofsOf(path, base) {
    const { workingDirectory, receipts, provenances } = this.#named;
    const named = (paths) => paths?.map((text4) => resolve3(workingDirectory, text4));
    return {
      receipts: await this.#read(named(receipts) ?? await this.#near(path, base, RECEIPT)),
      provenances: await this.#read(named(provenances) ?? await this.#near(path, base, PROVENANCE))
    };
  }
  /** True where a file with the name of a detached signature lies beside the file. */
  async hasSignatureBeside(path) {
    const names = await this.#namesIn(dirname2(path));
    return [".p7s", ".sig", ".sigstore.json", ".minisig"].some((extension) => names.has(basename(path) + extension));
  }
  /** True where the name is that of a proof, or of a signature of a file that lies beside it. */
  async isCompanion(path) {
    const name = basename(path);
    if (RECEIPT.test(name) || PROVENANCE.test(name)) return true;
    const signed = signedFileOf(path);
    return signed !== void 0 && (await this.#namesIn(dirname2(path))).has(basename(signed));
  }
  #read(paths) {
    return Promise.all(
      paths.map((path) => {
        const content = this.#contents.get(path) ?? readSmallFile(path);
        this.#contents.set(path, content);
        return content;
      })
    );
  }
  async #near(path, base, pattern) {
    const found = [];
    for (let folder = dirname2(path); ; folder = dirname2(folder)) {
      const names = [...await this.#namesIn(folder)].filter((name) => pattern.test(name)).sort();
      found.push(...names.map((name) => join2(folder, name)));
      if (folder === base || !isWithin(base, folder)) return found;
    }
  }
  #namesIn(folder) {
    const names = this.#folders.get(folder) ?? namesIn(folder);
    this.#folders.set(folder, names);
    return names;
  }
};
async function namesIn(folder) {
  try {
    return new Set(await readdir2(folder));
  } catch (cause) {
    throw new OriginSignError("input.file", `The folder "${folder}" cannot be read.`, { cause });
  }
}

// core/src/client/verification/verify-files.ts
var PARALLEL = 2;
async function verifyFiles(options, ports) {
  const { workingDirectory, receipts, provenances } = options;
  const found = await findCandidates(options.files, workingDirectory, options.recursive === true);
  for (const pattern of found.unmatched) ports.warn(`The pattern "${pattern}" matches no file.`);
  const proofs = new ProofFinder({
    workingDirectory,
    ...receipts === void 0 ? {} : { receipts },
    ...provenances === void 0 ? {} : { provenances }
  });
  const paths = new Set(found.files.map(({ path }) => path));
  const context = { options, proofs, paths, now: ports.clock.now() };
  const outcomes = [
    ...await mapInParallel(found.files, PARALLEL, (candidate) => look(candidate, context)),
    ...found.links.map((link2) => judge(link2, options.requireSigned === true))
  ].filter((outcome) => outcome !== void 0);
  return filesReport(
    outcomes.filter((outcome) => "report" in outcome),
    outcomes.filter((outcome) => "reason" in outcome)
  );
}
function look(candidate, context) {
  const { path, isWalked } = candidate;
  const { proofs, options } = context;
  return withFileSource(path, async (source) => {
    const shown = await recogniseFormat(source);
    if (shown === void 0 && await isCompanion(candidate, context)) return void 0;
    if (isWalked && shown === void 0 && !await proofs.hasSignatureBeside(path)) {
      return { path, reason: "no signature, and of no format that holds one" };
    }
    const report = await verifyOne(candidate, source, context);
    const mustBeSigned = !isWalked || options.requireSigned === true && shown !== void 0;
    return mustBeSigned || !isUnsigned(report) ? { path, report } : { path, reason: unsigned(shown) };
  });
}
async function isCompanion({ path, isWalked }, { proofs, paths }) {
  return isWalked ? proofs.isCompanion(path) : paths.has(signedFileOf(path) ?? "");
}
async function verifyOne({ path, base }, source, context) {
  const { options, proofs, now } = context;
  const { format, trust, expected, trial = false } = options;
  const beside = (extension) => readIfThere(path + extension);
  return verifyFile({
    file: { source, beside, ...format === void 0 ? {} : { format } },
    ...await proofs.proofsOf(path, base),
    trust,
    expected,
    now,
    trial
  });
}
function isUnsigned({ checks }) {
  return checks.some(({ name, code: code3 }) => name === "signature" && code3 === "verify.unsigned");
}
function unsigned(format) {
  return format === void 0 ? "no signature of the format that counts" : `unsigned, could be signed as ${format.id}`;
}
function judge({ path, staysInside }, requireSigned) {
  if (staysInside) return { path, reason: "a symbolic link to what is looked at itself" };
  const detail = "A symbolic link leads out of the folder, to what nobody looked at.";
  if (!requireSigned) return { path, reason: "a symbolic link that leads out of the folder" };
  const hint = "replace it by the file, or exclude it with a pattern that begins with !";
  return {
    path,
    report: { verified: false, checks: [{ name: "signature", ok: false, code: "verify.unsigned", detail, hint }] }
  };
}

// core/src/client/step/unforeseen.ts
function unforeseen(error2, host) {
  host.debug(error2 instanceof Error ? error2.stack ?? error2.message : String(error2));
  return new OriginSignError("internal.error", "The step failed in a way that it should not.", {
    hint: "run the job again with debug logging and report what it prints",
    cause: error2
  });
}

// core/src/client/step/input-readers.ts
var requiredText = (text4, name) => {
  if (text4 !== "") return text4;
  throw new OriginSignError("input.missing", `The input ${name} is missing.`, {
    hint: `give the step an input ${name}`
  });
};
var optionalText = (text4) => text4 === "" ? void 0 : text4;
var requiredLines = (text4, name) => lines(requiredText(text4, name), name);
var lines = (text4) => text4.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
function flag(preset) {
  return (text4, name) => {
    if (text4 === "") return preset;
    if (/^(?:true|True|TRUE)$/.test(text4)) return true;
    if (/^(?:false|False|FALSE)$/.test(text4)) return false;
    throw notAllowed(name, "true or false");
  };
}
function notAllowed(name, allowed) {
  return new OriginSignError("input.invalid", `The input ${name} has a value that is not allowed.`, {
    hint: `${name} takes ${allowed}`
  });
}

// core/src/client/step/verify-inputs.ts
var VERIFY_INPUTS = {
  files: requiredLines,
  trust: requiredText,
  repository: requiredText,
  project: requiredText,
  ref: optionalText,
  workflow: optionalText,
  policy: optionalText,
  builder: optionalText,
  format: optionalText,
  recursive: flag(false),
  "require-signed": flag(false),
  receipt: lines,
  provenance: lines,
  trial: flag(false)
};
function readVerifyInputs(host) {
  const entries2 = Object.entries(VERIFY_INPUTS).map(([name, read]) => [
    name,
    read(host.input(name), host.inputName(name))
  ]);
  const inputs = Object.fromEntries(entries2);
  const { files, trust, repository, project, ref, workflow, policy, builder, format } = inputs;
  return {
    trust,
    options: {
      files,
      workingDirectory: host.workingDirectory,
      expected: {
        repository,
        project,
        ...ref === void 0 ? {} : { ref },
        ...workflow === void 0 ? {} : { workflow },
        ...policy === void 0 ? {} : { policy },
        ...builder === void 0 ? {} : { builder }
      },
      ...format === void 0 ? {} : { format },
      ...inputs.receipt.length === 0 ? {} : { receipts: inputs.receipt },
      ...inputs.provenance.length === 0 ? {} : { provenances: inputs.provenance },
      recursive: inputs.recursive,
      requireSigned: inputs["require-signed"],
      trial: inputs.trial
    }
  };
}

// core/src/client/step/verify-outputs.ts
import { relative as relative3, sep as sep2 } from "node:path";
function filesOutput({ files }, workingDirectory) {
  return JSON.stringify(files.map((file) => fileOutput(file, workingDirectory)));
}
function fileOutput(file, workingDirectory) {
  const { verified, format, requestId: requestId2, origin: origin2 } = file.report;
  const code3 = fileFailure(file)?.code;
  return {
    path: relative3(workingDirectory, file.path).split(sep2).join("/"),
    verified,
    ...code3 === void 0 ? { format, requestId: requestId2, commit: origin2?.commit, ref: origin2?.ref } : { code: code3 }
  };
}

// core/src/client/step/verify-step.ts
async function runVerifyStep(host) {
  let server;
  try {
    const step = readVerifyInputs(host);
    const trust = await readTrustFile(resolve4(host.workingDirectory, step.trust));
    server = trust.server;
    const warn = (message) => host.annotate("warning", "OriginSign", plainText(message));
    const report = await verifyFiles({ ...step.options, trust }, { clock: systemClock, warn });
    await tell({ report, step, server }, host);
    return filesFailure(report)?.exitCode ?? 0;
  } catch (error2) {
    return fail(isOriginSignError(error2) ? error2 : unforeseen(error2, host), host, server);
  }
}
async function tell({ report, step, server }, host) {
  const { workingDirectory } = host;
  host.output("verified", String(report.verified));
  host.output("files", filesOutput(report, workingDirectory));
  for (const file of report.files) for (const line of linesOf2(file, workingDirectory)) host.print(line);
  for (const { path, reason } of report.skipped) {
    host.print(plainText(`skipped   ${shortPath(path, workingDirectory)}  ${reason}`));
  }
  for (const [name, failure2] of failuresOf(report, workingDirectory)) {
    host.annotate("error", `OriginSign: ${plainText(name)} not verified`, errorLines(failure2, server).join("\n"));
  }
  await host.summary(verificationMarkdown(report, { expected: step.options.expected, workingDirectory, server }));
  host.output("report", await writeReport(report, host));
}
function failuresOf(report, workingDirectory) {
  const whole = filesFailure(report);
  if (report.files.length === 0) return whole === void 0 ? [] : [["the folder", whole]];
  return report.files.flatMap((file) => {
    const failure2 = fileFailure(file);
    return failure2 === void 0 ? [] : [[shortPath(file.path, workingDirectory), failure2]];
  });
}
function linesOf2({ path, report }, workingDirectory) {
  const { facts, checks } = verificationRows(report);
  const word = report.verified ? "verified" : "failed  ";
  const rows = [...facts, ...checks].map((cells) => `  ${cells.map((cell) => cell.padEnd(10)).join("  ")}`.trimEnd());
  return [`${word}  ${shortPath(path, workingDirectory)}  ${report.format ?? ""}`.trimEnd(), ...rows].map(
    (line) => plainText(line)
  );
}
async function writeReport(report, { environment }) {
  const temporary = environment["RUNNER_TEMP"] ?? environment["AGENT_TEMPDIRECTORY"] ?? tmpdir();
  try {
    const path = join3(await mkdtemp(join3(temporary, "originsign-")), "verification.json");
    await writeFile(path, `${JSON.stringify(reportJson(report), void 0, 2)}
`);
    return path;
  } catch (cause) {
    throw new OriginSignError("input.file", `The report cannot be written to "${temporary}".`, { cause });
  }
}
async function fail(error2, host, server) {
  host.output("verified", "false");
  host.annotate("error", "OriginSign: not verified", errorLines(error2, server).join("\n"));
  if (error2.cause instanceof Error) host.debug(`cause: ${error2.cause.name}: ${error2.cause.message}`);
  await host.summary(unverifiedMarkdown(error2, server));
  return error2.exitCode;
}

// node_modules/@actions/core/lib/command.js
import * as os from "os";

// node_modules/@actions/core/lib/utils.js
function toCommandValue(input2) {
  if (input2 === null || input2 === void 0) {
    return "";
  } else if (typeof input2 === "string" || input2 instanceof String) {
    return input2;
  }
  return JSON.stringify(input2);
}
function toCommandProperties(annotationProperties) {
  if (!Object.keys(annotationProperties).length) {
    return {};
  }
  return {
    title: annotationProperties.title,
    file: annotationProperties.file,
    line: annotationProperties.startLine,
    endLine: annotationProperties.endLine,
    col: annotationProperties.startColumn,
    endColumn: annotationProperties.endColumn
  };
}

// node_modules/@actions/core/lib/command.js
function issueCommand(command, properties, message) {
  const cmd = new Command(command, properties, message);
  process.stdout.write(cmd.toString() + os.EOL);
}
var CMD_STRING = "::";
var Command = class {
  constructor(command, properties, message) {
    if (!command) {
      command = "missing.command";
    }
    this.command = command;
    this.properties = properties;
    this.message = message;
  }
  toString() {
    let cmdStr = CMD_STRING + this.command;
    if (this.properties && Object.keys(this.properties).length > 0) {
      cmdStr += " ";
      let first = true;
      for (const key2 in this.properties) {
        if (this.properties.hasOwnProperty(key2)) {
          const val = this.properties[key2];
          if (val) {
            if (first) {
              first = false;
            } else {
              cmdStr += ",";
            }
            cmdStr += `${key2}=${escapeProperty(val)}`;
          }
        }
      }
    }
    cmdStr += `${CMD_STRING}${escapeData(this.message)}`;
    return cmdStr;
  }
};
function escapeData(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}
function escapeProperty(s) {
  return toCommandValue(s).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/:/g, "%3A").replace(/,/g, "%2C");
}

// node_modules/@actions/core/lib/file-command.js
import * as crypto2 from "crypto";
import * as fs from "fs";
import * as os2 from "os";
function issueFileCommand(command, message) {
  const filePath = process.env[`GITHUB_${command}`];
  if (!filePath) {
    throw new Error(`Unable to find environment variable for file command ${command}`);
  }
  if (!fs.existsSync(filePath)) {
    throw new Error(`Missing file at path: ${filePath}`);
  }
  fs.appendFileSync(filePath, `${toCommandValue(message)}${os2.EOL}`, {
    encoding: "utf8"
  });
}
function prepareKeyValueMessage(key2, value) {
  const delimiter = `ghadelimiter_${crypto2.randomUUID()}`;
  const convertedValue = toCommandValue(value);
  if (key2.includes(delimiter)) {
    throw new Error(`Unexpected input: name should not contain the delimiter "${delimiter}"`);
  }
  if (convertedValue.includes(delimiter)) {
    throw new Error(`Unexpected input: value should not contain the delimiter "${delimiter}"`);
  }
  return `${key2}<<${delimiter}${os2.EOL}${convertedValue}${os2.EOL}${delimiter}`;
}

// node_modules/@actions/core/lib/core.js
import * as os4 from "os";

// node_modules/@actions/core/lib/summary.js
import { EOL as EOL3 } from "os";
import { constants as constants2, promises } from "fs";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve5) {
      resolve5(value);
    });
  }
  return new (P || (P = Promise))(function(resolve5, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve5(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var { access, appendFile, writeFile: writeFile2 } = promises;
var SUMMARY_ENV_VAR = "GITHUB_STEP_SUMMARY";
var Summary = class {
  constructor() {
    this._buffer = "";
  }
  /**
   * Finds the summary file path from the environment, rejects if env var is not found or file does not exist
   * Also checks r/w permissions.
   *
   * @returns step summary file path
   */
  filePath() {
    return __awaiter(this, void 0, void 0, function* () {
      if (this._filePath) {
        return this._filePath;
      }
      const pathFromEnv = process.env[SUMMARY_ENV_VAR];
      if (!pathFromEnv) {
        throw new Error(`Unable to find environment variable for $${SUMMARY_ENV_VAR}. Check if your runtime environment supports job summaries.`);
      }
      try {
        yield access(pathFromEnv, constants2.R_OK | constants2.W_OK);
      } catch (_a2) {
        throw new Error(`Unable to access summary file: '${pathFromEnv}'. Check if the file has correct read/write permissions.`);
      }
      this._filePath = pathFromEnv;
      return this._filePath;
    });
  }
  /**
   * Wraps content in an HTML tag, adding any HTML attributes
   *
   * @param {string} tag HTML tag to wrap
   * @param {string | null} content content within the tag
   * @param {[attribute: string]: string} attrs key-value list of HTML attributes to add
   *
   * @returns {string} content wrapped in HTML element
   */
  wrap(tag, content, attrs = {}) {
    const htmlAttrs = Object.entries(attrs).map(([key2, value]) => ` ${key2}="${value}"`).join("");
    if (!content) {
      return `<${tag}${htmlAttrs}>`;
    }
    return `<${tag}${htmlAttrs}>${content}</${tag}>`;
  }
  /**
   * Writes text in the buffer to the summary buffer file and empties buffer. Will append by default.
   *
   * @param {SummaryWriteOptions} [options] (optional) options for write operation
   *
   * @returns {Promise<Summary>} summary instance
   */
  write(options) {
    return __awaiter(this, void 0, void 0, function* () {
      const overwrite = !!(options === null || options === void 0 ? void 0 : options.overwrite);
      const filePath = yield this.filePath();
      const writeFunc = overwrite ? writeFile2 : appendFile;
      yield writeFunc(filePath, this._buffer, { encoding: "utf8" });
      return this.emptyBuffer();
    });
  }
  /**
   * Clears the summary buffer and wipes the summary file
   *
   * @returns {Summary} summary instance
   */
  clear() {
    return __awaiter(this, void 0, void 0, function* () {
      return this.emptyBuffer().write({ overwrite: true });
    });
  }
  /**
   * Returns the current summary buffer as a string
   *
   * @returns {string} string of summary buffer
   */
  stringify() {
    return this._buffer;
  }
  /**
   * If the summary buffer is empty
   *
   * @returns {boolen} true if the buffer is empty
   */
  isEmptyBuffer() {
    return this._buffer.length === 0;
  }
  /**
   * Resets the summary buffer without writing to summary file
   *
   * @returns {Summary} summary instance
   */
  emptyBuffer() {
    this._buffer = "";
    return this;
  }
  /**
   * Adds raw text to the summary buffer
   *
   * @param {string} text content to add
   * @param {boolean} [addEOL=false] (optional) append an EOL to the raw text (default: false)
   *
   * @returns {Summary} summary instance
   */
  addRaw(text4, addEOL = false) {
    this._buffer += text4;
    return addEOL ? this.addEOL() : this;
  }
  /**
   * Adds the operating system-specific end-of-line marker to the buffer
   *
   * @returns {Summary} summary instance
   */
  addEOL() {
    return this.addRaw(EOL3);
  }
  /**
   * Adds an HTML codeblock to the summary buffer
   *
   * @param {string} code content to render within fenced code block
   * @param {string} lang (optional) language to syntax highlight code
   *
   * @returns {Summary} summary instance
   */
  addCodeBlock(code3, lang) {
    const attrs = Object.assign({}, lang && { lang });
    const element = this.wrap("pre", this.wrap("code", code3), attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML list to the summary buffer
   *
   * @param {string[]} items list of items to render
   * @param {boolean} [ordered=false] (optional) if the rendered list should be ordered or not (default: false)
   *
   * @returns {Summary} summary instance
   */
  addList(items, ordered = false) {
    const tag = ordered ? "ol" : "ul";
    const listItems = items.map((item) => this.wrap("li", item)).join("");
    const element = this.wrap(tag, listItems);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML table to the summary buffer
   *
   * @param {SummaryTableCell[]} rows table rows
   *
   * @returns {Summary} summary instance
   */
  addTable(rows) {
    const tableBody = rows.map((row2) => {
      const cells = row2.map((cell) => {
        if (typeof cell === "string") {
          return this.wrap("td", cell);
        }
        const { header, data, colspan, rowspan } = cell;
        const tag = header ? "th" : "td";
        const attrs = Object.assign(Object.assign({}, colspan && { colspan }), rowspan && { rowspan });
        return this.wrap(tag, data, attrs);
      }).join("");
      return this.wrap("tr", cells);
    }).join("");
    const element = this.wrap("table", tableBody);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds a collapsable HTML details element to the summary buffer
   *
   * @param {string} label text for the closed state
   * @param {string} content collapsable content
   *
   * @returns {Summary} summary instance
   */
  addDetails(label2, content) {
    const element = this.wrap("details", this.wrap("summary", label2) + content);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML image tag to the summary buffer
   *
   * @param {string} src path to the image you to embed
   * @param {string} alt text description of the image
   * @param {SummaryImageOptions} options (optional) addition image attributes
   *
   * @returns {Summary} summary instance
   */
  addImage(src, alt, options) {
    const { width, height } = options || {};
    const attrs = Object.assign(Object.assign({}, width && { width }), height && { height });
    const element = this.wrap("img", null, Object.assign({ src, alt }, attrs));
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML section heading element
   *
   * @param {string} text heading text
   * @param {number | string} [level=1] (optional) the heading level, default: 1
   *
   * @returns {Summary} summary instance
   */
  addHeading(text4, level) {
    const tag = `h${level}`;
    const allowedTag = ["h1", "h2", "h3", "h4", "h5", "h6"].includes(tag) ? tag : "h1";
    const element = this.wrap(allowedTag, text4);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML thematic break (<hr>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addSeparator() {
    const element = this.wrap("hr", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML line break (<br>) to the summary buffer
   *
   * @returns {Summary} summary instance
   */
  addBreak() {
    const element = this.wrap("br", null);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML blockquote to the summary buffer
   *
   * @param {string} text quote text
   * @param {string} cite (optional) citation url
   *
   * @returns {Summary} summary instance
   */
  addQuote(text4, cite) {
    const attrs = Object.assign({}, cite && { cite });
    const element = this.wrap("blockquote", text4, attrs);
    return this.addRaw(element).addEOL();
  }
  /**
   * Adds an HTML anchor tag to the summary buffer
   *
   * @param {string} text link text/content
   * @param {string} href hyperlink
   *
   * @returns {Summary} summary instance
   */
  addLink(text4, href) {
    const element = this.wrap("a", text4, { href });
    return this.addRaw(element).addEOL();
  }
};
var _summary = new Summary();
var summary = _summary;

// node_modules/@actions/core/lib/platform.js
import os3 from "os";

// node_modules/@actions/io/lib/io-util.js
import * as fs2 from "fs";
var { chmod, copyFile, lstat: lstat3, mkdir, open: open2, readdir: readdir3, rename, rm, rmdir, stat: stat2, symlink, unlink } = fs2.promises;
var IS_WINDOWS = process.platform === "win32";
var READONLY = fs2.constants.O_RDONLY;

// node_modules/@actions/exec/lib/toolrunner.js
var IS_WINDOWS2 = process.platform === "win32";

// node_modules/@actions/core/lib/platform.js
var platform = os3.platform();
var arch = os3.arch();

// node_modules/@actions/core/lib/core.js
var ExitCode;
(function(ExitCode2) {
  ExitCode2[ExitCode2["Success"] = 0] = "Success";
  ExitCode2[ExitCode2["Failure"] = 1] = "Failure";
})(ExitCode || (ExitCode = {}));
function setSecret(secret) {
  issueCommand("add-mask", {}, secret);
}
function getInput(name, options) {
  const val = process.env[`INPUT_${name.replace(/ /g, "_").toUpperCase()}`] || "";
  if (options && options.required && !val) {
    throw new Error(`Input required and not supplied: ${name}`);
  }
  if (options && options.trimWhitespace === false) {
    return val;
  }
  return val.trim();
}
function setOutput(name, value) {
  const filePath = process.env["GITHUB_OUTPUT"] || "";
  if (filePath) {
    return issueFileCommand("OUTPUT", prepareKeyValueMessage(name, value));
  }
  process.stdout.write(os4.EOL);
  issueCommand("set-output", { name }, toCommandValue(value));
}
function debug(message) {
  issueCommand("debug", {}, message);
}
function error(message, properties = {}) {
  issueCommand("error", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function warning(message, properties = {}) {
  issueCommand("warning", toCommandProperties(properties), message instanceof Error ? message.toString() : message);
}
function info(message) {
  process.stdout.write(message + os4.EOL);
}

// actions/shared/github-host.ts
function githubHost() {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => controller.abort());
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    signal: controller.signal,
    input: (name) => getInput(name),
    inputName: (name) => name,
    output: (name, value) => setOutput(name, value),
    mask: (secret) => setSecret(secret),
    print: (line) => info(line),
    annotate: (level, title2, message) => (level === "error" ? error : warning)(message, { title: title2 }),
    debug: (line) => debug(line),
    summary: async (markdown) => {
      if (process.env["GITHUB_STEP_SUMMARY"] !== void 0) await summary.addRaw(markdown, true).write();
    }
  };
}

// actions/verify/src/main.ts
process.exitCode = await runVerifyStep(githubHost());
