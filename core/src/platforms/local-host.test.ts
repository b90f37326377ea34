import { expect, it } from 'vitest';
import { isLocalHost } from './local-host.ts';

const hostOf = (url: string) => new URL(url).hostname;

it.each([
  'http://localhost',
  'http://LOCALHOST.',
  'http://a.localhost',
  'http://127.0.0.1',
  'http://127.9.9.9',
  'http://2130706433',
  'http://0x7f.1',
  'http://0.0.0.0',
  'http://[::1]',
  'http://[::]',
  'http://[0:0:0:0:0:0:0:1]',
  'http://[::ffff:127.0.0.1]',
])('%s is this machine', (url) => {
  expect(isLocalHost(hostOf(url))).toBe(true);
});

it.each(['http://localhost.example', 'http://notlocalhost', 'http://10.0.0.1', 'http://128.0.0.1', 'http://[::2]'])(
  '%s is not',
  (url) => {
    expect(isLocalHost(hostOf(url))).toBe(false);
  },
);
