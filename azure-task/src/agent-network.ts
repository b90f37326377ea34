import { readFileSync } from 'node:fs';
import type { GivenAuthorities } from '@originsign/core/client/authorities';
import { OriginSignError } from '@originsign/core/errors/error';
import { isLocalHost } from '@originsign/core/platforms/local-host';
import { variableOf, type Environment } from './agent-environment.ts';

/**
 * The proxy that the agent was configured with, as the variables that the client reads; none where it has none. The agent's list of
 * exceptions holds regular expressions over origins, so it is applied to the addresses that will be called. Throws
 * `input.invalid`. Source: the agent's docs/start/proxyconfig and `AgentWebProxy`.
 */
export function proxyVariables(environment: Environment, addresses: readonly string[]): Environment {
  const proxy = variableOf(environment, 'Agent.ProxyUrl').trim();
  if (proxy === '') return {};
  const url = withCredentials(
    proxy,
    variableOf(environment, 'Agent.ProxyUsername'),
    variableOf(environment, 'Agent.ProxyPassword'),
  );
  const exceptions = exceptionsOf(variableOf(environment, 'Agent.ProxyBypassList'));
  const direct = addresses.filter((address) => isDirect(address, exceptions)).map((address) => new URL(address).host);
  const noProxy = [environment['NO_PROXY'] ?? environment['no_proxy'] ?? '', ...direct]
    .filter((entry) => entry !== '')
    .join(',');
  return {
    HTTPS_PROXY: url,
    https_proxy: url,
    HTTP_PROXY: url,
    http_proxy: url,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

function withCredentials(proxy: string, user: string, password: string): string {
  // The value is not repeated: it may have a password in it.
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) {
    throw new OriginSignError('input.invalid', 'The proxy of the agent is not an http or https URL.', {
      hint: 'look at --proxyurl of the agent',
    });
  }
  const url = new URL(proxy);
  if (user !== '') {
    url.username = encodeURIComponent(user);
    url.password = encodeURIComponent(password);
  }
  return url.href;
}

/** The agent passes over expressions that it cannot read, and so must this. */
function exceptionsOf(list: string): readonly RegExp[] {
  const texts = tryJson(list);
  if (!Array.isArray(texts)) return [];
  return texts.flatMap((text: unknown) => {
    if (typeof text !== 'string' || text.trim() === '') return [];
    try {
      return [new RegExp(text.trim(), 'i')];
    } catch {
      return [];
    }
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDirect(address: string, exceptions: readonly RegExp[]): boolean {
  if (!URL.canParse(address)) return false;
  const { origin, hostname } = new URL(address);
  return isLocalHost(hostname) || exceptions.some((exception) => exception.test(origin));
}

/** The authorities that the agent was configured with (`--sslcacert`). Throws `input.file`. */
export function agentAuthorities(environment: Environment): readonly GivenAuthorities[] {
  const path = variableOf(environment, 'Agent.CAInfo');
  if (path === '') return [];
  try {
    return [{ name: path, pem: readFileSync(path, 'utf8') }];
  } catch (cause) {
    throw new OriginSignError('input.file', `The CA file "${path}" of the agent cannot be read.`, {
      hint: 'look at --sslcacert of the agent',
      cause,
    });
  }
}
