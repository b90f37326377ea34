import { describe, expect, test } from 'vitest';
import { makeSshKey, mpint } from '@originsign/testkit/ssh-key';
import { encodeBase64 } from '../encoding/base64.ts';
import { concatBytes } from '../encoding/bytes.ts';
import { parseSshPublicKey, parseSshPublicKeyLine, SSH_KEY_TYPES } from './ssh-public-key.ts';
import { sshString } from './ssh-wire.ts';

const refused = (blob: Uint8Array): void => {
  expect(() => parseSshPublicKey(blob)).toThrow(expect.objectContaining({ code: 'ssh.malformed' }));
};
const ODD = Uint8Array.of(1, 0, 1);
const modulus = (bits: number): Uint8Array => new Uint8Array(bits / 8).fill(0xff);
const rsa = (exponent: Uint8Array, number: Uint8Array): Uint8Array =>
  concatBytes(sshString('ssh-rsa'), exponent, number);

describe('a public key', () => {
  test.each(SSH_KEY_TYPES)('of the type %s is read from its line, with any comment or none', (type) => {
    const { line, blob } = makeSshKey(type);
    const key = parseSshPublicKeyLine(line);
    expect(key).toMatchObject({ type, blob, fingerprint: expect.stringMatching(/^SHA256:[\w+/]{43}$/) as string });
    expect(parseSshPublicKeyLine(line.replace('test@acme.example', 'ada lovelace'))).toMatchObject({ blob });
    expect(parseSshPublicKeyLine(line.replace(' test@acme.example', ''))).toMatchObject({ blob });
  });

  test('has the fingerprint that ssh-keygen prints', () => {
    const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl github.com';
    expect(parseSshPublicKeyLine(line).fingerprint).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  });

  test.each([
    ['nothing', ''],
    ['options before it', `cert-authority ${makeSshKey('ssh-ed25519').line}`],
    ['another type than its key', makeSshKey('ssh-ed25519').line.replace('ssh-ed25519', 'ssh-rsa')],
    ['two spaces', makeSshKey('ssh-ed25519').line.replace(' ', '  ')],
    ['a line break', `${makeSshKey('ssh-ed25519').line}\n`],
    ['base64 that is not canonical', makeSshKey('ssh-ed25519').line.replace(/.(?= test)/, '-')],
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
  ])('is refused as a line with %s', (_name, line) => {
    expect(() => parseSshPublicKeyLine(line)).toThrow(expect.objectContaining({ code: 'ssh.malformed' }));
  });

  test('is refused where it is cut, or something follows it', () => {
    for (const type of SSH_KEY_TYPES) {
      const { blob } = makeSshKey(type);
      for (let length = 0; length < blob.length; length += 1) refused(blob.subarray(0, length));
      refused(concatBytes(blob, Uint8Array.of(0)));
    }
  });

  test('of RSA has at least 2,048 bits, a usual exponent and the shortest spelling', () => {
    expect(parseSshPublicKey(rsa(mpint(ODD), mpint(modulus(2048)))).modulusLength).toBe(256);
    for (const bits of [1024, 2040, 8200]) refused(rsa(mpint(ODD), mpint(modulus(bits))));
    for (const exponent of [[3], [1, 0, 0], [1], [1, 0, 0, 0, 1]]) {
      refused(rsa(mpint(Uint8Array.from(exponent)), mpint(modulus(2048))));
    }
    refused(rsa(sshString(concatBytes(Uint8Array.of(0), ODD)), mpint(modulus(2048))));
    refused(rsa(mpint(ODD), sshString(modulus(2048))));
    refused(rsa(mpint(new Uint8Array(1)), mpint(modulus(2048))));
  });

  test('is refused with a type, curve, point or application that is not taken', () => {
    refused(concatBytes(sshString('ssh-dss'), sshString(new Uint8Array(32))));
    refused(concatBytes(sshString('ssh-ed25519-cert-v01@openssh.com'), sshString(new Uint8Array(32))));
    const p256 = (curve: string, point: Uint8Array) =>
      concatBytes(sshString('ecdsa-sha2-nistp256'), sshString(curve), sshString(point));
    refused(p256('nistp256', new Uint8Array(65).fill(4)));
    refused(p256('nistp384', new Uint8Array(65).fill(4)));
    refused(p256('nistp256', Uint8Array.of(2, ...new Uint8Array(32).fill(1))));
    const { blob } = makeSshKey('sk-ssh-ed25519@openssh.com');
    const web = concatBytes(blob.subarray(0, blob.length - 8), sshString('https://acme.example'));
    refused(web);
    expect(encodeBase64(blob)).not.toBe(encodeBase64(web));
  });
});
