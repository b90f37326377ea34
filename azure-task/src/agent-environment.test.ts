import { describe, expect, it } from 'vitest';
import { accessTokenOf, connectionOf, inputOf, takeEnvironment, variableOf } from './agent-environment.ts';

const ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const AGENT = {
  PATH: '/usr/bin',
  INPUT_OUTPUTDIRECTORY: ' signed ',
  SECRET_AGENT_PROXYPASSWORD: 'hunter2',
  AGENT_PROXYURL: 'http://proxy:3128',
  VSTS_TASKVARIABLE_X: 'x',
  SECUREFILE_TICKET_1: 'ticket',
  ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'access',
  ENDPOINT_AUTH_SYSTEMVSSCONNECTION: '{"parameters":{"AccessToken":"access"},"scheme":"OAuth"}',
  [`ENDPOINT_URL_${ID}`]: 'https://sign.acme.example/',
  [`ENDPOINT_AUTH_SCHEME_${ID}`]: 'Certificate',
  [`ENDPOINT_AUTH_PARAMETER_${ID}_CERTIFICATE`]: 'PEM',
  [`ENDPOINT_AUTH_PARAMETER_${ID}_PASSPHRASE`]: ' ',
  [`ENDPOINT_DATA_${ID}_CERTIFICATEAUTHORITY`]: 'CA',
};

describe('what the agent passes to a task', () => {
  it('leaves nothing secret in the environment of the process', () => {
    const environment: NodeJS.ProcessEnv = { ...AGENT };
    expect(takeEnvironment(environment)).toEqual(AGENT);
    expect(Object.keys(environment).sort()).toEqual(['AGENT_PROXYURL', `ENDPOINT_URL_${ID}`, 'PATH']);
    expect(JSON.stringify(environment)).not.toMatch(/hunter2|access|PEM|ticket/);
  });

  it('is read by the names that the agent gives it', () => {
    expect(inputOf(AGENT, 'outputDirectory')).toBe('signed');
    expect(inputOf(AGENT, 'format')).toBe('');
    expect(variableOf(AGENT, 'Agent.ProxyUrl')).toBe('http://proxy:3128');
    expect(variableOf(AGENT, 'Agent.ProxyPassword')).toBe('hunter2');
    expect(variableOf(AGENT, 'Agent.CAInfo')).toBe('');
    expect(accessTokenOf(AGENT)).toBe('access');
  });

  it('has the fields of a connection, whether they are secret or not', () => {
    const connection = connectionOf(AGENT, ID);
    expect(connection).toMatchObject({ url: 'https://sign.acme.example/', scheme: 'Certificate' });
    const fields = ['certificate', 'certificateAuthority', 'passphrase', 'other'].map((name) =>
      connection?.field(name),
    );
    expect(fields).toEqual(['PEM', 'CA', undefined, undefined]);
    expect(connectionOf(AGENT, '')).toBeUndefined();
  });
});
