import { X509Certificate } from 'node:crypto';
import { makeServerCertificate } from '@originsign/testkit/server-certificate';
import { describe, expect, it } from 'vitest';
import { oidcConnectionOf, signingServerOf } from './signing-server.ts';

const ID = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const node = makeServerCertificate('build-node');

function environment(fields: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return { INPUT_SERVERCONNECTION: ID, [`ENDPOINT_URL_${ID}`]: 'https://sign.acme.example/', ...fields };
}
const authority = (pem: string) => environment({ [`ENDPOINT_DATA_${ID}_CERTIFICATEAUTHORITY`]: pem });
const certificate = (text: string) => environment({ [`ENDPOINT_AUTH_PARAMETER_${ID}_CERTIFICATE`]: text });
const inOneLine = (pem: string): string => pem.trim().replaceAll('\n', ' ');

describe('the service connection of the signing server', () => {
  it('is its URL, and nothing else where nothing else is given', () => {
    expect(signingServerOf(environment())).toEqual({ url: 'https://sign.acme.example/', authorities: [] });
  });

  it.each([
    ['as it was', node.ca],
    ['in one line', inOneLine(node.ca)],
    ['in one line of two', inOneLine(node.ca + node.cert)],
  ])('brings a private authority %s', (_what, pem) => {
    const [given] = signingServerOf(authority(pem)).authorities;
    expect(new X509Certificate(given?.pem ?? '').raw).toEqual(new X509Certificate(node.ca).raw);
  });

  it.each([
    ['as it was', node.cert + node.key],
    ['in one line', inOneLine(node.key + node.cert)],
  ])('brings a client certificate with its key, in PEM %s', (_what, pem) => {
    const { clientCertificate } = signingServerOf(certificate(pem));
    expect(clientCertificate).toHaveProperty('cert');
  });

  it.each([
    ['no connection', {}, 'input.missing', /serverConnection is missing/],
    ['a connection that the agent does not know', { INPUT_SERVERCONNECTION: ID }, 'input.missing', /serverConnection/],
    ['a certificate without a key', certificate(node.cert), 'input.missing', /no private key/],
    ['a certificate that is nothing', certificate('my certificate!'), 'input.invalid', /neither PEM nor/],
    ['a certificate that is some base64', certificate('AAAA'), 'input.invalid', /neither PEM nor/],
  ])('is refused with %s', (_what, fields, code, message) => {
    expect(() => signingServerOf(fields as Record<string, string>)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }),
    );
  });
});

describe('the signing-only connection', () => {
  const scheme = (name: string) => ({
    INPUT_OIDCCONNECTION: ID,
    [`ENDPOINT_URL_${ID}`]: 'https://management.azure.com/',
    [`ENDPOINT_AUTH_SCHEME_${ID}`]: name,
  });

  it('is known by its id alone', () => {
    expect(oidcConnectionOf({})).toBeUndefined();
    expect(oidcConnectionOf({ INPUT_OIDCCONNECTION: ID })).toBe(ID);
    expect(oidcConnectionOf(scheme('WorkloadIdentityFederation'))).toBe(ID);
  });

  it.each(['ServicePrincipal', 'ManagedServiceIdentity'])('is refused where it has no identity tokens: %s', (name) => {
    expect(() => oidcConnectionOf(scheme(name))).toThrow(
      expect.objectContaining({ code: 'input.invalid', hint: expect.stringContaining('federation') as unknown }),
    );
  });
});
