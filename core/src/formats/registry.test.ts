import { expect, test } from 'vitest';
import { utf8 } from '../encoding/bytes.ts';
import { KEY_TYPES } from '../x509/key-type.ts';
import { syntheticCab } from './authenticode-cab/synthetic-cab.test.fixture.ts';
import { syntheticPe } from './authenticode-pe/synthetic-pe.test.fixture.ts';
import { bytesSource } from './bytes-source.ts';
import { ARTIFACT_PURPOSES, isArtifactPurpose, isKeyPurpose } from './purpose.ts';
import { FORMATS, formatById, recogniseFormat } from './registry.ts';

/** Which family each format is of, and so which purpose its keys have: what is moved here moves what a key may sign. */
const FAMILIES = {
  'authenticode-pe': 'authenticode',
  'authenticode-cab': 'authenticode',
  'linux-module': 'raw',
  'cms-detached': 'cms',
  raw: 'raw',
  minisign: 'raw',
};

test('each format stands under its own id', () => {
  for (const [id, format] of Object.entries(FORMATS)) expect(format.id).toBe(id);
  expect(Object.keys(FORMATS)).toEqual(Object.keys(FAMILIES));
});

test('each format is of one family, and none has a purpose of the server', () => {
  const purposes = Object.fromEntries(Object.values(FORMATS).map(({ id, purpose }) => [id, purpose]));
  expect(purposes).toEqual(FAMILIES);
  for (const purpose of Object.values(purposes)) expect(isArtifactPurpose(purpose)).toBe(true);
  for (const purpose of ['log', 'provenance', 'canary', 'ca']) {
    expect(isKeyPurpose(purpose)).toBe(true);
    expect(isArtifactPurpose(purpose)).toBe(false);
  }
  expect(isKeyPurpose('toString')).toBe(false);
  expect(new Set(ARTIFACT_PURPOSES).size).toBe(ARTIFACT_PURPOSES.length);
});

test('formats name key types that exist', () => {
  for (const { keyTypes } of Object.values(FORMATS)) for (const type of keyTypes) expect(KEY_TYPES).toContain(type);
});

test('files are recognised by content, and those of no format are not', async () => {
  expect((await recogniseFormat(bytesSource(syntheticPe())))?.id).toBe('authenticode-pe');
  expect((await recogniseFormat(bytesSource(syntheticCab())))?.id).toBe('authenticode-cab');
  expect(await recogniseFormat(bytesSource(utf8('MZ')))).toBeUndefined();
  expect(await recogniseFormat(bytesSource(new Uint8Array()))).toBeUndefined();
});

test.each(['pe', '', 'toString', '__proto__'])('refuses the id %j', (id) => {
  expect(() => formatById(id)).toThrowError(expect.objectContaining({ code: 'format.unknown' }));
});

test('finds a format by its id', () => {
  expect(formatById('raw').id).toBe('raw');
});
