import type { Environment, Finding } from './finding.ts';

/** What Azure Pipelines tells a job about its run, as far as policies care. */
export function checkAzureJob(environment: Environment): readonly Finding[] {
  return [reasonFinding(environment), connectionFinding(environment)];
}

function reasonFinding(environment: Environment): Finding {
  const reason = environment['BUILD_REASON'] ?? '';
  const ref = environment['BUILD_SOURCEBRANCH'] ?? '';
  const text = `started by ${reason === '' ? 'an unnamed reason' : reason}${ref === '' ? '' : ` for ${ref}`}`;
  if (reason !== 'PullRequest' && !ref.startsWith('refs/pull/')) return { state: 'ok', name: 'reason', text };
  const fork = environment['SYSTEM_PULLREQUEST_ISFORK'] === 'True' ? ', from a fork' : '';
  return {
    ...{ state: 'fail', name: 'reason', code: 'token.pull_request' },
    text: `${text}${fork}`,
    hint: 'sign the branch after the merge: builds of pull requests are refused',
  };
}

function connectionFinding(environment: Environment): Finding {
  const name = 'approval';
  const isNamed = (environment['ORIGINSIGN_SERVICE_CONNECTION'] ?? '') !== '';
  if (isNamed) return { state: 'ok', name, text: 'the token of a service connection goes beside the one of the job' };
  return {
    ...{ state: 'warn', name },
    text: 'no service connection is named, so only the token of the pipeline goes to the server',
    hint: 'rules for Azure need a signing-only connection (oidcConnection, ORIGINSIGN_SERVICE_CONNECTION) or a client certificate',
  };
}
