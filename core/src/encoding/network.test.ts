import { BlockList, isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInNetworks, isNetwork } from './network.ts';

describe('a network', () => {
  it.each([
    '192.0.2.0/24',
    '192.0.2.10/32',
    '0.0.0.0/0',
    '2001:db8::/32',
    '::/0',
    '2001:db8::1/128',
    '::ffff:10.0.0.0/104',
  ])('is %s', (text) => {
    expect(isNetwork(text)).toBe(true);
  });

  it.each([
    '192.0.2.10',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/08',
    '192.0.2.0/',
    '192.0.2.0/24 ',
    '192.0.2/24',
    '192.0.2.256/24',
    '010.0.0.0/8',
    '192.0.2.0/24/24',
    '192.0.2.0/255.255.255.0',
    '2001:db8::/129',
    '2001:db8::',
    '2001:db8::g/32',
    'fe80::1%eth0/64',
    'localhost/8',
    '*',
    '/0',
    '',
  ])('is not %j', (text) => {
    expect(isNetwork(text)).toBe(false);
  });
});

describe('an address', () => {
  const networks = ['192.0.2.0/24', '198.51.100.7/32', '2001:db8:1::/48'];

  it.each([
    ['192.0.2.0', true],
    ['192.0.2.255', true],
    ['192.0.3.0', false],
    ['192.0.1.255', false],
    ['198.51.100.7', true],
    ['198.51.100.8', false],
    ['2001:db8:1::5', true],
    ['2001:DB8:1:0::5', true],
    ['2001:db8:2::5', false],
    ['::ffff:192.0.2.9', true],
    ['::FFFF:192.0.2.9', true],
    ['::ffff:192.0.3.9', false],
    ['::192.0.2.9', false],
    ['192.0.2.9:443', false],
    ['192.0.2.9, 10.0.0.1', false],
    ['192.0.2.9 ', false],
    ['0300.0.2.9', false],
    ['3221225993', false],
    ['localhost', false],
    ['', false],
  ])('%s lies in them: %s', (address, inside) => {
    expect(isInNetworks(address, networks)).toBe(inside);
  });

  it('lies in none where there is none, or only what is no network', () => {
    expect(isInNetworks('192.0.2.9', [])).toBe(false);
    expect(isInNetworks('192.0.2.9', ['192.0.2.9', '0.0.0.0', '*'])).toBe(false);
  });

  it('of IPv6 lies in no network of IPv4, unless it is one of IPv4 in other clothes', () => {
    expect(isInNetworks('2001:db8::1', ['0.0.0.0/0'])).toBe(false);
    expect(isInNetworks('::ffff:c000:209', ['192.0.2.0/24'])).toBe(true);
    expect(isInNetworks('::ffff:c000:309', ['192.0.2.0/24'])).toBe(false);
    expect(isInNetworks('192.0.2.9', ['::ffff:192.0.2.0/120', '2001:db8::/32'])).toBe(true);
    expect(isInNetworks('192.0.3.9', ['::ffff:192.0.2.0/120', '2001:db8::/32'])).toBe(false);
  });

  it('of IPv4 lies in a network exactly where its first bits are the same', () => {
    const number = fc.nat(2 ** 32 - 1);
    const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
    fc.assert(
      fc.property(number, number, fc.integer({ min: 0, max: 32 }), (base, noise, length) => {
        const host = 2 ** (32 - length);
        const near = Math.floor(base / host) * host + (noise % host);
        const same = Math.floor(noise / host) === Math.floor(base / host);
        expect(isInNetworks(dotted(near), [`${dotted(base)}/${length}`])).toBe(true);
        expect(isInNetworks(dotted(noise), [`${dotted(base)}/${length}`])).toBe(same);
      }),
      { numRuns: 300 },
    );
  });

  it('of IPv6 is read as Node reads it', () => {
    const group = fc.constantFrom(
      '',
      '0',
      '1',
      'ffff',
      'FFFF',
      'db8',
      '2001',
      '00001',
      'g',
      '1.2.3.4',
      '1.2.3.256',
      '01.2.3.4',
    );
    const text = fc.oneof(
      fc.ipV6(),
      fc.array(group, { minLength: 2, maxLength: 9 }).map((groups) => groups.join(':')),
      fc
        .tuple(fc.array(group, { maxLength: 4 }), fc.array(group, { maxLength: 4 }))
        .map((halves) => halves.map((half) => half.join(':')).join('::')),
    );
    fc.assert(
      fc.property(text, (address) => {
        expect([address, isNetwork(`${address}/64`)]).toEqual([address, isIP(address) === 6]);
      }),
      { numRuns: 1000 },
    );
  });

  it('of IPv6 lies where Node finds it', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), fc.integer({ min: 0, max: 128 }), (address, start, length) => {
        const list = new BlockList();
        list.addSubnet(start, length, 'ipv6');
        const network = `${start}/${length}`;
        expect([address, network, isInNetworks(address, [network])]).toEqual([
          address,
          network,
          list.check(address, 'ipv6'),
        ]);
        expect(isInNetworks(start, [network])).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
