import { canonicalJson, type Json, type JsonObject } from '../encoding/canonical-json.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { parseCoveredDigest } from './covered-digest.ts';
import {
  CI_JOB_BUILD_TYPE,
  PROVENANCE_TYPE,
  slsaMembers,
  type Provenance,
  type ProvenanceOrigin,
  type ProvenanceRequest,
  type ProvenanceSubject,
  type ProvenanceWorkflow,
} from './provenance.ts';
import { shapeReader } from './shape.ts';
import { MAX_ARTIFACTS, STATEMENT_TYPE } from './statement.ts';

const shape = shapeReader('verify.provenance', 'provenance');
const TEXT = /^\P{Cc}{0,2048}$/u;

/**
 * Reads the payload of provenance whose signature was verified. Members of origin and request that a newer server added are
 * ignored. The general SLSA members are not read but derived again and compared: they cannot tell a reader of SLSA another
 * story than the origin tells ours. Throws `json.*`, `statement.digest` or `verify.provenance`.
 */
export function parseProvenance(payload: Uint8Array): Provenance {
  const statement = shape.object(parseStrictJson(payload), 'statement', [
    '_type',
    'subject',
    'predicateType',
    'predicate',
  ]);
  requireEqual(statement['_type'], STATEMENT_TYPE, '_type');
  requireEqual(statement['predicateType'], PROVENANCE_TYPE, 'predicateType');
  const predicate = shape.object(statement['predicate'], 'predicate', ['buildDefinition', 'runDetails']);
  const definition = shape.anyObject(predicate['buildDefinition'], 'buildDefinition');
  const parameters = shape.anyObject(definition['internalParameters'], 'internalParameters');
  const origin = parseOrigin(parameters['origin']);
  const derived = slsaMembers(origin);
  requireEqual(definition['buildType'], CI_JOB_BUILD_TYPE, 'buildType');
  requireEqual(definition['externalParameters'], derived.externalParameters, 'externalParameters');
  requireEqual(definition['resolvedDependencies'], derived.resolvedDependencies, 'resolvedDependencies');
  requireEqual(predicate['runDetails'], derived.runDetails, 'runDetails');
  return {
    subjects: shape.list(statement['subject'], 'subject', 1, MAX_ARTIFACTS).map(parseSubject),
    origin,
    request: parseRequest(parameters['request']),
  };
}

function requireEqual(actual: Json | undefined, expected: Json, path: string): void {
  if (actual === undefined || canonicalJson(actual) !== canonicalJson(expected)) {
    throw shape.fail(path, 'it is not what the origin says');
  }
}

function parseSubject(value: Json, index: number): ProvenanceSubject {
  const path = `subject.${index}`;
  const subject = shape.object(value, path, ['name', 'digest'], ['annotations']);
  return {
    name: text(subject, 'name', path),
    coveredDigest: parseCoveredDigest(subject['digest']),
    ...(subject['annotations'] === undefined ? {} : { claimed: parseClaimed(subject['annotations'], path) }),
  };
}

function parseClaimed(value: Json, path: string): { readonly sha256: string; readonly size: number } {
  const annotations = shape.object(value, `${path}.annotations`, ['claimed']);
  const claimed = shape.object(annotations['claimed'], `${path}.annotations.claimed`, ['sha256', 'size']);
  return {
    sha256: shape.text(claimed['sha256'], `${path}.annotations.claimed.sha256`, /^[0-9a-f]{64}$/),
    size: shape.count(claimed['size'], `${path}.annotations.claimed.size`),
  };
}

function parseOrigin(value: Json | undefined): ProvenanceOrigin {
  const origin = shape.anyObject(value, 'origin');
  const repository = shape.anyObject(origin['repository'], 'origin.repository');
  const run = shape.anyObject(origin['run'], 'origin.run');
  return {
    platform: text(origin, 'platform', 'origin'),
    system: text(origin, 'system', 'origin'),
    repository: {
      uri: text(repository, 'uri', 'origin.repository'),
      id: text(repository, 'id', 'origin.repository'),
      ...optional(repository, 'ownerId', 'origin.repository'),
    },
    ...optional(origin, 'commit', 'origin'),
    ...optional(origin, 'ref', 'origin'),
    workflow: parseWorkflow(origin['workflow'], 'origin.workflow'),
    ...(origin['callee'] === undefined ? {} : { callee: parseCallee(origin['callee']) }),
    run: {
      id: text(run, 'id', 'origin.run'),
      ...(run['attempt'] === undefined ? {} : { attempt: shape.count(run['attempt'], 'origin.run.attempt') }),
      uri: text(run, 'uri', 'origin.run'),
    },
    ...optional(origin, 'trigger', 'origin'),
    ...optional(origin, 'runner', 'origin'),
    ...optional(origin, 'environment', 'origin'),
  };
}

function parseWorkflow(value: Json | undefined, path: string): ProvenanceWorkflow {
  const workflow = shape.anyObject(value, path);
  return {
    uri: text(workflow, 'uri', path),
    path: text(workflow, 'path', path),
    ...optional(workflow, 'ref', path),
    ...optional(workflow, 'commit', path),
  };
}

function parseCallee(value: Json): ProvenanceWorkflow & { readonly repository: string } {
  const callee = shape.anyObject(value, 'origin.callee');
  return { ...parseWorkflow(value, 'origin.callee'), repository: text(callee, 'repository', 'origin.callee') };
}

function parseRequest(value: Json | undefined): ProvenanceRequest {
  const request = shape.anyObject(value, 'request');
  const { binding } = request;
  if (binding !== 'audience' && binding !== 'proof' && binding !== 'bearer') {
    throw shape.fail('request.binding', 'expected audience, proof or bearer');
  }
  return {
    id: text(request, 'id', 'request'),
    server: text(request, 'server', 'request'),
    project: text(request, 'project', 'request'),
    policy: text(request, 'policy', 'request'),
    policyHash: text(request, 'policyHash', 'request'),
    rule: text(request, 'rule', 'request'),
    binding,
  };
}

function optional<Member extends string>(
  object: JsonObject,
  member: Member,
  path: string,
): { readonly [K in Member]?: string } {
  if (object[member] === undefined) return {};
  return { [member]: text(object, member, path) } as { readonly [K in Member]: string };
}

function text(object: JsonObject, member: string, path: string): string {
  return shape.text(object[member], `${path}.${member}`, TEXT);
}
