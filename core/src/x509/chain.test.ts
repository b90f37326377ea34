import {
  makeTestAuthority,
  makeTestKey,
  testSubject,
  issueCertificate,
  type TestKey,
} from '@originsign/testkit/test-authority';
import { describe, expect, test } from 'vitest';
import { derBoolean, derNull, derOctetString, derOid, derSequence } from '../encoding/der.ts';
import {
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeTbsCertificate,
} from './certificate-builder.ts';
import { verifyChain } from './chain.ts';
import { encodeName } from './name.ts';
import { Oid } from './oids.ts';

const now = new Date();
const purpose = { at: now, extendedKeyUsage: Oid.codeSigning };
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const [rootKey, middleKey, leafKey, otherKey] = [0, 1, 2, 3].map(() => makeTestKey('p-256')) as [
  TestKey,
  TestKey,
  TestKey,
  TestKey,
];
const authority = [encodeBasicConstraints(true), encodeKeyUsage('keyCertSign')];
const leafExtensions = [
  encodeBasicConstraints(false),
  encodeKeyUsage('digitalSignature'),
  encodeExtendedKeyUsage(false, Oid.codeSigning),
];

interface Change {
  readonly extensions?: readonly Uint8Array[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly spki?: Uint8Array;
}

/** Certificate of `subject` signed by `signer` in the name of `issuer`. */
function certificate(subject: string, key: TestKey, issuer: string, signer: TestKey, change: Change = {}): Uint8Array {
  const contents = testSubject(subject, key);
  const tbs = encodeTbsCertificate({
    ...contents,
    subject: encodeName([{ type: 'CN', value: subject }]),
    issuer: encodeName([{ type: 'CN', value: issuer }]),
    issuerKeyType: signer.type,
    extensions: authority,
    ...change,
  });
  return issueCertificate(tbs, signer);
}

const root = (change?: Change) => certificate('Root', rootKey, 'Root', rootKey, change);
const middle = (change?: Change) => certificate('Middle', middleKey, 'Root', rootKey, change);
const leaf = (change?: Change, issuer = 'Middle', signer = middleKey) =>
  certificate('Leaf', leafKey, issuer, signer, { extensions: leafExtensions, ...change });
const unknownCritical = derSequence(derOid('1.2.3.4.5'), derBoolean(true), derOctetString(derNull()));
const unknownPlain = derSequence(derOid('1.2.3.4.5'), derOctetString(derNull()));

test('finds the way from leaf over intermediate to root', () => {
  const chain = verifyChain(leaf(), [leaf(), middle()], [root()], purpose);
  expect(chain.map(({ subjectText }) => subjectText)).toEqual(['CN=Leaf', 'CN=Middle', 'CN=Root']);
});

test('a root may issue the leaf itself', () => {
  expect(verifyChain(leaf({}, 'Root', rootKey), [], [root()], purpose)).toHaveLength(2);
});

test('takes the other way where one intermediate of the same name does not fit', () => {
  const expired = middle({ notAfter: later(-0.5) });
  expect(verifyChain(leaf(), [expired, middle()], [root()], purpose)).toHaveLength(3);
});

test('extensions that are not critical need not be understood', () => {
  expect(
    verifyChain(leaf({ extensions: [...leafExtensions, unknownPlain] }), [middle()], [root()], purpose),
  ).toHaveLength(3);
});

test('intermediates that cannot be read are passed over', () => {
  expect(verifyChain(leaf(), [new Uint8Array(9), middle()], [root()], purpose)).toHaveLength(3);
});

describe('refuses', () => {
  const weak = makeTestKey('p-256').spki.slice();
  weak[weak.length - 65] = 2;
  test.each<[string, Uint8Array, Uint8Array[], Uint8Array[], RegExp]>([
    ['no way to a root', leaf(), [], [root()], /does not lead to a trusted root/],
    ['no roots at all', leaf(), [middle()], [], /does not lead/],
    ['a leaf that has expired', leaf({ notAfter: later(-0.5) }), [middle()], [root()], /is valid from/],
    ['a leaf that is not valid yet', leaf({ notBefore: later(1) }), [middle()], [root()], /is valid from/],
    ['an expired intermediate', leaf(), [middle({ notAfter: later(-0.5) })], [root()], /Middle is valid from/],
    ['an expired root', leaf(), [middle()], [root({ notAfter: later(-0.5) })], /Root is valid from/],
    [
      'a leaf without the use',
      leaf({ extensions: leafExtensions.slice(0, 2) }),
      [middle()],
      [root()],
      /not made for the use/,
    ],
    [
      'a leaf for another use',
      leaf({ extensions: [encodeExtendedKeyUsage(false, Oid.timeStamping)] }),
      [middle()],
      [root()],
      /not made for/,
    ],
    [
      'a leaf for any use',
      leaf({ extensions: [encodeExtendedKeyUsage(false, Oid.anyExtendedKeyUsage)] }),
      [middle()],
      [root()],
      /not made for/,
    ],
    [
      'an authority as leaf',
      leaf({ extensions: [...authority, leafExtensions[2] ?? derNull()] }),
      [middle()],
      [root()],
      /of an authority/,
    ],
    [
      'a leaf whose key signs no data',
      leaf({ extensions: [encodeKeyUsage('keyEncipherment'), leafExtensions[2] ?? derNull()] }),
      [middle()],
      [root()],
      /sign data/,
    ],
    [
      'a critical extension in the leaf',
      leaf({ extensions: [...leafExtensions, unknownCritical] }),
      [middle()],
      [root()],
      /1\.2\.3\.4\.5/,
    ],
    [
      'a critical extension in an intermediate',
      leaf(),
      [middle({ extensions: [...authority, unknownCritical] })],
      [root()],
      /1\.2\.3\.4\.5/,
    ],
    [
      'an intermediate that is no authority',
      leaf(),
      [middle({ extensions: leafExtensions })],
      [root()],
      /not the certificate of an authority/,
    ],
    [
      'an intermediate without extensions',
      leaf(),
      [middle({ extensions: [unknownPlain] })],
      [root()],
      /not the certificate of an authority/,
    ],
    [
      'an intermediate that signs no certificates',
      leaf(),
      [middle({ extensions: [encodeBasicConstraints(true), encodeKeyUsage('digitalSignature')] })],
      [root()],
      /sign certificates/,
    ],
    [
      'an intermediate for another use',
      leaf(),
      [middle({ extensions: [...authority, encodeExtendedKeyUsage(false, Oid.timeStamping)] })],
      [root()],
      /does not allow the use/,
    ],
    [
      'a path longer than the root allows',
      leaf(),
      [middle()],
      [root({ extensions: [encodeBasicConstraints(true, 0)] })],
      /fewer certificates/,
    ],
    ['a leaf signed by another key', leaf({}, 'Middle', otherKey), [middle()], [root()], /is not signed by CN=Middle/],
    [
      'an intermediate signed by another key',
      leaf(),
      [certificate('Middle', middleKey, 'Root', otherKey)],
      [root()],
      /is not signed by CN=Root/,
    ],
    ['a key that is not supported', leaf({ spki: weak }), [middle()], [root()], /too weak or not supported/],
    ['the leaf itself as root', leaf(), [], [leaf()], /does not lead/],
  ])('%s', (_, subject, intermediates, roots, reason) => {
    const verify = () => verifyChain(subject, intermediates, roots, purpose);
    expect(verify).toThrowError(expect.objectContaining({ code: 'verify.certificate' }));
    expect(verify).toThrowError(reason);
  });
});

test('many look-alike intermediates cost a bounded number of checks', () => {
  const loop = [...Array(30).keys()].map(() => certificate('Loop', middleKey, 'Loop', middleKey));
  const verify = () => verifyChain(leaf({}, 'Loop'), loop, [root()], purpose);
  expect(verify).toThrowError(/too many certificates/);
});

test('RSA roots issue as well', () => {
  const rsa = makeTestAuthority(makeTestKey('rsa-2048'));
  const { certificate: der } = rsa.codeSigning(leafKey);
  expect(verifyChain(der, [], [rsa.certificate], purpose)).toHaveLength(2);
  expect(() => verifyChain(der, [], [rsa.certificate], { ...purpose, at: new Date(Number.NaN) })).toThrowError(
    TypeError,
  );
});
