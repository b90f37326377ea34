import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Checkout, DefinitionRevision, JenkinsBuild } from './jenkins-build.ts';
import { jenkinsSources } from './jenkins-sources.ts';

const COMMITS = ['a'.repeat(40), 'b'.repeat(40), 'c'.repeat(64)] as const;
const LIBRARY = 'https://git.acme.example/library';
const ADDRESSES = ['https://git.acme.example/app', 'https://evil.example/app', LIBRARY] as const;
const libraries = new Set<string>([LIBRARY]);

const checkout: fc.Arbitrary<Checkout> = fc.record({
  addresses: fc.constantFrom(...ADDRESSES).map((address) => [address]),
  commit: fc.constantFrom(...COMMITS),
  branches: fc.constantFrom([], ['refs/remotes/origin/main'], ['detached']),
});
const definition: fc.Arbitrary<DefinitionRevision> = fc
  .constantFrom(...COMMITS)
  .map((commit) => ({ commit, ref: 'refs/heads/main' }));

function build(checkouts: readonly Checkout[], definitions: readonly DefinitionRevision[] = []): JenkinsBuild {
  return { number: 1, building: true, startedAt: 1, url: '', causes: ['x'], definitions, checkouts };
}

const pairs = (checkouts: readonly Checkout[]): ReadonlySet<string> =>
  new Set(
    checkouts
      .filter(({ addresses }) => addresses[0] !== LIBRARY)
      .map(({ addresses, commit }) => `${addresses[0]}@${commit}`),
  );

test('without a definition, a commit is told exactly where every checkout but those of libraries is the same', () => {
  fc.assert(
    fc.property(fc.array(checkout, { maxLength: 5 }), (checkouts) => {
      const sources = jenkinsSources(build(checkouts), libraries);
      const [only, ...more] = pairs(checkouts);
      if (more.length > 0) expect(sources).toHaveProperty('unclear');
      else
        expect('unclear' in sources ? sources : `${sources.url}@${sources.commit}`).toBe(only ?? 'undefined@undefined');
    }),
  );
});

test('a definition is the commit whatever is checked out, and its repository is none of another commit', () => {
  fc.assert(
    fc.property(fc.array(checkout, { maxLength: 5 }), definition, (checkouts, revision) => {
      const sources = jenkinsSources(build(checkouts, [revision]), libraries);
      fc.pre(!('unclear' in sources));
      expect([sources.commit, sources.ref, sources.fromDefinition]).toEqual([revision.commit, revision.ref, true]);
      const own = checkouts.filter(({ commit }) => commit === revision.commit).map(({ addresses }) => addresses[0]);
      expect(own.every((address) => address === sources.url)).toBe(true);
      expect(own.length > 0).toBe(sources.url !== undefined);
    }),
  );
});

test('the order of the records changes nothing', () => {
  const some = fc.array(checkout, { maxLength: 5 });
  const definitions = fc.array(definition, { maxLength: 2 });
  const shuffled = some.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, definitions, ([one, other], revisions) => {
      const reversed = revisions.toReversed();
      expect(jenkinsSources(build(other, reversed), libraries)).toEqual(
        jenkinsSources(build(one, revisions), libraries),
      );
    }),
  );
});
