import { describe, expect, test } from 'vitest';
import { TestSigner } from '@originsign/testkit/test-signer';
import { utf8, utf8Text } from '../encoding/bytes.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import { envelopePayload } from './dsse.ts';
import { parseBundle } from './bundle.ts';
import { encodeProvenance, provenanceSubjects, type Provenance } from './provenance.ts';
import { provenanceSha256 } from './provenance-digest.ts';
import { parseProvenance } from './provenance-reader.ts';
import type { SigningRequestStatement } from './statement.ts';

const IMAGE = 'a'.repeat(64);
const WHOLE = 'b'.repeat(64);
const signer = new TestSigner();
const set = await signer.sign('app.tgz', utf8('app'), {
  format: 'cms-detached',
  time: new Date('2026-11-22T09:14:03Z'),
});
const { content } = parseBundle(set.provenance);
if (content.kind !== 'envelope') throw new Error('Provenance is an envelope.');
const { envelope } = content;
const honest = parseProvenance(envelopePayload(envelope));

function statement(algorithm: 'sha256' | 'authenticodeSha256', value: string): SigningRequestStatement {
  const claimed = { sha256: WHOLE, size: 42 };
  return {
    subjects: [{ name: 'app.exe', coveredDigest: { algorithm, value } }],
    server: 'https://sign.acme.example',
    project: 'acme-app',
    policy: 'release',
    key: { kty: 'EC', crv: 'P-256', x: '', y: '' },
    artifacts: [{ format: 'authenticode-pe', inputs: {}, options: {}, claimed }],
  };
}

function claiming(claimed: Provenance['subjects'][number]['claimed']): Provenance {
  const subject = { name: 'app.exe', coveredDigest: { algorithm: 'authenticodeSha256', value: IMAGE } as const };
  return { ...honest, subjects: [claimed === undefined ? subject : { ...subject, claimed }] };
}

describe("the client's claim about a file", () => {
  test('is an annotation and never a digest of the subject', () => {
    const payload = encodeProvenance(claiming({ sha256: WHOLE, size: 42 }));
    expect(parseStrictJson(payload)).toMatchObject({
      subject: [
        {
          name: 'app.exe',
          digest: { authenticodeSha256: IMAGE },
          annotations: { claimed: { sha256: WHOLE, size: 42 } },
        },
      ],
    });
    expect(parseProvenance(payload).subjects).toEqual(claiming({ sha256: WHOLE, size: 42 }).subjects);
  });

  test('is kept where the covered digest is not the one of the file', () => {
    expect(provenanceSubjects(statement('authenticodeSha256', IMAGE))).toEqual([
      {
        name: 'app.exe',
        coveredDigest: { algorithm: 'authenticodeSha256', value: IMAGE },
        claimed: { sha256: WHOLE, size: 42 },
      },
    ]);
  });

  test('is left out where the covered digest says it', () => {
    expect(provenanceSubjects(statement('sha256', WHOLE))).toEqual(statement('sha256', WHOLE).subjects);
  });

  test.each([
    ['upper case', WHOLE.toUpperCase(), '42'],
    ['a short digest', 'b'.repeat(63), '42'],
    ['a size that is no count', WHOLE, '-1'],
  ])('is refused with %s', (_, sha256, size) => {
    const text = utf8Text(encodeProvenance(claiming({ sha256: WHOLE, size: 42 })));
    const payload = utf8(text.replace(WHOLE, sha256).replace('"size":42', `"size":${size}`));
    expect(() => parseProvenance(payload)).toThrow(expect.objectContaining({ code: 'verify.provenance' }));
  });
});

test('the hash of provenance does not depend on its signature', () => {
  const [{ sig }] = envelope.signatures;
  expect(provenanceSha256({ ...envelope, signatures: [{ sig: `${sig.slice(0, -4)}AAAA` }] })).toBe(
    provenanceSha256(envelope),
  );
});
