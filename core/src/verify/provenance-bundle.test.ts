import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { toSignedEntity, Verifier } from '@sigstore/verify';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { failures, set, signer, strangerKey, verify } from './verifier.test.fixture.ts';

/** Another implementation, with the provenance keys of a trust file. */
function foreignVerifier(spki: string): Verifier {
  const publicKey = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
  return new Verifier(
    {
      certificateAuthorities: [],
      timestampAuthorities: [],
      tlogs: [],
      ctlogs: [],
      publicKey: () => ({ publicKey, validFor: () => true }),
    },
    { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 },
  );
}

const [trusted = { spki: '' }] = signer.trust().provenanceKeys;
const accepts = (text: string, spki = trusted.spki): void => {
  foreignVerifier(spki).verify(toSignedEntity(bundleFromJSON(JSON.parse(text))));
};

/** The bundle with one bit of a base64 member flipped. */
function flipped(member: 'payload' | 'sig', bit: number): string {
  return utf8Text(set.provenance).replace(new RegExp(`(?<="${member}":")[^"]+`), (value) => {
    const bytes = decodeBase64(value);
    return encodeBase64(bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
  });
}

const bits = (member: 'payload' | 'sig'): number => {
  const value = new RegExp(`(?<="${member}":")[^"]+`).exec(utf8Text(set.provenance))?.[0] ?? '';
  return decodeBase64(value).length * 8;
};

describe('provenance', () => {
  test('is accepted by another implementation under the key of the trust file, and by ours', async () => {
    expect(() => accepts(utf8Text(set.provenance))).not.toThrow();
    expect(await verify()).toMatchObject({ verified: true });
  });

  test('is refused by both under another key', () => {
    expect(() => accepts(utf8Text(set.provenance), strangerKey())).toThrow(/signature verification failed/);
  });

  test.each(['payload', 'sig'] as const)('with one bit of its %s flipped is refused by both', async (member) => {
    const count = bits(member);
    expect(count).toBeGreaterThan(400);
    // Forty places, first and last among them.
    const places = Array.from({ length: 40 }, (_, index) => Math.round((index * (count - 1)) / 39));
    for (const bit of places) {
      const changed = flipped(member, bit);
      expect(() => accepts(changed)).toThrow(/signature verification failed/);
      expect(failures(await verify({ provenances: [utf8(changed)] }))).toEqual(['provenance verify.provenance']);
    }
  });
});
