import { describe, expect, it } from 'vitest';
import { circleciTokens, type RunProgram } from './circleci.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const environment = { CIRCLECI: 'true', PATH: '/bin' };

function sourceWith(run: RunProgram) {
  const masked: string[] = [];
  const source = circleciTokens({ environment, mask: (secret) => masked.push(secret) }, run);
  return { source, masked };
}

describe('circleciTokens', () => {
  it('has the program make a token for the audience, whatever the audience holds', async () => {
    const runs: unknown[] = [];
    const { source, masked } = sourceWith((...run) => {
      runs.push(run);
      return Promise.resolve(`${TOKEN}\n`);
    });
    const audience = 'https://sign.acme.example/"; rm -rf ~ #';
    expect(await source.token(audience)).toBe(TOKEN);
    expect(runs).toEqual([
      ['circleci', ['run', 'oidc', 'get', '--claims', JSON.stringify({ aud: audience })], { environment }],
    ]);
    expect(masked).toEqual([TOKEN]);
    expect(source.renewable).toBe(true);
  });

  it.each(['', 'a.b', `${TOKEN}\n${TOKEN}`, 'Error: you are not in a job', `a.${'b'.repeat(20_000)}.c`])(
    'refuses what is no token, and masks it all the same: %j',
    async (printed) => {
      const { source, masked } = sourceWith(() => Promise.resolve(printed));
      await expect(source.token('a')).rejects.toMatchObject({ code: 'token.unavailable', exitCode: 5 });
      expect(masked).toEqual(printed === '' ? [] : [printed]);
    },
  );

  it('says that the program failed and nothing that it printed', async () => {
    const { source } = sourceWith(() => Promise.reject(new Error(`exit 1: ${TOKEN}`)));
    const error: unknown = await source.token('a').catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'token.unavailable', hint: expect.stringContaining('forks') as unknown });
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(TOKEN);
  });

  it('ends with whoever waits for it', async () => {
    const reason = new Error('cancelled');
    const { source } = sourceWith((_file, _args, { signal }) => Promise.reject(signal?.reason as Error));
    await expect(source.token('a', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
