import { readFileSync } from 'node:fs';
import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { encodeProvenance, type Provenance } from './provenance.ts';
import { parseProvenance } from './provenance-reader.ts';

const REPOSITORY = 'https://github.com/acme/app';

const PROVENANCE: Provenance = {
  subjects: [
    {
      name: 'app.exe',
      coveredDigest: { algorithm: 'authenticodeSha256', value: 'a'.repeat(64) },
      claimed: { sha256: 'd'.repeat(64), size: 1_048_576 },
    },
    { name: 'app.tar.gz', coveredDigest: { algorithm: 'sha256', value: 'b'.repeat(64) } },
  ],
  origin: {
    platform: 'github-actions',
    system: 'github',
    repository: { uri: REPOSITORY, id: '771245825', ownerId: '145685596' },
    commit: '9f31c2e0d4b86a57913fe2dc0b745a618e3cf290',
    ref: 'refs/tags/v1.4.0',
    workflow: {
      uri: `${REPOSITORY}/.github/workflows/release.yml@refs/tags/v1.4.0`,
      path: '.github/workflows/release.yml',
      ref: 'refs/tags/v1.4.0',
    },
    run: { id: '30433642', attempt: 1, uri: `${REPOSITORY}/actions/runs/30433642/attempts/1` },
    trigger: 'push',
    runner: 'github-hosted',
  },
  request: {
    id: 'Sxg9Ix-RQXPw7a1o5QkYTOsm44Ky0uCQz_lm-9lq7ps',
    server: 'https://sign.acme.example',
    project: 'acme-app',
    policy: 'release',
    policyHash: 'c'.repeat(64),
    rule: 'tag-build',
    binding: 'audience',
  },
};
const CALLEE = {
  uri: 'https://github.com/acme/workflows/.github/workflows/sign.yml@refs/tags/v2',
  repository: 'acme/workflows',
  path: '.github/workflows/sign.yml',
  ref: 'refs/tags/v2',
  commit: 'd'.repeat(40),
};

const document = (provenance: Provenance): Record<string, Json> =>
  JSON.parse(utf8Text(encodeProvenance(provenance))) as Record<string, Json>;

test('is a SLSA v1 statement', () => {
  const { origin } = PROVENANCE;
  expect(document(PROVENANCE)).toMatchObject({
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://slsa.dev/provenance/v1',
    subject: [
      { name: 'app.exe', digest: { authenticodeSha256: 'a'.repeat(64) } },
      { name: 'app.tar.gz', digest: { sha256: 'b'.repeat(64) } },
    ],
    predicate: {
      buildDefinition: {
        buildType: 'https://originsign.dev/buildtypes/ci-job/v1',
        externalParameters: {
          workflow: { repository: REPOSITORY, ref: 'refs/tags/v1.4.0', path: '.github/workflows/release.yml' },
        },
        resolvedDependencies: [{ uri: `git+${REPOSITORY}@refs/tags/v1.4.0`, digest: { gitCommit: origin.commit } }],
      },
      runDetails: { builder: { id: origin.workflow.uri }, metadata: { invocationId: origin.run.uri } },
    },
  });
});

test('is the example of the specification', () => {
  const page = readFileSync(new URL('../../../docs/spec/provenance.md', import.meta.url), 'utf8');
  expect(document(PROVENANCE)).toEqual(JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? ''));
});

test('names the called workflow as the builder where there is one', () => {
  const statement = document({ ...PROVENANCE, origin: { ...PROVENANCE.origin, callee: CALLEE } });
  expect(statement).toMatchObject({ predicate: { runDetails: { builder: { id: CALLEE.uri } } } });
});

test('leaves out the person who started the job', () => {
  const origin = { ...PROVENANCE.origin, actor: 'octocat', actorId: '583231' };
  expect(utf8Text(encodeProvenance({ ...PROVENANCE, origin }))).not.toMatch(/octocat|583231/);
});

test.each<readonly [string, Provenance]>([
  ['the least', PROVENANCE],
  ['a callee', { ...PROVENANCE, origin: { ...PROVENANCE.origin, callee: CALLEE } }],
  ['an environment', { ...PROVENANCE, origin: { ...PROVENANCE.origin, environment: 'production' } }],
  ['the other binding', { ...PROVENANCE, request: { ...PROVENANCE.request, binding: 'proof' } }],
])('%s is read back', (_, provenance) => {
  expect(parseProvenance(encodeProvenance(provenance))).toEqual(provenance);
});

test('ignores what a newer server says besides', () => {
  const text = utf8Text(encodeProvenance(PROVENANCE)).replace('"binding":', '"added":{"x":1},"binding":');
  expect(parseProvenance(utf8(text))).toEqual(PROVENANCE);
});

type Path = readonly (string | number)[];

/** The document with one value replaced, or removed for `undefined`. */
function changed(path: Path, value: Json | undefined): Uint8Array {
  const copy = document(PROVENANCE);
  let parent = copy as unknown as Record<string | number, Record<string | number, unknown>>;
  for (const step of path.slice(0, -1)) parent = parent[step] as typeof parent;
  Object.assign(parent, { [path.at(-1) ?? '']: value });
  return utf8(canonicalJson(copy));
}

const definition = ['predicate', 'buildDefinition'] as const;
const origin = [...definition, 'internalParameters', 'origin'] as const;

describe('refuses provenance whose parts tell different stories', () => {
  test.each<readonly [string, Path, Json | undefined]>([
    ['another statement type', ['_type'], 'https://in-toto.io/Statement/v0.1'],
    ['another predicate type', ['predicateType'], 'https://slsa.dev/provenance/v0.2'],
    ['another build type', [...definition, 'buildType'], 'https://actions.github.io/buildtypes/workflow/v1'],
    [
      'another repository for readers of SLSA',
      [...definition, 'externalParameters', 'workflow', 'repository'],
      'https://github.com/evil/app',
    ],
    [
      'another commit for readers of SLSA',
      [...definition, 'resolvedDependencies', 0, 'digest', 'gitCommit'],
      'e'.repeat(40),
    ],
    ['a dependency more', [...definition, 'resolvedDependencies', 1], { uri: 'git+https://evil.example' }],
    ['another builder', ['predicate', 'runDetails', 'builder', 'id'], 'https://evil.example'],
    ['another run', ['predicate', 'runDetails', 'metadata', 'invocationId'], 'https://evil.example'],
    ['another repository in the origin alone', [...origin, 'repository', 'uri'], 'https://github.com/evil/app'],
    ['no repository id', [...origin, 'repository', 'id'], undefined],
    ['a run attempt that is text', [...origin, 'run', 'attempt'], '1'],
    ['a control character', [...origin, 'trigger'], 'push\n'],
    ['no origin', origin, undefined],
    ['no request', [...definition, 'internalParameters', 'request'], undefined],
    ['an unknown binding', [...definition, 'internalParameters', 'request', 'binding'], 'first-use'],
    ['no subjects', ['subject'], []],
    ['an unknown member', ['extra'], 1],
  ])('%s', (_, path, value) => {
    expect(codeOf(() => parseProvenance(changed(path, value)))).toBe('verify.provenance');
  });

  test('a subject with two digests', () => {
    const bytes = changed(['subject', 0, 'digest', 'sha256'], 'b'.repeat(64));
    expect(codeOf(() => parseProvenance(bytes))).toBe('statement.digest');
  });
});
