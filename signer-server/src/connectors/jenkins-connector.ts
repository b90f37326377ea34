import type { Claims } from '@originsign/core/platforms/claim-schema';
import { OriginSignError } from '@originsign/core/errors/error';
import { gitWebAddress } from '@originsign/core/platforms/git-address';
import { jenkinsJobPath, jenkinsScope } from '@originsign/core/platforms/jenkins-job';
import { contradiction } from './connector-errors.ts';
import { BUILD_TREE, parseJenkinsBuild, type JenkinsBuild } from './jenkins-build.ts';
import { jenkinsSources, type JenkinsSources } from './jenkins-sources.ts';
import type { ConnectorConfig, ConnectorPorts, ConnectorQuestion, OriginConnector } from './origin-connector.ts';
import { createPlatformApi } from './platform-api.ts';
import { integerClaim, presentClaims, textClaim } from './claims-in-and-out.ts';
import { createSharedFacts } from './shared-facts.ts';

const LIFETIME = 3_000;
/** Controllers that share the work of one installation have a clock each. Milliseconds. */
const CLOCK_SKEW = 2_000;
/**
 * Replayed and restarted builds run a script that the person who started them may have changed, under the name of the job.
 * The classes are those of the Pipeline plugins and of the checkpoints of CloudBees.
 */
const RERUN = /Replay|Restart|Checkpoint/;

/** Asks a Jenkins controller for the build that a token was made in. */
export function createJenkinsConnector(config: ConnectorConfig, ports: ConnectorPorts): OriginConnector {
  const { user, token } = config.credential;
  if (user === undefined) {
    throw new OriginSignError(
      'config.invalid',
      `The connector for ${config.systemId} needs the user that its token is of.`,
    );
  }
  const api = createPlatformApi(
    {
      ...config,
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(`${user}:${token}`, 'utf8').toString('base64')}`,
      },
      redirectMeans: 'sign-in',
    },
    ports,
  );
  const libraries = new Set((config.libraries ?? []).map((address) => gitWebAddress(address) ?? address));
  const builds = createSharedFacts<JenkinsBuild>(LIFETIME, ports.now);
  return {
    async lookUp(question) {
      const path = buildPath(question, config);
      const build = await builds.get(path, async () =>
        parseJenkinsBuild(await api.read(`${path}api/json?tree=${BUILD_TREE}`)),
      );
      checkBuild(build, question, config.systemId);
      const sources = jenkinsSources(build, libraries);
      if ('unclear' in sources) throw contradiction(config.systemId, 'sources', sources.unclear);
      return claimsOf(build, sources);
    },
  };
}

/** `/job/team/job/app/17/` below the API; the token names the job, and the issuer or the configuration the root it is below. */
function buildPath({ claims, issuer }: ConnectorQuestion, config: ConnectorConfig): string {
  const { systemId: id, serverUrl, url } = config;
  const scope = jenkinsScope({ id, issuer, ...(serverUrl === undefined ? {} : { serverUrl }) });
  const job = jenkinsJobPath(textClaim(claims, 'jenkins.sub'), scope ?? { root: url, folder: url });
  return `${job}${integerClaim(claims, 'jenkins.build_number')}/`;
}

function checkBuild(build: JenkinsBuild, { claims, issuedAt }: ConnectorQuestion, system: string): void {
  const number = integerClaim(claims, 'jenkins.build_number');
  if (build.number !== number) throw contradiction(system, 'number', 'the build has another number');
  if (build.url !== `${textClaim(claims, 'jenkins.sub')}${number}/`) {
    throw contradiction(system, 'url', 'the build has another address', 'check the url of the connector');
  }
  if (!build.building) throw contradiction(system, 'building', 'the build is not running any more');
  if (build.startedAt > issuedAt.getTime() + CLOCK_SKEW) {
    // A job that was deleted and made again counts from 1 again.
    throw contradiction(system, 'started', 'the build started after the token was made');
  }
  if (build.causes.length === 0) throw contradiction(system, 'causes', 'the build does not say what started it');
  if (build.causes.some((cause) => RERUN.test(cause))) {
    const hint = 'start a new build: a replayed or restarted one may run another script than the repository holds';
    throw contradiction(system, 'causes', 'the build was replayed or restarted', hint);
  }
}

function claimsOf(build: JenkinsBuild, sources: JenkinsSources): Claims {
  return presentClaims({
    'jenkins.build_started': Math.floor(build.startedAt / 1000),
    'jenkins.causes': build.causes,
    'jenkins.node': build.node,
    'jenkins.definition_from_scm': sources.fromDefinition ? true : undefined,
    'jenkins.scm_url': sources.url,
    'jenkins.scm_commit': sources.commit,
    'jenkins.scm_branch': sources.ref,
    'jenkins.other_checkouts': sources.others.length === 0 ? undefined : sources.others,
  });
}
