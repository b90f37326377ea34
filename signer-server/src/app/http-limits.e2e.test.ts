import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isJsonObject, parseStrictJson } from '@originsign/core/encoding/strict-json';
import { CODE_TABLE } from '@originsign/core/errors/codes';
import { createAttackClient, type AttackClient, type ForgedCall } from '@originsign/testkit/attack-client';
import { freeLoopbackPort } from '@originsign/testkit/loopback-port';
import { signInJob, startSigningJob } from '@originsign/testkit/signing-job';
import { startSigningWorld, type SigningWorld } from '@originsign/testkit/signing-world';

const REQUESTS = '/v1/signing-requests';
const JSON_TYPE = { 'content-type': 'application/json' };
let world: SigningWorld;
let client: AttackClient;
let metricsUrl: string;

beforeAll(async () => {
  const port = await freeLoopbackPort();
  metricsUrl = `http://127.0.0.1:${port}/metrics`;
  const configure = (text: string): string =>
    text.replace(/^metrics:\n {2}enabled: false$/m, `metrics:\n  address: 127.0.0.1:${port}`);
  world = await startSigningWorld({ configure });
  client = await createAttackClient(world.signer);
});
afterAll(async () => {
  client.close();
  await world.stop();
});

const text = async (call: ForgedCall): Promise<string> => Buffer.from((await client.send(call)).body).toString();

describe('a call that cannot be taken', () => {
  const id = 'A'.repeat(43);
  const cases: readonly (readonly [string, ForgedCall, string])[] = [
    [
      'a body above 2 MiB',
      { method: 'POST', path: REQUESTS, body: new Uint8Array(2 ** 21 + 1), headers: JSON_TYPE, holdBody: true },
      '413 request.too_large',
    ],
    [
      'another media type',
      { method: 'POST', path: REQUESTS, body: Buffer.from('{}'), headers: { 'content-type': 'text/plain' } },
      '415 request.media_type',
    ],
    [
      'no media type',
      { method: 'POST', path: REQUESTS, body: Buffer.from('{}'), headers: { 'content-type': undefined } },
      '415 request.media_type',
    ],
    [
      'a compressed body',
      {
        method: 'POST',
        path: REQUESTS,
        body: Buffer.from('{}'),
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      },
      '415 request.media_type',
    ],
    [
      'a body that is no JSON',
      { method: 'POST', path: REQUESTS, body: Buffer.from('{'), headers: JSON_TYPE },
      '400 json.malformed',
    ],
    ['a body of nothing', { method: 'POST', path: REQUESTS, headers: JSON_TYPE }, '400 json.malformed'],
    ['a path that nothing is at', { path: '/nothing' }, '404 request.not_found'],
    ['a method that the path does not have', { method: 'DELETE', path: REQUESTS }, '404 request.not_found'],
    ['a path that is not percent-encoded', { path: '/errors/%E0%A4%A' }, '404 request.not_found'],
    ['a path of endless length', { path: `/errors/${'a'.repeat(5000)}` }, '404 request.not_found'],
    ['an id that is none', { path: `${REQUESTS}/short` }, '404 request.not_found'],
    ['an id that nobody made', { path: `${REQUESTS}/${id}` }, '404 request.not_found'],
    ['a wait that is too long', { path: `${REQUESTS}/${id}?wait=31` }, '400 input.invalid'],
    ['a wait that is no number', { path: `${REQUESTS}/${id}?wait=1e1` }, '400 input.invalid'],
    ['a page of an error that does not exist', { path: '/errors/no.such' }, '404 request.not_found'],
    ['the metrics, which have their own listener', { path: '/metrics' }, '404 request.not_found'],
    ['entries of the log, which need a role', { path: '/log/tile/entries/000.p/1' }, '403 access.role'],
    ['a file of the log that does not exist', { path: '/log/tile/0/999' }, '404 request.not_found'],
    ['a path out of the log', { path: '/log/../server.yml' }, '404 request.not_found'],
  ];
  it.each(cases)('is refused as problem details that name the call: %s', async (_, call, outcome) => {
    const answer = await client.send(call);
    expect(answer.outcome).toBe(outcome);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json(?:;|$)/);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const [status = '', code = ''] = outcome.split(' ');
    expect(answer.json).toMatchObject({
      status: Number(status),
      code,
      type: `${world.signer.url}/errors/${code}`,
      requestId: answer.headers['x-request-id'],
    });
    expect(answer.headers['x-request-id']).toMatch(/^[\w-]{22}$/);
  });

  it('takes no name for itself from the caller, and repeats nothing of what it was sent', async () => {
    const evil = '<script>alert(1)</script>';
    const answer = await client.send({
      path: `/${encodeURIComponent(evil)}?${encodeURIComponent(evil)}`,
      headers: { 'x-request-id': 'mine' },
    });
    expect(answer.headers['x-request-id']).not.toBe('mine');
    expect(Buffer.from(answer.body).toString()).not.toMatch(/script/);
  });
});

describe('a request that takes long', () => {
  it('is answered with 202, Location and Retry-After, and finishes behind a long poll', async () => {
    world.timestamps.mode = 'silent';
    const job = await startSigningJob(world, {
      format: 'cms-detached',
      answered: ({ status }) => {
        if (status === 202) world.timestamps.mode = 'good';
      },
    });
    const id = await job.id;
    await job.result;
    const [first, ...polls] = job.answers;
    expect(first).toMatchObject({
      status: 202,
      method: 'POST',
      headers: { location: `${REQUESTS}/${id}`, 'retry-after': '1', 'cache-control': 'no-store' },
    });
    expect(polls.map(({ method, url }) => `${method} ${url}`)).toContain(
      `GET ${world.signer.url}${REQUESTS}/${id}?wait=30`,
    );
    expect(polls.at(-1)?.status).toBe(200);
  });
});

describe('what anyone may read', () => {
  it('is that the process answers, and that it can sign', async () => {
    expect(await client.send({ path: '/healthz' })).toMatchObject({ status: 200, json: { status: 'ok' } });
    expect(await client.send({ path: '/readyz' })).toMatchObject({
      status: 200,
      json: { status: 'ok', checks: { hsm: 'ok', log: 'ok' } },
    });
  });

  it('is a description of the API whose references all lead somewhere', async () => {
    const { status, headers, json } = await client.send({ path: '/v1/openapi.json' });
    expect({ status, type: headers['content-type'] }).toEqual({ status: 200, type: 'application/json; charset=utf-8' });
    if (!isJsonObject(json)) throw new Error('The description is no object.');
    expect(json).toMatchObject({ openapi: '3.1.0', servers: [{ url: world.signer.url }] });
    const references = JSON.stringify(json).match(/(?<="\$ref":"#\/)[^"]+/g) ?? [];
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      const target = reference
        .split('/')
        .reduce<unknown>((value, name) => Reflect.get(Object(value) as object, name), json);
      expect({ reference, target }).toMatchObject({ target: expect.any(Object) as unknown });
    }
    expect(Object.keys(json['paths'] as object)).toEqual(
      expect.arrayContaining([REQUESTS, `${REQUESTS}/{id}`, '/v1/evaluations', '/v1/trust']),
    );
  });

  it('is a page for every error code', async () => {
    for (const code of Object.keys(CODE_TABLE)) {
      const answer = await client.send({ path: `/errors/${code}` });
      expect({ code, status: answer.status }).toEqual({ code, status: 200 });
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
      expect(Buffer.from(answer.body).toString()).toContain(`<code>${code}</code>`);
    }
  });

  it('is a page of each request, which shows its state and nothing of its files or people', async () => {
    const job = await signInJob(world, { files: { 'secret-name.txt': 'x' } });
    const page = await client.send({ path: `/requests/${await job.id}` });
    expect(page).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    });
    const shown = Buffer.from(page.body).toString();
    expect(shown).toContain('completed');
    expect(shown).toContain('acme-app / release');
    expect(shown).not.toMatch(/secret-name|octocat|771245825|<script/);
  });

  it('is metrics on their own listener, without names of repositories or projects', async () => {
    const answer = await fetch(metricsUrl);
    const figures = await answer.text();
    expect(answer.status).toBe(200);
    expect(figures).toMatch(
      /^originsign_http_answer_seconds_count\{route="\/v1\/signing-requests",status="200"\} [1-9]/m,
    );
    expect(figures).not.toMatch(/acme|octocat|771245825/);
    expect((await fetch(metricsUrl.replace('/metrics', '/'))).status).toBe(404);
  });

  it('is the trust file as a note that the log key signed', async () => {
    const note = await text({ path: '/v1/trust' });
    const [body = ''] = note.split('\n\n— ');
    expect(parseStrictJson(body)).toMatchObject({ version: 1, trial: true, server: world.signer.url });
    expect(note).toMatch(/\n\n— localhost:\d+\/trial \S+\n$/);
  });
});
