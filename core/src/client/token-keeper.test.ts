import { describe, expect, it } from 'vitest';
import { encodeBase64url } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { keepToken } from './token-keeper.ts';

function keeperWith(claims: unknown, renewable = true) {
  const state = { time: 0, asked: 0 };
  const clock = { now: () => new Date(state.time), random: () => 0, sleep: () => Promise.resolve() };
  const body = encodeBase64url(utf8(JSON.stringify(claims)));
  const token = (): Promise<string> => Promise.resolve(`h${(state.asked += 1)}.${body}.s`);
  return { state, keeper: keepToken({ platform: 'p', renewable, token }, 'a', clock) };
}

describe('keepToken', () => {
  it('hands out one token until shortly before its end', async () => {
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1300 });
    const first = await keeper.current();
    state.time = 269_999;
    expect(await keeper.current()).toBe(first);
    state.time = 270_000;
    expect(await keeper.current()).not.toBe(first);
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
    const { state, keeper } = keeperWith({ iat: 1000, exp: 1300 }, false);
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
});
