import { type LoadProblem, type Report, reportInto } from './load-problem.ts';
import { type Fields, type Keys, readFields, readItems, readName, readSentence, readText } from './reader.ts';
import { readBelowPolicies, readBoolean, readUrl, readVersion, typeWordOf } from './system-fields.ts';
import {
  CLIENT_CERTIFICATE_TYPE,
  type CertificateAuthorityFile,
  type Revocation,
  type SystemOptions,
} from './trusted-build-system.ts';
import { parseYamlTree, type Tree } from './yaml-tree.ts';

/** Keys of such a file, and of its `revocation`. */
export const AUTHORITY_KEYS: Keys = {
  required: ['version', 'id', 'type', 'authorities', 'revocation'],
  optional: ['description', 'allowPrivateAddress'],
};
export const REVOCATION_KEYS: Keys = { required: [], optional: ['crl', 'files', 'none'] };

/** True where a file under `trusted-build-systems/` is one of an authority. */
export function isAuthorityFile(text: string): boolean {
  const tree = parseYamlTree(text, () => undefined);
  return tree !== undefined && typeWordOf(tree) === CLIENT_CERTIFICATE_TYPE;
}

/** Reads the file of an authority; `authority` is there where nothing is wrong. */
export function parseAuthority(
  file: string,
  text: string,
  options: SystemOptions,
): { readonly authority?: CertificateAuthorityFile; readonly problems: readonly LoadProblem[] } {
  const problems: LoadProblem[] = [];
  const report = reportInto(problems, file);
  const tree = parseYamlTree(text, report);
  const fields = tree && readFields(tree, 'a trusted build system', AUTHORITY_KEYS, report);
  const authority = fields && readAuthority(fields, options, report);
  return authority === undefined || problems.length > 0 ? { problems } : { authority, problems };
}

function readAuthority(fields: Fields, options: SystemOptions, report: Report): CertificateAuthorityFile | undefined {
  readVersion(fields, report);
  const tree = (key: string): Tree | undefined => fields.get(key)?.value;
  const description = tree('description');
  if (description !== undefined) readSentence(description, '"description"', 1000, report);
  const idTree = tree('id');
  const id = idTree && readName(idTree, '"id"', report);
  const authorities = readBelowPolicies(tree('authorities'), 'authorities', report);
  const revocation = readRevocation(tree('revocation'), options, report);
  if (id === undefined || authorities === undefined || revocation === undefined) return undefined;
  const allowPrivateAddress = readBoolean(tree('allowPrivateAddress'), 'allowPrivateAddress', report) ?? false;
  return { id, authorities, revocation, allowPrivateAddress };
}

/** Exactly one way; doing without must be said, with its reason, by whoever answers for it. */
function readRevocation(tree: Tree | undefined, options: SystemOptions, report: Report): Revocation | undefined {
  if (tree === undefined) return undefined;
  const fields = readFields(tree, '"revocation"', REVOCATION_KEYS, report);
  if (fields === undefined) return undefined;
  const [key, ...others] = [...fields.keys()];
  if (key === undefined || others.length > 0) {
    return void report(tree.at, '"revocation" takes exactly one of crl, files and none');
  }
  const value = fields.get(key)?.value;
  if (key === 'crl') {
    // A list is signed, and authorities publish it over http, because checking https would need another list.
    const urls = readItems(value, '"crl"', report, (item) =>
      readUrl(item, 'crl', { ...options, plainHttp: true }, report),
    );
    return { kind: 'crl-urls', urls };
  }
  if (key === 'files') {
    const paths = readItems(value, '"files"', report, (item) => readBelowPolicies(item, 'files', report));
    return { kind: 'crl-files', paths };
  }
  const reason = value && readText(value, '"none"', report);
  return reason === undefined ? undefined : { kind: 'none', reason };
}
