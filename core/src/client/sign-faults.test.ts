import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FakeAnswer, FakeCall } from '@originsign/testkit/fake-signing-server';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { OriginSignError } from '../errors/error.ts';
import { syntheticPe } from '../formats/authenticode-pe/synthetic-pe.test.fixture.ts';
import { problemOf } from '../protocol/problem.ts';
import { signFiles } from './sign.ts';
import { createSigningBench, type SigningBench } from './signing.test.fixture.ts';

let bench: SigningBench;

type Change = (answer: FakeAnswer, call: FakeCall, count: number) => FakeAnswer | undefined;

async function setUp(change: Change, more: Parameters<typeof createSigningBench>[1] = {}): Promise<void> {
  bench = await createSigningBench({ change }, more);
  await mkdir(join(bench.folder, 'dist'));
  await writeFile(join(bench.folder, 'dist/app.exe'), syntheticPe());
  await writeFile(join(bench.folder, 'dist/readme.txt'), 'read me');
}

const sign = () => signFiles(bench.options({ files: ['dist/*'] }), bench.ports);
const bodies = () => bench.server.calls.map(({ body }) => Buffer.from(body).toString());
const problem = (code: 'server.overloaded' | 'token.time' | 'policy.limit', status: number): FakeAnswer => ({
  status,
  body: problemOf(new OriginSignError(code, 'Not now.'), 'http://localhost'),
});
/** Changes the first answers alone. */
const first =
  (...answers: readonly ((answer: FakeAnswer) => FakeAnswer)[]): Change =>
  (answer, _call, count) =>
    answers[count - 1]?.(answer);

afterEach(() => bench.close());

describe('a client whose call goes wrong', () => {
  it.each<[string, (answer: FakeAnswer) => FakeAnswer]>([
    ['lost answer', (answer) => ({ ...answer, fault: 'drop' })],
    ['truncated answer', (answer) => ({ ...answer, fault: 'truncate' })],
    ['overloaded server', () => problem('server.overloaded', 503)],
    ['gateway without a problem', () => ({ status: 502, body: '<html>Bad gateway</html>' })],
  ])('sends the same request again after: %s', async (_what, fault) => {
    await setUp(first(fault, fault));
    const { id } = await sign();
    expect(bodies()).toHaveLength(3);
    expect(new Set(bodies()).size).toBe(1);
    expect(bench.audiences).toEqual([`${bench.server.url}/v1/signing-requests/${id}`]);
    expect(bench.events.filter(({ kind }) => kind === 'retry')).toHaveLength(2);
  });

  it('waits as long as the server asks', async () => {
    await setUp(first((answer) => ({ ...answer, status: 429, headers: { 'retry-after': '7' }, body: '' })));
    await sign();
    expect(bench.clock.slept).toEqual([7500]);
  });

  it('takes a fresh token where the old one ended while it waited', async () => {
    await setUp(first((answer) => ({ ...answer, status: 503, headers: { 'retry-after': '299' }, body: '' })));
    await sign();
    expect(bench.audiences).toHaveLength(2);
    expect(new Set(bench.audiences).size).toBe(1);
    const envelopes = bodies().map((body) => JSON.stringify((JSON.parse(body) as { envelope: unknown }).envelope));
    expect(new Set(envelopes).size).toBe(1);
    expect(new Set(bodies()).size).toBe(2);
  });

  it('takes a fresh token once where the server finds it too old', async () => {
    await setUp(first(() => problem('token.time', 401)));
    await sign();
    expect(bench.audiences).toHaveLength(2);
    await bench.close();
    await setUp(() => problem('token.time', 401));
    await expect(sign()).rejects.toMatchObject({ code: 'token.time' });
    expect(bench.audiences).toHaveLength(2);
  });

  it.each([3_600_000, -3_600_000])('corrects a clock that is %i ms off, once', async (serverAhead) => {
    await setUp(() => undefined, { serverAhead });
    await sign();
    expect(bench.events.filter(({ kind }) => kind === 'clock')).toEqual([
      { kind: 'clock', offset: serverAhead / 1000 },
    ]);
    expect(bench.server.calls).toHaveLength(2);
  });

  it('does not correct its clock a second time', async () => {
    const refused = problemOf(new OriginSignError('request.clock', 'Off.'), 'http://localhost');
    await setUp((answer) => ({ ...answer, status: 401, body: refused }));
    await expect(sign()).rejects.toMatchObject({ code: 'request.clock' });
    expect(bench.server.calls).toHaveLength(2);
  });

  it('does not repeat a denial, nor a limit', async () => {
    await setUp(() => problem('policy.limit', 429));
    await expect(sign()).rejects.toMatchObject({ code: 'policy.limit', exitCode: 3 });
    expect(bench.server.calls).toHaveLength(1);
  });

  it('gives up on a server that stays away, within its time', async () => {
    await setUp((answer) => ({ ...answer, fault: 'drop' }));
    await expect(sign()).rejects.toMatchObject({ code: 'server.unreachable', exitCode: 5 });
    expect(bench.clock.time - Date.parse('2026-11-22T09:14:03Z')).toBeLessThanOrEqual(3_600_000);
  });
});

type View = Record<string, unknown> & { artifacts: Record<string, unknown>[] };

const changed = (edit: (view: View) => void): Change => {
  return (answer) => {
    const view = structuredClone(answer.body) as View;
    edit(view);
    return { ...answer, body: view };
  };
};
const artifact = (view: View, index: number): Record<string, unknown> => view.artifacts[index] ?? {};
const otherKey = (view: View): unknown => artifact(view, 1)['key'];

describe('a client whose server answers something else', () => {
  it.each<[string, (view: View) => void]>([
    ['another id', (view) => (view['id'] = 'A'.repeat(43))],
    ['another project', (view) => (view['project'] = 'other')],
    ['another policy', (view) => (view['policy'] = 'test')],
    ['a missing artifact', (view) => view.artifacts.pop()],
    ['artifacts in another order', (view) => view.artifacts.reverse()],
    ['another name', (view) => (artifact(view, 0)['name'] = 'other.exe')],
    ['another format', (view) => (artifact(view, 0)['format'] = 'raw')],
    ['another covered digest', (view) => (artifact(view, 0)['coveredDigest'] = { sha256: 'a'.repeat(64) })],
    [
      'two covered digests',
      (view) => Object.assign(artifact(view, 0)['coveredDigest'] as object, { sha256: 'a'.repeat(64) }),
    ],
    ['an unknown state', (view) => (view['state'] = 'done')],
    ['no signature', (view) => delete artifact(view, 0)['block']],
    ['no receipt', (view) => delete view['receipt']],
    ['no provenance', (view) => delete view['provenance']],
    ['a receipt that is none', (view) => (view['receipt'] = 'hello')],
    ['a provenance that is none', (view) => (view['provenance'] = { a: 1 })],
    [
      'a signature by another key than it says',
      (view) => (artifact(view, 0)['key'] = { ...(otherKey(view) as object), spki: encodeBase64(utf8('x')) }),
    ],
  ])('refuses %s and writes nothing', async (_what, edit) => {
    await setUp(changed(edit));
    const before = await readFile(join(bench.folder, 'dist/app.exe'));
    await expect(sign()).rejects.toSatisfy(
      (error: unknown) => error instanceof OriginSignError && error.code !== 'internal.error',
    );
    expect(await readdir(join(bench.folder, 'dist'))).toEqual(['app.exe', 'readme.txt']);
    expect(await readFile(join(bench.folder, 'dist/app.exe'))).toEqual(before);
  });

  it.each<[string, (view: View) => void]>([
    ['the signature of another file', (view) => (artifact(view, 1)['block'] = artifact(view, 0)['block'])],
    ['a signature that was changed', (view) => (artifact(view, 1)['block'] = flipped(artifact(view, 1)['block']))],
    ['no signature at all', (view) => (artifact(view, 0)['block'] = encodeBase64(utf8('nothing')))],
  ])('refuses %s, and leaves the other file unsigned too', async (_what, edit) => {
    await setUp(changed(edit));
    await expect(sign()).rejects.toBeInstanceOf(OriginSignError);
    expect(await readdir(join(bench.folder, 'dist'))).toEqual(['app.exe', 'readme.txt']);
    expect(await readFile(join(bench.folder, 'dist/app.exe'))).toEqual(Buffer.from(syntheticPe()));
  });

  it.each([
    ['a redirect', { status: 307, headers: { location: '/elsewhere' }, body: '' }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['an unknown refusal', { status: 418, body: 'teapot' }],
  ])('calls %s unexpected at once', async (_what, answer) => {
    await setUp(() => answer);
    await expect(sign()).rejects.toMatchObject({ code: 'server.unexpected', exitCode: 5 });
    expect(bench.server.calls).toHaveLength(1);
  });

  it.each([
    [['completed', 'signing'], 'completed'],
    [['signing', 'waiting_for_approval'], 'server.unexpected'],
    [['signing', 'failed'], 'server.unexpected'],
    [['waiting_for_approval', 'cancelled'], 'request.cancelled'],
    [['waiting_for_approval', 'expired'], 'request.expired'],
  ] as const)('goes through the states %j to %s', async (states, outcome) => {
    bench = await createSigningBench({ states });
    await mkdir(join(bench.folder, 'dist'));
    await writeFile(join(bench.folder, 'dist/app.exe'), syntheticPe());
    const result = await sign().then(
      ({ status }) => status as string,
      (error: unknown) => (error as OriginSignError).code,
    );
    expect(result).toBe(outcome);
  });

  it('refuses the receipt of another request', async () => {
    let earlier: unknown;
    await setUp((answer) => {
      const view = answer.body as View;
      const receipt = earlier ?? view['receipt'];
      earlier = view['receipt'];
      return { ...answer, body: { ...view, receipt } };
    });
    const signOne = () => signFiles(bench.options({ files: ['dist/app.exe'] }), bench.ports);
    await signOne();
    await expect(signOne()).rejects.toMatchObject({ code: 'server.unexpected' });
  });

  it.each(['authenticode-pe', 'raw'])('says that a file changed while it was being signed: %s', async (format) => {
    let path = '';
    bench = await createSigningBench({
      change: (answer) => {
        const other = Buffer.from(syntheticPe());
        other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
        writeFileSync(path, other);
        return answer;
      },
    });
    path = join(bench.folder, 'app.exe');
    writeFileSync(path, syntheticPe());
    const signing = signFiles(bench.options({ files: ['app.exe'], format }), bench.ports);
    await expect(signing).rejects.toMatchObject({ code: 'verify.digest' });
    expect(await readdir(bench.folder)).toEqual(['app.exe']);
  });
});

function flipped(block: unknown): string {
  const bytes = Buffer.from(String(block), 'base64');
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
  return bytes.toString('base64');
}
