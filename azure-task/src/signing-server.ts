import { decodeBase64 } from '@originsign/core/encoding/base64';
import { utf8 } from '@originsign/core/encoding/bytes';
import type { GivenAuthorities } from '@originsign/core/client/authorities';
import { parseClientCertificate, type ClientCertificate } from '@originsign/core/client/client-certificate';
import { OriginSignError } from '@originsign/core/errors/error';
import { connectionOf, inputOf, type Environment, type ServiceConnection } from './agent-environment.ts';

/** What the service connection of the signing server holds. */
export interface SigningServer {
  readonly url: string;
  readonly authorities: readonly GivenAuthorities[];
  readonly clientCertificate?: ClientCertificate;
}

/** Reads the connection that the input serverConnection names. Throws `input.missing` and `input.invalid`. */
export function signingServerOf(environment: Environment): SigningServer {
  const connection = connectionOf(environment, inputOf(environment, 'serverConnection'));
  if (connection === undefined) {
    throw new OriginSignError('input.missing', 'The input serverConnection is missing.', {
      hint: 'make a service connection of the type "OriginSign signing server" and give its name',
    });
  }
  const authority = connection.field('certificateAuthority');
  const name = 'of the service connection';
  const certificate = certificateOf(connection);
  return {
    url: connection.url,
    authorities: authority === undefined ? [] : [{ name, pem: withLines(authority) }],
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
  };
}

/**
 * Id of the connection that the input oidcConnection names, `undefined` where it names none. Throws `input.invalid` for a
 * connection that has no identity tokens.
 */
export function oidcConnectionOf(environment: Environment): string | undefined {
  const id = inputOf(environment, 'oidcConnection');
  if (id === '') return undefined;
  const scheme = connectionOf(environment, id)?.scheme ?? '';
  if (scheme === '' || /^workloadidentityfederation$/i.test(scheme)) return id;
  throw new OriginSignError(
    'input.invalid',
    'The connection in oidcConnection has a secret instead of identity tokens.',
    {
      hint: 'convert it to workload identity federation, or make one of that kind that is for signing alone',
    },
  );
}

function certificateOf(connection: ServiceConnection): ClientCertificate | undefined {
  const certificate = connection.field('certificate');
  const passphrase = connection.field('passphrase');
  if (certificate === undefined) return undefined;
  return parseClientCertificate({
    name: 'of the service connection',
    certificate: certificate.includes('-----BEGIN ') ? utf8(withLines(certificate)) : bytesOf(certificate),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
}

function bytesOf(text: string): Uint8Array {
  try {
    return decodeBase64(text.replace(/\s/g, ''));
  } catch (cause) {
    const message = 'The certificate of the service connection is neither PEM nor a PFX file in base64.';
    throw new OriginSignError('input.invalid', message, { hint: 'edit the service connection', cause });
  }
}

/** Some forms make one line of a PEM that is pasted into them; TLS libraries want the lines back. */
function withLines(pem: string): string {
  return pem.replace(
    /(-----BEGIN [A-Z0-9 ]+-----)([A-Za-z0-9+/= \t]+)(-----END [A-Z0-9 ]+-----)/g,
    (_whole, begin: string, body: string, end: string) => {
      const lines = body.replace(/\s/g, '').match(/.{1,64}/g) ?? [];
      return [begin, ...lines, end, ''].join('\n');
    },
  );
}
