import { GITHUB_FORBIDDEN_EVENTS } from '@originsign/core/platforms/github-events';
import { isJsonObject } from '@originsign/core/encoding/strict-json';
import type { Environment, Finding } from './finding.ts';

/** What GitHub tells a job about its run, as far as policies care. `event` is the document of `GITHUB_EVENT_PATH`. */
export function checkGithubJob(environment: Environment, event: unknown): readonly Finding[] {
  return [eventFinding(environment, event), ...runnerFindings(environment), ...attemptFindings(environment)];
}

function eventFinding(environment: Environment, event: unknown): Finding {
  const name = environment['GITHUB_EVENT_NAME'] ?? '';
  const ref = environment['GITHUB_REF'] ?? '';
  const started = `started by ${name === '' ? 'an unnamed event' : name}${ref === '' ? '' : ` for ${ref}`}`;
  if (GITHUB_FORBIDDEN_EVENTS.includes(name)) {
    return {
      ...{ state: 'fail', name: 'event', code: 'policy.denied' },
      text: `${started}: its claims look like a build of the default branch, whatever was checked out`,
      hint: 'no rule may allow this event: sign in a run that push, release or workflow_dispatch started',
    };
  }
  if (!name.startsWith('pull_request')) return { state: 'ok', name: 'event', text: started };
  if (isFromFork(event)) {
    return {
      ...{ state: 'fail', name: 'event', code: 'token.permission' },
      text: `${started}, from a fork: GitHub gives such runs no identity token`,
      hint: 'sign after the merge, in a run of the repository itself',
    };
  }
  return { state: 'warn', name: 'event', text: started, hint: 'most policies sign branches and tags alone' };
}

function isFromFork(event: unknown): boolean {
  const pull = memberOf(event, 'pull_request');
  const head = memberOf(memberOf(pull, 'head'), 'repo');
  const base = memberOf(memberOf(pull, 'base'), 'repo');
  return isJsonObject(head) && isJsonObject(base) && head['id'] !== base['id'];
}

function memberOf(value: unknown, name: string): unknown {
  return isJsonObject(value) ? value[name] : undefined;
}

function runnerFindings(environment: Environment): readonly Finding[] {
  const runner = environment['RUNNER_ENVIRONMENT'] ?? '';
  if (runner === '') return [];
  if (runner === 'github-hosted') return [{ state: 'ok', name: 'runner', text: runner }];
  const hint = 'a rule with github.runner_environment: {is: github-hosted} denies this job';
  return [{ state: 'warn', name: 'runner', text: runner, hint }];
}

function attemptFindings(environment: Environment): readonly Finding[] {
  const attempt = Number(environment['GITHUB_RUN_ATTEMPT'] ?? '1');
  if (!(attempt > 1)) return [];
  const hint = 'rules deny re-runs unless they say reRuns: allow; start a new run';
  return [{ state: 'warn', name: 'attempt', text: `this is attempt ${attempt} of its run`, hint }];
}
