import {
  encodeAlternativeNames,
  encodeCertificateTemplate,
  encodeCertificateTemplateName,
} from '@originsign/testkit/certificate-authority';
import { describe, expect, test } from 'vitest';
import { concatBytes, utf8 } from '../encoding/bytes.ts';
import { der, derContext, derInteger, derNull, derOid, derSequence, derUtf8String, Tag } from '../encoding/der.ts';
import { readDer, readDerAll } from '../encoding/der-reader.ts';
import { readAlternativeNames } from './alternative-names.ts';
import { readCertificateTemplate, readCertificateTemplateName } from './certificate-template.ts';

const ID = '1.3.6.1.4.1.311.21.8.12098447.6180393.14634415.5193281.15236209.141.7654321.1234567';
/** The value inside an encoded extension that is not critical. */
function valueOf(extension: Uint8Array): Uint8Array {
  return readDerAll(readDer(extension).contents)[1]?.contents ?? new Uint8Array();
}
const oid = derOid(ID);
const bmp = (hex: string) => der(Tag.bmpString, Buffer.from(hex, 'hex'));

describe('Microsoft templates', () => {
  test.each<[string, readonly number[], object]>([
    ['with both versions', [100, 7], { id: ID, majorVersion: 100, minorVersion: 7 }],
    ['with the major version alone', [100], { id: ID, majorVersion: 100 }],
    ['without versions', [], { id: ID }],
    ['with the largest versions', [0xffffffff, 0], { id: ID, majorVersion: 0xffffffff, minorVersion: 0 }],
  ])('%s', (_, versions, expected) => {
    expect(readCertificateTemplate(valueOf(encodeCertificateTemplate(ID, ...versions)))).toEqual(expected);
  });

  test('the octets of one, written by hand', () => {
    const bytes = Buffer.from('3013060b2b06010401823715080102020164020103', 'hex');
    expect(readCertificateTemplate(bytes)).toEqual({
      id: '1.3.6.1.4.1.311.21.8.1.2',
      majorVersion: 100,
      minorVersion: 3,
    });
  });

  test('a name of version 1', () => {
    expect(readCertificateTemplateName(valueOf(encodeCertificateTemplateName('Machine')))).toBe('Machine');
    expect(readCertificateTemplateName(Buffer.from('1e0e004d0061006300680069006e0065', 'hex'))).toBe('Machine');
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['no identifier', derSequence(derInteger(1))],
    ['an identifier alone, without its SEQUENCE', oid],
    ['a third number', derSequence(oid, derInteger(1), derInteger(2), derInteger(3))],
    ['a version above 32 bits', derSequence(oid, derInteger(2 ** 32))],
    ['a negative version', derSequence(oid, der(Tag.integer, Uint8Array.of(0xff)))],
    ['a version that is not minimal', derSequence(oid, der(Tag.integer, Uint8Array.of(0, 1)))],
    ['a version as text', derSequence(oid, derUtf8String('100'))],
    ['bytes behind it', concatBytes(derSequence(oid), derNull())],
  ])('refuses a template with %s', (_, bytes) => {
    expect(() => readCertificateTemplate(bytes)).toThrowError(expect.objectContaining({ code: 'der.malformed' }));
  });

  test.each<[string, Uint8Array]>([
    ['nothing in it', bmp('')],
    ['half a character', bmp('004d00')],
    ['half a surrogate pair', bmp('d83d')],
    ['another string type', derUtf8String('Machine')],
    ['bytes behind it', concatBytes(bmp('004d'), derNull())],
  ])('refuses a name with %s', (_, bytes) => {
    expect(() => readCertificateTemplateName(bytes)).toThrowError(expect.objectContaining({ code: 'der.malformed' }));
  });
});

describe('alternative names', () => {
  test('of machines and workloads are read, others passed over', () => {
    const upn = derContext(0, derOid('1.3.6.1.4.1.311.20.2.3'), derContext(0, derUtf8String('me@acme.example')));
    const names = readDer(
      valueOf(
        encodeAlternativeNames({
          dnsNames: ['BUILD-07.acme.example'],
          uris: ['spiffe://acme.example/Build'],
          addresses: [Uint8Array.of(10, 0, 0, 7), Buffer.from('20010db8000000000000000000000007', 'hex')],
        }),
      ),
    ).contents;
    expect(readAlternativeNames(derSequence(upn, names))).toEqual({
      dnsNames: ['build-07.acme.example'],
      uris: ['spiffe://acme.example/Build'],
      addresses: ['10.0.0.7', '2001:db8::7'],
    });
  });

  const dns = (text: string) => derSequence(der(0x82, utf8(text)));
  test.each<[string, Uint8Array]>([
    ['none', derSequence()],
    ['an empty one', dns('')],
    ['a NUL', dns('build-07.acme.example\0.evil.example')],
    ['a space', dns('build-07 ')],
    ['a line break', dns('build-07\n')],
    ['an octet beyond ASCII', derSequence(der(0x82, Uint8Array.of(0xe4)))],
    ['an address of five octets', derSequence(der(0x87, new Uint8Array(5)))],
    ['an unknown kind', derSequence(der(0x89, utf8('x')))],
    ['a constructed DNS name', derSequence(der(0xa2, utf8('x')))],
    ['far too many', derSequence(...[...Array(201).keys()].map((n) => der(0x82, utf8(`n${n}`))))],
  ])('refuses %s', (_, bytes) => {
    expect(() => readAlternativeNames(bytes)).toThrowError(expect.objectContaining({ code: 'der.malformed' }));
  });
});
