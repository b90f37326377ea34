import type { Checkout, DefinitionRevision, JenkinsBuild } from './jenkins-build.ts';

/** What a build was made from, as far as the controller knows it. */
export interface JenkinsSources {
  readonly url?: string;
  readonly commit?: string;
  /** Full ref. */
  readonly ref?: string;
  /** True where the controller itself says which revision the pipeline's definition came from. */
  readonly fromDefinition: boolean;
  /** `address@commit` of every other checkout, sorted. */
  readonly others: readonly string[];
}

/** Why the sources of a build cannot be told. */
export interface UnclearSources {
  readonly unclear: string;
}

/**
 * Tells the sources of a build. In a multibranch project the controller records the revision of the definition, and checkout
 * steps add others that cannot be taken for it. Everywhere else there are only the records of the checkouts, in no order that
 * could be relied on; two of different revisions are refused, because a script that is allowed to run could add the record it
 * wants to be judged by. Checkouts of `libraries` count for nothing: shared libraries leave the same records.
 */
export function jenkinsSources(build: JenkinsBuild, libraries: ReadonlySet<string>): JenkinsSources | UnclearSources {
  const isLibrary = ({ addresses }: Checkout): boolean =>
    addresses.length > 0 && addresses.every((address) => libraries.has(address));
  const foreign = build.checkouts.filter((checkout) => !isLibrary(checkout));
  if (!foreign.every(isNamed)) {
    return { unclear: 'a checkout does not come from exactly one repository of a server' };
  }
  const [definition, ...more] = distinct(build.definitions);
  if (more.length > 0) return { unclear: 'the pipeline has definitions of several revisions' };
  if (definition === undefined) return ofCheckouts(foreign);
  // A library that is built by its own pipeline is the source, not a library.
  const own = build.checkouts.filter((checkout) => checkout.commit === definition.commit && isNamed(checkout));
  return ofDefinition(definition, own, foreign);
}

function ofDefinition(
  definition: DefinitionRevision,
  own: readonly Checkout[],
  foreign: readonly Checkout[],
): JenkinsSources | UnclearSources {
  const urls = [...new Set(own.map(addressOf))];
  if (urls.length > 1) return { unclear: 'the commit of the definition was checked out from several repositories' };
  const [url] = urls;
  return {
    ...(url === undefined ? {} : { url }),
    ...definition,
    fromDefinition: true,
    others: listed(foreign.filter((checkout) => !own.includes(checkout))),
  };
}

function ofCheckouts(checkouts: readonly Checkout[]): JenkinsSources | UnclearSources {
  if (listed(checkouts).length > 1) return { unclear: 'the build made checkouts of several revisions' };
  const [first] = checkouts;
  if (first === undefined) return { fromDefinition: false, others: [] };
  const refs = [...new Set(checkouts.flatMap(({ branches }) => branches).map(refOfBranch))];
  const [ref] = refs;
  return {
    url: addressOf(first),
    commit: first.commit,
    ...(refs.length === 1 && ref !== undefined ? { ref } : {}),
    fromDefinition: false,
    others: [],
  };
}

/** `refs/remotes/origin/main` and `origin/main` are the branch main; `detached` and bare commits are none. */
function refOfBranch(name: string): string | undefined {
  const branch = /^(?:refs\/remotes\/[^/]+|origin)\/(.+)$/.exec(name)?.[1];
  if (branch !== undefined) return branch === 'HEAD' ? undefined : `refs/heads/${branch}`;
  return /^refs\/(?:heads|tags)\/.+$/.test(name) ? name : undefined;
}

const addressOf = ({ addresses }: Checkout): string => addresses[0] ?? '';

const listed = (checkouts: readonly Checkout[]): readonly string[] =>
  [...new Set(checkouts.map((checkout) => `${addressOf(checkout)}@${checkout.commit}`))].sort();

/** Only addresses in their one spelling begin so; others could hold anything, a password too. */
function isNamed({ addresses, commit }: Checkout): boolean {
  const isAddress = addresses.length === 1 && /^https?:\/\//.test(addresses[0] ?? '');
  return isAddress && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit);
}

function distinct(definitions: readonly DefinitionRevision[]): readonly DefinitionRevision[] {
  return definitions.filter(
    (one, index) => definitions.findIndex(({ commit, ref }) => commit === one.commit && ref === one.ref) === index,
  );
}
