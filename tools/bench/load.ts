import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'undici';
import { signEnvelope, STATEMENT_PAYLOAD_TYPE } from '@originsign/core/attestation/dsse';
import { jwkThumbprint, signEs256 } from '@originsign/core/attestation/one-use-key';
import { requestId } from '@originsign/core/attestation/request-id';
import { signRequest } from '@originsign/core/attestation/request-signature';
import { encodeSigningRequest } from '@originsign/core/attestation/statement';
import { generateOneUseKey } from '@originsign/core/client/one-use-key-pair';
import { utf8 } from '@originsign/core/encoding/bytes';
import { SIGNING_REQUESTS_PATH, signingRequestUrl } from '@originsign/core/protocol/limits';
import type { GithubIssuer } from '@originsign/testkit/github-issuer';
import type { Signer } from '@originsign/testkit/signer';

/** What is sent. */
export interface Load {
  readonly signer: Signer;
  readonly issuer: GithubIssuer;
  readonly policy: string;
  readonly artifacts: number;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Requests in all. */
  readonly requests: number;
}

/** What came of it. */
export interface LoadResult {
  readonly signaturesPerSecond: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
}

/** Sends whole signing requests, each with its own key and token, and waits for each answer to be complete. */
export async function runLoad(load: Load): Promise<LoadResult> {
  const ca = load.signer.caPath === undefined ? undefined : await readFile(load.signer.caPath, 'utf8');
  const dispatcher = new Agent({ connections: load.concurrency, ...(ca === undefined ? {} : { connect: { ca } }) });
  const times: number[] = [];
  let left = load.requests;
  const start = performance.now();
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const began = performance.now();
      await sendRequest(load, dispatcher);
      times.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, worker));
  const seconds = (performance.now() - start) / 1000;
  await dispatcher.close();
  times.sort((left_, right) => left_ - right);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { signaturesPerSecond: (load.requests * load.artifacts) / seconds, median: at(0.5), p99: at(0.99) };
}

async function sendRequest(load: Load, dispatcher: Agent): Promise<void> {
  const { signer, issuer } = load;
  const { privateKey, jwk } = generateOneUseKey();
  const keyId = jwkThumbprint(jwk);
  const payload = encodeSigningRequest(statement(load, jwk));
  const id = requestId(payload);
  const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, keyId, (bytes) =>
    Promise.resolve(signEs256(privateKey, bytes)),
  );
  const ci = await issuer.mint(signingRequestUrl(signer.url, id));
  const body = utf8(JSON.stringify({ envelope, tokens: { ci } }));
  const targetUri = `${signer.url}${SIGNING_REQUESTS_PATH}`;
  const created = Math.floor(Date.now() / 1000);
  const fields = signRequest({ method: 'POST', targetUri, body, created, key: privateKey, keyId });
  const headers = { ...fields, 'content-type': 'application/json' };
  // The same body again continues the same request: after 202, and after a connection that broke under the load.
  for (let broken = 0; ;) {
    const answer = await post(targetUri, { headers, body, dispatcher });
    if (answer === undefined && (broken += 1) > 3) throw new Error('The connection to the signer broke four times.');
    if (answer?.statusCode === 200) return;
    if (answer !== undefined && answer.statusCode !== 202) {
      throw new Error(`The signer answered ${answer.statusCode}: ${answer.text.slice(0, 500)}`);
    }
  }
}

async function post(
  url: string,
  options: { readonly headers: Record<string, string>; readonly body: Uint8Array; readonly dispatcher: Agent },
): Promise<{ readonly statusCode: number; readonly text: string } | undefined> {
  try {
    const { statusCode, body } = await request(url, { method: 'POST', ...options });
    return { statusCode, text: await body.text() };
  } catch (error) {
    if ((error as { code?: string }).code === 'UND_ERR_SOCKET') return undefined;
    throw error;
  }
}

function statement({ signer, policy, artifacts }: Load, key: Parameters<typeof jwkThumbprint>[0]) {
  const digests = Array.from({ length: artifacts }, () => randomBytes(32).toString('hex'));
  return {
    server: signer.url,
    project: 'bench',
    policy,
    key,
    subjects: digests.map((value, index) => ({
      name: `file-${index}`,
      coveredDigest: { algorithm: 'sha256' as const, value },
    })),
    artifacts: digests.map((sha256) => ({ format: 'raw', inputs: {}, options: {}, claimed: { sha256, size: 1024 } })),
  };
}
