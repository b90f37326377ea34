import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressClass, hostAddress, isReachable, type AddressClass } from './address-rules.ts';

const CASES: Readonly<Record<AddressClass, readonly string[]>> = {
  public: [
    '1.1.1.1',
    '8.8.8.8',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.0.1.0',
    '192.167.255.255',
    '192.169.0.0',
    '198.17.255.255',
    '198.20.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2001:200::1',
    '2a00::1',
    '3ffe::1',
  ],
  private: [
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.0.1',
    '::1',
    'fc00::1',
    'fdff::1',
    '64:ff9b::1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::1',
  ],
  forbidden: [
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '169.254.0.1',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::ffff:8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::ffff:0:1.1.1.1',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:0:1::1',
    '2001:10::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    '100::1',
    '5f00::1',
    'a::1',
    '',
    'localhost',
    'example.com',
    '127.1',
    '0x7f.0.0.1',
    '2130706433',
    '127.0.0.1 ',
    '[::1]',
    '1.1.1.1:80',
    '01.1.1.1',
  ],
};

describe.each(Object.entries(CASES))('%s', (kind, addresses) => {
  test.each(addresses)('%s', (address) => {
    expect(addressClass(address)).toBe(kind);
  });
});

test('a call reaches public addresses, private ones where it may, and no others', () => {
  expect([false, true].map((allow) => isReachable('1.1.1.1', allow))).toEqual([true, true]);
  expect([false, true].map((allow) => isReachable('127.0.0.1', allow))).toEqual([false, true]);
  expect([false, true].map((allow) => isReachable('169.254.169.254', allow))).toEqual([false, false]);
});

test('no IPv6 form of an IPv4 address is public, whatever the address', () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      const hex = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
      const groups = `${hex[0]}${hex[1]}:${hex[2]}${hex[3]}`;
      for (const form of [
        `::ffff:${address}`,
        `::${address}`,
        `64:ff9b::${groups}`,
        `2002:${groups}::1`,
        `::ffff:0:${groups}`,
      ]) {
        expect(addressClass(form)).not.toBe('public');
      }
    }),
  );
});

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['[::1]', '::1'],
  ['example.com', undefined],
  ['', undefined],
])('the address in the host %s', (host, address) => {
  expect(hostAddress(host)).toBe(address);
});
