import {
  JENKINS_CREDENTIAL,
  startJenkinsController,
  type JenkinsController,
} from '@originsign/testkit/jenkins-controller';
import { startJenkinsIssuer, type JenkinsCredential, type JenkinsIssuer } from '@originsign/testkit/jenkins-issuer';
import { attackPlatform, type AttackedPlatform } from './attacked-platform.test.fixture.ts';

/** Credentials of the controller: of its root, and of folders. Each has its own issuer and is a trusted build system. */
const FOLDERS = { root: undefined, team: 'team', scm: 'scm', early: 'early', late: 'late' } as const;
type System = keyof typeof FOLDERS;

/** A real signer that trusts a Jenkins controller, with an attacker in front of it. */
export interface AttackedJenkins {
  readonly jenkins: JenkinsIssuer;
  /** The API of the controller, which the server asks about builds of the folder scm. */
  readonly api: JenkinsController;
  readonly bench: AttackedPlatform;
  readonly credential: Readonly<Record<System, JenkinsCredential>>;
  /** A token of build 17 of a job for this server, with these claims instead. */
  mint(system: System, job: string, claims?: Readonly<Record<string, unknown>>): Promise<string>;
  stop(): Promise<void>;
}

/** Starts everything. */
export async function attackJenkins(): Promise<AttackedJenkins> {
  const jenkins = await startJenkinsIssuer();
  const api = await startJenkinsController();
  const names = Object.keys(FOLDERS) as System[];
  const entries = await Promise.all(
    names.map(async (id) => {
      const folder = FOLDERS[id];
      return [id, await jenkins.addCredential({ id, ...(folder === undefined ? {} : { folder }) })] as const;
    }),
  );
  const credential = Object.fromEntries(entries) as Record<System, JenkinsCredential>;
  const bench = await attackPlatform({
    policies: {
      ...Object.fromEntries(names.map((id) => [`trusted-build-systems/${id}.yml`, systemFile(credential[id])])),
      'projects/acme-app.yml': projectFile(jenkins.rootUrl, names),
    },
    environment: { JENKINS_API_TOKEN: JENKINS_CREDENTIAL.token },
    configure: (text) =>
      `${text}connectors: [{system: scm, url: "${api.url}", user: ${JENKINS_CREDENTIAL.user}, ` +
      'token: {env: JENKINS_API_TOKEN}, allowPrivateAddress: true}]\n',
  });
  return {
    jenkins,
    api,
    bench,
    credential,
    mint: (system, job, claims = {}) =>
      credential[system].mint({ job, number: 17 }, { aud: [bench.signer.url], ...claims }),
    stop: async () => {
      await bench.stop();
      await Promise.all([jenkins.close(), api.close()]);
    },
  };
}

function systemFile({ id, issuer }: JenkinsCredential): string {
  const connector = id === 'scm' ? ', connector: true' : '';
  return `{version: 1, id: ${id}, type: jenkins, issuer: "${issuer}", allowPrivateAddress: true${connector}}\n`;
}

/** Folders are linked as they are; of the root and of scm the job app alone is. Rules want the job app. */
function projectFile(root: string, names: readonly System[]): string {
  const linked = names.map((id) => {
    const url = id === 'root' || id === 'scm' ? jobOf(root, FOLDERS[id]) : `${root}job/${FOLDERS[id]}/`;
    return `{system: ${id}, id: "${url}"}`;
  });
  const plain = names
    .filter((id) => id !== 'scm')
    .map((id) => `      - {id: ${id}, system: ${id}, when: {jenkins.sub: {is: "${jobOf(root, FOLDERS[id])}"}}}`);
  return `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [${names.join(', ')}]
repositories: [${linked.join(', ')}]
policies:
  release:
    keys: {raw: trial-raw}
    allow:
${plain.join('\n')}
      - id: scm
        system: scm
        when:
          jenkins.sub: {is: "${jobOf(root, FOLDERS.scm)}"}
          jenkins.scm_url: {is: "https://git.acme.example/team/app"}
          jenkins.scm_branch: {is: refs/heads/main}
          jenkins.other_checkouts: {absent: true}
`;
}

function jobOf(root: string, folder: string | undefined): string {
  return `${root}${folder === undefined ? '' : `job/${folder}/`}job/app/`;
}
