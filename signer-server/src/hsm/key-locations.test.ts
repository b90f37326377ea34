import { describe, expect, test } from 'vitest';
import { KeyLocations } from './key-locations.ts';
import type { FoundKey, Operation } from './messages.ts';

const ID = Uint8Array.of(1, 2);
const FOUND: FoundKey = { id: ID, type: 'p-256', spki: new Uint8Array() };
const KEY = { label: 'key', id: ID, type: 'p-256' } as const;

/** A token with the keys of these labels, which counts how often it is asked. */
class StubToken {
  readonly name: string;
  readonly #labels: readonly string[];
  ready = true;
  asked = 0;

  constructor(name: string, ...labels: readonly string[]) {
    this.name = name;
    this.#labels = labels;
  }

  submit(operation: Operation): Promise<unknown> {
    this.asked += 1;
    const has = operation.name === 'find' && this.#labels.includes(operation.label);
    return Promise.resolve(has ? FOUND : undefined);
  }
}

describe('a key on several tokens', () => {
  test('is used on the first that has it, and each token is asked once', async () => {
    const tokens = [new StubToken('a'), new StubToken('b', 'key'), new StubToken('c', 'key')];
    const locations = new KeyLocations(tokens);
    expect((await locations.tokenOf(KEY)).name).toBe('b');
    expect((await locations.tokenOf(KEY)).name).toBe('b');
    expect(tokens.map(({ asked }) => asked)).toEqual([1, 1, 1]);
  });

  test('is used on the next while the first is down', async () => {
    const tokens = [new StubToken('a', 'key'), new StubToken('b', 'key')] as const;
    const locations = new KeyLocations(tokens);
    expect((await locations.tokenOf(KEY)).name).toBe('a');
    tokens[0].ready = false;
    expect((await locations.tokenOf(KEY)).name).toBe('b');
    tokens[0].ready = true;
    expect((await locations.tokenOf(KEY)).name).toBe('a');
  });

  test('is not taken for another key of the same label', async () => {
    const locations = new KeyLocations([new StubToken('a', 'key'), new StubToken('b')]);
    await expect(locations.tokenOf({ ...KEY, id: Uint8Array.of(9) })).rejects.toMatchObject({ code: 'key.unknown' });
  });
});

test('a key that no token that is up has may be on one that is down', async () => {
  const down = new StubToken('b', 'key');
  down.ready = false;
  const locations = new KeyLocations([new StubToken('a'), down]);
  await expect(locations.tokenOf(KEY)).rejects.toMatchObject({ code: 'hsm.unavailable' });
  await expect(locations.find('key')).rejects.toMatchObject({ code: 'hsm.unavailable' });
  expect(down.asked).toBe(0);
});

test('a label is found with its token, or not at all', async () => {
  const locations = new KeyLocations([new StubToken('a'), new StubToken('b', 'key')]);
  expect(await locations.find('key')).toEqual({ ...FOUND, label: 'key', token: 'b' });
  expect(await locations.find('other')).toBeUndefined();
});

test('a single token is given every operation, also while its process is being replaced', async () => {
  const only = new StubToken('a', 'key');
  only.ready = false;
  const locations = new KeyLocations([only]);
  expect(await locations.tokenOf(KEY)).toBe(only);
  expect(await locations.find('key')).toMatchObject({ token: 'a' });
});
