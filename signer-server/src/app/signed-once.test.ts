import { describe, expect, it } from 'vitest';
import { signedOnce } from './signed-once.ts';

describe('signedOnce', () => {
  it('signs each text once, however many ask at once', async () => {
    const signed: string[] = [];
    let text = 'one';
    const ask = signedOnce(
      () => Promise.resolve(text),
      (asked) => {
        signed.push(asked);
        return Promise.resolve(`${asked} signed`);
      },
    );
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(['one signed', 'one signed', 'one signed']);
    text = 'two';
    expect(await ask()).toBe('two signed');
    expect(signed).toEqual(['one', 'two']);
  });

  it('tries again after a failure', async () => {
    let failures = 1;
    const ask = signedOnce(
      () => Promise.resolve('text'),
      () => (failures-- > 0 ? Promise.reject(new Error('busy')) : Promise.resolve('note')),
    );
    await expect(ask()).rejects.toThrow('busy');
    expect(await ask()).toBe('note');
  });
});
