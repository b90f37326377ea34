import { describe, expect, it, vi } from 'vitest';
import { encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import type { TokenSource } from './ci/token-source.ts';
import { keepToken } from './token-keeper.ts';

const bodyOf = (claims: unknown): string => encodeBase64url(utf8(JSON.stringify(claims)));

function keeperWith(claims: unknown, more: Partial<TokenSource> = {}) {
  const state = { time: 0, asked: 0 };
  const clock = { now: () => new Date(state.time), random: () => 0, sleep: () => Promise.resolve() };
  const token = (): Promise<string> => Promise.resolve(`h${(state.asked += 1)}.${bodyOf(claims)}.s`);
  return { state, keeper: keepToken({ platform: 'p', renewable: true, token, ...more }, 'a', { clock }) };
}

describe('keepToken', () => {
  it('hands out one token until shortly before its end', async () => {
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1300 });
    const first = await keeper.current();
    state.time = 269_999;
    expect(await keeper.current()).toEqual(first);
    state.time = 270_000;
    expect(await keeper.current()).not.toEqual(first);
    expect(state.asked).toBe(2);
  });

  it('takes a fresh one when told to', async () => {
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1300 });
    await keeper.current();
    expect(keeper.renew()).toBe(true);
    await keeper.current();
    expect(state.asked).toBe(2);
  });

  it('does not ask a platform again that has one token for a job', async () => {
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1300 }, { renewable: false });
    await keeper.current();
    state.time = 1_000_000;
    expect(keeper.renew()).toBe(false);
    await keeper.current();
    expect(state.asked).toBe(1);
  });

  it.each([[{}], ['text'], [{ iat: 'a', exp: 1 }]])('keeps a token whose end it cannot read: %j', async (claims) => {
    const { state, keeper } = keeperWith(claims);
    await keeper.current();
    state.time = 1e12;
    await keeper.current();
    expect(state.asked).toBe(1);
  });

  it('has no second token where the source has none', async () => {
    expect(await keeperWith({ iat: 1, exp: 2 }).keeper.current()).toEqual({ ci: expect.any(String) as string });
  });

  it('renews both tokens when the one that ends first ends', async () => {
    let connections = 0;
    const serviceConnection = () => Promise.resolve(`c${(connections += 1)}.${bodyOf({ iat: 1000, exp: 1100 })}.s`);
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1600 }, { serviceConnection });
    const first = await keeper.current();
    expect(first.serviceConnection).toMatch(/^c1\./);
    state.time = 69_999;
    expect(await keeper.current()).toBe(first);
    state.time = 70_000;
    const { ci, serviceConnection: second } = await keeper.current();
    expect([ci.slice(0, 3), second?.slice(0, 3)]).toEqual(['h2.', 'c2.']);
  });

  it.each([
    [1060, 1],
    [1061, 2],
  ])('does not pair tokens of different times: the second of %i asks %i times', async (iat, asked) => {
    const serviceConnection = () => Promise.resolve(`c.${bodyOf({ iat, exp: iat + 600 })}.s`);
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1600 }, { serviceConnection });
    expect((await keeper.current()).ci).toMatch(new RegExp(`^h${asked}\\.`));
    expect(state.asked).toBe(asked);
  });
});

describe('a platform that does not answer', () => {
  it('is given up when the time of the whole is over', async () => {
    const clock = { now: () => new Date(1_000), random: () => 0, sleep: () => Promise.resolve() };
    const token = (_audience: string, signal?: AbortSignal): Promise<string> =>
      signal?.aborted === true ? Promise.reject(new Error('given up')) : Promise.resolve('never');
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      expect(milliseconds).toBe(60_000);
      return AbortSignal.abort();
    });
    const keeper = keepToken({ platform: 'p', renewable: true, token }, 'a', { clock, deadline: 61_000 });
    await expect(keeper.current()).rejects.toThrow('given up');
    timeout.mockRestore();
  });
});
