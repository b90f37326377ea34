import { describe, expect, test } from 'vitest';
import { testNoteSigner } from '@originsign/testkit/test-log';
import { encodeBase64 } from '../encoding/base64.ts';
import { emptyRoot } from './merkle-hash.ts';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { signNote } from './signed-note.ts';

/** The text of the example in c2sp.org/tlog-checkpoint. */
const EXAMPLE = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
const ORIGIN = 'sign.acme.example/log';
const ROOT = encodeBase64(emptyRoot());

const refusedAs = (code: string): unknown => expect.objectContaining({ code });

describe('checkpoints', () => {
  test('of the specification come back from their text', () => {
    const checkpoint = parseCheckpoint(EXAMPLE);
    expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    expect(formatCheckpoint(checkpoint)).toBe(EXAMPLE);
  });

  test.each([
    ['an extension line', `${EXAMPLE}extension\n`],
    ['an empty line', `${EXAMPLE}\n`],
    ['two lines', 'origin\n5\n'],
    ['no origin', `\n5\n${ROOT}\n`],
    ['an origin with a space', `a b\n5\n${ROOT}\n`],
    ['an origin with a plus', `a+b\n5\n${ROOT}\n`],
    ['a leading zero', `a\n05\n${ROOT}\n`],
    ['a sign', `a\n-5\n${ROOT}\n`],
    ['a plus sign', `a\n+5\n${ROOT}\n`],
    ['a fraction', `a\n5.0\n${ROOT}\n`],
    ['an exponent', `a\n5e3\n${ROOT}\n`],
    ['hexadecimal', `a\n0x5\n${ROOT}\n`],
    ['no size', `a\n\n${ROOT}\n`],
    ['a size that a number cannot hold', `a\n9007199254740992\n${ROOT}\n`],
    ['a short root', `a\n5\n${encodeBase64(new Uint8Array(31))}\n`],
    ['a long root', `a\n5\n${encodeBase64(new Uint8Array(33))}\n`],
    ['a root in base64url', `a\n5\n${ROOT.replaceAll('/', '_').replaceAll('+', '-')}\n`],
    ['a root without padding', `a\n5\n${ROOT.slice(0, -1)}\n`],
    ['no final newline', `a\n5\n${ROOT}`],
  ])('with %s are malformed', (_, text) => {
    expect(() => parseCheckpoint(text)).toThrow(refusedAs('note.malformed'));
  });

  test('open with a key of their own log alone', async () => {
    const ours = testNoteSigner(ORIGIN);
    const foreign = testNoteSigner('sign.other.example/log');
    const text = formatCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot() });
    const keys = [ours.key, foreign.key];
    expect(openCheckpoint(await signNote(text, [ours]), keys)).toMatchObject({ origin: ORIGIN, signers: [ours.key] });
    // A key that is trusted for one log must not speak for another.
    const crossed = await signNote(text, [foreign]);
    expect(() => openCheckpoint(crossed, keys)).toThrow(refusedAs('note.signature'));
    expect(openCheckpoint(await signNote(text, [foreign, ours]), keys).signers).toEqual([ours.key]);
  });

  test('that are signed but malformed are refused', async () => {
    const signer = testNoteSigner(ORIGIN);
    const note = await signNote(`${ORIGIN}\n0\n${ROOT}\nextension\n`, [signer]);
    expect(() => openCheckpoint(note, [signer.key])).toThrow(refusedAs('note.malformed'));
  });

  test('are not written of nonsense', () => {
    for (const change of [{ size: -1 }, { size: 0.5 }, { origin: 'a b' }, { root: new Uint8Array(31) }]) {
      expect(() => formatCheckpoint({ origin: ORIGIN, size: 0, root: emptyRoot(), ...change })).toThrow(TypeError);
    }
  });
});
