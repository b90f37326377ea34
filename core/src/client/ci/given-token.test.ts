import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { givenTokens, isTokenGiven } from './given-token.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const STATIC = `ost_${'s'.repeat(43)}`;
const folder = mkdtempSync(join(tmpdir(), 'originsign-token-'));
const file = join(folder, 'token');
afterAll(() => rmSync(folder, { recursive: true }));

function sourceWith(environment: Readonly<Record<string, string>>) {
  const masked: string[] = [];
  return { masked, open: () => givenTokens({ environment, mask: (secret) => masked.push(secret) }) };
}

describe('givenTokens', () => {
  it.each([TOKEN, STATIC, `  ${TOKEN}\r\n`, `\uFEFF${STATIC}\n`])(
    'hands out what is in the variable: %j',
    async (text) => {
      const { open, masked } = sourceWith({ ORIGINSIGN_TOKEN: text });
      expect(await open().token('a')).toBe(text.trim());
      expect(masked).toEqual([text.trim()]);
      expect(open().renewable).toBe(false);
    },
  );

  it('reads the file for every request', async () => {
    const source = sourceWith({ ORIGINSIGN_TOKEN_FILE: file }).open();
    writeFileSync(file, `${TOKEN}\n`);
    expect(await source.token('a')).toBe(TOKEN);
    writeFileSync(file, `\uFEFF${STATIC}\r\n`);
    expect(await source.token('a')).toBe(STATIC);
  });

  it.each([
    ['two parts', 'eyJh.eyJi'],
    ['four parts', `${TOKEN}.x`],
    ['two lines', `${TOKEN}\n${TOKEN}`],
    ['a macro that nobody expanded', '$(token)'],
    ['padding', `${TOKEN}=`],
    ['another kind of secret', 'ghp_0123456789abcdef'],
    ['a static token with other characters', 'ost_a.b'],
    ['a token larger than any', `a.${'b'.repeat(16_384)}.c`],
    ['a static token larger than any', `ost_${'b'.repeat(16_384)}`],
  ])('refuses %s without repeating it', async (_what, text) => {
    writeFileSync(file, text);
    for (const environment of [{ ORIGINSIGN_TOKEN: text }, { ORIGINSIGN_TOKEN_FILE: file }]) {
      const { open, masked } = sourceWith(environment);
      const error: unknown = await open()
        .token('a')
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'input.invalid', exitCode: 2 });
      expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(text.slice(0, 12));
      expect(masked[0]?.slice(0, 12)).toBe(text.slice(0, 12));
    }
  });

  it.each([
    ['is not there', join(folder, 'missing')],
    ['is a folder', folder],
  ])('says which file it cannot read: one that %s', async (_what, path) => {
    await expect(sourceWith({ ORIGINSIGN_TOKEN_FILE: path }).open().token('a')).rejects.toMatchObject({
      code: 'input.file',
      message: expect.stringContaining(path) as unknown,
    });
  });

  it('refuses bytes that are no text, and an empty file', async () => {
    writeFileSync(file, Buffer.from([0xff, 0xfe, 0x41]));
    await expect(sourceWith({ ORIGINSIGN_TOKEN_FILE: file }).open().token('a')).rejects.toMatchObject({
      code: 'input.file',
    });
    writeFileSync(file, '\n');
    const { open, masked } = sourceWith({ ORIGINSIGN_TOKEN_FILE: file });
    await expect(open().token('a')).rejects.toMatchObject({ code: 'input.invalid' });
    expect(masked).toEqual([]);
  });

  it('refuses two places at once', () => {
    expect(sourceWith({ ORIGINSIGN_TOKEN: TOKEN, ORIGINSIGN_TOKEN_FILE: file }).open).toThrow(
      expect.objectContaining({ code: 'input.invalid' }),
    );
  });

  it('is not there where the variables are empty', () => {
    expect(isTokenGiven({ ORIGINSIGN_TOKEN: ' ', ORIGINSIGN_TOKEN_FILE: '' })).toBe(false);
    expect(isTokenGiven({ ORIGINSIGN_TOKEN: 'x' })).toBe(true);
    expect(isTokenGiven({ ORIGINSIGN_TOKEN_FILE: 'x' })).toBe(true);
  });
});
