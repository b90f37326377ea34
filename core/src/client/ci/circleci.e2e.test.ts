import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { circleciTokens } from './circleci.ts';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJhIjoxfQ.c2ln';
const folder = mkdtempSync(join(tmpdir(), 'originsign-circleci-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program called circleci at the head of PATH that writes down its arguments and then does what the text says. */
function tokensOf(does: string) {
  const seen = join(folder, 'arguments.json');
  const program = join(folder, 'circleci');
  const script = `#!/usr/bin/env node\nrequire('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.argv.slice(2)));\n${does}\n`;
  writeFileSync(program, script);
  chmodSync(program, 0o755);
  const path = [folder, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const source = circleciTokens({ environment: { ...process.env, PATH: path }, mask: () => undefined });
  return { source, seen: () => JSON.parse(readFileSync(seen, 'utf8')) as unknown };
}

describe('the program that makes tokens on CircleCI', () => {
  test('gets its arguments untouched by any shell', async () => {
    const { source, seen } = tokensOf(`console.log(${JSON.stringify(TOKEN)})`);
    const audience = 'https://sign.acme.example/$(touch x)"\' & %PATH% `id`';
    expect(await source.token(audience)).toBe(TOKEN);
    expect(seen()).toEqual(['run', 'oidc', 'get', '--claims', JSON.stringify({ aud: audience })]);
  });

  test.each([
    ['fails', 'console.log("half.a.token"); process.exit(3)'],
    ['never stops printing', 'for (;;) process.stdout.write("x".repeat(65536))'],
  ])('that %s is an error', async (_what, does) => {
    await expect(tokensOf(does).source.token('a')).rejects.toMatchObject({ code: 'token.unavailable' });
  });

  test('that hangs ends with whoever waits for it', async () => {
    const { source } = tokensOf('setInterval(() => {}, 1000)');
    const stop = new AbortController();
    const waiting = source.token('a', stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('that is not there is an error', async () => {
    const source = circleciTokens({ environment: { PATH: folder.concat('-none') }, mask: () => undefined });
    await expect(source.token('a')).rejects.toMatchObject({ code: 'token.unavailable' });
  });
});
