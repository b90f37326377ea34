import { OriginSignError } from '@originsign/core/errors/error';
import { describe, expect, it } from 'vitest';
import { agentHint } from './agent-hints.ts';

const PROXY = { AGENT_PROXYURL: 'http://proxy:3128' };
const unreachable = (reason: string, hint = 'x'): OriginSignError =>
  new OriginSignError('server.unreachable', 'No answer.', { hint, details: { reason } });

describe('what to do about an error in a task', () => {
  it.each([
    [unreachable('certificate', 'give ca-file'), {}, /caFile/],
    [unreachable('client_certificate'), {}, /service connection/],
    [unreachable('proxy_refused'), PROXY, /--proxyusername/],
    [unreachable('proxy'), PROXY, /--proxyurl/],
    [new OriginSignError('token.permission', 'No.', { hint: 'env: SYSTEM_ACCESSTOKEN' }), {}, /run the job again/],
  ])('is said in the words of the agent: %s', (error, environment, hint) => {
    expect(agentHint(error, environment)).toMatch(hint);
  });

  it.each([
    [unreachable('certificate', 'look at the clock'), {}],
    [unreachable('proxy'), {}],
    [unreachable('connection'), PROXY],
    [new OriginSignError('token.permission', 'No.', { hint: 'oidcConnection' }), {}],
    [new OriginSignError('policy.denied', 'Denied.'), PROXY],
  ])('is what the error says where that fits: %s', (error, environment) => {
    expect(agentHint(error, environment)).toBeUndefined();
  });
});
