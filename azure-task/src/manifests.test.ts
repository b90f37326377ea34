import { readFileSync } from 'node:fs';
import { readSignInputs, SIGN_INPUTS } from '@originsign/core/client/step/sign-inputs';
import { SIGN_OUTPUTS } from '@originsign/core/client/step/sign-outputs';
import { readVerifyInputs, VERIFY_INPUTS } from '@originsign/core/client/step/verify-inputs';
import { VERIFY_OUTPUTS } from '@originsign/core/client/step/verify-outputs';
import { describe, expect, it } from 'vitest';
import { VERSION } from './version.ts';

interface Input {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly required: boolean;
  readonly defaultValue?: string;
  readonly groupName?: string;
  readonly helpMarkDown: string;
  readonly options?: Readonly<Record<string, string>>;
}

interface Task {
  readonly id: string;
  readonly name: string;
  readonly friendlyName: string;
  readonly version: Readonly<Record<string, number>>;
  readonly minimumAgentVersion: string;
  readonly groups: readonly { readonly name: string }[];
  readonly inputs: readonly Input[];
  readonly outputVariables: readonly { readonly name: string }[];
  readonly restrictions: {
    readonly commands: { readonly mode: string };
    readonly settableVariables: { readonly allowed: readonly string[] };
  };
  readonly execution: Readonly<Record<string, unknown>>;
}

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));
const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What the schema of tasks allows (`tasks.schema.json` of azure-pipelines-task-lib), as far as these files use it. */
const TASK_KEYS = [
  ...['$schema', 'id', 'name', 'friendlyName', 'description', 'helpMarkDown', 'category', 'author', 'version'],
  ...['minimumAgentVersion', 'runsOn', 'instanceNameFormat', 'groups', 'inputs', 'outputVariables', 'restrictions'],
  'execution',
];
const INPUT_KEYS = [
  'name',
  'type',
  'label',
  'required',
  'defaultValue',
  'groupName',
  'properties',
  'helpMarkDown',
  'options',
];
const INPUT_TYPE = /^(?:boolean|multiLine|pickList|string|connectedService:\w+)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const TASKS = [
  ['OriginSign', SIGN_INPUTS, SIGN_OUTPUTS],
  ['OriginSignVerify', VERIFY_INPUTS, VERIFY_OUTPUTS],
] as const;

describe.each(TASKS)('the task %s', (name, inputs, outputs) => {
  const task = read(`tasks/${name}/task.json`) as Task;

  it('has the fields that its schema knows, in their form', () => {
    expect(Object.keys(task).sort()).toEqual([...TASK_KEYS].sort());
    expect(task).toMatchObject({ name, version: { Major: 1 } });
    expect(task.id).toMatch(UUID);
    expect(task.friendlyName.length).toBeLessThanOrEqual(40);
    expect(task.minimumAgentVersion).toMatch(/^\d+\.\d+(?:\.\d+)?$/);
    expect(Object.values(task.version).every(Number.isInteger)).toBe(true);
  });

  it('has inputs that their schema knows, each with help', () => {
    const groups = task.groups.map((group) => group.name);
    for (const input of task.inputs) {
      expect(Object.keys(input).filter((key) => !INPUT_KEYS.includes(key))).toEqual([]);
      expect(input.name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
      expect(input.type).toMatch(INPUT_TYPE);
      expect(input.label).not.toBe('');
      expect(input.helpMarkDown).toMatch(/\.$/);
      if (input.groupName !== undefined) expect(groups).toContain(input.groupName);
      // An input of the type filePath that is left out would become the whole working directory.
      expect(input.type).not.toBe('filePath');
    }
  });

  it('offers the inputs and outputs of the step, by the names of the platform', () => {
    const own = name === 'OriginSign' ? ['serverConnection', 'oidcConnection'] : [];
    const common = Object.keys(inputs)
      .filter((key) => key !== 'server')
      .map(camelCase);
    expect(task.inputs.map((input) => input.name).sort()).toEqual([...own, ...common].sort());
    expect(task.outputVariables.map((output) => output.name)).toEqual(outputs.map(camelCase));
  });

  it('may set its outputs and no other variable', () => {
    expect(task.restrictions.settableVariables.allowed).toEqual(outputs.map(camelCase));
    // The restricted mode forbids the summary, and nothing that this task prints can become another command.
    expect(task.restrictions.commands.mode).toBe('any');
  });

  it('runs one file on both versions of Node', () => {
    expect(task.execution).toEqual({ Node20_1: { target: 'index.mjs' }, Node24: { target: 'index.mjs' } });
  });

  it('has presets that mean what left out means', () => {
    const required = task.inputs.filter((input) => input.required).map((input) => input.name);
    const values = task.inputs.map((input) => [input.name, input.required ? 'x' : (input.defaultValue ?? '')] as const);
    const readWith = (presets: Readonly<Record<string, string>>): unknown => {
      const given: Readonly<Record<string, string>> = { ...presets, server: 'https://sign.acme.example' };
      const host = {
        input: (key: string) => given[camelCase(key)] ?? '',
        inputName: camelCase,
        workingDirectory: '/workspace',
      };
      return name === 'OriginSign' ? readSignInputs(host) : readVerifyInputs(host);
    };
    const least = Object.fromEntries(values.filter(([key]) => required.includes(key)));
    expect(readWith(Object.fromEntries(values))).toEqual(readWith(least));
    for (const missing of required.filter((key) => key !== 'serverConnection')) {
      expect(() => readWith({ ...least, [missing]: '' })).toThrow(`input ${missing} `);
    }
  });
});

describe('the extension', () => {
  const extension = read('vss-extension.json') as {
    readonly version: string;
    readonly files: readonly { readonly path: string }[];
    readonly scopes: readonly string[];
    readonly contributions: readonly {
      readonly type: string;
      readonly properties: Readonly<Record<string, unknown>>;
    }[];
  };
  const contributed = (type: string) => extension.contributions.filter((entry) => entry.type === type);

  it('has the version of the package, and the programs say so', () => {
    expect(read('package.json')).toMatchObject({ version: VERSION });
    expect(extension.version).toBe(VERSION);
  });

  it('asks for no permission in the organization', () => {
    expect(extension.scopes).toEqual([]);
  });

  it('brings the tasks, whose ids differ', () => {
    const names = contributed('ms.vss-distributed-task.task').map(({ properties }) => properties['name']);
    expect(names).toEqual(TASKS.map(([name]) => `tasks/${name}`));
    expect(extension.files.map(({ path }) => path)).toEqual(expect.arrayContaining(names));
    const ids = TASKS.map(([name]) => (read(`tasks/${name}/task.json`) as Task).id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('brings the type of connection that the task asks for, whose secret fields are secret', () => {
    const [type] = contributed('ms.vss-endpoint.service-endpoint-type');
    const task = read('tasks/OriginSign/task.json') as Task;
    expect(task.inputs[0]?.type).toBe(`connectedService:${String(type?.properties['name'])}`);
    const schemes = type?.properties['authenticationSchemes'] as readonly {
      readonly type: string;
      readonly inputDescriptors?: readonly { readonly id: string; readonly isConfidential: boolean }[];
    }[];
    const fields = schemes.flatMap(({ inputDescriptors = [] }) => inputDescriptors);
    expect(fields.map(({ id, isConfidential }) => [id, isConfidential])).toEqual([
      ['certificate', true],
      ['passphrase', true],
    ]);
    expect(schemes.map((scheme) => scheme.type.replace(/.*-/, ''))).toEqual(['none', 'cert']);
  });

  it.each([
    ['images/icon.png', 128],
    ['tasks/OriginSign/icon.png', 32],
    ['tasks/OriginSignVerify/icon.png', 32],
  ])('has %s, a PNG of %i pixels', (path, size) => {
    const png = readFileSync(new URL(`../${path}`, import.meta.url));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size]);
  });
});
