import { GITHUB_FIXTURES } from '../platforms/fixtures/github.ts';
import { GITHUB_ACTIONS } from '../platforms/github-actions.ts';
import type { ClaimValue, Claims } from '../platforms/claim-schema.ts';
import type { RequestFacts } from './evaluate.ts';
import type { ArtifactFacts } from './model.ts';

/** What differs from the sample request. A claim that is `undefined` is missing. */
export interface FactChanges {
  readonly claims?: Readonly<Record<string, ClaimValue | undefined>>;
  readonly artifacts?: readonly ArtifactFacts[];
  readonly now?: Date;
}

const CLAIMS = GITHUB_ACTIONS.parseClaims(GITHUB_FIXTURES['github-tag-push']);
const SYSTEM = { id: 'github', issuer: 'https://token.actions.githubusercontent.com' };

/** The facts of a tag push on a Wednesday, which the sample project allows, with changes. */
export function factsOf(changes: FactChanges): RequestFacts {
  const claims = Object.entries({ ...CLAIMS, ...changes.claims }).filter((entry): entry is [string, ClaimValue] => {
    return entry[1] !== undefined;
  });
  return {
    system: 'github',
    claims: Object.fromEntries(claims),
    origin: GITHUB_ACTIONS.origin(originClaimsOf(changes.claims ?? {}), SYSTEM),
    binding: 'audience',
    artifacts: changes.artifacts ?? [{ name: 'app.exe', format: 'authenticode-pe', size: 1000 }],
    now: changes.now ?? new Date('2026-11-18T12:00:00Z'),
  };
}

/** An origin needs complete claims of the right type, whatever a test takes away. */
function originClaimsOf(changes: NonNullable<FactChanges['claims']>): Claims {
  const fitting = Object.entries(changes).filter(([name, value]) => typeof value === typeof CLAIMS[name]);
  return { ...CLAIMS, ...Object.fromEntries(fitting as [string, ClaimValue][]) };
}
