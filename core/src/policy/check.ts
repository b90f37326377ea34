import { isAuthorityFile, parseAuthority } from './certificate-authorities.ts';
import { didYouMean } from './did-you-mean.ts';
import type { EnforcedFeatures } from './features.ts';
import { type LoadProblem, type Report, reportInto } from './load-problem.ts';
import type { Project, SigningPolicy } from './model.ts';
import { parseProject, policyHash } from './parse.ts';
import { parseSystem } from './systems.ts';
import type { CertificateAuthorityFile, TrustedBuildSystem } from './trusted-build-system.ts';

/** What the check must know about a signature format. */
export interface FormatFacts {
  /** Purpose that its keys must have. */
  readonly purpose: string;
  readonly keyTypes: readonly string[];
}

/** What the check must know about a key. */
export interface KeyFacts {
  readonly label: string;
  readonly purpose: string;
  readonly type?: string;
  readonly retired?: boolean;
}

/** What a directory of policies is checked against. */
export interface CheckOptions {
  readonly trial: boolean;
  /** Formats by id. */
  readonly formats: Readonly<Record<string, FormatFacts>>;
  /** Keys of the store; where left out, as on a machine of a policy author, labels are not checked. */
  readonly keys?: readonly KeyFacts[];
  readonly enforced?: EnforcedFeatures;
  /** Why a file under `trusted-build-systems/` must not be taken over here and now, with nothing wrong in it. */
  readonly objection?: (loaded: TrustedBuildSystem | CertificateAuthorityFile) => Objection | undefined;
}

/** What stands against a file, and what to do about it. */
export interface Objection {
  readonly message: string;
  readonly hint?: string;
}

/** One file of the directory and what came of it. */
export interface CheckedFile {
  readonly path: string;
  /** SHA-256 of its bytes, lower-case hexadecimal. */
  readonly hash: string;
  readonly ok: boolean;
  readonly problems: readonly LoadProblem[];
}

/** A loaded directory. What a bad file would have brought is missing, and nothing else. */
export interface CheckedPolicies {
  readonly systems: ReadonlyMap<string, TrustedBuildSystem>;
  /** Authorities of client certificates, by id. */
  readonly authorities: ReadonlyMap<string, CertificateAuthorityFile>;
  readonly projects: ReadonlyMap<string, Project>;
  readonly files: readonly CheckedFile[];
  readonly problems: readonly LoadProblem[];
}

const START = { line: 1, column: 1 };

/**
 * Loads a directory of policies, given as a map from path (with `/`, relative to the directory) to text:
 * `trusted-build-systems/<id>.yml` and `projects/<project>.yml`. Other YAML files are problems, so that no file is believed
 * to be in force and is not; everything else is ignored.
 */
export function checkPolicies(texts: ReadonlyMap<string, string>, options: CheckOptions): CheckedPolicies {
  const paths = [...texts.keys()].filter((path) => /\.ya?ml$/i.test(path)).sort();
  const problemsOf = new Map<string, LoadProblem[]>(paths.map((path) => [path, []]));
  const textOf = (path: string): string => texts.get(path) ?? '';
  const systems = new Map<string, TrustedBuildSystem>();
  const authorities = new Map<string, CertificateAuthorityFile>();
  for (const path of paths.filter((candidate) => SYSTEM_PATH.test(candidate))) {
    if (isAuthorityFile(textOf(path))) {
      const { authority, problems } = parseAuthority(path, textOf(path), options);
      const own = [...problems, ...(authority === undefined ? [] : authorityProblems(path, authority, options))];
      problemsOf.set(path, own);
      if (authority !== undefined && own.length === 0) authorities.set(authority.id, authority);
      continue;
    }
    const { system, problems } = parseSystem(path, textOf(path), options);
    const own = [...problems, ...(system === undefined ? [] : systemProblems(path, system, systems, options))];
    problemsOf.set(path, own);
    if (system !== undefined && own.length === 0) systems.set(system.id, system);
  }
  const projects = new Map<string, Project>();
  for (const path of paths.filter((candidate) => PROJECT_PATH.test(candidate))) {
    const { project, problems } = parseProject(path, textOf(path), {
      systems,
      authorities: new Set(authorities.keys()),
      ...enforcedOf(options),
    });
    const own = [...problems, ...(project === undefined ? [] : projectProblems(path, project, options))];
    problemsOf.set(path, own);
    if (project !== undefined && own.length === 0) projects.set(project.name, project);
  }
  for (const path of paths) {
    if (!SYSTEM_PATH.test(path) && !PROJECT_PATH.test(path)) problemsOf.set(path, [strayFile(path)]);
  }
  const files = [...problemsOf].map(([path, problems]) => {
    return { path, hash: policyHash(textOf(path)), ok: problems.length === 0, problems };
  });
  return { systems, authorities, projects, files, problems: files.flatMap(({ problems }) => problems) };
}

const SYSTEM_PATH = /^trusted-build-systems\/[^/]+\.yml$/;
const PROJECT_PATH = /^projects\/[^/]+\.yml$/;

function enforcedOf(options: CheckOptions): { readonly enforced?: EnforcedFeatures } {
  return options.enforced === undefined ? {} : { enforced: options.enforced };
}

function strayFile(path: string): LoadProblem {
  const problems: LoadProblem[] = [];
  const hint = /^(?:projects|trusted-build-systems)\/[^/]+$/.test(path)
    ? 'file names end in .yml'
    : 'policies are projects/<project>.yml and trusted-build-systems/<id>.yml';
  reportInto(problems, path)(START, 'the file is nowhere that policies are read from', { hint });
  return problems[0] as LoadProblem;
}

/** One name per file keeps two files from claiming the same project, and owners from editing each other's. */
function nameProblem(path: string, name: string, kind: string, report: Report): void {
  const stem = path.slice(path.lastIndexOf('/') + 1, -'.yml'.length);
  if (stem !== name) report(START, `the file must be called ${name}.yml, after the ${kind} in it`);
}

function authorityProblems(
  path: string,
  authority: CertificateAuthorityFile,
  options: CheckOptions,
): readonly LoadProblem[] {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, path);
  nameProblem(path, authority.id, 'trusted build system', report);
  reportObjection(options.objection?.(authority), report);
  return problems;
}

function reportObjection(objection: Objection | undefined, report: Report): void {
  if (objection !== undefined) report(START, objection.message, { hint: objection.hint });
}

function systemProblems(
  path: string,
  system: TrustedBuildSystem,
  others: ReadonlyMap<string, TrustedBuildSystem>,
  options: CheckOptions,
): readonly LoadProblem[] {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, path);
  nameProblem(path, system.id, 'trusted build system', report);
  // A token must select one system: two of the same issuer could have different rules.
  const twin = [...others.values()].find(({ issuer }) => issuer === system.issuer);
  if (twin !== undefined) report(START, `the issuer is that of the trusted build system "${twin.id}" already`);
  reportObjection(options.objection?.(system), report);
  return problems;
}

function projectProblems(path: string, project: Project, options: CheckOptions): readonly LoadProblem[] {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, path);
  nameProblem(path, project.name, 'project', report);
  for (const policy of project.policies.values()) checkKeys(policy, options, report);
  return problems;
}

function checkKeys(policy: SigningPolicy, options: CheckOptions, report: Report): void {
  for (const [formatId, label] of policy.keys) {
    const format = Object.hasOwn(options.formats, formatId) ? options.formats[formatId] : undefined;
    if (format === undefined) {
      const known = Object.keys(options.formats);
      report(policy.at, `there is no format "${formatId}"`, {
        hint: didYouMean(formatId, known) ?? `there is ${known.join(', ')}`,
      });
    } else if (options.keys !== undefined) {
      const objection = keyObjection(formatId, format, label, options.keys);
      if (objection !== undefined) report(policy.at, objection.message, { hint: objection.hint });
    }
  }
}

/** Why the key with this label cannot sign the format. */
function keyObjection(
  formatId: string,
  format: FormatFacts,
  label: string,
  keys: readonly KeyFacts[],
): { readonly message: string; readonly hint?: string | undefined } | undefined {
  const key = keys.find((candidate) => candidate.label === label);
  if (key === undefined) {
    const labels = keys.map((candidate) => candidate.label);
    return { message: `there is no key "${label}"`, hint: didYouMean(label, labels) };
  }
  if (key.purpose !== format.purpose) {
    return {
      message: `the key "${label}" is for ${key.purpose}, and ${formatId} needs one for ${format.purpose}`,
      hint: 'a key has one purpose, fixed when it is generated',
    };
  }
  if (key.type !== undefined && !format.keyTypes.includes(key.type)) {
    return { message: `the key "${label}" is ${key.type}, and ${formatId} takes ${format.keyTypes.join(', ')}` };
  }
  return key.retired === true ? { message: `the key "${label}" is retired` } : undefined;
}
