import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSshKey, type SshForgery, type TestSshKey } from '@originsign/testkit/ssh-key';
import { concatBytes, utf8 } from '../encoding/bytes.ts';
import { isOriginSignError } from '../errors/error.ts';
import { SSH_KEY_TYPES } from './ssh-public-key.ts';
import { sshString } from './ssh-wire.ts';
import { armorSshSignature, parseSshSignature, unarmorSshSignature, verifySshSignature } from './sshsig.ts';

const NAMESPACE = 'originsign-approval';
const MESSAGE = utf8('{"decision":"approve"}');
const KEYS = new Map(SSH_KEY_TYPES.map((type) => [type, makeSshKey(type)]));
const ed25519 = KEYS.get('ssh-ed25519') as TestSshKey;
const rsa = KEYS.get('ssh-rsa') as TestSshKey;
const ecdsa = KEYS.get('ecdsa-sha2-nistp256') as TestSshKey;
const authenticator = KEYS.get('sk-ssh-ed25519@openssh.com') as TestSshKey;

function check(bytes: Uint8Array, namespace = NAMESPACE, message = MESSAGE): string {
  try {
    verifySshSignature(parseSshSignature(bytes), namespace, message);
    return 'verified';
  } catch (error) {
    if (isOriginSignError(error)) return error.code;
    throw error;
  }
}

describe('a signature', () => {
  test.each(SSH_KEY_TYPES)('of a key of the type %s verifies with both hashes, and for this message alone', (type) => {
    const key = KEYS.get(type) as TestSshKey;
    for (const hash of ['sha256', 'sha512']) {
      const bytes = key.sign(NAMESPACE, MESSAGE, { hash });
      expect(check(bytes)).toBe('verified');
      expect(check(bytes, NAMESPACE, utf8('{"decision":"deny"}'))).toBe('ssh.signature');
      expect(parseSshSignature(bytes).key.blob).toEqual(key.blob);
    }
  });

  test('of RSA with SHA-256 verifies, and with SHA-1 does not', () => {
    expect(check(rsa.sign(NAMESPACE, MESSAGE, { algorithm: 'rsa-sha2-256' }))).toBe('verified');
    expect(check(rsa.sign(NAMESPACE, MESSAGE, { algorithm: 'ssh-rsa' }))).toBe('ssh.signature');
  });

  test.each<[string, TestSshKey, string, SshForgery, string]>([
    ['another namespace', ed25519, 'git', {}, 'ssh.signature'],
    ['a namespace that begins alike', ed25519, `${NAMESPACE}2`, {}, 'ssh.signature'],
    ['no namespace', ed25519, '', {}, 'ssh.malformed'],
    ['a namespace that is no text', ed25519, `${NAMESPACE}\u0000`, {}, 'ssh.malformed'],
    ['the hash sha1', ed25519, NAMESPACE, { hash: 'sha1' }, 'ssh.malformed'],
    ['the hash sha384', ed25519, NAMESPACE, { hash: 'sha384' }, 'ssh.malformed'],
    ['another version', ed25519, NAMESPACE, { version: 2 }, 'ssh.malformed'],
    ['something in the reserved field', ed25519, NAMESPACE, { reserved: 'x' }, 'ssh.malformed'],
    ['the algorithm of another key type', ed25519, NAMESPACE, { algorithm: 'rsa-sha2-512' }, 'ssh.signature'],
    ['the algorithm of an authenticator', ed25519, NAMESPACE, { algorithm: authenticator.type }, 'ssh.signature'],
    ['the algorithm of another key type under RSA', rsa, NAMESPACE, { algorithm: 'ssh-ed25519' }, 'ssh.signature'],
    ['the key of somebody else', ed25519, NAMESPACE, { blob: makeSshKey('ssh-ed25519').blob }, 'ssh.signature'],
    ['a key of another type', ed25519, NAMESPACE, { blob: ecdsa.blob }, 'ssh.signature'],
    ['an authenticator that nobody touched', authenticator, NAMESPACE, { flags: 0 }, 'ssh.signature'],
    ['an authenticator with odd flags', authenticator, NAMESPACE, { flags: 0x41 }, 'ssh.signature'],
  ])('with %s is refused', (_name, key, namespace, forgery, code) => {
    expect(check(key.sign(namespace, MESSAGE, forgery))).toBe(code);
  });

  test('of an authenticator that also asked for a PIN verifies', () => {
    expect(check(authenticator.sign(NAMESPACE, MESSAGE, { flags: 5 }))).toBe('verified');
  });

  test('is refused where it is cut anywhere, or something follows it', () => {
    for (const key of KEYS.values()) {
      const bytes = key.sign(NAMESPACE, MESSAGE);
      for (let length = 0; length < bytes.length; length += 1) {
        expect(check(bytes.subarray(0, length))).toBe('ssh.malformed');
      }
      expect(check(concatBytes(bytes, Uint8Array.of(0)))).toBe('ssh.malformed');
    }
  });

  test('is refused with any byte changed', () => {
    for (const key of [ed25519, ecdsa, authenticator]) {
      const bytes = key.sign(NAMESPACE, MESSAGE);
      for (const [at, byte] of bytes.entries()) {
        const changed = bytes.with(at, byte ^ 1);
        expect(check(changed)).not.toBe('verified');
      }
    }
  });

  test('with bytes after the inner signature is refused', () => {
    const bytes = ed25519.sign(NAMESPACE, MESSAGE);
    const inner = sshString('ssh-ed25519').length + 4 + 64;
    const head = bytes.subarray(0, bytes.length - inner - 4);
    const longer = concatBytes(bytes.subarray(bytes.length - inner), Uint8Array.of(0));
    expect(check(concatBytes(head, sshString(bytes.subarray(bytes.length - inner))))).toBe('verified');
    expect(check(concatBytes(head, sshString(longer)))).toBe('ssh.malformed');
  });

  test('of whatever bytes is refused and nothing else', () => {
    const refused = fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(check(concatBytes(utf8('SSHSIG'), bytes))).toBe('ssh.malformed');
    });
    fc.assert(refused, { numRuns: 300 });
  });
});

describe('an armored signature', () => {
  const text = armorSshSignature(rsa.sign(NAMESPACE, MESSAGE));

  test('comes back as it was', () => {
    expect(unarmorSshSignature(text)).toEqual(unarmorSshSignature(text.trimEnd()));
    expect(armorSshSignature(unarmorSshSignature(text))).toBe(text);
  });

  test.each([
    ['nothing', ''],
    ['another label', text.replaceAll('SSH SIGNATURE', 'SSH PUBLIC KEY')],
    ['text before it', `x\n${text}`],
    ['text after it', `${text}x`],
    ['a second block', text + text],
    ['other characters', text.replace('U', '-')],
    ['CR LF', text.replaceAll('\n', '\r\n')],
    ['an empty line', text.replace('\n', '\n\n')],
    ['no body', '-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n'],
    ['padding in the middle', text.replace('\n', '\nAA==\n')],
    ['far too much', text.replace('\n', `\n${'A'.repeat(70)}\n`.repeat(300))],
  ])('is refused with %s', (_name, changed) => {
    expect(() => unarmorSshSignature(changed)).toThrow(expect.objectContaining({ code: 'ssh.malformed' }));
  });
});
