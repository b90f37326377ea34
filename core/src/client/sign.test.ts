import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FakeAnswer } from '@originsign/testkit/fake-signing-server';
import { afterEach, describe, expect, it } from 'vitest';
import { parseBundle } from '../attestation/bundle.ts';
import { syntheticPe } from '../formats/authenticode-pe/synthetic-pe.test.fixture.ts';
import { bytesSource } from '../formats/bytes-source.ts';
import { formatById } from '../formats/registry.ts';
import { parseTlogProof } from '../log/tlog-proof.ts';
import { evaluateFiles, signFiles } from './sign.ts';
import { createSigningBench, type SigningBench } from './signing.test.fixture.ts';

let bench: SigningBench;

async function setUp(...values: Parameters<typeof createSigningBench>): Promise<void> {
  bench = await createSigningBench(...values);
  await mkdir(join(bench.folder, 'dist/tools'), { recursive: true });
  await writeFile(join(bench.folder, 'dist/app.exe'), syntheticPe(), { mode: 0o755 });
  await writeFile(join(bench.folder, 'dist/tools/readme.txt'), 'read me');
}

const names = async (...parts: readonly string[]): Promise<readonly string[]> =>
  (await readdir(join(bench.folder, ...parts), { recursive: true })).sort();
const read = (name: string): Promise<Uint8Array> => readFile(join(bench.folder, name));
const sign = (...files: readonly string[]) =>
  signFiles(bench.options({ files, outputDirectory: 'signed' }), bench.ports);

afterEach(() => bench.close());

describe('signFiles', () => {
  it('writes signed files, detached signatures, receipt and provenance to the output directory', async () => {
    await setUp();
    const result = await sign('dist/**/*');
    const stem = `originsign-${result.id.slice(0, 12)}`;
    expect(await names('signed')).toEqual(
      [
        'app.exe',
        'tools',
        'tools/readme.txt',
        'tools/readme.txt.p7s',
        `${stem}.provenance.sigstore.json`,
        `${stem}.tlog-proof`,
      ].sort(),
    );
    expect(result).toMatchObject({
      status: 'completed',
      rule: 'tag-build',
      url: `${bench.server.url}/requests/${result.id}`,
    });
    expect(result.files.map(({ name, format, output }) => [name, format, output])).toEqual([
      ['app.exe', 'authenticode-pe', join(bench.folder, 'signed/app.exe')],
      ['tools/readme.txt', 'cms-detached', join(bench.folder, 'signed/tools/readme.txt')],
    ]);
    const verified = await formatById('authenticode-pe').verify(bytesSource(await read('signed/app.exe')), () =>
      Promise.resolve(undefined),
    );
    expect(verified?.coveredDigest).toEqual(result.files[0]?.coveredDigest);
    expect(parseTlogProof(await readFile(result.receiptPath ?? '')).index).toBe(2);
    expect(parseBundle(await readFile(result.provenancePath ?? '')).content.kind).toBe('envelope');
  });

  it('leaves inputs alone with an output directory, replaces them without one, and keeps their permissions', async () => {
    await setUp();
    const before = await read('dist/app.exe');
    await sign('dist/*.exe');
    expect(await read('dist/app.exe')).toEqual(before);
    expect((await stat(join(bench.folder, 'signed/app.exe'))).mode & 0o777).toBe(0o755);
    await chmod(join(bench.folder, 'dist/app.exe'), 0o700);
    await signFiles(bench.options({ files: ['dist/*.exe'] }), bench.ports);
    expect(await read('dist/app.exe')).not.toEqual(before);
    expect((await stat(join(bench.folder, 'dist/app.exe'))).mode & 0o777).toBe(0o700);
  });

  it('asks for a token only after hashing, for the URL of this one request', async () => {
    await setUp();
    const { id } = await sign('dist/*.exe');
    expect(bench.audiences).toEqual([`${bench.server.url}/v1/signing-requests/${id}`]);
    const kinds = bench.events.map(({ kind }) => kind).filter((kind) => kind !== 'hashing');
    expect(kinds).toEqual(['hashed', 'origin', 'request', 'signed', 'proof']);
  });

  it('signs copies of one file once, and each of them', async () => {
    await setUp();
    await writeFile(join(bench.folder, 'dist/copy.exe'), syntheticPe());
    const result = await sign('dist/*.exe');
    expect(result.files.map(({ name }) => name)).toEqual(['app.exe', 'copy.exe']);
    expect(await read('signed/copy.exe')).toEqual(await read('signed/app.exe'));
    expect(JSON.parse(String(bench.server.calls[0]?.body))).not.toHaveProperty('copy.exe');
  });

  it('passes options to formats', async () => {
    await setUp();
    const options = { files: ['dist/tools/*'], format: 'raw', formatOptions: ['raw.output=sigstore-bundle'] };
    const result = await signFiles(bench.options(options), bench.ports);
    expect(result.files[0]?.signaturePath).toBe(join(bench.folder, 'dist/tools/readme.txt.sigstore.json'));
  });

  it('does not let a signature replace a file that is an input itself', async () => {
    await setUp();
    await writeFile(join(bench.folder, 'dist/tools/readme.txt.sig'), 'from an earlier run');
    for (const outputDirectory of [undefined, 'signed']) {
      const change = {
        files: ['dist/tools/*'],
        format: 'raw',
        ...(outputDirectory === undefined ? {} : { outputDirectory }),
      };
      await expect(signFiles(bench.options(change), bench.ports)).rejects.toMatchObject({ code: 'input.invalid' });
    }
    expect(String(await read('dist/tools/readme.txt.sig'))).toBe('from an earlier run');
    expect(await names('dist/tools')).toEqual(['readme.txt', 'readme.txt.sig']);
  });

  it('warns about patterns that match nothing and links that are not signed', async () => {
    await setUp();
    await symlink(join(bench.folder, 'dist/app.exe'), join(bench.folder, 'dist/link.exe'));
    await sign('dist/*.exe', 'dist/*.dll');
    const warnings = bench.events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([
      'The pattern "dist/*.dll" matches no file.',
      `"${join(bench.folder, 'dist/link.exe')}" is a symbolic link and is not signed.`,
    ]);
  });

  it('follows a request that is not completed at once, and says what it waits for and since when', async () => {
    await setUp({ states: ['waiting_for_approval', 'waiting_for_approval', 'signing', 'completed'] });
    const { status } = await sign('dist/*.exe');
    expect(status).toBe('completed');
    const waiting = bench.events.filter((event) => event.kind === 'waiting');
    expect(waiting.map(({ state }) => state)).toEqual(['waiting_for_approval', 'waiting_for_approval', 'signing']);
    expect(waiting.map(({ elapsed }) => elapsed > 0)).toEqual([false, true, false]);
    expect(bench.server.calls.slice(1).map(({ query }) => query)).toEqual(['wait=30', 'wait=30', 'wait=30']);
  });

  it('does not wait where it need not', async () => {
    await setUp({ states: ['waiting_for_approval'] });
    const result = await signFiles(bench.options({ files: ['dist/*.exe'], wait: false }), bench.ports);
    expect(result).toMatchObject({ status: 'waiting_for_approval', files: [] });
    expect(bench.server.calls).toHaveLength(1);
  });

  it('cancels when the time is over', async () => {
    await setUp({ states: ['waiting_for_approval'] });
    const signing = signFiles(bench.options({ files: ['dist/*.exe'], timeout: 5000 }), bench.ports);
    await expect(signing).rejects.toMatchObject({ code: 'request.waiting', exitCode: 4 });
    expect(bench.server.calls.at(-1)?.path).toMatch(/\/cancel$/);
    expect(await names('dist')).toEqual(['app.exe', 'tools', 'tools/readme.txt']);
  });

  it('leaves the request where it is told to', async () => {
    await setUp({ states: ['waiting_for_approval'] });
    const options = { files: ['dist/*.exe'], timeout: 5000, onTimeout: 'leave' } as const;
    await expect(signFiles(bench.options(options), bench.ports)).rejects.toMatchObject({ code: 'request.waiting' });
    expect(bench.server.calls.some(({ path }) => path.endsWith('/cancel'))).toBe(false);
  });

  it('takes the signatures that came while the time ran out', async () => {
    let cancelled = false;
    const change = (answer: FakeAnswer, { path }: { path: string }, count: number): FakeAnswer | undefined => {
      if (path.endsWith('/cancel')) cancelled = true;
      if (cancelled || count > 50) return undefined;
      return { ...answer, body: withoutSignatures(answer.body) };
    };
    await setUp({ change });
    const result = await signFiles(bench.options({ files: ['dist/*.exe'], timeout: 5000 }), bench.ports);
    expect(result.status).toBe('completed');
    expect(cancelled).toBe(true);
    expect(bench.events.filter(({ kind }) => kind === 'warning')).toEqual([]);
  });

  it('cancels when it is interrupted', async () => {
    const controller = new AbortController();
    await setUp({ states: ['waiting_for_approval'] }, { signal: controller.signal });
    const events = bench.ports.events;
    const ports = {
      ...bench.ports,
      events: (event: Parameters<typeof events>[0]) => {
        if (event.kind === 'waiting') controller.abort();
      },
    };
    const signing = signFiles(bench.options({ files: ['dist/*.exe'] }), ports);
    await expect(signing).rejects.toMatchObject({ code: 'request.cancelled' });
    expect(bench.server.calls.at(-1)?.path).toMatch(/\/cancel$/);
  });

  it('asks for a decision without signing anything', async () => {
    const trace = { project: 'acme-app', policy: 'release', policyHash: 'a', decision: 'deny', rules: [] } as const;
    await setUp({ evaluation: { decision: 'deny', trace } });
    const { evaluation, files } = await evaluateFiles(bench.options({ files: ['dist/*.exe'] }), bench.ports);
    expect(evaluation.decision).toBe('deny');
    expect(files.map(({ name }) => name)).toEqual(['app.exe']);
    expect(bench.server.calls.map(({ path }) => path)).toEqual(['/v1/evaluations']);
    expect(await names('dist')).toEqual(['app.exe', 'tools', 'tools/readme.txt']);
  });

  it.each([
    [{ files: ['dist/*.exe'], format: 'auto,auto' }, 'input.invalid'],
    [{ files: ['dist/*.exe'], format: 'pgp' }, 'format.unknown'],
    [{ files: ['dist/tools/*'], format: 'auto' }, 'format.unknown'],
    [{ files: ['dist/tools/*'], format: 'authenticode-pe' }, 'format.malformed'],
    [{ files: ['dist/*.exe'], formatOptions: ['raw.output'] }, 'input.invalid'],
    [{ files: ['dist/*.exe'], formatOptions: ['raw.a=b', 'raw.a=c'] }, 'input.invalid'],
    [{ files: ['dist/tools/*'], format: 'raw', formatOptions: ['raw.output=pdf'] }, 'statement.options'],
    [{ files: ['dist/*.exe'], project: 'Not A Name' }, 'statement.malformed'],
    [{ files: ['dist/*.dll'] }, 'input.no_files'],
    [{ files: ['dist/*.exe'], server: 'http://sign.acme.example' }, 'input.invalid'],
  ])('refuses %j with %s before it asks anybody', async (change, code) => {
    await setUp();
    await expect(signFiles(bench.options(change), bench.ports)).rejects.toMatchObject({ code });
    expect(bench.server.calls).toEqual([]);
    expect(bench.audiences).toEqual([]);
  });
});

function withoutSignatures(view: unknown): unknown {
  const { artifacts, receipt: _receipt, provenance: _provenance, ...rest } = view as Record<string, unknown>;
  const bare = (artifacts as Record<string, unknown>[]).map(({ block: _block, ...artifact }) => artifact);
  return { ...rest, state: 'signing', artifacts: bare };
}
