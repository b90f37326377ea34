import { readdirSync, readFileSync } from 'node:fs';
import { FORMATS } from '@originsign/core/formats/registry';
import { checkPolicies } from '@originsign/core/policy/check';
import { runPolicyTests } from '@originsign/core/policy/tests';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const EXAMPLES = new URL('../../examples/', import.meta.url);
const SERVER = 'https://sign.acme.example';
const read = (path: string): string => readFileSync(new URL(path, EXAMPLES), 'utf8');
const yaml = (path: string): unknown => parse(read(path), { strict: true });

describe.each(['gitlab', 'forgejo', 'buildkite', 'circleci', 'bitbucket'])('the policies for %s', (platform) => {
  const texts = ['trusted-build-systems', 'projects'].flatMap((folder) => {
    const path = `${platform}/policies/${folder}/`;
    return readdirSync(new URL(path, EXAMPLES)).map((name) => [`${folder}/${name}`, read(`${path}${name}`)] as const);
  });
  const checked = checkPolicies(new Map(texts), { trial: false, formats: FORMATS });

  it('load, and pass the tests in them, allowed and denied', () => {
    expect(checked.problems).toEqual([]);
    const project = checked.projects.get('acme-app') ?? expect.fail('There is no project acme-app.');
    const results = runPolicyTests(project, checked.systems);
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(new Set(results.map(({ trace }) => trace.decision))).toEqual(new Set(['allow', 'deny']));
    expect(project.policies.has('release')).toBe(true);
    expect([...checked.systems.values()].map(({ type }) => type)).toEqual([platform]);
  });
});

describe('the GitLab component', () => {
  const [spec, jobs] = parseAllDocuments(read('gitlab/templates/sign.yml'), { strict: true }).map(
    (document) => document.toJS() as unknown,
  );
  const { inputs } = (spec as { readonly spec: { readonly inputs: Readonly<Record<string, { default?: string }>> } })
    .spec;
  const { sign } = jobs as {
    readonly sign: {
      readonly id_tokens: unknown;
      readonly variables: Readonly<Record<string, string>>;
      readonly script: readonly string[];
      readonly cache: unknown;
    };
  };

  it('has a token for the server alone, in the variable that the command reads', () => {
    expect(sign.id_tokens).toEqual({ ORIGINSIGN_TOKEN: { aud: '$[[ inputs.server ]]' } });
    expect(sign.variables['ORIGINSIGN_SERVER']).toBe('$[[ inputs.server ]]');
  });

  it('checks nothing out, restores no cache, and hands inputs to the shell as quoted variables only', () => {
    expect(sign.variables['GIT_STRATEGY']).toBe('none');
    expect(sign.cache).toEqual([]);
    expect(sign.script.join('\n')).not.toContain('$[[');
    expect(sign.script.join('\n').match(/(?<!")\$[A-Z_]+/g)).toBeNull();
  });

  it('is given what it needs, and nothing that it does not know', () => {
    const { include } = yaml('gitlab/.gitlab-ci.yml') as {
      readonly include: readonly { readonly inputs: Readonly<Record<string, string>> }[];
    };
    const given = Object.keys(include[0]?.inputs ?? {});
    expect(given.filter((name) => inputs[name] === undefined)).toEqual([]);
    const required = Object.entries(inputs).flatMap(([name, input]) => (input.default === undefined ? [name] : []));
    expect(required.filter((name) => !given.includes(name))).toEqual([]);
    expect(include[0]?.inputs).toMatchObject({ server: SERVER, project: 'acme-app', policy: 'release' });
  });
});

describe('the Forgejo workflow', () => {
  const { jobs } = yaml('forgejo/workflows/release.yml') as {
    readonly jobs: Readonly<
      Record<string, { readonly steps: readonly { uses?: string; with?: object; run?: string }[] }>
    >;
  };

  it('lets the job that signs ask for tokens, which runs nothing else, and no other', () => {
    const asking = Object.keys(jobs).filter((name) => 'enable-openid-connect' in (jobs[name] ?? {}));
    expect(asking).toEqual(['sign']);
    const steps = jobs['sign']?.steps ?? [];
    expect(steps.filter(({ run }) => run !== undefined)).toEqual([]);
    expect(steps.filter(({ uses = '' }) => !/@[0-9a-f]{40}$/.test(uses))).toEqual([]);
  });

  it('gives the action inputs that it has', () => {
    const action = parse(readFileSync(new URL('../actions/sign/action.yml', EXAMPLES), 'utf8')) as {
      readonly inputs: Readonly<Record<string, unknown>>;
    };
    const step = jobs['sign']?.steps.find(({ uses = '' }) => uses.includes('/actions/sign@'));
    expect(step?.with).toMatchObject({ server: SERVER, project: 'acme-app', policy: 'release' });
    expect(Object.keys(step?.with ?? {}).filter((name) => !(name in action.inputs))).toEqual([]);
  });
});

describe('the Buildkite plugin', () => {
  const { configuration } = yaml('buildkite/plugin/plugin.yml') as {
    readonly configuration: { readonly properties: object; readonly required: readonly string[] };
  };
  const { steps } = yaml('buildkite/pipeline.yml') as {
    readonly steps: readonly { readonly key: string; readonly plugins?: readonly Readonly<Record<string, object>>[] }[];
  };

  it('is given what it needs, and nothing that it does not know, by the step that the policy names', () => {
    const [step] = steps.filter(({ plugins }) => plugins !== undefined);
    const given = Object.values(step?.plugins?.[0] ?? {})[0] ?? {};
    expect(given).toMatchObject({ server: SERVER, project: 'acme-app', policy: 'release' });
    expect(Object.keys(given).filter((name) => !(name in configuration.properties))).toEqual([]);
    expect(configuration.required.filter((name) => !(name in given))).toEqual([]);
    expect(read('buildkite/policies/projects/acme-app.yml')).toContain(
      `buildkite.step_key: { is: ${step?.key ?? ''} }`,
    );
  });

  it('reads every option that it declares', () => {
    const hook = read('buildkite/plugin/hooks/command');
    for (const name of Object.keys(configuration.properties)) {
      expect(hook).toContain(`BUILDKITE_PLUGIN_ORIGINSIGN_${name.toUpperCase().replaceAll('-', '_')}`);
    }
  });
});

it('the CircleCI configuration signs on tags, with the restricted context, for the server', () => {
  const { jobs, workflows } = yaml('circleci/config.yml') as {
    readonly jobs: Readonly<Record<string, { readonly steps: readonly unknown[] }>>;
    readonly workflows: { readonly release: { readonly jobs: readonly Readonly<Record<string, object>>[] } };
  };
  const runs = jobs['sign']?.steps.filter((step) => typeof step === 'object' && step !== null && 'run' in step);
  expect(runs).toEqual([{ run: expect.objectContaining({ environment: { ORIGINSIGN_SERVER: SERVER } }) as unknown }]);
  expect(JSON.stringify(runs)).toContain('--project acme-app --policy release');
  const sign = workflows.release.jobs.find((job) => 'sign' in job)?.['sign'];
  expect(sign).toMatchObject({ context: ['signing'], filters: { branches: { ignore: '/.*/' } } });
});

it('the Bitbucket step signs for one audience, the server, in an environment, without a clone', () => {
  const { pipelines } = yaml('bitbucket/bitbucket-pipelines.yml') as {
    readonly pipelines: { readonly branches: { readonly main: readonly { readonly step: object }[] } };
  };
  const steps = pipelines.branches.main.map(({ step }) => step as Readonly<Record<string, unknown>>);
  const asking = steps.filter(({ oidc }) => oidc !== undefined);
  expect(asking).toEqual([
    expect.objectContaining({
      oidc: { audiences: [SERVER] },
      deployment: 'production',
      clone: { enabled: false },
    }),
  ]);
  expect(JSON.stringify(asking)).toContain(`--server ${SERVER} --project acme-app --policy release`);
});
