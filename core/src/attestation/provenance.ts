import { utf8 } from '../encoding/bytes.ts';
import { canonicalJson, type JsonObject } from '../encoding/canonical-json.ts';
import { digestMap } from './covered-digest.ts';
import { STATEMENT_TYPE, type SigningRequestStatement, type StatementSubject } from './statement.ts';

/** Predicate type of SLSA provenance v1. */
export const PROVENANCE_TYPE = 'https://slsa.dev/provenance/v1';
/** Build type: a CI job of which the server knows what the job's platform says in its identity token, and nothing else. */
export const CI_JOB_BUILD_TYPE = 'https://originsign.dev/buildtypes/ci-job/v1';

/** The parts of an origin that provenance tells. All of it comes from verified claims. */
export interface ProvenanceOrigin {
  readonly platform: string;
  readonly system: string;
  readonly repository: { readonly uri: string; readonly id: string; readonly ownerId?: string };
  readonly commit?: string;
  readonly ref?: string;
  readonly workflow: ProvenanceWorkflow;
  readonly callee?: ProvenanceWorkflow & { readonly repository: string };
  readonly run: { readonly id: string; readonly attempt?: number; readonly uri: string };
  readonly trigger?: string;
  readonly runner?: string;
  readonly environment?: string;
}

/** A file that defines a job. */
export interface ProvenanceWorkflow {
  readonly uri: string;
  readonly path: string;
  readonly ref?: string;
  readonly commit?: string;
}

/** The request that was signed, and why. */
export interface ProvenanceRequest {
  readonly id: string;
  readonly server: string;
  readonly project: string;
  readonly policy: string;
  /** SHA-256 of the policy file that decided, lower-case hexadecimal. */
  readonly policyHash: string;
  /** The rule that allowed it. */
  readonly rule: string;
  readonly binding: 'audience' | 'proof' | 'bearer';
}

/** One signed artifact. */
export interface ProvenanceSubject extends StatementSubject {
  /** The client's word about the file before it was signed. Nobody checked it; left out where the covered digest says it. */
  readonly claimed?: { readonly sha256: string; readonly size: number };
}

/** What the server says about where signed artifacts came from. */
export interface Provenance {
  readonly subjects: readonly ProvenanceSubject[];
  readonly origin: ProvenanceOrigin;
  readonly request: ProvenanceRequest;
}

/** The artifacts of a request as its provenance names them. */
export function provenanceSubjects(statement: SigningRequestStatement): readonly ProvenanceSubject[] {
  return statement.subjects.map((subject, index) => {
    const claimed = statement.artifacts[index]?.claimed;
    return claimed === undefined || subject.coveredDigest.algorithm === 'sha256' ? subject : { ...subject, claimed };
  });
}

/** The payload: an in-toto Statement v1 with a SLSA provenance v1 predicate, canonical JSON. The person who started the job is left out. */
export function encodeProvenance(provenance: Provenance): Uint8Array {
  const { subjects, origin, request } = provenance;
  const { externalParameters, resolvedDependencies, runDetails } = slsaMembers(origin);
  return utf8(
    canonicalJson({
      _type: STATEMENT_TYPE,
      subject: subjects.map(subjectMembers),
      predicateType: PROVENANCE_TYPE,
      predicate: {
        buildDefinition: {
          buildType: CI_JOB_BUILD_TYPE,
          externalParameters,
          internalParameters: { origin: originMembers(origin), request: requestMembers(request) },
          resolvedDependencies,
        },
        runDetails,
      },
    }),
  );
}

/** The claim is an annotation, which readers of in-toto do not take for a digest of the subject. */
function subjectMembers({ name, coveredDigest, claimed }: ProvenanceSubject): JsonObject {
  const subject = { name, digest: digestMap(coveredDigest) };
  return claimed === undefined
    ? subject
    : { ...subject, annotations: { claimed: { sha256: claimed.sha256, size: claimed.size } } };
}

/** The members that every reader of SLSA provenance knows, derived from the origin alone. */
export function slsaMembers(origin: ProvenanceOrigin): {
  readonly externalParameters: JsonObject;
  readonly resolvedDependencies: readonly JsonObject[];
  readonly runDetails: JsonObject;
} {
  const { repository, ref, commit, workflow, run } = origin;
  return {
    externalParameters: { workflow: { repository: repository.uri, ...present({ ref }), path: workflow.path } },
    // What nobody verified is left out: a dependency without its commit would look like a statement about the source.
    resolvedDependencies:
      commit === undefined
        ? []
        : [{ uri: `git+${repository.uri}${ref === undefined ? '' : `@${ref}`}`, digest: { gitCommit: commit } }],
    runDetails: { builder: { id: builderId(origin) }, metadata: { invocationId: run.uri } },
  };
}

/** SLSA asks who could have changed the build: the workflow that really defines the job, so the called one where there is one. */
export function builderId(origin: ProvenanceOrigin): string {
  return (origin.callee ?? origin.workflow).uri;
}

/** Member by member, so that nothing else that a caller's object carries (an actor) gets out. */
function originMembers(origin: ProvenanceOrigin): JsonObject {
  const { platform, system, repository, commit, ref, run, trigger, runner, environment, callee } = origin;
  return {
    platform,
    system,
    repository: { uri: repository.uri, id: repository.id, ...present({ ownerId: repository.ownerId }) },
    ...present({ commit, ref }),
    workflow: workflowMembers(origin.workflow),
    ...(callee === undefined ? {} : { callee: { ...workflowMembers(callee), repository: callee.repository } }),
    run: { id: run.id, ...present({ attempt: run.attempt }), uri: run.uri },
    ...present({ trigger, runner, environment }),
  };
}

/** The members that have a value. */
function present<T extends string | number>(members: { readonly [name: string]: T | undefined }): Record<string, T> {
  const entries = Object.entries(members).filter((entry): entry is [string, T] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

function workflowMembers({ uri, path, ref, commit }: ProvenanceWorkflow): { readonly [key: string]: string } {
  return { uri, path, ...present({ ref, commit }) };
}

function requestMembers({ id, server, project, policy, policyHash, rule, binding }: ProvenanceRequest): JsonObject {
  return { id, server, project, policy, policyHash, rule, binding };
}
