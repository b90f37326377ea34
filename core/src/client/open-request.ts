import { signEnvelope, STATEMENT_PAYLOAD_TYPE, type Envelope } from '../attestation/dsse.ts';
import { jwkThumbprint, signEs256, type OneUseJwk } from '../attestation/one-use-key.ts';
import { requestId } from '../attestation/request-id.ts';
import { encodeSigningRequest } from '../attestation/statement.ts';
import { utf8 } from '../encoding/bytes.ts';
import { signingRequestUrl } from '../protocol/limits.ts';
import type { Artifact } from './artifacts.ts';
import { createCaller, type Caller, type CallerPorts } from './caller.ts';
import type { TokenSource } from './ci/token-source.ts';
import { keepToken, type RequestTokens, type TokenKeeper } from './token-keeper.ts';
import { keyForRequest } from './one-use-key-pair.ts';

/** What a request is for. */
export interface RequestIntent {
  /** Canonical URL of the server. */
  readonly server: string;
  readonly project: string;
  readonly policy: string;
  readonly artifacts: readonly Artifact[];
  readonly description?: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A request with its key and its tokens, ready to be sent, any number of times. */
export interface OpenRequest {
  readonly id: string;
  /** URL of the request in the API, and the audience of its token. */
  readonly url: string;
  readonly call: Caller;
  readonly token: TokenKeeper;
  /** Body of a submission or evaluation. */
  body(): Promise<Uint8Array>;
}

/**
 * Makes the one-use key, states the request and signs it. The private key lives in this closure alone and ends with it. Throws
 * `statement.*` for names and values that a statement may not have.
 */
export async function openRequest(
  intent: RequestIntent,
  ports: CallerPorts & { readonly tokens: TokenSource; readonly deadline?: number },
): Promise<OpenRequest> {
  const { privateKey, jwk } = keyForRequest(ports.tokens);
  const keyId = jwkThumbprint(jwk);
  const payload = encodeSigningRequest(statementOf(intent, jwk));
  const envelope = await signEnvelope(STATEMENT_PAYLOAD_TYPE, payload, keyId, (encoding) =>
    Promise.resolve(signEs256(privateKey, encoding)),
  );
  const id = requestId(payload);
  const url = signingRequestUrl(intent.server, id);
  const token = keepToken(ports.tokens, url, ports);
  return {
    id,
    url,
    token,
    call: createCaller(ports, privateKey, keyId),
    body: async () => encodeBody(envelope, await token.current()),
  };
}

function encodeBody(envelope: Envelope, tokens: RequestTokens): Uint8Array {
  return utf8(JSON.stringify({ envelope, tokens }));
}

function statementOf(intent: RequestIntent, key: OneUseJwk) {
  const { artifacts, ...rest } = intent;
  return {
    ...rest,
    key,
    subjects: artifacts.map(({ name, digested }) => ({ name, coveredDigest: digested.coveredDigest })),
    artifacts: artifacts.map(({ format, options, digested }) => ({
      format: format.id,
      inputs: digested.inputs,
      options,
      claimed: digested.file,
    })),
  };
}
