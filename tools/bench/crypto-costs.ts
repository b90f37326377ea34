import { generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

const MESSAGE = new Uint8Array(400).fill(7);

/** One signature that a request makes or checks besides those of the HSM. */
export interface CryptoStep {
  readonly name: string;
  /** How often per request. */
  readonly count: number;
  /** Seconds of one core. */
  readonly seconds: number;
}

/**
 * Times every signature that one request of one artifact makes or checks outside of the HSM, on both sides, because client and
 * server share the machine here.
 */
export function timeCryptoSteps(artifactKey: 'rsa-3072' | 'p-256'): readonly CryptoStep[] {
  const p256 = pair('p-256');
  const rsa2048 = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const artifact = artifactKey === 'p-256' ? p256 : generateKeyPairSync('rsa', { modulusLength: 3072 });
  const ed25519 = generateKeyPairSync('ed25519');
  return [
    step('one-use key: generate', 1, () => pair('p-256')),
    step('envelope and request: sign ES256', 2, () => sign('sha256', MESSAGE, p256.privateKey)),
    step('token: sign RS256 (the platform)', 1, () => sign('sha256', MESSAGE, rsa2048.privateKey)),
    step('token: verify RS256', 1, checking(rsa2048)),
    step('envelope and request: verify ES256', 2, checking(p256)),
    step('artifact signature: verify', 1, checking(artifact)),
    step('provenance signature: verify', 1, checking(p256)),
    step('checkpoint signature: verify, twice', 2, checking(ed25519, null)),
  ];
}

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

function pair(_curve: 'p-256'): Pair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function checking({ privateKey, publicKey }: Pair, algorithm: 'sha256' | null = 'sha256'): () => void {
  const signature = sign(algorithm, MESSAGE, privateKey);
  return () => {
    if (!verify(algorithm, MESSAGE, publicKey, signature)) throw new Error('A good signature does not verify.');
  };
}

function step(name: string, count: number, work: () => void): CryptoStep {
  const times = 200;
  for (let index = 0; index < 20; index += 1) work();
  const start = process.hrtime.bigint();
  for (let index = 0; index < times; index += 1) work();
  return { name, count, seconds: Number(process.hrtime.bigint() - start) / 1e9 / times };
}
