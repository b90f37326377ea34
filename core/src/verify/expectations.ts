import { builderId, type Provenance, type ProvenanceOrigin } from '../attestation/provenance.ts';
import { OriginSignError } from '../errors/error.ts';
import { matchesGlob, parseGlob } from '../policy/glob.ts';
import type { Checklist } from './checklist.ts';
import type { VerifiedProvenance } from './provenance.ts';
import type { CheckName } from './report.ts';

/** What the person who verifies expects. Exact texts, but for `ref` and `builder`, which may be segment-aware globs. */
export interface Expectations {
  /**
   * URI of the repository as the platform spells it: `https://github.com/acme/app`,
   * `https://dev.azure.com/acme/shop/_git/app`, or on Jenkins the URL of the sources, else of the job.
   */
  readonly repository: string;
  readonly project: string;
  readonly ref?: string;
  /** Path of the workflow file within that repository, or its whole URI: on Azure and Jenkins the whole URI alone. */
  readonly workflow?: string;
  readonly policy?: string;
  /** SLSA builder id: the URI of the file, pipeline or job that really defines the build, so a called workflow where there is one. */
  readonly builder?: string;
}

type Expected<T> = (expected: T, statement: Provenance) => void;

/** How each expectation is checked, in the order of the report. */
const EXPECTED: { readonly [K in keyof Required<Expectations> & CheckName]: Expected<string> } = {
  repository: (expected, { origin }) => verifyExact('repository', expected, origin.repository.uri),
  project: (expected, { request }) => verifyExact('project', expected, request.project),
  ref: (expected, { origin }) => verifyRef(expected, origin),
  workflow: (expected, { origin }) => verifyWorkflow(expected, origin),
  policy: (expected, { request }) => verifyExact('policy', expected, request.policy),
  builder: (expected, { origin }) => verifyPattern('builder', expected, builderId(origin)),
};

/** Checks everything that was expected against what verified provenance says; expectations not given make no check. */
export async function checkExpectations(
  checks: Checklist,
  expectations: Expectations,
  provenance: VerifiedProvenance | undefined,
): Promise<void> {
  for (const [name, verify] of Object.entries(EXPECTED) as [keyof Expectations, Expected<string>][]) {
    const expected = expectations[name];
    if (expected === undefined) continue;
    await checks.run(name, { statement: provenance?.statement }, ({ statement }) => verify(expected, statement));
  }
}

/** Checks one text exactly. Throws `verify.expectation`. */
function verifyExact(what: string, expected: string, actual: string): void {
  if (expected !== actual) throw unexpected(what, expected, actual);
}

/** Checks an exact text or a glob. Throws `verify.expectation`, or `input.invalid` for a text that is neither. */
function verifyPattern(what: string, expected: string, actual: string): void {
  if (expected === actual) return;
  const glob = parseGlob(expected);
  // Addresses hold characters that no pattern may: such a text was meant as it stands.
  if (typeof glob === 'string' && URL.canParse(expected)) throw unexpected(what, expected, actual);
  if (typeof glob === 'string') {
    throw new OriginSignError('input.invalid', `The expected ${what} is no pattern: ${glob}.`);
  }
  if (!matchesGlob(glob, actual)) throw unexpected(what, expected, actual);
}

/** Checks a ref such as `refs/tags/v1` or `refs/tags/v*`; none was verified where the origin has none. Throws as {@link verifyPattern}. */
function verifyRef(expected: string, { ref }: ProvenanceOrigin): void {
  if (ref !== undefined) return verifyPattern('ref', expected, ref);
  throw new OriginSignError('verify.expectation', `The provenance names no ref, expected ${expected}.`, {
    hint: 'this build system tells the server a ref only through an origin connector; expect a builder or policy instead',
    details: { what: 'ref', expected },
  });
}

/**
 * Checks the workflow: a whole URI exactly, or a path, which then counts within the repository of the origin alone, because a
 * path of the same name can lie in any repository. Throws `verify.expectation`.
 */
function verifyWorkflow(expected: string, { workflow, repository }: ProvenanceOrigin): void {
  const { uri, path } = workflow;
  if (expected === uri) return;
  const inside = `${repository.uri}/${path}`;
  if (expected === path && (uri === inside || uri.startsWith(`${inside}@`))) return;
  throw unexpected('workflow', expected, uri);
}

function unexpected(what: string, expected: string, actual: string): OriginSignError {
  return new OriginSignError('verify.expectation', `The ${what} is ${actual}, expected ${expected}.`, {
    details: { what, expected, actual },
  });
}
