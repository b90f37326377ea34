import { FIXTURES } from '../platforms/fixtures/fixtures.ts';
import type { ClaimSchema } from '../platforms/claim-schema.ts';
import { platformByType } from '../platforms/platforms.ts';
import { ARTIFACT_SUBJECTS } from './artifact-rules.ts';
import { claimTable } from './claims.ts';
import { readValue } from './conditions.ts';
import { didYouMean } from './did-you-mean.ts';
import { subjectTypeOf } from './operators.ts';
import type { Report } from './load-problem.ts';
import type { ArtifactFacts, PolicyTest, Scalar, SigningPolicy } from './model.ts';
import {
  type Fields,
  type Keys,
  readFields,
  readItems,
  readMap,
  readName,
  readSentence,
  readText,
  readWord,
} from './reader.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';
import type { Tree } from './yaml-tree.ts';

/** Keys of one test, of its `given`, of an artifact there, and of its `expect`. */
export const TEST_KEYS: Keys = { required: ['name', 'given', 'expect'], optional: [] };
export const GIVEN_KEYS: Keys = { required: ['fixture'], optional: ['system', 'set', 'unset', 'artifacts', 'time'] };
export const ARTIFACT_KEYS: Keys = { required: ['name', 'format'], optional: ['size'] };
export const EXPECT_KEYS: Keys = { required: ['policy', 'decision'], optional: ['rule', 'failed'] };

/** What the rest of the project says that its tests name. */
export interface TestContext {
  readonly report: Report;
  readonly known: ReadonlyMap<string, TrustedBuildSystem>;
  readonly systems: readonly string[];
  /** Left out where some did not load: then nothing can be said about the names of the others. */
  readonly policies?: ReadonlyMap<string, SigningPolicy>;
}

/** Reads `tests` of a project. */
export function parseTests(tree: Tree | undefined, context: TestContext): readonly PolicyTest[] {
  const { report } = context;
  return readItems(tree, '"tests"', report, (item) => {
    const fields = readFields(item, 'a test', TEST_KEYS, report);
    const nameTree = fields?.get('name')?.value;
    const name = nameTree && readSentence(nameTree, '"name" of the test', 200, report);
    const given = parseGiven(fields?.get('given')?.value, context);
    const expect = parseExpect(fields?.get('expect')?.value, given?.table, context);
    if (name === undefined || given === undefined || expect === undefined) return undefined;
    const { table: _table, ...rest } = given;
    return { name, ...rest, expect, at: item.at };
  });
}

type Table = ReadonlyMap<string, ClaimSchema>;
type Given = Omit<PolicyTest, 'name' | 'expect' | 'at'> & { readonly table: Table };

function parseGiven(tree: Tree | undefined, context: TestContext): Given | undefined {
  const { report } = context;
  const fields = tree && readFields(tree, '"given"', GIVEN_KEYS, report);
  const fixtureTree = fields?.get('fixture')?.value;
  const fixture = fixtureTree && readText(fixtureTree, '"fixture"', report);
  if (fields === undefined || fixtureTree === undefined || fixture === undefined) return undefined;
  const platform = platformByType(FIXTURES.get(fixture)?.platform ?? '');
  if (platform === undefined) {
    const hint = didYouMean(fixture, FIXTURES.keys()) ?? `there is ${[...FIXTURES.keys()].join(', ')}`;
    return void report(fixtureTree.at, `there is no fixture "${fixture}"`, { hint });
  }
  const system = readSystem(fields, fixtureTree, platform.type, context);
  const table = claimTable([platform]);
  const set = readSet(fields.get('set')?.value, table, report);
  const unset = readItems(fields.get('unset')?.value, '"unset"', report, (item) => readUnset(item, table, report));
  const artifacts = fields.has('artifacts') ? readArtifacts(fields.get('artifacts')?.value, report) : undefined;
  const time = readTime(fields.get('time')?.value, report);
  if (system === undefined) return undefined;
  return {
    fixture,
    system,
    set,
    unset,
    table,
    ...(artifacts === undefined ? {} : { artifacts }),
    ...(time === undefined ? {} : { time }),
  };
}

function readSystem(fields: Fields, fixture: Tree, type: string, context: TestContext): string | undefined {
  const tree = fields.get('system')?.value;
  const fitting = context.systems.filter((id) => context.known.get(id)?.type === type);
  if (tree === undefined) {
    // A project without systems has its problem reported elsewhere.
    if (fitting.length === 0 && context.systems.length > 0) {
      context.report(
        fixture.at,
        `the project has no trusted build system of the type ${type}, which the fixture is of`,
      );
    }
    return fitting[0];
  }
  const system = readName(tree, '"system"', context.report);
  if (system === undefined || fitting.includes(system)) return system;
  return void context.report(tree.at, `the project lists no trusted build system "${system}" of the type ${type}`);
}

function readSet(tree: Tree | undefined, table: Table, report: Report): ReadonlyMap<string, Scalar> {
  const set = new Map<string, Scalar>();
  const map = tree && readMap(tree, '"set"', report);
  for (const { key, at, value } of map?.entries ?? []) {
    const schema = platformClaim(key, at, table, report);
    const scalar = schema && readValue(value, { name: key, type: subjectTypeOf(schema.type), schema }, report);
    if (scalar !== undefined) set.set(key, scalar);
  }
  return set;
}

function readUnset(item: Tree, table: Table, report: Report): string | undefined {
  const name = readText(item, 'an entry of "unset"', report);
  const schema = name === undefined ? undefined : platformClaim(name, item.at, table, report);
  if (schema?.required === true) return void report(item.at, `${name ?? ''} is in every token and cannot be unset`);
  return schema === undefined ? undefined : name;
}

function platformClaim(name: string, at: Tree['at'], table: Table, report: Report): ClaimSchema | undefined {
  const schema = table.get(name);
  if (schema === undefined)
    return void report(at, `there is no claim "${name}"`, { hint: didYouMean(name, table.keys()) });
  if (!name.startsWith('origin.')) return schema;
  return void report(at, `${name} follows from the claims of the platform`, { hint: 'set those' });
}

function readArtifacts(tree: Tree | undefined, report: Report): readonly ArtifactFacts[] {
  return readItems(tree, '"artifacts"', report, (item) => {
    const fields = readFields(item, 'an artifact', ARTIFACT_KEYS, report);
    const nameTree = fields?.get('name')?.value;
    const name = nameTree && readText(nameTree, '"name" of the artifact', report);
    const formatTree = fields?.get('format')?.value;
    const format = formatTree && readName(formatTree, '"format"', report);
    const sizeTree = fields?.get('size')?.value;
    const size = sizeTree && readValue(sizeTree, { name: '"size"', type: 'size' }, report);
    return name === undefined || format === undefined ? undefined : { name, format, size: Number(size ?? 1) };
  });
}

function readTime(tree: Tree | undefined, report: Report): Date | undefined {
  const text = tree && readText(tree, '"time"', report);
  if (tree === undefined || text === undefined) return undefined;
  const time = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  return void report(tree.at, '"time" must be a time with its offset, as in 2026-12-24T12:00:00Z');
}

function parseExpect(
  tree: Tree | undefined,
  table: Table | undefined,
  context: TestContext,
): PolicyTest['expect'] | undefined {
  const { report } = context;
  const fields = tree && readFields(tree, '"expect"', EXPECT_KEYS, report);
  const value = (key: string): Tree | undefined => fields?.get(key)?.value;
  const policyTree = value('policy');
  const policy = policyTree && readText(policyTree, '"policy"', report);
  const { policies } = context;
  if (policyTree !== undefined && policy !== undefined && policies?.has(policy) === false) {
    report(policyTree.at, `the project has no policy "${policy}"`, { hint: didYouMean(policy, policies.keys()) });
  }
  const decisionTree = value('decision');
  const decision = decisionTree && readWord(decisionTree, '"decision"', ['allow', 'deny'], report);
  const rule = readRule(value('rule'), policies?.get(policy ?? ''), report);
  const failed = value('failed') && readFailed(value('failed'), table, report);
  if (policy === undefined || decision === undefined) return undefined;
  return { policy, decision, ...(rule === undefined ? {} : { rule }), ...(failed === undefined ? {} : { failed }) };
}

function readRule(tree: Tree | undefined, policy: SigningPolicy | undefined, report: Report): string | undefined {
  const rule = tree && readText(tree, '"rule"', report);
  if (tree === undefined || rule === undefined || policy === undefined) return rule;
  const ids = [...policy.allow, ...policy.deny].map(({ id }) => id);
  if (ids.includes(rule)) return rule;
  return void report(tree.at, `the policy "${policy.name}" has no rule "${rule}"`, { hint: didYouMean(rule, ids) });
}

function readFailed(tree: Tree | undefined, table: Table | undefined, report: Report): readonly string[] {
  const others = ['time', 'artifacts', ...Object.values(ARTIFACT_SUBJECTS).map(({ name }) => name)];
  return readItems(tree, '"failed"', report, (item) => {
    const name = readText(item, 'an entry of "failed"', report);
    if (name === undefined || table === undefined || table.has(name) || others.includes(name)) return name;
    return void report(item.at, `there is no claim "${name}"`, {
      hint: didYouMean(name, [...table.keys(), ...others]),
    });
  });
}
