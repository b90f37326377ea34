import type { OriginSignError } from '@originsign/core/errors/error';
import { variableOf, type Environment } from './agent-environment.ts';

/** What to do in a task, where the client's own words are for scripts; `undefined` where they fit. */
export function agentHint({ code, hint = '', details }: OriginSignError, environment: Environment): string | undefined {
  if (code === 'token.permission' && hint.includes('SYSTEM_ACCESSTOKEN')) {
    return 'the agent passes the access token of the job to every task, and it ends with the job: run the job again';
  }
  const reason = details?.['reason'];
  if (reason === 'certificate' && hint.includes('ca-file')) {
    return 'put the private authority into the service connection of the server, or name its PEM file in caFile';
  }
  if (reason === 'client_certificate') {
    return 'look at the client certificate in the service connection of the server, and at the authorities that the server takes';
  }
  const isAboutProxy = reason === 'proxy' || reason === 'proxy_refused';
  if (!isAboutProxy || variableOf(environment, 'Agent.ProxyUrl') === '') return undefined;
  return 'look at the proxy of the agent: --proxyurl, --proxyusername and --proxypassword of its configuration, and .proxybypass beside it';
}
