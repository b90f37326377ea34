import { platformByType, PLATFORMS } from '../platforms/platforms.ts';
import { STATIC_TOKEN } from '../platforms/static-token.ts';
import { didYouMean } from './did-you-mean.ts';
import { parseDuration } from './duration.ts';
import { type LoadProblem, type Report, reportInto } from './load-problem.ts';
import { type Fields, type Keys, readFields, readName, readSentence, readText } from './reader.ts';
import { readStaticSystem, STATIC_SYSTEM_KEYS } from './static-systems.ts';
import { readAddresses, readBelowPolicies, readBoolean, readUrl, readVersion, typeWordOf } from './system-fields.ts';
import { CLIENT_CERTIFICATE_TYPE, type SystemOptions, type TrustedBuildSystem } from './trusted-build-system.ts';
import { parseYamlTree, type Tree } from './yaml-tree.ts';

/** Keys of a file under `trusted-build-systems/`. */
export const SYSTEM_KEYS: Keys = {
  required: ['version', 'id', 'type', 'issuer'],
  optional: [
    'description',
    'jwksUri',
    'keysFile',
    'allowPrivateAddress',
    'maxTokenAge',
    'serverUrl',
    'serviceConnectionIssuer',
    'connector',
    'addresses',
  ],
};

/** Reads one file under `trusted-build-systems/`; `system` is there where nothing is wrong. */
export function parseSystem(
  file: string,
  text: string,
  options: SystemOptions,
): { readonly system?: TrustedBuildSystem; readonly problems: readonly LoadProblem[] } {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, file);
  const tree = parseYamlTree(text, report);
  const isStatic = tree !== undefined && typeWordOf(tree) === STATIC_TOKEN.type;
  const keys = isStatic ? STATIC_SYSTEM_KEYS : SYSTEM_KEYS;
  const fields = tree === undefined ? undefined : readFields(tree, 'a trusted build system', keys, report);
  const read = isStatic ? readStaticSystem : readSystem;
  const system = fields === undefined ? undefined : read(fields, options, report);
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
  const serviceConnectionIssuer = readUrl(tree('serviceConnectionIssuer'), 'serviceConnectionIssuer', options, report);
  const keysFile = readBelowPolicies(tree('keysFile'), 'keysFile', report);
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
    ...(serviceConnectionIssuer === undefined ? {} : { serviceConnectionIssuer }),
    ...(readBoolean(tree('connector'), 'connector', report) === true ? { connector: true } : {}),
    ...readAddresses(tree('addresses'), report),
  };
  checkFitting(fields, type, report);
  const objection = platformByType(type)?.checkIssuer(system);
  if (objection !== undefined) report(tree('issuer')?.at ?? { line: 1, column: 1 }, objection);
  return system;
}

/** Keys that mean nothing on this platform would promise something that nobody keeps. */
function checkFitting(fields: Fields, type: string, report: Report): void {
  const platform = platformByType(type);
  const second = fields.get('serviceConnectionIssuer');
  if (second !== undefined && platform?.serviceConnection === undefined) {
    report(second.at, `the platform ${type} has no service connections`);
  }
  const connector = fields.get('connector');
  if (connector !== undefined && platform?.claims.every(({ source }) => source !== 'connector') === true) {
    report(connector.at, `the platform ${type} has no connector`);
  }
}

function readType(tree: Tree | undefined, report: Report): string | undefined {
  if (tree === undefined) return undefined;
  const type = readText(tree, '"type"', report);
  if (type === undefined || platformByType(type) !== undefined) return type;
  const known = [...Object.keys(PLATFORMS), CLIENT_CERTIFICATE_TYPE];
  return void report(tree.at, `there is no platform "${type}"`, {
    hint: didYouMean(type, known) ?? `there is ${known.join(', ')}`,
  });
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
