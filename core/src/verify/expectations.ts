import type { ProvenanceOrigin } from '../attestation/provenance.ts';
import { OriginSignError } from '../errors/error.ts';
import type { VerifiedProvenance } from './provenance.ts';
import type { Checklist } from './checklist.ts';
import { matchesGlob, parseGlob } from '../policy/glob.ts';

/** What the person who verifies expects. Exact texts, but for `ref`, which may be a segment-aware glob. */
export interface Expectations {
  /** URI of the repository, such as `https://github.com/acme/app`. */
  readonly repository: string;
  readonly project: string;
  readonly ref?: string;
  /** Path of the workflow file within that repository, or its whole URI. */
  readonly workflow?: string;
  readonly policy?: string;
}

/** Checks everything that was expected against what verified provenance says; expectations not given make no check. */
export async function checkExpectations(
  checks: Checklist,
  expected: Expectations,
  provenance: VerifiedProvenance | undefined,
): Promise<void> {
  const { repository, project, ref, workflow, policy } = expected;
  const known = { statement: provenance?.statement };
  await checks.run('repository', known, ({ statement }) =>
    verifyExpected('repository', repository, statement.origin.repository.uri),
  );
  await checks.run('project', known, ({ statement }) => verifyExpected('project', project, statement.request.project));
  if (ref !== undefined) await checks.run('ref', known, ({ statement }) => verifyExpectedRef(ref, statement.origin));
  if (workflow !== undefined) {
    await checks.run('workflow', known, ({ statement }) => verifyExpectedWorkflow(workflow, statement.origin));
  }
  if (policy !== undefined) {
    await checks.run('policy', known, ({ statement }) => verifyExpected('policy', policy, statement.request.policy));
  }
}

/** Checks one text exactly. Throws `verify.expectation`. */
function verifyExpected(what: string, expected: string, actual: string): void {
  if (expected !== actual) throw unexpected(what, expected, actual);
}

/**
 * Checks a ref against an exact text or a glob such as `refs/tags/v*`. Throws `verify.expectation`, or `input.invalid` for a
 * text that is neither the ref nor a glob.
 */
function verifyExpectedRef(expected: string, origin: ProvenanceOrigin): void {
  if (expected === origin.ref) return;
  const glob = parseGlob(expected);
  if (typeof glob === 'string') throw new OriginSignError('input.invalid', `The expected ref is no pattern: ${glob}.`);
  if (!matchesGlob(glob, origin.ref)) throw unexpected('ref', expected, origin.ref);
}

/**
 * Checks the workflow: a whole URI exactly, or a path, which then counts within the repository of the origin alone, because a
 * path of the same name can lie in any repository. Throws `verify.expectation`.
 */
function verifyExpectedWorkflow(expected: string, origin: ProvenanceOrigin): void {
  const { uri, path } = origin.workflow;
  if (expected === uri) return;
  if (expected === path && uri.startsWith(`${origin.repository.uri}/${path}`)) return;
  throw unexpected('workflow', expected, uri);
}

function unexpected(what: string, expected: string, actual: string): OriginSignError {
  return new OriginSignError('verify.expectation', `The ${what} is ${actual}, expected ${expected}.`, {
    details: { what, expected, actual },
  });
}
