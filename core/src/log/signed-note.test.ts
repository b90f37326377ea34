import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testNoteSigner } from '@originsign/testkit/test-log';
import { encodeBase64 } from '../encoding/base64.ts';
import { concatBytes, utf8 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { formatVerifierKey, noteKey, parseVerifierKey } from './note-key.ts';
import { openNote, parseNote, signNote } from './signed-note.ts';

/** The example of c2sp.org/signed-note. */
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const NOTE = [
  'This is an example message.',
  '',
  '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=',
  '',
].join('\n');
const KEY = parseVerifierKey(VKEY);
const TEXT = 'a text\n\nof two parts\n';

const refusedAs = (code: string): unknown => expect.objectContaining({ code });

describe('verifier keys', () => {
  test('of the specification come back from their text', () => {
    expect(KEY).toMatchObject({ name: 'example.com/foo', algorithm: 'ed25519' });
    expect(encodeHex(KEY.id)).toBe('530d903a');
    expect(formatVerifierKey(KEY)).toBe(VKEY);
  });

  test.each(['ed25519', 'ecdsa-p256'] as const)('of %s come back from their text', (algorithm) => {
    const { key } = testNoteSigner('log.example/x', algorithm);
    expect(parseVerifierKey(formatVerifierKey(key))).toEqual(key);
  });

  const [name = '', id = '', body = ''] = VKEY.split('+');
  const ecdsa = formatVerifierKey(testNoteSigner('n', 'ecdsa-p256').key).split('+').slice(2).join('+');
  const offCurve = Buffer.from(ecdsa, 'base64');
  offCurve[offCurve.length - 1] = (offCurve.at(-1) ?? 0) ^ 1;
  test.each([
    ['', 'nothing'],
    [name, 'a name alone'],
    [`${name}+${id}`, 'no key'],
    [`${name}+530d903b+${body}`, 'the id of another key'],
    [`${name}+530D903A+${body}`, 'an id in capitals'],
    [`${name}+530d903+${body}`, 'a short id'],
    [`example.com/bar+${id}+${body}`, 'another name'],
    [`+${id}+${body}`, 'no name'],
    [`exa mple+${id}+${body}`, 'a space in the name'],
    [`${name}+${id}+${body}=`, 'padding too much'],
    [`${name}+${id}+${body}\n`, 'a newline behind it'],
    [`${name}+${id}+${body.slice(4)}`, 'a key cut short'],
    [`${name}+${id}+${body.replace('A', 'B')}`, 'a type that is not supported'],
    [`${name}+${id}+${body.replace(/^A/, 'Ag')}`, 'bytes pushed in'],
    [`n+00000000+${ecdsa}`, 'an ECDSA key with a wrong id'],
    [`n+00000000+${offCurve.toString('base64')}`, 'a point that is not on the curve'],
  ])('refuse %j (%s)', (vkey) => {
    expect(() => parseVerifierKey(vkey)).toThrow(refusedAs('note.malformed'));
  });

  test('refuse keys of other types and sizes', () => {
    for (const pair of [
      generateKeyPairSync('rsa', { modulusLength: 2048 }),
      generateKeyPairSync('ec', { namedCurve: 'P-384' }),
      generateKeyPairSync('ed448'),
    ]) {
      const spki = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));
      expect(() => noteKey('n', spki)).toThrow(refusedAs('note.malformed'));
    }
  });
});

describe('signed notes', () => {
  test('of the specification open with its key', () => {
    expect(openNote(NOTE, [KEY])).toEqual({ text: 'This is an example message.\n', signers: [KEY] });
  });

  test.each(['ed25519', 'ecdsa-p256'] as const)('made with %s open, whatever their text', async (algorithm) => {
    const signer = testNoteSigner('log.example/x', algorithm);
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/\p{Cc}/gu, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1 }), async (lines) => {
        const text = `${lines.join('\n')}\n`;
        expect(openNote(await signNote(text, [signer]), [signer.key]).text).toBe(text);
      }),
      { numRuns: 30 },
    );
  });

  test('keep empty lines in the text: the last blank line ends it', async () => {
    const signer = testNoteSigner('a');
    expect(openNote(await signNote(TEXT, [signer]), [signer.key]).text).toBe(TEXT);
  });

  test('ignore signatures of keys that are not known, and name those that are', async () => {
    const [ours, other, stranger] = [testNoteSigner('ours'), testNoteSigner('other'), testNoteSigner('ours')];
    const note = await signNote(TEXT, [stranger, ours, other]);
    expect(openNote(note, [ours.key]).signers).toEqual([ours.key]);
    expect(openNote(note, [other.key, ours.key]).signers).toEqual([ours.key, other.key]);
    expect(() => openNote(note, [testNoteSigner('ours').key])).toThrow(refusedAs('note.signature'));
    expect(() => openNote(note, [])).toThrow(refusedAs('note.signature'));
  });

  test('are refused as a whole where one known key fails', async () => {
    const [ours, other] = [testNoteSigner('ours'), testNoteSigner('other')];
    const forged = { key: other.key, sign: (text: Uint8Array) => ours.sign(text) };
    const note = await signNote(TEXT, [ours, forged]);
    expect(openNote(note, [ours.key]).signers).toEqual([ours.key]);
    expect(() => openNote(note, [ours.key, other.key])).toThrow(refusedAs('note.signature'));
  });

  test('are refused where two known keys share name and id', async () => {
    const ours = testNoteSigner('ours');
    const twin = { ...testNoteSigner('ours').key, id: ours.key.id };
    const note = await signNote(TEXT, [ours]);
    expect(() => openNote(note, [ours.key, twin])).toThrow(refusedAs('note.signature'));
    expect(() => openNote(note, [twin, ours.key])).toThrow(refusedAs('note.signature'));
    expect(openNote(note, [ours.key, { ...ours.key }]).signers).toHaveLength(1);
  });

  test('open with 16 and more signatures, but not with any number', async () => {
    const signers = Array.from({ length: 64 }, (_, n) => testNoteSigner(`key-${n}`));
    const keys = signers.map(({ key }) => key);
    expect(openNote(await signNote(TEXT, signers), keys).signers).toHaveLength(64);
    const more = await signNote(TEXT, [...signers, testNoteSigner('one-more')]);
    expect(() => openNote(more, keys)).toThrow(refusedAs('note.malformed'));
  });

  const signature = NOTE.split('\n')[2] ?? '';
  const [dash = '', name = '', encoded = ''] = signature.split(' ');
  const lines = (...signatures: string[]): string => `This is an example message.\n\n${signatures.join('\n')}\n`;
  test.each([
    ['nothing', ''],
    ['no signature', 'This is an example message.\n'],
    ['a blank line and no signature', 'This is an example message.\n\n'],
    ['no final newline', NOTE.slice(0, -1)],
    ['a line behind', `${NOTE}more\n`],
    ['no blank line', `This is an example message.\n${signature}\n`],
    ['a carriage return', NOTE.replace('\n\n', '\r\n\r\n')],
    ['a tab', NOTE.replace('This is', 'This\tis')],
    ['a NUL', NOTE.replace('This is', 'This\0is')],
    ['a hyphen for the dash', lines(`- ${name} ${encoded}`)],
    ['two spaces', lines(`${dash}  ${name} ${encoded}`)],
    ['a space at the end', lines(`${signature} `)],
    ['a plus in the name', lines(`${dash} ${name}+ ${encoded}`)],
    ['a no-break space in the name', lines(`${dash} a\u00a0b ${encoded}`)],
    ['no signature behind the name', lines(`${dash} ${name}`)],
    ['an id without signature', lines(`${dash} ${name} ${encodeBase64(Uint8Array.of(1, 2, 3, 4))}`)],
    ['base64 without padding', lines(signature.replace(/=$/, ''))],
    ['base64url', lines(`${dash} ${name} Uw2QO-__`)],
    ['bits that base64 does not use', lines(signature.replace(/M=$/, 'N='))],
    ['a megabyte', `${'x'.repeat(1 << 20)}\n\n${signature}\n`],
  ])('with %s are malformed', (_, note) => {
    expect(() => parseNote(note)).toThrow(refusedAs('note.malformed'));
  });

  test('that are not UTF-8 are malformed', () => {
    const note = concatBytes(Uint8Array.of(0xff), utf8(NOTE));
    expect(() => openNote(note, [KEY])).toThrow(refusedAs('note.malformed'));
  });

  test('refuse every change of one byte', () => {
    const bytes = utf8(NOTE);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => openNote(changed, [KEY]), `byte ${at}`).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^note\.(?:malformed|signature)$/) as string }),
      );
    }
  });

  test('are not made of a text that no note can carry', async () => {
    for (const text of ['', 'no newline', 'tab\t\n', 'nul\0\n', '\ud800\n']) {
      await expect(signNote(text, [testNoteSigner('a')])).rejects.toThrow(TypeError);
    }
  });
});
