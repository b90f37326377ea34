import { splitFileAtRef } from './file-at-ref.ts';

/** The three parts of GitHub's `workflow_ref` and `job_workflow_ref`, and of what is modelled on them. */
export interface WorkflowRef {
  /** owner/name */
  readonly repository: string;
  /** `.github/workflows/<file>.yml` */
  readonly path: string;
  /** Full ref, or the commit that a caller pinned. */
  readonly ref: string;
}

/** Workflow files lie directly in their folder. */
const GITHUB_FILE = /^([A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+)\/(\.github\/workflows\/[^/]+\.ya?ml)$/;

/**
 * Splits `owner/name/.github/workflows/file.yml@ref`; `file` says how repository and path look where the folder is another
 * one. Throws `token.claim_type` where there is not exactly one way to read it.
 */
export function parseWorkflowRef(text: string, claim: string, file: RegExp = GITHUB_FILE): WorkflowRef {
  return splitFileAtRef(text, claim, (before) => {
    const [, repository, path] = file.exec(before) ?? [];
    return repository === undefined || path === undefined ? undefined : { repository, path };
  });
}

/** The claim as GitHub wrote it. */
export function workflowRefText(parts: WorkflowRef): string {
  return `${parts.repository}/${parts.path}@${parts.ref}`;
}
