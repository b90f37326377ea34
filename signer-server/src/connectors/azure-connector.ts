import type { Claims } from '@originsign/core/platforms/claim-schema';
import {
  parseAzureBuild,
  parsePool,
  parseTimeline,
  type AzureBuild,
  type AzureJob,
  type AzurePool,
} from './azure-build.ts';
import { presentClaims, textClaim } from './claims-in-and-out.ts';
import { contradiction } from './connector-errors.ts';
import type { ConnectorConfig, ConnectorPorts, ConnectorQuestion, OriginConnector } from './origin-connector.ts';
import { createPlatformApi, type PlatformApi } from './platform-api.ts';
import { createSharedFacts, type SharedFacts } from './shared-facts.ts';

const RUN_LIFETIME = 3_000;
const POOL_LIFETIME = 60_000;
const VERSION = 'api-version=7.1';
/** A run with jobs in more pools than this tells nothing about its pools. */
const MOST_QUEUES = 20;

interface Run {
  readonly build: AzureBuild;
  /** Missing where the credential may not read all of them. */
  readonly pools?: readonly AzurePool[];
}

/** Asks Azure DevOps for the run that a pipeline token is of. */
export function createAzureConnector(config: ConnectorConfig, ports: ConnectorPorts): OriginConnector {
  const headers = {
    accept: 'application/json',
    authorization: authorization(config.credential),
    // Without it the platform sends callers that it does not know to a page for people.
    'x-tfs-fedauthredirect': 'Suppress',
  };
  const api = createPlatformApi({ ...config, headers, redirectMeans: 'sign-in' }, ports);
  const runs = createSharedFacts<Run>(RUN_LIFETIME, ports.now);
  const pools = createSharedFacts<AzurePool | undefined>(POOL_LIFETIME, ports.now);
  return {
    async lookUp(question) {
      const project = textClaim(question.claims, 'azure.prj_id');
      const id = textClaim(question.claims, 'azure.run_id');
      const run = await runs.get(`${project}/${id}`, () => readRun(api, pools, project, id));
      checkRun(run.build, question, config.systemId);
      return claimsOf(run);
    },
  };
}

/** A personal access token goes as the password of a nameless user, a token of Microsoft Entra (a JWT) by itself. */
function authorization({ user = '', token }: ConnectorConfig['credential']): string {
  if (/^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return `Bearer ${token}`;
  return `Basic ${Buffer.from(`${user}:${token}`, 'utf8').toString('base64')}`;
}

async function readRun(
  api: PlatformApi,
  pools: SharedFacts<AzurePool | undefined>,
  project: string,
  id: string,
): Promise<Run> {
  const path = `/${project}/_apis/build/builds/${id}`;
  const build = parseAzureBuild(await api.read(`${path}?${VERSION}`));
  // The queue that the build names is the default of the definition; each job of a YAML pipeline chooses its own.
  const jobs = parseTimeline(await api.read(`${path}/timeline?${VERSION}`));
  const known = await readPools(jobs, (queue) =>
    pools.get(`${project}/${queue}`, async () => {
      const answer = await api.tryRead(`/${project}/_apis/distributedtask/queues/${queue}?${VERSION}`);
      return typeof answer === 'string' ? undefined : parsePool(answer);
    }),
  );
  return { build, ...(known === undefined ? {} : { pools: known }) };
}

async function readPools(
  jobs: readonly AzureJob[],
  read: (queue: string) => Promise<AzurePool | undefined>,
): Promise<readonly AzurePool[] | undefined> {
  const queues = new Set(jobs.map(({ queueId }) => queueId));
  if (queues.size === 0 || queues.size > MOST_QUEUES) return undefined;
  const found: AzurePool[] = [];
  for (const queue of queues) {
    const pool = queue === undefined ? undefined : await read(queue);
    if (pool === undefined) return undefined;
    found.push(pool);
  }
  return found;
}

function checkRun(build: AzureBuild, { claims }: ConnectorQuestion, system: string): void {
  const facts: readonly (readonly [fact: string, actual: string, claim: string, words: string])[] = [
    ['id', build.id, 'azure.run_id', 'the run has another id'],
    ['project', build.projectId, 'azure.prj_id', 'the run belongs to another project'],
    ['definition', build.definition.id, 'azure.def_id', 'the run is one of another pipeline'],
    ['repository', build.repositoryId, 'azure.rpo_id', 'the run is one of another repository'],
    ['ref', build.ref, 'azure.rpo_ref', 'the run is one of another ref'],
    ['commit', build.commit, 'azure.rpo_ver', 'the run is one of another commit'],
  ];
  for (const [fact, actual, claim, words] of facts) {
    if (!isSame(actual, textClaim(claims, claim))) throw contradiction(system, fact, words);
  }
  if (build.state !== 'inProgress') throw contradiction(system, 'state', 'the run is not running any more');
}

/** GUIDs come in either case; refs, names and commits in one. */
function isSame(left: string, right: string): boolean {
  const isGuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(left);
  return isGuid ? left.toLowerCase() === right.toLowerCase() : left === right;
}

function claimsOf({ build, pools }: Run): Claims {
  const names = pools === undefined ? undefined : [...new Set(pools.map(({ name }) => name))].sort();
  return presentClaims({
    'azure.reason': build.reason,
    'azure.build_state': build.state,
    'azure.is_fork': build.isFork,
    'azure.definition_name': build.definition.name,
    'azure.definition_revision': build.definition.revision,
    'azure.repository_type': build.repositoryType,
    'azure.agent_pools': names,
    'azure.agent_pool': names?.length === 1 ? names[0] : undefined,
    'azure.pool_is_hosted': pools?.every(({ isHosted }) => isHosted),
  });
}
