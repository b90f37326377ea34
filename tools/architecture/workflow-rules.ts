import type { Files, Violation } from './violation.ts';

const USES = /^\s*(?:-\s+)?uses:\s*(\S+)[ \t]*(.*)$/gm;
const PINNED = /@[0-9a-f]{40}$/;
const VERSION_COMMENT = /^# v\d+\.\d+\.\d+$/;
const FORBIDDEN_TRIGGERS = /^\s*(?:-\s*)?(pull_request_target|workflow_run|issue_comment)\b/m;

/** Our own workflows hold to what we ask of others: pinned actions, least permissions, no trigger that runs strangers' code. */
export function checkWorkflows(files: Files): readonly Violation[] {
  return [...files]
    .filter(([file]) => file.startsWith('.github/workflows/'))
    .flatMap(([file, text]) => {
      const trigger = FORBIDDEN_TRIGGERS.exec(text)?.[1];
      const problems = [
        ...(/^permissions: \{\}$/m.test(text) ? [] : ['It does not start from no permissions.']),
        ...(trigger === undefined ? [] : [`It runs on ${trigger}.`]),
        ...jobsOf(text)
          .filter((job) => !/^ {4}permissions:/m.test(job))
          .map((job) => `The job ${job.slice(0, job.indexOf(':'))} does not name its permissions.`),
        ...[...text.matchAll(USES)].flatMap(([, action = '', comment = '']) => pinProblems(action, comment)),
      ];
      return problems.map((message) => ({ rule: 'workflows', file, message }));
    });
}

function jobsOf(text: string): string[] {
  const jobs = text.slice(text.search(/^jobs:/m)).split(/^ {2}(?=[\w-]+:)/m);
  return jobs.slice(1);
}

function pinProblems(action: string, comment: string): string[] {
  if (action.startsWith('./')) return [];
  if (!PINNED.test(action)) return [`${action} is not pinned by a full commit id.`];
  return VERSION_COMMENT.test(comment) ? [] : [`${action} does not say which version it is.`];
}
