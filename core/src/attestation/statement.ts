import { utf8 } from '../encoding/bytes.ts';
import type { JsonObject } from '../encoding/canonical-json.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { OriginSignError } from '../errors/error.ts';
import { digestMap, parseCoveredDigest, type CoveredDigest } from './covered-digest.ts';
import { parseOneUseJwk, type OneUseJwk } from './one-use-key.ts';
import { isServerUrl } from './server-url.ts';
import { shapeReader } from './shape.ts';
import { hasDeceptiveCharacters, subjectNameProblem } from './subject-name.ts';

/** `_type` of an in-toto Statement v1. */
export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
/** Predicate type of a signing request. */
export const SIGNING_REQUEST_TYPE = 'https://originsign.dev/signing-request/v1';
/** Most artifacts in one request. */
export const MAX_ARTIFACTS = 1024;
/** Largest payload in bytes: base64 of it still fits the 2 MiB body. */
export const MAX_PAYLOAD_BYTES = 1_500_000;

/** What is to be signed, in the order of the subjects. */
export interface ArtifactRequest {
  /** Id of the signature format. */
  readonly format: string;
  /** What the format needs from the file to build the bytes to be signed. Checked by the format alone. */
  readonly inputs: JsonObject;
  /** Choices of the user for this format. Checked by the format alone. */
  readonly options: JsonObject;
  /** What the client says about the file. Unchecked unless the digest is the covered one. */
  readonly claimed: { readonly sha256: string; readonly size: number };
}

/** Name and covered digest of one artifact. */
export interface StatementSubject {
  readonly name: string;
  readonly coveredDigest: CoveredDigest;
}

/** A signing request as the client states it. */
export interface SigningRequestStatement {
  readonly subjects: readonly StatementSubject[];
  /** Public URL of the one server that this is for. */
  readonly server: string;
  readonly project: string;
  readonly policy: string;
  readonly key: OneUseJwk;
  /** Same order and length as the subjects. */
  readonly artifacts: readonly ArtifactRequest[];
  /** One or more lines for people. */
  readonly description?: string;
  /** Free names and values that a policy may look at. */
  readonly parameters?: Readonly<Record<string, string>>;
}

const shape = shapeReader('statement.malformed', 'statement');
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const PARAMETER_NAME = /^[A-Za-z][A-Za-z0-9._-]{0,62}$/;
const MAX_TEXT_BYTES = 1024;
const MAX_PARAMETERS = 64;

/**
 * The payload bytes of a signing request. Only the client that makes the request calls this: its id is the hash of these
 * bytes, so nobody serialises a statement a second time. Throws what `parseSigningRequest` throws.
 */
export function encodeSigningRequest(statement: SigningRequestStatement): Uint8Array {
  const { server, project, policy, key, artifacts, description, parameters } = statement;
  const document = {
    _type: STATEMENT_TYPE,
    subject: statement.subjects.map(({ name, coveredDigest }) => ({ name, digest: digestMap(coveredDigest) })),
    predicateType: SIGNING_REQUEST_TYPE,
    predicate: { server, project, policy, key, artifacts, description, parameters },
  };
  const payload = utf8(JSON.stringify(document));
  parseSigningRequest(payload);
  return payload;
}

/**
 * Reads the payload of a signing request that anybody may have written. Throws `request.too_large`, `json.*`,
 * `statement.malformed`, `statement.predicate_type`, `statement.subject_name`, `statement.duplicate_subject` or
 * `statement.digest`. Source: in-toto Statement v1.
 */
export function parseSigningRequest(payload: Uint8Array): SigningRequestStatement {
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw new OriginSignError('request.too_large', `The statement is larger than ${MAX_PAYLOAD_BYTES} bytes.`);
  }
  const value = parseStrictJson(payload, { maxDepth: 16 });
  const statement = shape.object(value, 'statement', ['_type', 'subject', 'predicateType', 'predicate']);
  if (statement['_type'] !== STATEMENT_TYPE) throw shape.fail('_type', `expected ${STATEMENT_TYPE}`);
  if (statement['predicateType'] !== SIGNING_REQUEST_TYPE) {
    throw new OriginSignError('statement.predicate_type', `The predicate type is not ${SIGNING_REQUEST_TYPE}.`);
  }
  const subjects = shape.list(statement['subject'], 'subject', 1, MAX_ARTIFACTS).map(parseSubject);
  refuseDuplicates(subjects);
  return parsePredicate(statement['predicate'], subjects);
}

function parseSubject(value: unknown, index: number): StatementSubject {
  const path = `subject.${index}`;
  const subject = shape.object(value, path, ['name', 'digest']);
  const { name } = subject;
  if (typeof name !== 'string') throw shape.fail(`${path}.name`, 'expected a string');
  const problem = subjectNameProblem(name);
  if (problem !== undefined) {
    throw new OriginSignError('statement.subject_name', `The name of subject ${index} is not allowed: ${problem}.`);
  }
  return { name, coveredDigest: parseCoveredDigest(subject['digest']) };
}

function refuseDuplicates(subjects: readonly StatementSubject[]): void {
  const seen = new Set<string>();
  for (const [index, { name, coveredDigest }] of subjects.entries()) {
    for (const key of [`name ${name}`, `digest ${coveredDigest.algorithm} ${coveredDigest.value}`]) {
      if (seen.has(key)) {
        throw new OriginSignError('statement.duplicate_subject', `Subject ${index} has the name or digest of another.`);
      }
      seen.add(key);
    }
  }
}

function parsePredicate(value: unknown, subjects: readonly StatementSubject[]): SigningRequestStatement {
  const required = ['server', 'project', 'policy', 'key', 'artifacts'];
  const predicate = shape.object(value, 'predicate', required, ['description', 'parameters']);
  const { server, description, parameters } = predicate;
  if (typeof server !== 'string' || !isServerUrl(server)) throw shape.fail('predicate.server', 'not a canonical URL');
  const artifacts = shape.list(predicate['artifacts'], 'predicate.artifacts', 1, MAX_ARTIFACTS);
  if (artifacts.length !== subjects.length) throw shape.fail('predicate.artifacts', 'expected one for each subject');
  return {
    subjects,
    server,
    project: shape.text(predicate['project'], 'predicate.project', NAME),
    policy: shape.text(predicate['policy'], 'predicate.policy', NAME),
    key: parseOneUseJwk(predicate['key'], 'predicate.key'),
    artifacts: artifacts.map((artifact, index) => parseArtifact(artifact, index, subjects[index])),
    ...(description === undefined ? {} : { description: plainText(description, 'predicate.description') }),
    ...(parameters === undefined ? {} : { parameters: parseParameters(parameters) }),
  };
}

function parseArtifact(value: unknown, index: number, subject: StatementSubject | undefined): ArtifactRequest {
  const path = `predicate.artifacts.${index}`;
  const artifact = shape.object(value, path, ['format', 'inputs', 'options', 'claimed']);
  const claimed = shape.object(artifact['claimed'], `${path}.claimed`, ['sha256', 'size']);
  const sha256 = shape.text(claimed['sha256'], `${path}.claimed.sha256`, /^[0-9a-f]{64}$/);
  // Where the covered digest is the file's own, another claimed one would make one line of a report contradict the next.
  if (subject?.coveredDigest.algorithm === 'sha256' && subject.coveredDigest.value !== sha256) {
    throw new OriginSignError('statement.digest', `Artifact ${index} claims another sha256 than its subject.`);
  }
  return {
    format: shape.text(artifact['format'], `${path}.format`, NAME),
    inputs: shape.anyObject(artifact['inputs'], `${path}.inputs`),
    options: shape.anyObject(artifact['options'], `${path}.options`),
    claimed: { sha256, size: shape.count(claimed['size'], `${path}.claimed.size`) },
  };
}

function parseParameters(value: unknown): Readonly<Record<string, string>> {
  const path = 'predicate.parameters';
  const entries = Object.entries(shape.anyObject(value, path));
  if (entries.length > MAX_PARAMETERS) throw shape.fail(path, `more than ${MAX_PARAMETERS} parameters`);
  return Object.fromEntries(
    entries.map(([name, text]) => [shape.text(name, path, PARAMETER_NAME), plainText(text, path)]),
  );
}

function plainText(value: unknown, path: string): string {
  if (typeof value !== 'string') throw shape.fail(path, 'expected a string');
  if (Buffer.byteLength(value) > MAX_TEXT_BYTES) throw shape.fail(path, `longer than ${MAX_TEXT_BYTES} bytes`);
  if (hasDeceptiveCharacters(value.replaceAll('\n', ' '))) throw shape.fail(path, 'a control or direction character');
  return value;
}
