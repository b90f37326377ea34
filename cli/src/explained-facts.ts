import { readSmallFile } from '@originsign/core/client/small-file';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { OriginSignError } from '@originsign/core/errors/error';
import type { ClaimSchema, ClaimValue } from '@originsign/core/platforms/claim-schema';
import { FIXTURES } from '@originsign/core/platforms/fixtures/fixtures';
import { platformByType } from '@originsign/core/platforms/platforms';
import type { Platform } from '@originsign/core/platforms/platform';
import { claimTable } from '@originsign/core/policy/claims';
import { didYouMean } from '@originsign/core/policy/did-you-mean';
import type { RequestFacts } from '@originsign/core/policy/evaluate';
import type { ArtifactFacts, Project, Scalar } from '@originsign/core/policy/model';
import type { TrustedBuildSystem } from '@originsign/core/policy/trusted-build-system';
import { factsOfTest } from '@originsign/core/policy/tests';
import { pathOf } from './files.ts';
import type { Host } from './host.ts';
import { given, parseAssignments } from './options.ts';

/** How a user describes a request that nobody has made. */
export interface FactOptions {
  readonly fixture?: string;
  readonly claims?: string;
  readonly system?: string;
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
  readonly artifact?: readonly string[];
  readonly time?: string;
  readonly policy: string;
}

/**
 * The request that the options describe. A fixture plays the project's own repository, as in policy tests; a payload counts as
 * it stands. Throws `input.*`, and the `token.*` codes for a payload that no token of the platform has.
 */
export async function explainedFacts(
  project: Project,
  systems: ReadonlyMap<string, TrustedBuildSystem>,
  options: FactOptions,
  host: Host,
): Promise<RequestFacts> {
  const fixture = options.claims === undefined ? (options.fixture ?? '') : undefined;
  const system = chooseSystem(project, systems, options, fixture);
  const platform = platformOf(system);
  const set = typedClaims(parseAssignments(options.set ?? [], '--set'), platform);
  const unset = options.unset ?? [];
  for (const name of unset) claimSchema(name, platform);
  const now = options.time === undefined ? host.now() : parseTime(options.time);
  const artifacts = options.artifact?.map(parseArtifact);
  if (fixture !== undefined) {
    const imagined = {
      name: 'explained',
      fixture,
      system: system.id,
      set,
      unset,
      time: now,
      at: { line: 1, column: 1 },
    };
    const expect = { policy: options.policy, decision: 'allow' } as const;
    return factsOfTest({ ...imagined, expect, ...given('artifacts', artifacts) }, project, systems);
  }
  const payload = parseStrictJson(await readSmallFile(pathOf(host, options.claims ?? '')));
  const claims = new Map<string, ClaimValue>(Object.entries(platform.parseClaims(payload)));
  for (const [name, value] of set) claims.set(name, value);
  for (const name of unset) claims.delete(name);
  const known = Object.fromEntries(claims);
  const format = project.policies.get(options.policy)?.keys.keys().next().value ?? 'raw';
  return {
    system: system.id,
    claims: known,
    origin: platform.origin(known, system),
    binding: platform.binding,
    artifacts: artifacts ?? [{ name: 'app', format, size: 1 }],
    now,
  };
}

function chooseSystem(
  project: Project,
  systems: ReadonlyMap<string, TrustedBuildSystem>,
  options: FactOptions,
  fixture: string | undefined,
): TrustedBuildSystem {
  const type = fixture === undefined ? undefined : fixturePlatform(fixture);
  const own = project.systems.flatMap((id) => systems.get(id) ?? []).filter((system) => !type || system.type === type);
  const chosen = options.system === undefined ? own : own.filter(({ id }) => id === options.system);
  const [only] = chosen;
  if (only !== undefined && chosen.length === 1) return only;
  const names = own.map(({ id }) => id).join(', ');
  throw new OriginSignError('input.invalid', 'The project has not exactly one trusted build system that fits.', {
    hint: names === '' ? 'name another project or fixture' : `give --system, one of ${names}`,
  });
}

function fixturePlatform(name: string): string {
  const fixture = FIXTURES.get(name);
  if (fixture !== undefined) return fixture.platform;
  if (name === '') {
    throw new OriginSignError('input.missing', 'No token is given.', { hint: 'give --fixture or --claims' });
  }
  throw new OriginSignError('input.invalid', `There is no fixture "${name}".`, {
    hint: didYouMean(name, FIXTURES.keys()) ?? `there is ${[...FIXTURES.keys()].join(', ')}`,
  });
}

function platformOf(system: TrustedBuildSystem): Platform {
  const platform = platformByType(system.type);
  if (platform === undefined) throw new TypeError('A loaded system has a platform.');
  return platform;
}

function claimSchema(name: string, platform: Platform): ClaimSchema {
  const table = claimTable([platform]);
  const schema = name.startsWith('origin.') ? undefined : table.get(name);
  if (schema !== undefined) return schema;
  const names = [...table.keys()].filter((claim) => !claim.startsWith('origin.'));
  throw new OriginSignError('input.invalid', `There is no claim "${name}" of ${platform.type}.`, {
    ...given('hint', didYouMean(name, names)),
  });
}

function typedClaims(texts: ReadonlyMap<string, string>, platform: Platform): ReadonlyMap<string, Scalar> {
  return new Map([...texts].map(([name, text]) => [name, typedClaim(name, text, claimSchema(name, platform))]));
}

function typedClaim(name: string, text: string, schema: ClaimSchema): Scalar {
  if (schema.type === 'string') return text;
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (schema.type === 'integer' && /^(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  throw new OriginSignError('input.invalid', `The claim ${name} is of the type ${schema.type}.`);
}

function parseArtifact(text: string): ArtifactFacts {
  const at = text.indexOf(':');
  if (at > 0 && at < text.length - 1) return { format: text.slice(0, at), name: text.slice(at + 1), size: 1 };
  throw new OriginSignError('input.invalid', '--artifact takes a format, ":" and a name.');
}

function parseTime(text: string): Date {
  const time = new Date(/^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  throw new OriginSignError('input.invalid', 'The time must have its offset, as in 2026-12-24T12:00:00Z.');
}
