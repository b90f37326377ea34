import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundle, REPOSITORY } from './bundle.ts';

const committed = (action: string, name: string): Promise<string> =>
  readFile(join(REPOSITORY, 'actions', action, 'dist', name), 'utf8');

describe('bundles', () => {
  it.each(['sign', 'verify'])(
    'are what the sources make, so that what is committed can be checked: %s',
    async (action) => {
      const { code, licenses } = await bundle({ entry: `actions/${action}/src/main.ts` });
      expect(code === (await committed(action, 'index.mjs'))).toBe(true);
      expect(licenses).toBe(await committed(action, 'licenses.txt'));
    },
  );

  it('are what the sources make: the command that the Jenkins library carries', async () => {
    const { code } = await bundle({ entry: 'cli/src/main.ts', shebang: '#!/usr/bin/env node' });
    const carried = await readFile(join(REPOSITORY, 'jenkins-shim/resources/originsign/dist/originsign.mjs'), 'utf8');
    expect(code === carried).toBe(true);
  });

  it('carry the licence of every package in them, and one undici alone', async () => {
    const text = await committed('sign', 'licenses.txt');
    expect(text.match(/^\S+ \d+\.\d+\.\d+ \(.+\)$/gm)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^@actions\/core /), expect.stringMatching(/^zod /)]),
    );
    expect(text.match(/^undici /gm)).toHaveLength(1);
    expect(text).not.toContain('http-client');
  });

  it('hold no server code and nothing that tests need', async () => {
    await expect(bundle({ entry: 'testkit/src/pem.ts' })).rejects.toThrow('testkit/src/pem.ts');
    await expect(bundle({ entry: 'signer-server/src/cli/print.ts' })).rejects.toThrow('signer-server/src/cli/print.ts');
  });
});
