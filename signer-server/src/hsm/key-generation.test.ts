import { describe, expect, test } from 'vitest';
import { ARTIFACT_PURPOSES, INTERNAL_PURPOSES } from '@originsign/core/formats/purpose';
import { FORMATS } from '@originsign/core/formats/registry';
import { generateKey, type GeneratedKey, type KeyGenerationPorts, type KeyWish } from './key-generation.ts';
import { keyTypesFor } from './key-purposes.ts';

const NOW = new Date('2026-11-22T08:00:00Z');

interface Recorded extends KeyGenerationPorts {
  /** What the token was asked to generate. */
  readonly generated: unknown[];
  readonly added: GeneratedKey[];
}

function ports(change: { trial?: boolean; taken?: string } = {}): Recorded {
  const generated: unknown[] = [];
  const added: GeneratedKey[] = [];
  return {
    generated,
    added,
    now: () => NOW,
    trial: change.trial ?? false,
    hsm: {
      generate: async (label, type, token = 'first') => {
        generated.push({ label, type, token });
        return { label, type, token, id: Uint8Array.of(1), spki: Uint8Array.of(2) };
      },
    },
    register: { has: async (label) => label === change.taken, add: async (key) => void added.push(key) },
  };
}

describe('the type of a new key', () => {
  test.each([
    ['log', 'ed25519'],
    ['provenance', 'p-256'],
    ['canary', 'p-256'],
    ['authenticode', 'rsa-3072'],
    ['cms', 'rsa-3072'],
    ['raw', 'p-256'],
  ])('for %s is %s where nobody says', async (purpose, type) => {
    const used = ports();
    expect(await generateKey(used, { label: 'acme-2026', purpose })).toMatchObject({ purpose, type });
    expect(used.generated).toEqual([{ label: 'acme-2026', type, token: 'first' }]);
  });

  test('is one that some format of the purpose can use, and all types that its formats take can be had', () => {
    const all = [...ARTIFACT_PURPOSES, ...INTERNAL_PURPOSES];
    for (const { purpose } of Object.values(FORMATS)) {
      const family = Object.values(FORMATS).filter((format) => format.purpose === purpose);
      const types = new Set(family.flatMap(({ keyTypes }) => keyTypes));
      expect([...(keyTypesFor(purpose) ?? [])].sort()).toEqual([...types].sort());
    }
    // minisign takes Ed25519 alone, which is not what other formats of its family want where nobody says.
    const without = Object.values(FORMATS).filter(
      ({ purpose, keyTypes }) => !keyTypes.some((type) => type === keyTypesFor(purpose)?.[0]),
    );
    expect(without.map(({ id }) => id)).toEqual(['minisign']);
    expect(all.filter((purpose) => keyTypesFor(purpose) === undefined)).toEqual(['jar', 'openpgp', 'oci']);
  });
});

test('a key is registered with its one purpose, its token and its time', async () => {
  const used = ports({ trial: true });
  const key = await generateKey(used, { label: 'ca', purpose: 'ca', type: 'rsa-3072', token: 'second' });
  expect(used.added).toEqual([key]);
  expect(key).toEqual({
    label: 'ca',
    purpose: 'ca',
    type: 'rsa-3072',
    token: 'second',
    id: Uint8Array.of(1),
    spki: Uint8Array.of(2),
    certificates: [],
    createdAt: NOW,
    trial: true,
  });
});

describe('refuses, before anything is generated,', () => {
  // prettier-ignore
  test.each<readonly [string, KeyWish, string, string]>([
    ['an unknown purpose', { label: 'a', purpose: 'signing' }, 'input.invalid', 'the purposes are authenticode, cms, raw, provenance, log, canary, ca'],
    ['a misspelt purpose', { label: 'a', purpose: 'athenticode' }, 'input.invalid', 'did you mean "authenticode"?'],
    ['a purpose without a format yet', { label: 'a', purpose: 'openpgp' }, 'input.invalid', 'the purposes are authenticode, cms, raw, provenance, log, canary, ca'],
    ['a purpose of the prototype', { label: 'a', purpose: 'constructor' }, 'input.invalid', 'the purposes are authenticode, cms, raw, provenance, log, canary, ca'],
    ['an unknown type', { label: 'a', purpose: 'raw', type: 'rsa-1024' }, 'input.invalid', 'use one of p-256, rsa-2048, rsa-3072, rsa-4096, ed25519'],
    ['a type that the purpose cannot use', { label: 'a', purpose: 'authenticode', type: 'ed25519' }, 'input.invalid', 'use one of rsa-3072, rsa-2048, rsa-4096, p-256'],
    ['RSA for the log', { label: 'a', purpose: 'log', type: 'rsa-3072' }, 'input.invalid', 'use one of ed25519, p-256'],
    ['a label in capitals', { label: 'Acme', purpose: 'raw' }, 'input.invalid', 'use lower-case letters'],
    ['an empty label', { label: '', purpose: 'raw' }, 'input.invalid', 'use lower-case letters'],
    ['a label with a line break', { label: 'a\n', purpose: 'raw' }, 'input.invalid', 'use lower-case letters'],
    ['a label of 64 characters', { label: 'a'.repeat(64), purpose: 'raw' }, 'input.invalid', 'use lower-case letters'],
    ['a CA in a production store', { label: 'a', purpose: 'ca' }, 'trial.forbidden', 'ask your certificate authority'],
  ])('%s', async (_case, wish, code, hint) => {
    const used = ports();
    await expect(generateKey(used, wish)).rejects.toMatchObject({ code, hint: expect.stringContaining(hint) as string });
    expect(used.generated).toEqual([]);
  });

  test('a label that is taken', async () => {
    const used = ports({ taken: 'acme' });
    await expect(generateKey(used, { label: 'acme', purpose: 'raw' })).rejects.toMatchObject({ code: 'key.exists' });
    expect(used.generated).toEqual([]);
  });
});
