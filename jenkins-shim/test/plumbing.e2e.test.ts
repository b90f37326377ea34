import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTools } from '@originsign/testkit/tools';
import {
  runPipelines,
  type PipelineOutcome,
  type PipelineRun,
  type Pipelines,
} from '@originsign/testkit/jenkins-pipelines';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stubRun } from './stub-command.test.fixture.ts';

const SIGN = `server: 'https://sign.acme.example', project: 'acme-app', policy: 'release', tokenCredentialId: 'originsign-oidc'`;
const VERIFY = `trust: 'trust.json', repository: 'https://git.acme.example/acme/app', project: 'acme-app'`;
const WORDS = ['--server=https://sign.acme.example', '--project=acme-app', '--policy=release'];
/** Everything that a shell, cmd or Groovy could take for something else. */
const NASTY = `a b;$(id) \`id\` \${X} $HOME %PATH% "q" 'q' \\\\ | & > ! ^ -x é\\n2`;
const SIGNED = {
  requestId: 'i'.repeat(43),
  requestUrl: 'https://sign.acme.example/requests/i',
  status: 'completed',
  origin: { commit: 'c' },
  files: [
    {
      name: 'app.exe',
      input: 'WORKSPACE/dist/app.exe',
      output: 'WORKSPACE/signed/app.exe',
      signaturePath: 'WORKSPACE/signed/app.exe.p7s',
      format: 'cms-detached',
      coveredDigest: { algorithm: 'sha256', value: 'ab' },
      key: { label: 'acme', type: 'EC' },
      timestamp: '2026-11-22T09:14:03Z',
    },
  ],
  receiptPath: 'WORKSPACE/signed/originsign-i.tlog-proof',
  provenancePath: '/elsewhere/originsign-i.provenance.sigstore.json',
};

const NO_NODE =
  'originSign: There is no Node.js on the PATH of this agent; install Node.js 20.19 or later on the agent, or wrap the step in nodejs(...) or a container that has it.';

/** Folder with a Node.js that says that it is too old, and cannot run the command. */
const OLD_NODE = mkdtempSync(join(tmpdir(), 'originsign-old-node-'));
writeFileSync(join(OLD_NODE, 'node'), '#!/bin/sh\n[ "$1" = -e ] && exit 3\nexit 1\n', { mode: 0o755 });

const RUNS = {
  plain: stubRun(`originSign(${SIGN}, files: ['dist/**/*.exe', '!dist/**/*-debug.exe'])`, { document: SIGNED }),
  single: stubRun(`originSign(${SIGN}, files: "dist/\${1 + 1}.exe")`),
  all: stubRun(
    `originSign(${SIGN}, files: ['-x', '${NASTY.replaceAll("'", String.raw`\'`).replaceAll('$', String.raw`$`)}'],
      format: 'auto,cms-detached', options: ['raw.output': 'sigstore-bundle', 'a.b': 1], outputDirectory: 'sig ned',
      description: 'v1.4.0', parameters: [ticket: 'ACME-1', count: 17, ok: true, text: "a=\${2}"], wait: false, timeout: '90m',
      onTimeout: 'leave', dryRun: true, caFile: 'ca.pem')`,
    {
      document: {
        decision: 'allow',
        files: [{ name: 'a', path: 'WORKSPACE/a', format: 'raw', coveredDigest: { algorithm: 'sha256', value: 'ab' } }],
      },
    },
  ),
  absent: stubRun(
    `originSign(${SIGN}, files: ['a'], format: '', description: null, wait: true, dryRun: false, parameters: [:])`,
  ),
  file: stubRun(
    `originSign(${SIGN}, files: 'a', tokenCredentialType: 'file')`,
    {},
    {
      credentials: { 'originsign-oidc': { kind: 'file', value: 'f.f.f' } },
      environment: { ORIGINSIGN_TOKEN: 'left over' },
    },
  ),
  certificate: stubRun(
    `originSign(${SIGN}, files: 'a', certificateCredentialId: 'cert', certificateKeyCredentialId: 'key', certificatePassphraseCredentialId: 'pass')`,
    {},
    {
      credentials: {
        'originsign-oidc': { kind: 'string', value: 'a.b.c' },
        cert: { kind: 'file', value: 'CERT' },
        key: { kind: 'file', value: 'KEY' },
        pass: { kind: 'string', value: 'p a$s' },
      },
    },
  ),
  windows: stubRun(`originSign(${SIGN}, files: ['a b'])`, {}, { unix: false }),
  verify: stubRun(
    `originVerify(${VERIFY}, files: ['signed'], ref: 'refs/tags/v*', workflow: 'job/app/', policy: 'release', format: 'raw',
      builder: 'https://b/**', receipt: ['r1', 'r2'], provenance: 'p', recursive: true, requireSigned: true, trial: true)`,
    { document: { verified: true, files: [{ path: 'WORKSPACE/signed/a', checks: [{ name: 'receipt' }] }] } },
  ),
  unverified: stubRun(`originVerify(${VERIFY}, files: ['a'])`, { status: 1, document: { verified: false, files: [] } }),
  error: stubRun(`originSign(${SIGN}, files: ['a'])`, {
    status: 5,
    document: { error: { code: 'server.unreachable', message: 'The server did not answer.' } },
  }),
  denied: stubRun(`originSign(${SIGN}, files: ['a'], dryRun: true)`, {
    status: 3,
    document: { decision: 'deny', files: [] },
  }),
  nothing: stubRun(`originSign(${SIGN}, files: ['a'])`, { status: 137, document: null }),
  noNode: stubRun(`originSign(${SIGN}, files: ['a'])`, {}, { environment: { PATH: '/nonexistent' } }),
  noNodeOnWindows: stubRun(
    `originSign(${SIGN}, files: ['a'])`,
    {},
    { environment: { PATH: '/nonexistent' }, unix: false },
  ),
  oldNode: stubRun(`originSign(${SIGN}, files: ['a'])`, {}, { environment: { PATH: OLD_NODE } }),
  aborted: stubRun(`originSign(${SIGN}, files: ['a'])`, { hangs: true, document: null }, { abortAt: 'it hangs' }),
  noCredential: stubRun(`originSign(${SIGN}, files: ['a'])`, {}, { credentials: {} }),
  wrongKind: stubRun(`originSign(${SIGN}, files: ['a'], tokenCredentialType: 'file')`),
  misspelt: stubRun(`originSign(${SIGN}, file: ['a'])`),
  unknown: stubRun(`originVerify(${VERIFY}, files: ['a'], banana: 1)`),
  missing: stubRun(
    `originSign(server: 'https://sign.acme.example', project: 'acme-app', policy: '', tokenCredentialId: 'x', files: 'a')`,
  ),
  noFiles: stubRun(`originVerify(${VERIFY}, files: [])`),
  nothingGiven: stubRun('originSign()'),
  flag: stubRun(`originSign(${SIGN}, files: 'a', wait: 'false')`),
  number: stubRun(`originSign(${SIGN}, files: 'a', timeout: 60)`),
  choice: stubRun(`originSign(${SIGN}, files: 'a', onTimeout: 'Cancel')`),
  list: stubRun(`originSign(${SIGN}, files: ['a', 1])`),
  pairs: stubRun(`originSign(${SIGN}, files: 'a', parameters: ['a=b'])`),
  nested: stubRun(`originSign(${SIGN}, files: 'a', parameters: [a: ['b']])`),
} satisfies Readonly<Record<string, PipelineRun>>;

let pipelines: Pipelines;
beforeAll(async () => {
  ensureTools(['groovy']);
  pipelines = await runPipelines(Object.values(RUNS));
});
afterAll(async () => {
  rmSync(OLD_NODE, { recursive: true });
  await pipelines.remove();
});

function outcomeOf(name: keyof typeof RUNS): PipelineOutcome {
  const outcome = pipelines.outcomes[Object.keys(RUNS).indexOf(name)];
  if (outcome === undefined) throw new Error(`There is no outcome of ${name}.`);
  return outcome;
}

const seenBy = async (name: keyof typeof RUNS) =>
  JSON.parse(await readFile(join(outcomeOf(name).workspace, 'seen.json'), 'utf8')) as Readonly<Record<string, unknown>>;

const failureOf = (name: keyof typeof RUNS) => outcomeOf(name).failure?.message;

describe('what users write', () => {
  test('reaches the command as words, patterns behind a separator', async () => {
    const { words, given } = await seenBy('plain');
    expect(words).toEqual(['sign', ...WORDS, '--', 'dist/**/*.exe', '!dist/**/*-debug.exe']);
    expect(given).toBe(3);
  });

  test('may be one pattern, and a text with parts that Groovy fills in', async () => {
    expect((await seenBy('single'))['words']).toEqual(['sign', ...WORDS, '--', 'dist/2.exe']);
  });

  test('is passed on whole, whatever it holds', async () => {
    const { words } = await seenBy('all');
    expect(words).toEqual([
      'sign',
      ...WORDS,
      '--format=auto,cms-detached',
      '--format-option=raw.output=sigstore-bundle',
      '--format-option=a.b=1',
      '--output-directory=sig ned',
      '--description=v1.4.0',
      '--parameter=ticket=ACME-1',
      '--parameter=count=17',
      '--parameter=ok=true',
      '--parameter=text=a=2',
      '--timeout=90m',
      '--on-timeout=leave',
      '--ca-file=ca.pem',
      '--no-wait',
      '--dry-run',
      '--',
      '-x',
      NASTY.replaceAll(String.raw`\\`, '\\').replaceAll(String.raw`\n`, '\n'),
    ]);
  });

  test('may be empty or null as if it were not there', async () => {
    expect((await seenBy('absent'))['words']).toEqual(['sign', ...WORDS, '--', 'a']);
  });

  test('reaches verification as well', async () => {
    expect((await seenBy('verify'))['words']).toEqual([
      'verify',
      '--trust=trust.json',
      '--repository=https://git.acme.example/acme/app',
      '--project=acme-app',
      '--ref=refs/tags/v*',
      '--workflow=job/app/',
      '--policy=release',
      '--builder=https://b/**',
      '--format=raw',
      '--receipt=r1',
      '--receipt=r2',
      '--provenance=p',
      '--recursive',
      '--require-signed',
      '--trial',
      '--',
      'signed',
    ]);
  });

  test('never is part of a script', () => {
    const scripts = pipelines.outcomes.flatMap(({ calls }) =>
      calls
        .filter(({ name }) => name === 'sh' || name === 'bat')
        .map((call) => (call.arguments[0] as { script: string }).script),
    );
    // Two for Linux, two for Windows, whatever the pipelines say.
    expect(new Set(scripts).size).toBe(4);
  });

  test.each([
    ['misspelt', 'originSign: There is no input "file"; did you mean files?.'],
    [
      'unknown',
      'originVerify: There is no input "banana"; it takes files, trust, repository, project, ref, workflow, policy, builder, format, receipt, provenance, recursive, requireSigned, trial.',
    ],
    ['missing', 'originSign: The input policy is missing.'],
    ['noFiles', 'originVerify: The input files is missing.'],
    ['nothingGiven', 'originSign: The input server is missing.'],
    ['flag', 'originSign: The input wait takes true or false.'],
    ['number', 'originSign: The input timeout takes a text.'],
    ['choice', 'originSign: The input onTimeout takes cancel or leave.'],
    ['list', 'originSign: The input files takes a text or a list of texts.'],
    ['pairs', 'originSign: The input parameters takes a map of names and values.'],
    ['nested', 'originSign: The input parameters takes a map of names and values.'],
  ] as const)('is refused where it cannot be: %s', (name, message) => {
    const { failure, calls } = outcomeOf(name);
    expect(failure).toEqual({ kind: 'StepFailed', message });
    expect(calls.map((call) => call.name)).toEqual(['error']);
  });
});

describe('secrets', () => {
  test('are bound last and reach the command in its environment alone', async () => {
    expect(await seenBy('plain')).toMatchObject({ token: 'a.b.c', beside: ['arguments.json', 'originsign.mjs'] });
    const { calls } = outcomeOf('plain');
    expect(calls.map(({ name }) => name)).toEqual([
      ...['string', 'pwd', 'libraryResource', 'writeFile', 'writeFile', 'withEnv', 'withCredentials'],
      ...['isUnix', 'sh', 'fileExists', 'readFile', 'dir', 'deleteDir', 'pwd'],
    ]);
    expect(JSON.stringify(calls)).not.toContain('a.b.c');
  });

  test('may be files, and no other token of the build is in the way', async () => {
    expect(await seenBy('file')).toMatchObject({ token: '', tokenFile: 'f.f.f' });
  });

  test('may be a client certificate, its key and a passphrase', async () => {
    expect(await seenBy('certificate')).toMatchObject({
      token: 'a.b.c',
      certificate: 'CERT',
      key: 'KEY',
      passphrase: 'p a$s',
    });
  });

  test('are none where files are verified', async () => {
    expect(await seenBy('verify')).toMatchObject({ token: '' });
    expect(outcomeOf('verify').calls.map(({ name }) => name)).not.toContain('withCredentials');
  });

  test.each([
    ['noCredential', "originSign: Could not find credentials entry with ID 'originsign-oidc'"],
    ['wrongKind', "originSign: Credentials 'originsign-oidc' is of type 'string' where 'file' was expected"],
  ] as const)('that cannot be bound are said: %s', (name, message) => {
    const { failure, log } = outcomeOf(name);
    expect(failure).toEqual({ kind: 'StepFailed', message });
    expect(log).toMatch(/^hint: the credential must lie in the folder of this job or above it/m);
  });
});

describe('a finished step', () => {
  test('returns the result with paths relative to the workspace', () => {
    expect(outcomeOf('plain').result).toEqual({
      requestId: SIGNED.requestId,
      requestUrl: SIGNED.requestUrl,
      status: 'completed',
      files: [
        {
          name: 'app.exe',
          path: 'signed/app.exe',
          signature: 'signed/app.exe.p7s',
          format: 'cms-detached',
          coveredDigest: { algorithm: 'sha256', value: 'ab' },
          key: 'acme',
          timestamp: '2026-11-22T09:14:03Z',
        },
      ],
      provenancePath: '/elsewhere/originsign-i.provenance.sigstore.json',
      receiptPath: 'signed/originsign-i.tlog-proof',
    });
  });

  test('returns the decision of a dry run, and the report of a verification', () => {
    expect(outcomeOf('all').result).toMatchObject({ status: 'allowed', files: [{ path: 'a', format: 'raw' }] });
    expect(outcomeOf('verify').result).toEqual({
      verified: true,
      files: [{ path: 'signed/a', checks: [{ name: 'receipt' }] }],
    });
  });

  test.each([
    ['error', 'originSign: The server did not answer [server.unreachable]'],
    ['denied', 'originSign: denied; the lines above say why'],
    ['unverified', 'originVerify: not verified; the lines above say what failed'],
    ['nothing', 'originSign: the command ended with status 137; the lines above say why'],
    ['noNodeOnWindows', NO_NODE],
    ['noNode', NO_NODE],
    [
      'oldNode',
      NO_NODE.replace('There is no Node.js on the PATH of this agent', 'The Node.js of this agent is too old'),
    ],
  ] as const)('fails the build with one sentence: %s', (name, message) => {
    expect(failureOf(name)).toBe(message);
  });

  test('stays a build that was stopped where somebody stops it', () => {
    expect(outcomeOf('aborted').failure?.kind).toBe('Aborted');
  });

  test('leaves nothing on the agent', async () => {
    const folders = await Promise.all(
      (['plain', 'windows', 'verify', 'nothing', 'aborted'] as const).map(
        async (name) => (await seenBy(name))['folder'],
      ),
    );
    expect(new Set(folders).size).toBe(5);
    for (const folder of folders) expect(existsSync(String(folder))).toBe(false);
  });

  test('was the same on an agent with Windows, as far as its shell is imitated', async () => {
    expect(await seenBy('windows')).toMatchObject({ words: ['sign', ...WORDS, '--', 'a b'], token: 'a.b.c' });
    expect(outcomeOf('windows').calls.filter(({ name }) => name === 'bat')).toHaveLength(1);
  });
});
