import { codeOfAsync } from '@originsign/testkit/error-code';
import {
  JENKINS_CREDENTIAL,
  JENKINS_JOB,
  JENKINS_SOURCE,
  startJenkinsController,
  type JenkinsController,
} from '@originsign/testkit/jenkins-controller';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createConnector } from './connector.ts';
import { configOf, questionOf, realPorts } from './connectors.test.fixture.ts';
import type { ConnectorConfig, ConnectorQuestion, OriginConnector } from './origin-connector.ts';

const { url: CLONE, commit: COMMIT } = JENKINS_SOURCE;

const ports = realPorts();
let jenkins: JenkinsController;

beforeAll(async () => {
  jenkins = await startJenkinsController();
});
afterAll(async () => {
  await jenkins.close();
  await ports.close();
});
beforeEach(() => {
  jenkins.interfere();
  jenkins.addBuild();
});

const question = (): ConnectorQuestion =>
  questionOf({ 'jenkins.sub': `${jenkins.url}${JENKINS_JOB}`, 'jenkins.build_number': 17 }, {}, `${jenkins.url}/oidc`);

function connector(changes: Partial<ConnectorConfig> = {}): OriginConnector {
  return createConnector({ ...configOf('jenkins', jenkins.url, JENKINS_CREDENTIAL), ...changes }, ports);
}

const look = (): Promise<unknown> => connector().lookUp(question());

describe('an answer that', () => {
  test.each(['number', 'building', 'timestamp', 'url'])('lacks %s', async (name) => {
    jenkins.serve(`${JENKINS_JOB}17/api/json`, () => {
      const build = { number: 17, building: true, timestamp: 1, url: 'x', actions: [] };
      return { ...build, [name]: undefined };
    });
    expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
  });

  test.each<[string, object]>([
    ['a number as text', { number: '17' }],
    ['a number that is not exact', { number: Number.MAX_SAFE_INTEGER + 1 }],
    ['a state as text', { building: 'true' }],
    ['actions that are no list', { actions: {} }],
    ['an action that is no object', { actions: ['x'] }],
    ['a cause without class', { actions: [{ causes: [{}] }] }],
    ['remotes that are no list', { actions: [{ lastBuiltRevision: { SHA1: COMMIT }, remoteUrls: CLONE }] }],
    [
      'a line break in a remote',
      { actions: [{ lastBuiltRevision: { SHA1: COMMIT }, remoteUrls: ['https://a.example/b\n'] }] },
    ],
  ])('has %s', async (_, changes) => {
    jenkins.serve(`${JENKINS_JOB}17/api/json`, () => ({
      number: 17,
      building: true,
      timestamp: 1,
      url: 'x',
      actions: [],
      ...changes,
    }));
    expect(await codeOfAsync(() => look())).toBe('connector.unavailable');
  });
});

test('an address that may not be reached is not asked', async () => {
  const before = jenkins.calls.length;
  const { lookUp } = connector({ allowPrivateAddress: false });
  expect(await codeOfAsync(() => lookUp(question()))).toBe('connector.unavailable');
  expect(jenkins.calls).toHaveLength(before);
});

test('those who ask at once share one call; facts are kept for seconds, failures not at all', async () => {
  const { lookUp } = connector();
  const before = jenkins.calls.length;
  const release = jenkins.hold();
  const all = Promise.all([lookUp(question()), lookUp(question()), lookUp(question())]);
  release();
  await all;
  await lookUp(question());
  expect(jenkins.calls).toHaveLength(before + 1);
  ports.clock.forward(3000);
  jenkins.addBuild({ building: false });
  expect(await codeOfAsync(() => lookUp(question()))).toBe('connector.disagrees');
  expect(jenkins.calls).toHaveLength(before + 2);
  ports.clock.forward(3000);
  jenkins.addBuild();
  jenkins.interfere({ kind: 'body', status: 500, body: '' });
  expect(await codeOfAsync(() => lookUp(question()))).toBe('connector.unavailable');
  jenkins.interfere();
  expect(await codeOfAsync(() => lookUp(question()))).toBe('accepted');
  ports.clock.forward(-3_600_000);
  await lookUp(question());
  expect(jenkins.calls).toHaveLength(before + 5);
  ports.clock.forward(3_600_000 - 6000);
});
