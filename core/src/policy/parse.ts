import { utf8 } from '../encoding/bytes.ts';
import { sha256Hex } from '../encoding/sha256.ts';
import { isSpelled } from '../platforms/claim-schema.ts';
import type { Platform } from '../platforms/platform.ts';
import { platformByType } from '../platforms/platforms.ts';
import { readPrincipals } from './demands.ts';
import { didYouMean } from './did-you-mean.ts';
import { ENFORCED_FEATURES, type EnforcedFeatures } from './features.ts';
import { type LoadProblem, type Report, reportInto } from './load-problem.ts';
import type { LinkedRepository, Project, SigningPolicy } from './model.ts';
import { parsePolicy } from './policy-section.ts';
import { type Fields, type Keys, readFields, readItems, readMap, readName, readSentence, readText } from './reader.ts';
import { readVersion } from './system-fields.ts';
import type { TrustedBuildSystem } from './trusted-build-system.ts';
import { parseTests } from './test-section.ts';
import { parseYamlTree, type Tree } from './yaml-tree.ts';

/** Keys of a file under `projects/`. */
export const PROJECT_KEYS: Keys = {
  required: ['version', 'project', 'owners', 'trustedBuildSystems', 'repositories', 'policies'],
  optional: ['description', 'tests'],
  unsupported: ['witnesses'],
};

/** Keys of one entry of `repositories`. */
export const REPOSITORY_KEYS: Keys = { required: ['id'], optional: ['ownerId', 'system'] };

/** What a project file is read against. */
export interface ProjectOptions {
  /** Trusted build systems that loaded, by id. */
  readonly systems: ReadonlyMap<string, TrustedBuildSystem>;
  /** Ids of the authorities whose client certificates count; none where left out. */
  readonly authorities?: ReadonlySet<string>;
  /** What the server enforces; this version's features where left out. */
  readonly enforced?: EnforcedFeatures;
}

/**
 * Reads one file under `projects/`. `project` is there where nothing is wrong; otherwise all problems of the file are, in
 * the order of its lines.
 */
export function parseProject(
  file: string,
  text: string,
  options: ProjectOptions,
): { readonly project?: Project; readonly problems: readonly LoadProblem[] } {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, file);
  const tree = parseYamlTree(text, report);
  const fields = tree === undefined ? undefined : readFields(tree, 'a project', PROJECT_KEYS, report);
  const parts = fields === undefined ? undefined : readProject(fields, options, report, () => problems.length === 0);
  problems.sort((left, right) => left.line - right.line || left.column - right.column);
  if (parts === undefined || problems.length > 0) return { problems };
  return { project: { ...parts, file, hash: policyHash(text) }, problems };
}

/** Hash by which log entries name a policy file: SHA-256 of its bytes, lower-case hexadecimal, as `sha256sum` prints it. */
export function policyHash(text: string): string {
  return sha256Hex(utf8(text));
}

function readProject(
  fields: Fields,
  options: ProjectOptions,
  report: Report,
  isCleanSoFar: () => boolean,
): Omit<Project, 'file' | 'hash'> | undefined {
  readVersion(fields, report);
  const tree = (key: string): Tree | undefined => fields.get(key)?.value;
  const nameTree = tree('project');
  const name = nameTree && readName(nameTree, '"project"', report);
  const descriptionTree = tree('description');
  const description = descriptionTree && readSentence(descriptionTree, '"description"', 1000, report);
  const owners = readPrincipals(tree('owners'), '"owners"', report);
  const systems = readSystems(tree('trustedBuildSystems'), options, report);
  const repositories = readRepositories(tree('repositories'), systems, options, report);
  checkEverySystemLinked(tree('repositories'), systems, repositories, report);
  const policies = new Map<string, SigningPolicy>();
  const policiesTree = tree('policies');
  const map = policiesTree && readMap(policiesTree, '"policies"', report);
  if (map?.entries.length === 0) report(map.at, '"policies" must not be empty');
  const context = {
    report,
    enforced: options.enforced ?? ENFORCED_FEATURES,
    known: options.systems,
    authorities: options.authorities ?? new Set<string>(),
    systems,
  };
  for (const entry of map?.entries ?? []) {
    const policy = parsePolicy(entry, context);
    if (policy !== undefined) policies.set(policy.name, policy);
  }
  const tests = parseTests(tree('tests'), {
    report,
    known: options.systems,
    systems,
    ...(isCleanSoFar() ? { policies } : {}),
  });
  if (name === undefined) return undefined;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    owners,
    systems,
    repositories,
    policies,
    tests,
  };
}

function readSystems(tree: Tree | undefined, options: ProjectOptions, report: Report): readonly string[] {
  const seen = new Set<string>();
  return readItems(tree, '"trustedBuildSystems"', report, (item) => {
    const id = readName(item, 'a trusted build system', report);
    if (id === undefined) return undefined;
    if (seen.has(id)) return void report(item.at, `"${id}" is listed twice`);
    seen.add(id);
    if (options.systems.has(id)) return id;
    const hint =
      didYouMean(id, options.systems.keys()) ?? `is trusted-build-systems/${id}.yml there and free of problems?`;
    return void report(item.at, `there is no trusted build system "${id}"`, { hint });
  });
}

function readRepositories(
  tree: Tree | undefined,
  systems: readonly string[],
  options: ProjectOptions,
  report: Report,
): readonly LinkedRepository[] {
  return readItems(tree, '"repositories"', report, (item) => {
    const fields = readFields(item, 'a repository', REPOSITORY_KEYS, report);
    if (fields === undefined) return undefined;
    const system = readRepositorySystem(fields.get('system')?.value, item, systems, report);
    const platform = platformByType(options.systems.get(system ?? '')?.type ?? '');
    const id = readId(fields, 'id', platform, report);
    const ownerId = readOwnerId(fields, item, platform, report);
    if (system === undefined || id === undefined) return undefined;
    return { system, id, ...(ownerId === undefined ? {} : { ownerId }) };
  });
}

/** Without repositories a system's rules would accept every repository of the world. */
function checkEverySystemLinked(
  tree: Tree | undefined,
  systems: readonly string[],
  repositories: readonly LinkedRepository[],
  report: Report,
): void {
  if (tree?.kind !== 'list' || repositories.length < tree.items.length) return;
  for (const system of systems.filter((id) => !repositories.some((repository) => repository.system === id))) {
    report(tree.at, `the project links no repository of the trusted build system "${system}"`);
  }
}

function readRepositorySystem(
  tree: Tree | undefined,
  item: Tree,
  systems: readonly string[],
  report: Report,
): string | undefined {
  if (tree === undefined) {
    if (systems.length <= 1) return systems[0];
    return void report(item.at, 'a repository must name its system, because the project has several');
  }
  const system = readName(tree, '"system"', report);
  if (system === undefined || systems.includes(system)) return system;
  // A system that does not load was reported where the project lists it.
  if (systems.length === 0) return undefined;
  return void report(tree.at, `the project does not list the trusted build system "${system}"`, {
    hint: didYouMean(system, systems),
  });
}

/** The owner where the platform has owners: an id without one would be whatever is registered under it next. */
function readOwnerId(fields: Fields, item: Tree, platform: Platform | undefined, report: Report): string | undefined {
  const entry = fields.get('ownerId');
  const hasOwners = platform === undefined || platform.repositoryClaims.ownerId !== undefined;
  if (hasOwners && entry === undefined) report(item.at, 'a repository lacks the key "ownerId"');
  if (hasOwners || entry === undefined) return readId(fields, 'ownerId', platform, report);
  return void report(entry.at, 'repositories of this platform have no "ownerId"');
}

function readId(
  fields: Fields,
  key: 'id' | 'ownerId',
  platform: Platform | undefined,
  report: Report,
): string | undefined {
  const tree = fields.get(key)?.value;
  const text = tree && readText(tree, `"${key}"`, report);
  if (tree === undefined || text === undefined) return undefined;
  if (key === 'id' && platform?.repositoryClaims.match === 'below' && !/^https?:\/\/.+\/$/.test(text)) {
    return void report(tree.at, '"id" must be the URL of a job or folder that ends in "/"');
  }
  const name = platform?.repositoryClaims[key]?.slice(platform.prefix.length + 1);
  const schema = platform?.claims.find((claim) => claim.name === name);
  if (schema === undefined || isSpelled(schema, text)) return text;
  return void report(tree.at, `"${key}" must be the immutable id, not a name`, {
    hint: 'the id is in the tokens of the repository and in the API of the platform',
  });
}
