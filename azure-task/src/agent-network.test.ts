import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { agentAuthorities, proxyVariables } from './agent-network.ts';

const ADDRESSES = ['https://sign.acme.example/', 'https://dev.azure.com/acme/oidctoken'];
const PROXY = { AGENT_PROXYURL: 'http://proxy.acme.example:3128' };
const exceptions = (...list: readonly unknown[]) => ({ ...PROXY, AGENT_PROXYBYPASSLIST: JSON.stringify(list) });
const folder = mkdtempSync(join(tmpdir(), 'originsign-agent-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the proxy of the agent', () => {
  it('is none where the agent has none, so that the variables of the machine count', () => {
    expect(proxyVariables({ HTTPS_PROXY: 'http://other:1' }, ADDRESSES)).toEqual({});
  });

  it('counts for everything, in both spellings, with its credentials', () => {
    const environment = { ...PROXY, AGENT_PROXYUSERNAME: 'CORP\\agent', SECRET_AGENT_PROXYPASSWORD: 'p@ss:/word' };
    const url = 'http://CORP%5Cagent:p%40ss%3A%2Fword@proxy.acme.example:3128/';
    expect(proxyVariables(environment, ADDRESSES)).toEqual({
      HTTPS_PROXY: url,
      https_proxy: url,
      HTTP_PROXY: url,
      http_proxy: url,
      NO_PROXY: '',
      no_proxy: '',
    });
  });

  it.each([
    [exceptions('acme\\.example'), 'sign.acme.example'],
    [exceptions('^https://DEV\\.azure\\.com$'), 'dev.azure.com'],
    [exceptions('.*'), 'sign.acme.example,dev.azure.com'],
    [exceptions('sign\\.acme\\.example/'), ''],
    [exceptions('other', '(', '  ', 7), ''],
    [{ ...PROXY, AGENT_PROXYBYPASSLIST: 'no json' }, ''],
    [{ ...PROXY, AGENT_PROXYBYPASSLIST: '{}' }, ''],
    [{ ...exceptions('azure'), NO_PROXY: '.internal' }, '.internal,dev.azure.com'],
  ])('has the exceptions of %j: %s', (environment, noProxy) => {
    expect(proxyVariables(environment, ADDRESSES)['NO_PROXY']).toBe(noProxy);
  });

  it('is not for this machine', () => {
    const addresses = ['http://localhost:8080/token', 'https://127.0.0.1:8443', 'nonsense'];
    expect(proxyVariables(PROXY, addresses)['NO_PROXY']).toBe('localhost:8080,127.0.0.1:8443');
  });

  it.each(['proxy:3128', 'socks5://secret@proxy', '://'])('is refused where it is no such URL: %s', (url) => {
    const read = () => proxyVariables({ AGENT_PROXYURL: url }, ADDRESSES);
    expect(read).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    expect(read).not.toThrow(/secret/);
  });
});

describe('the authorities of the agent', () => {
  it('are those of --sslcacert', () => {
    const path = join(folder, 'ca.pem');
    writeFileSync(path, 'PEM');
    expect(agentAuthorities({ AGENT_CAINFO: path })).toEqual([{ name: path, pem: 'PEM' }]);
    expect(agentAuthorities({})).toEqual([]);
  });

  it('say so where the file is not there', () => {
    expect(() => agentAuthorities({ AGENT_CAINFO: join(folder, 'missing.pem') })).toThrow(
      expect.objectContaining({ code: 'input.file', hint: expect.stringContaining('--sslcacert') as unknown }),
    );
  });
});
