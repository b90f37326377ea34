import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { AttackedSigner } from './attacked-signer.test.fixture.ts';

/** A secret in one spelling. */
interface Needle {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Where secrets are looked for. */
type Searched = Pick<AttackedSigner, 'signer' | 'tokens' | 'attacker'>;

/** Files below the signer's directory that hold a secret, because that is what they are for. */
const HOLDERS: Readonly<Record<string, string>> = {
  'softhsm/pin': 'PIN',
  'store.key': 'store key',
  'tls/server.key': 'TLS key',
};

/** The secrets of a bench, each in the spellings in which it could leak. */
export function secretsOf({ signer, tokens, attacker }: Searched): readonly Needle[] {
  const file = (path: string): string => readFileSync(join(signer.directory, path), 'utf8').trim();
  const storeKey = Buffer.from(file('store.key'), 'base64');
  const tlsKey = Buffer.from(file('tls/server.key').replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return [
    ...tokens.flatMap((token, index) => tokenNeedles(`token ${index}`, token)),
    needle('PIN', file('softhsm/pin')),
    ...spellings('store key', storeKey),
    // The middle of the DER: the private value and not the algorithm that every key begins with.
    ...spellings('TLS key', tlsKey.subarray(30, 66)),
    ...attacker.keys.flatMap(({ privateKey }, index) =>
      spellings(`one-use key ${index}`, Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url')),
    ),
  ];
}

/** The claims of a token are in the store for a purpose; its text and its signature are what makes it one. */
function tokenNeedles(name: string, token: string): readonly Needle[] {
  if (!token.includes('.')) return [needle(name, token.replace(/^ost_/, ''))];
  const [, payload = '', signature = ''] = token.split('.');
  return [needle(`${name}: payload`, payload), needle(`${name}: signature`, signature)];
}

function spellings(name: string, bytes: Buffer): readonly Needle[] {
  const texts = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
  return [{ name, bytes }, ...texts.map((text) => needle(name, text.replace(/=+$/, '')))];
}

function needle(name: string, text: string): Needle {
  if (text.length < 16) throw new TypeError(`The secret ${name} is too short to be looked for.`);
  return { name, bytes: Buffer.from(text) };
}

/** `where: which secret` for every secret in what the server printed, answered, or has lying in its directory. */
export function findSecrets(bench: Searched, secrets: readonly Needle[] = secretsOf(bench)): readonly string[] {
  const { signer, attacker } = bench;
  const found = search('output', Buffer.from(signer.child.output()), secrets);
  for (const { outcome, body } of attacker.answers)
    found.push(...search(`answer ${outcome}`, Buffer.from(body), secrets));
  for (const path of filesBelow(signer.directory)) {
    const holds = HOLDERS[path];
    const others = secrets.filter(({ name }) => name !== holds);
    found.push(...search(path, readFileSync(join(signer.directory, path)), others));
  }
  return [...new Set(found)];
}

function search(where: string, text: Buffer, secrets: readonly Needle[]): string[] {
  return secrets.filter(({ bytes }) => text.includes(bytes)).map(({ name }) => `${where}: ${name}`);
}

/** Paths below a directory. */
export function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)));
}
