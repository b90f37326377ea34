import { isNetwork, isWideNetwork } from '../encoding/network.ts';
import { isLocalHost } from '../platforms/local-host.ts';
import type { Report } from './load-problem.ts';
import { type Fields, readItems, readText } from './reader.ts';
import type { SystemOptions } from './trusted-build-system.ts';
import type { Tree } from './yaml-tree.ts';

/** The `type` of a file, before anything else in it is read. */
export function typeWordOf(tree: Tree): string | undefined {
  const entry = tree.kind === 'map' ? tree.entries.find(({ key }) => key === 'type') : undefined;
  return entry?.value.kind === 'scalar' && typeof entry.value.value === 'string' ? entry.value.value : undefined;
}

/** Checks that `version` is 1. */
export function readVersion(fields: Fields, report: Report): void {
  const tree = fields.get('version')?.value;
  if (tree === undefined || (tree.kind === 'scalar' && tree.value === 1)) return;
  report(tree.at, '"version" must be 1');
}

/** A URL that is spelled the one way. */
export function readUrl(
  tree: Tree | undefined,
  key: string,
  options: SystemOptions,
  report: Report,
): string | undefined {
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
  if (url.protocol === 'https:' || (url.protocol === 'http:' && options.plainHttp === true)) return undefined;
  return url.protocol === 'http:' && local ? undefined : 'must begin with https://';
}

/** A path that cannot leave the directory of the policies. */
export function readBelowPolicies(tree: Tree | undefined, key: string, report: Report): string | undefined {
  if (tree === undefined) return undefined;
  const path = readText(tree, `"${key}"`, report);
  if (path === undefined) return undefined;
  const safe = path.split('/').every((part) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part));
  return safe
    ? path
    : void report(tree.at, `"${key}" must be a relative path below the policies, with "/" between its parts`);
}

/** True or false. */
export function readBoolean(tree: Tree | undefined, key: string, report: Report): boolean | undefined {
  if (tree === undefined) return undefined;
  if (tree.kind === 'scalar' && typeof tree.value === 'boolean') return tree.value;
  return void report(tree.at, `"${key}" must be true or false`);
}

/** Reads `addresses`: networks in CIDR notation, of IPv4 or IPv6. */
export function readAddresses(tree: Tree | undefined, report: Report): { readonly addresses?: readonly string[] } {
  if (tree === undefined) return {};
  const addresses = readItems(tree, '"addresses"', report, (item) => {
    const text = readText(item, 'an entry of "addresses"', report);
    if (text !== undefined && isWideNetwork(text)) {
      // Rules load because of the list: one that keeps nobody out would only look like one.
      return void report(item.at, `"${text}" is a good part of all addresses`, {
        hint: 'list your networks, or leave "addresses" out',
      });
    }
    if (text === undefined || isNetwork(text)) return text;
    return void report(item.at, `"${text}" is not a network such as 192.0.2.0/24 or 2001:db8::/32`);
  });
  return { addresses };
}
