import { describe, expect, it } from 'vitest';
import { bitbucketTokens, isBitbucket } from './bitbucket.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';

function open(token: string) {
  const masked: string[] = [];
  const environment = { BITBUCKET_STEP_OIDC_TOKEN: token };
  return { masked, source: () => bitbucketTokens({ environment, mask: (secret) => masked.push(secret) }) };
}

describe('bitbucketTokens', () => {
  it('hands out the one token of the step for any audience, masked', async () => {
    const { masked, source } = open(TOKEN);
    const tokens = source();
    expect(await tokens.token('a')).toBe(TOKEN);
    expect(await tokens.token('b')).toBe(TOKEN);
    expect(tokens.renewable).toBe(false);
    expect(masked).toEqual([TOKEN]);
  });

  it.each(['', 'a.b', `${TOKEN}=`])('says how a step without a token gets one: %j', (token) => {
    const { masked, source } = open(token);
    expect(source).toThrow(
      expect.objectContaining({ code: 'token.permission', hint: expect.stringContaining('audiences') as unknown }),
    );
    expect(masked).toEqual(token === '' ? [] : [token]);
  });

  it('knows a step by its environment', () => {
    expect(isBitbucket({ BITBUCKET_PIPELINE_UUID: '{x}' })).toBe(true);
    expect(isBitbucket({ BITBUCKET_PIPELINE_UUID: '', CI: 'true' })).toBe(false);
  });
});
