import { claimType } from './claim-schema.ts';

/** The three parts of GitHub's `workflow_ref` and `job_workflow_ref`. */
export interface WorkflowRef {
  /** owner/name */
  readonly repository: string;
  /** `.github/workflows/<file>.yml` */
  readonly path: string;
  /** Full ref, or the commit that a caller pinned. */
  readonly ref: string;
}

const REPOSITORY_AND_PATH = /^([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+)\/(\.github\/workflows\/[^/]+\.ya?ml)$/;
const REF = /^(?:refs\/.+|[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Splits `owner/name/.github/workflows/file.yml@ref`. File names and refs may contain `@` themselves, so the last one decides
 * only where both sides then have the shape that GitHub gives them: workflow files lie directly in their folder, refs are
 * full refs or commits. Exactly one `@` can fit, whatever an attacker calls a file or a branch; where none does
 * `token.claim_type` is thrown.
 */
export function parseWorkflowRef(text: string, claim: string): WorkflowRef {
  const fitting: WorkflowRef[] = [];
  for (let at = text.lastIndexOf('@'); at > 0; at = text.lastIndexOf('@', at - 1)) {
    const ref = text.slice(at + 1);
    const [, repository, path] = REPOSITORY_AND_PATH.exec(text.slice(0, at)) ?? [];
    if (repository !== undefined && path !== undefined && REF.test(ref)) fitting.push({ repository, path, ref });
  }
  const [only] = fitting;
  if (only === undefined || fitting.length > 1) {
    throw claimType(claim, 'a workflow file, "@" and a full ref or commit');
  }
  return only;
}

/** The claim as GitHub wrote it. */
export function workflowRefText(parts: WorkflowRef): string {
  return `${parts.repository}/${parts.path}@${parts.ref}`;
}
