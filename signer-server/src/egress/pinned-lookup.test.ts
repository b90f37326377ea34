import type { LookupAddress, LookupOptions } from 'node:dns';
import { isOriginSignError } from '@originsign/core/errors/error';
import { expect, test } from 'vitest';
import { checkedLookup, type Resolve } from './pinned-lookup.ts';

const addresses = (...list: readonly string[]): LookupAddress[] =>
  list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

const resolving =
  (...list: readonly string[]): Resolve =>
  (_, done) =>
    done(null, addresses(...list));

/** What a socket would get: the addresses, or the code of the error. */
function look(resolve: Resolve, allowPrivate = false, options: LookupOptions = { all: true }): Promise<unknown> {
  return new Promise((settle) => {
    checkedLookup(allowPrivate, resolve)('host.example', options, (error, address, family) => {
      if (error === null) settle(family === undefined ? address : { address, family });
      else settle(isOriginSignError(error) ? error.code : error.message);
    });
  });
}

test('hands out what it has checked', async () => {
  expect(await look(resolving('1.1.1.1', '2606:4700::1111'))).toEqual(addresses('1.1.1.1', '2606:4700::1111'));
  expect(await look(resolving('1.1.1.1'), false, {})).toEqual({ address: '1.1.1.1', family: 4 });
});

test('one address that may not be reached refuses the name, wherever it stands', async () => {
  expect(await look(resolving('127.0.0.1'))).toBe('egress.refused');
  expect(await look(resolving('1.1.1.1', '10.0.0.1'))).toBe('egress.refused');
  expect(await look(resolving('::ffff:7f00:1', '1.1.1.1'))).toBe('egress.refused');
  expect(await look(resolving('1.1.1.1', '::1'), false, { all: true, family: 4 })).toBe('egress.refused');
});

test('private addresses are for calls that may, link-local ones for none', async () => {
  expect(await look(resolving('10.0.0.1'), true)).toEqual(addresses('10.0.0.1'));
  expect(await look(resolving('169.254.169.254'), true)).toBe('egress.refused');
});

test('the family that the socket asks for', async () => {
  expect(await look(resolving('1.1.1.1', '2606:4700::1111'), false, { all: true, family: 6 })).toEqual(
    addresses('2606:4700::1111'),
  );
  expect(await look(resolving('1.1.1.1'), false, { all: true, family: 6 })).toBe('egress.refused');
});

test('a name that nobody knows stays an error of the resolver', async () => {
  expect(await look((_, done) => done(new Error('ENOTFOUND'), []))).toBe('ENOTFOUND');
  expect(await look(resolving())).toBe('egress.refused');
});

test('a name server that changes its answer is asked once for each connection', async () => {
  const answers = ['1.1.1.1', '127.0.0.1'];
  const rebinding: Resolve = (_, done) => done(null, addresses(answers.shift() ?? ''));
  expect(await look(rebinding)).toEqual(addresses('1.1.1.1'));
  expect(await look(rebinding)).toBe('egress.refused');
});
