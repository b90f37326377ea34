import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armorSshSignature } from '@originsign/core/attestation/sshsig';
import { encodeBase64 } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { Json } from '@originsign/core/encoding/canonical-json';
import {
  APPROVAL_NAMESPACE,
  approvedRequest,
  encodeApproval,
  type ApprovalStatement,
} from '@originsign/core/protocol/approval';
import { approvalsPath, approvalViewSchema, type ApprovalView } from '@originsign/core/protocol/approval-view';
import {
  APPROVER_CALL_NAMESPACE,
  approverCallMessage,
  formatApproverAuthorization,
} from '@originsign/core/protocol/approver-call';
import type { Answer, AttackClient } from '@originsign/testkit/attack-client';
import type { ForgedRequest } from '@originsign/testkit/forged-request';
import { makeSshKey, type TestSshKey } from '@originsign/testkit/ssh-key';
import { attackSigner, type AttackedSigner } from './attacked-signer.test.fixture.ts';

const WHEN = `
          github.ref: {glob: "refs/tags/v*"}
          github.event_name: {is: push}
          github.workflow_path: {is: .github/workflows/release.yml}`;

const policy = (name: string, approvals: string): string => `  ${name}:
    keys: {raw: trial-raw}
    allow:
      - id: tag-build
        when:${WHEN}
        approvals: {${approvals}, from: [group:release-managers]}
`;

/** Signing policies that ask for one person, two, one within two seconds, one and then no matter who asked, and nobody. */
export const APPROVED_PROJECT = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{system: github, id: "771245825", ownerId: "145685596"}]
policies:
${policy('release', 'count: 1')}${policy('two', 'count: 2')}${policy('brief', 'count: 1, expiresAfter: 2s')}${policy(
  'open',
  'count: 1, unknownRequester: allow',
)}${policy('crowd', 'count: 3')}  free:
    keys: {raw: trial-raw}
    allow:
      - id: tag-build
        when:${WHEN}
`;

/** Account of the one who pushes the tag in the tests, and of somebody whom nobody knows. */
export const REQUESTER = { actor_id: '583231' };
export const STRANGER = { actor_id: '99' };

/** Keys of the people in the roster. `rita` starts the runs and is a release manager all the same; `dora` is none. */
export const KEYS = {
  ada: makeSshKey('ssh-ed25519'),
  ada2: makeSshKey('ecdsa-sha2-nistp256'),
  bob: makeSshKey('ssh-rsa'),
  rita: makeSshKey('ssh-ed25519'),
  dora: makeSshKey('ssh-ed25519'),
} as const;

const person = (id: string, group: string, keys: readonly TestSshKey[], more = ''): string =>
  `  - {id: ${id}, groups: [${group}], keys: [${keys.map(({ line }) => `"${line}"`).join(', ')}]${more}}\n`;

/** Text of the roster. */
export const ROSTER = `version: 1
people:
${person('ada', 'release-managers', [KEYS.ada, KEYS.ada2])}${person('bob', 'release-managers', [KEYS.bob])}${person(
  'rita',
  'release-managers',
  [KEYS.rita],
  `, identities: [{system: github, actorId: "${REQUESTER.actor_id}"}]`,
)}${person('dora', 'developers', [KEYS.dora])}`;

/** A signer that asks people, and what people do. */
export interface ApprovalBench extends AttackedSigner {
  readonly rosterPath: string;
  /** A call that reads, signed by the key. */
  read(key: TestSshKey, path: string): Promise<Answer>;
  /** What the person is shown of the request. */
  show(key: TestSshKey, request: ForgedRequest): Promise<ApprovalView>;
  /** Decides about what the person is shown, with any part of the statement changed. */
  decide(key: TestSshKey, request: ForgedRequest, changes?: Partial<ApprovalStatement>): Promise<Answer>;
  /** Sends these bytes as an approval of the request. */
  send(request: ForgedRequest, statement: Uint8Array, signature: Uint8Array): Promise<Answer>;
}

/** Starts it. */
export async function startApprovalBench(): Promise<ApprovalBench> {
  const folder = await mkdtemp(join(tmpdir(), 'originsign-roster-'));
  const rosterPath = join(folder, 'admins.yml');
  await writeFile(rosterPath, ROSTER);
  const bench = await attackSigner({
    project: APPROVED_PROJECT,
    configure: (text) => `${text}admins: {file: ${rosterPath}}\n`,
  });
  const calls = approverCalls(bench.attacker, bench.signer.url);
  return {
    ...bench,
    ...calls,
    rosterPath,
    stop: async () => {
      await bench.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type Calls = Pick<ApprovalBench, 'read' | 'show' | 'decide' | 'send'>;

function approverCalls(attacker: AttackClient, url: string): Calls {
  const read: Calls['read'] = (key, path) => {
    const created = Math.floor(Date.now() / 1000);
    const message = approverCallMessage({ method: 'GET', url: `${url}${path}` }, created);
    const authorization = formatApproverAuthorization(created, key.sign(APPROVER_CALL_NAMESPACE, message));
    return attacker.send({ path, headers: { authorization } });
  };
  const show: Calls['show'] = async (key, { id }) =>
    approvalViewSchema.parse((await read(key, approvalsPath(id))).json);
  const send: Calls['send'] = ({ id }, statement, signature) => {
    const body = { statement: encodeBase64(statement), signature: armorSshSignature(signature) };
    return attacker.send({ method: 'POST', path: approvalsPath(id), body: utf8(JSON.stringify(body)) });
  };
  return {
    read,
    show,
    send,
    decide: async (key, request, changes = {}) => {
      const { origin, rule, policyHash } = await show(KEYS.ada, request);
      const statement = encodeApproval({
        ...approvedRequest(request.payload, origin as Json),
        decision: 'approve',
        rule,
        policyHash,
        expires: new Date(Date.now() + 3_600_000).toISOString(),
        ...changes,
      });
      return send(request, statement, key.sign(APPROVAL_NAMESPACE, statement));
    },
  };
}
