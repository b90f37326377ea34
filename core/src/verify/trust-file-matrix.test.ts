import { codeOf } from '@originsign/testkit/error-code';
import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../encoding/base64.ts';
import { utf8 } from '../encoding/bytes.ts';
import { formatTrustFile, parseTrustFile } from '../protocol/trust-file.ts';
import { failures, logKey, provenanceKey, signer, trusting, verify, type Change } from './verifier.test.fixture.ts';

const TEXT = formatTrustFile(signer.trust());
const NO_DER = encodeBase64(utf8('no DER'));

describe('a trust file that somebody edited cannot be read', () => {
  test.each<readonly [string, (text: string) => string, string]>([
    ['without its logs', (text) => text.replace(/"logs":\[\{.*?"origin":"[^"]*"\}\],/, ''), 'trust.malformed'],
    [
      'with an empty list of logs',
      (text) => text.replace(/"logs":\[\{.*?"origin":"[^"]*"\}\]/, '"logs":[]'),
      'trust.malformed',
    ],
    ['with a log without keys', (text) => text.replace(/"keys":\[.*?\]/, '"keys":[]'), 'trust.malformed'],
    [
      'without provenance keys',
      (text) => text.replace(/"provenanceKeys":\[.*?\]/, '"provenanceKeys":[]'),
      'trust.malformed',
    ],
    ['without roots', (text) => text.replace(/"signingRoots":\[.*?\],/, ''), 'trust.malformed'],
    ['of another version', (text) => text.replace('"version":1', '"version":2'), 'trust.malformed'],
    ['with a member of its own', (text) => text.replace('{', '{"allowAnything":true,'), 'trust.malformed'],
    ['that says it is no trial', (text) => text.replace('{', '{"trial":false,'), 'trust.malformed'],
    [
      'with a validity that is no time',
      (text) => text.replace(/"validFrom":"[^"]*"/, '"validFrom":"always"'),
      'trust.malformed',
    ],
    ['with a member twice', (text) => text.replace('{', '{"version":1,'), 'json.duplicate_key'],
    ['that is cut', (text) => text.slice(0, -2), 'json.malformed'],
    ['that is empty', () => '', 'json.malformed'],
  ])('%s', (_, change, code) => {
    expect(change(TEXT)).not.toBe(TEXT);
    expect(codeOf(() => parseTrustFile(change(TEXT)))).toBe(code);
  });
});

describe('a trust file whose keys are none vouches for nothing', () => {
  test.each<readonly [string, Change, string[]]>([
    ['a log key', logKey({ vkey: 'sign.acme.example/log+00000000+AAAA' }), ['receipt note.malformed']],
    ['a provenance key', provenanceKey({ spki: NO_DER }), ['provenance verify.provenance']],
    [
      'a root',
      trusting(() => ({ signingRoots: [{ certificate: NO_DER }] })),
      ['trust verify.trial', 'signer verify.certificate'],
    ],
    [
      'a timestamp root',
      trusting(() => ({ timestampRoots: [{ certificate: NO_DER }] })),
      ['timestamp verify.timestamp'],
    ],
  ])('%s', async (_, change, failed) => {
    const report = await verify(change);
    expect(report.verified).toBe(false);
    expect(failures(report)).toEqual(failed);
  });
});
