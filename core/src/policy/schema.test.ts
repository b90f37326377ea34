import { describe, expect, it } from 'vitest';
import { PLATFORMS } from '../platforms/platforms.ts';
import { parseProject } from './parse.ts';
import { projectFileSchema, systemFileSchema } from './schema.ts';

interface SchemaNode {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
}

const project = projectFileSchema() as SchemaNode;
const at = (...path: readonly string[]): SchemaNode | undefined =>
  path.reduce<SchemaNode | undefined>((node, step) => {
    if (step === '*') return typeof node?.additionalProperties === 'object' ? node.additionalProperties : undefined;
    return step === '[]' ? node?.items : node?.properties?.[step];
  }, project);

describe('the JSON Schema of project files', () => {
  it('is plain JSON, and the same every time', () => {
    expect(JSON.parse(JSON.stringify(project))).toEqual(project);
    expect(JSON.stringify(projectFileSchema())).toBe(JSON.stringify(project));
  });

  it('is closed wherever the loader is', () => {
    const open: string[] = [];
    const walk = (node: SchemaNode, path: string): void => {
      if (node.properties !== undefined && node.additionalProperties !== false) open.push(path);
      for (const [key, child] of Object.entries(node.properties ?? {})) walk(child, `${path}/${key}`);
      if (node.items !== undefined) walk(node.items, `${path}/[]`);
      if (typeof node.additionalProperties === 'object') walk(node.additionalProperties, `${path}/*`);
    };
    walk(project, '');
    expect(open).toEqual([]);
  });

  it('knows the operators and the values of each claim', () => {
    const when = at('policies', '*', 'allow', '[]', 'when');
    expect(Object.keys(when?.properties?.['github.ref']?.properties ?? {})).toEqual(['is', 'in', 'glob']);
    expect(Object.keys(when?.properties?.['github.environment']?.properties ?? {})).toContain('absent');
    expect(when?.properties?.['github.runner_environment']?.properties?.['is']?.enum).toEqual([
      'github-hosted',
      'self-hosted',
    ]);
    expect(when?.properties?.['time']?.properties?.['within']).toBeDefined();
    expect(when?.properties?.['github.sub']).toBeUndefined();
  });

  it('does not offer what refuses the load', () => {
    expect(at('policies', '*', 'allow', '[]')?.properties).not.toHaveProperty('inspection');
    expect(at('policies', '*', 'deny', '[]')?.properties).not.toHaveProperty('limits');
  });

  it('requires what the loader requires', () => {
    const { problems } = parseProject('p.yml', '{}', { systems: new Map() });
    const missing = problems.map(({ message }) => /lacks the key "(\w+)"/.exec(message)?.[1]);
    expect(missing).toEqual(project.required);
  });
});

it('the JSON Schema of trusted build systems has one form for each kind', () => {
  const { anyOf = [] } = systemFileSchema() as unknown as { readonly anyOf?: readonly SchemaNode[] };
  const types = anyOf.map((form) => form.properties?.['type'] as { readonly enum?: unknown; readonly const?: unknown });
  expect(types.map((type) => type.enum ?? type.const)).toEqual([
    Object.keys(PLATFORMS).filter((type) => type !== 'static-token'),
    'static-token',
    'client-certificate',
  ]);
  expect(anyOf.map(({ required }) => required)).toEqual([
    ['version', 'id', 'type', 'issuer'],
    ['version', 'id', 'type', 'tokens'],
    ['version', 'id', 'type', 'authorities', 'revocation'],
  ]);
});
