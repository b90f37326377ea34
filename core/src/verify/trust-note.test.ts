import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { formatVerifierKey, noteKey } from '../log/note-key.ts';
import { signNote, type NoteSigner } from '../log/signed-note.ts';
import { formatTrustFile, trustFingerprint, type TrustFile } from '../protocol/trust-file.ts';
import { firstTrust, newerTrust } from './trust-note.ts';

const NOW = new Date('2026-11-22T09:00:00Z');
const ORIGIN = 'sign.acme.example/log';

function logSigner(): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    key: noteKey(ORIGIN, new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))),
    sign: (text) => Promise.resolve(signWith(privateKey, text)),
  };
}

function signWith(key: KeyObject, text: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, text, key));
}

function trustFile(signer: NoteSigner, changes: Partial<TrustFile> = {}): TrustFile {
  const key = { vkey: formatVerifierKey(signer.key), validFrom: '2026-01-01T00:00:00Z', fromSize: 0 };
  return {
    version: 1,
    serial: 1,
    server: 'https://sign.acme.example',
    logs: [{ origin: ORIGIN, keys: [key] }],
    provenanceKeys: [{ spki: 'AAAA', validFrom: '2026-01-01T00:00:00Z' }],
    witnesses: [],
    signingRoots: [],
    signingKeys: [],
    timestampRoots: [],
    ...changes,
  };
}

async function noteOf(trust: TrustFile, signer: NoteSigner): Promise<Uint8Array> {
  return utf8(await signNote(formatTrustFile(trust), [signer]));
}

const pinned = logSigner();
const stranger = logSigner();
const present = trustFile(pinned);

describe('the first trust file', () => {
  test('is the offered one where its fingerprint is the expected one', async () => {
    expect(firstTrust(await noteOf(present, pinned), trustFingerprint(present))).toEqual(present);
  });

  test('is refused under another fingerprint', async () => {
    const other = trustFingerprint(trustFile(stranger));
    const note = await noteOf(present, pinned);
    expect(() => firstTrust(note, other)).toThrow(expect.objectContaining({ code: 'trust.fingerprint' }));
  });

  test('is refused where none of its own log keys signed it', async () => {
    const note = await noteOf(present, stranger);
    expect(() => firstTrust(note, trustFingerprint(present))).toThrow(
      expect.objectContaining({ code: 'note.signature' }),
    );
  });

  test('is refused in another spelling than the canonical one', async () => {
    const note = utf8(await signNote(`${JSON.stringify(present, undefined, 1).replaceAll('\n', ' ')}\n`, [pinned]));
    expect(() => firstTrust(note, trustFingerprint(present))).toThrow(
      expect.objectContaining({ code: 'trust.malformed' }),
    );
  });
});

describe('a newer trust file', () => {
  const rotated = trustFile(stranger, { serial: 2 });

  test('may name other keys once a pinned key signed it', async () => {
    expect(newerTrust(await noteOf(rotated, pinned), present, NOW)).toEqual(rotated);
  });

  test('is the pinned one where the server offers nothing new', async () => {
    expect(newerTrust(await noteOf(present, pinned), present, NOW)).toBe(present);
  });

  test.each([
    ['a key that is not pinned signed it', rotated, stranger, present, 'trust.not_newer'],
    ['its serial is the same', { ...rotated, serial: 1 }, pinned, present, 'trust.not_newer'],
    ['it sheds the trial mark', rotated, pinned, trustFile(pinned, { trial: true }), 'trial.forbidden'],
    ['it becomes a trial', { ...rotated, trial: true as const }, pinned, present, 'trial.forbidden'],
    ['the pinned key is over', rotated, pinned, expired(present), 'trust.not_newer'],
  ])('is refused where %s', async (_, offered, signer, from, code) => {
    const note = await noteOf(offered, signer);
    expect(() => newerTrust(note, from, NOW)).toThrow(expect.objectContaining({ code }));
  });

  test('is refused with an older serial although its signature was good once', async () => {
    const note = await noteOf(present, pinned);
    expect(() => newerTrust(note, { ...present, serial: 3 }, NOW)).toThrow(
      expect.objectContaining({ code: 'trust.not_newer', details: { offered: 1, pinned: 3 } }),
    );
  });
});

function expired(trust: TrustFile): TrustFile {
  const logs = trust.logs.map((log) => ({
    ...log,
    keys: log.keys.map((key) => ({ ...key, validUntil: '2026-06-01T00:00:00Z' })),
  }));
  return { ...trust, logs };
}
