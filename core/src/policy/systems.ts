import { isLocalHost } from '../platforms/local-host.ts';
import { platformByType, PLATFORMS } from '../platforms/platforms.ts';
import { didYouMean } from './did-you-mean.ts';
import { parseDuration } from './duration.ts';
import { type LoadProblem, type Report, reportInto } from './load-problem.ts';
import { type Fields, type Keys, readFields, readName, readSentence, readText } from './reader.ts';
import { parseYamlTree, type Tree } from './yaml-tree.ts';

/** A CI installation whose tokens are believed. */
export interface TrustedBuildSystem {
  readonly id: string;
  /** Platform type. */
  readonly type: string;
  /** Compared with the `iss` of a token character by character. */
  readonly issuer: string;
  /** Where the keys are, if the issuer's own metadata shall not say it. */
  readonly jwksUri?: string;
  /** Pinned key set instead of a fetched one, a path relative to the directory of the policies. */
  readonly keysFile?: string;
  /** Whether issuer and key set may be at a private address. */
  readonly allowPrivateAddress: boolean;
  /** Oldest `iat`, seconds; the platform's own limit where left out. */
  readonly maxTokenAge?: number;
  /** Web address of the installation where the issuer does not tell it. */
  readonly serverUrl?: string;
}

/** Keys of a file under `trusted-build-systems/`. */
export const SYSTEM_KEYS: Keys = {
  required: ['version', 'id', 'type', 'issuer'],
  optional: ['description', 'jwksUri', 'keysFile', 'allowPrivateAddress', 'maxTokenAge', 'serverUrl'],
};

/** What decides whether a system may be trusted here. */
export interface SystemOptions {
  /** Trial stores alone accept issuers over http and on this machine. */
  readonly trial: boolean;
}

/** Reads one file under `trusted-build-systems/`; `system` is there where nothing is wrong. */
export function parseSystem(
  file: string,
  text: string,
  options: SystemOptions,
): { readonly system?: TrustedBuildSystem; readonly problems: readonly LoadProblem[] } {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, file);
  const tree = parseYamlTree(text, report);
  const fields = tree === undefined ? undefined : readFields(tree, 'a trusted build system', SYSTEM_KEYS, report);
  const system = fields === undefined ? undefined : readSystem(fields, options, report);
  return system === undefined || problems.length > 0 ? { problems } : { system, problems };
}

function readSystem(fields: Fields, options: SystemOptions, report: Report): TrustedBuildSystem | undefined {
  readVersion(fields, report);
  const tree = (key: string): Tree | undefined => fields.get(key)?.value;
  const descriptionTree = tree('description');
  if (descriptionTree !== undefined) readSentence(descriptionTree, '"description"', 1000, report);
  const idTree = tree('id');
  const id = idTree && readName(idTree, '"id"', report);
  const type = readType(tree('type'), report);
  const issuer = readUrl(tree('issuer'), 'issuer', options, report);
  const jwksUri = readUrl(tree('jwksUri'), 'jwksUri', options, report);
  const serverUrl = readUrl(tree('serverUrl'), 'serverUrl', options, report);
  const keysFile = readKeysFile(tree('keysFile'), report);
  if (jwksUri !== undefined && keysFile !== undefined) {
    report(fields.get('keysFile')?.at ?? { line: 1, column: 1 }, 'jwksUri and keysFile exclude each other');
  }
  const maxTokenAge = readMaxAge(tree('maxTokenAge'), type, report);
  if (id === undefined || type === undefined || issuer === undefined) return undefined;
  const system: TrustedBuildSystem = {
    id,
    type,
    issuer,
    allowPrivateAddress: readBoolean(tree('allowPrivateAddress'), 'allowPrivateAddress', report) ?? false,
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(keysFile === undefined ? {} : { keysFile }),
    ...(maxTokenAge === undefined ? {} : { maxTokenAge }),
    ...(serverUrl === undefined ? {} : { serverUrl }),
  };
  const objection = platformByType(type)?.checkIssuer(system);
  if (objection !== undefined) report(tree('issuer')?.at ?? { line: 1, column: 1 }, objection);
  return system;
}

/** Checks that `version` is 1. */
export function readVersion(fields: Fields, report: Report): void {
  const tree = fields.get('version')?.value;
  if (tree === undefined || (tree.kind === 'scalar' && tree.value === 1)) return;
  report(tree.at, '"version" must be 1');
}

function readType(tree: Tree | undefined, report: Report): string | undefined {
  if (tree === undefined) return undefined;
  const type = readText(tree, '"type"', report);
  if (type === undefined || platformByType(type) !== undefined) return type;
  const known = Object.keys(PLATFORMS);
  return void report(tree.at, `there is no platform "${type}"`, {
    hint: didYouMean(type, known) ?? `there is ${known.join(', ')}`,
  });
}

function readUrl(tree: Tree | undefined, key: string, options: SystemOptions, report: Report): string | undefined {
  if (tree === undefined) return undefined;
  const text = readText(tree, `"${key}"`, report);
  if (text === undefined) return undefined;
  const objection = urlObjection(text, options);
  return objection === undefined ? text : void report(tree.at, `"${key}" ${objection}`);
}

/** Issuers are compared as text, so only the one spelling that `URL` would print is accepted. */
function urlObjection(text: string, options: SystemOptions): string | undefined {
  if (!URL.canParse(text)) return 'is not a URL';
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || /[?#]/.test(text)) {
    return 'must have no user, query or fragment';
  }
  if (text.endsWith('/')) return 'must not end in "/"';
  if (url.href !== text && url.href !== `${text}/`) return `must be spelled ${url.href.replace(/\/$/, '')}`;
  const local = isLocalHost(url.hostname);
  if (local && !options.trial) return 'names this machine, which only a trial store accepts';
  if (url.protocol === 'https:') return undefined;
  return url.protocol === 'http:' && local ? undefined : 'must begin with https://';
}

function readKeysFile(tree: Tree | undefined, report: Report): string | undefined {
  if (tree === undefined) return undefined;
  const path = readText(tree, '"keysFile"', report);
  if (path === undefined) return undefined;
  const safe = path.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
  return safe
    ? path
    : void report(tree.at, '"keysFile" must be a relative path below the policies, with "/" between its parts');
}

function readBoolean(tree: Tree | undefined, key: string, report: Report): boolean | undefined {
  if (tree === undefined) return undefined;
  if (tree.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
  return void report(tree.at, `"${key}" must be true or false`);
}

function readMaxAge(tree: Tree | undefined, type: string | undefined, report: Report): number | undefined {
  if (tree === undefined) return undefined;
  const text = readText(tree, '"maxTokenAge"', report);
  const seconds = text === undefined ? undefined : parseDuration(text);
  if (text === undefined) return undefined;
  if (seconds === undefined) return void report(tree.at, '"maxTokenAge" must be a duration such as 10m or 300s');
  const most = platformByType(type ?? '')?.maxTokenLifetime ?? seconds;
  return seconds <= most ? seconds : void report(tree.at, `"maxTokenAge" must be at most ${most}s on this platform`);
}
