import { randomBytes } from 'node:crypto';
import { OriginSignError } from '@originsign/core/errors/error';
import type { KeyType } from '@originsign/core/x509/key-type';
import { verifySignature, type ToBeSigned } from '@originsign/core/x509/signature';
import { systemClock, type Clock } from './clock.ts';
import { KeyLocations } from './key-locations.ts';
import { KEY_MECHANISMS, mechanismInput } from './mechanisms.ts';
import type { FoundKey } from './messages.ts';
import type { TokenOptions } from './token-options.ts';
import { TokenSupervisor, type TokenEvent } from './token-supervisor.ts';

/** A key as the store knows it. */
export interface HsmKey {
  readonly label: string;
  readonly id: Uint8Array;
  readonly type: KeyType;
}

/** A key as the token has it; `spki` is a DER SubjectPublicKeyInfo. */
export interface TokenKey extends HsmKey {
  readonly spki: Uint8Array;
  /** Name of the token in the configuration. */
  readonly token: string;
}

/** Signs, in the conventions of `verifySignature`. */
export interface HsmSigner {
  /**
   * The signature value. The caller verifies it before it uses it. Throws `format.key_type`, `key.unknown`, `hsm.busy`,
   * `hsm.unavailable`, `hsm.failed` or `hsm.configuration`.
   */
  sign(key: HsmKey, toBeSigned: ToBeSigned): Promise<Uint8Array>;
}

/** The keys of all configured tokens. */
export interface Hsm extends HsmSigner {
  /** Generates a key pair inside a token (the first configured one unless named). Throws `key.exists` and what `sign` throws. */
  generate(label: string, type: KeyType, token?: string): Promise<TokenKey>;
  /** The key with this label on whichever token has it. */
  find(label: string): Promise<TokenKey | undefined>;
  /** Signs with the canary key and verifies the signature. Throws `hsm.unavailable`, `hsm.bad_signature` and what `sign` throws. */
  health(): Promise<void>;
  /** Waits for what is under way and ends the signer processes; what waits is rejected. */
  close(): Promise<void>;
  /** Process ids of the signer processes that are up. */
  readonly pids: readonly number[];
}

/** How the HSM is opened. */
export interface HsmOptions {
  readonly tokens: readonly TokenOptions[];
  /** Operations that may wait for each token; 4,096 where left out. */
  readonly capacity?: number;
  /** Milliseconds that one may wait before it starts; 30 s where left out. */
  readonly wait?: number;
  /** Milliseconds after which an unanswered call means that the module hangs; 60 s where left out. */
  readonly callTimeout?: number;
  /** The key that `health` signs with, and its public key; without it `health` asks only whether the tokens answer. */
  readonly canary?: HsmKey & { readonly spki: Uint8Array };
  /** Hears what happens to tokens and their processes. */
  readonly report?: (event: TokenEvent) => void;
  readonly clock?: Clock;
}

/**
 * Opens the tokens, one after another. Throws `hsm.addon` or `hsm.configuration`; a token that does not answer is tried again
 * in the background as long as another one answers, else `hsm.unavailable` is thrown.
 */
export async function openHsm(options: HsmOptions): Promise<Hsm> {
  const bounds = {
    capacity: options.capacity ?? 4096,
    wait: options.wait ?? 30_000,
    callTimeout: options.callTimeout ?? 60_000,
  };
  const report = options.report ?? (() => undefined);
  const clock = options.clock ?? systemClock;
  const tokens = options.tokens.map((token) => new TokenSupervisor(token, bounds, clock, report));
  try {
    await startAll(tokens);
  } catch (error) {
    await Promise.all(tokens.map((token) => token.close()));
    throw error;
  }
  return connectedHsm(tokens, options.canary);
}

async function startAll(tokens: readonly TokenSupervisor[]): Promise<void> {
  const late: TokenSupervisor[] = [];
  let failure = new OriginSignError('hsm.configuration', 'No token is configured.');
  for (const token of tokens) {
    try {
      await token.start();
    } catch (error) {
      if (!(error instanceof OriginSignError) || error.code !== 'hsm.unavailable') throw error;
      failure = error;
      late.push(token);
    }
  }
  if (!tokens.some((token) => token.ready)) throw failure;
  for (const token of late) token.startLater();
}

function connectedHsm(tokens: readonly TokenSupervisor[], canary: HsmOptions['canary']): Hsm {
  const locations = new KeyLocations(tokens);

  const hsm: Hsm = {
    sign: async ({ label, id, type }, toBeSigned) => {
      const data = mechanismInput(type, toBeSigned);
      const key = { label, id, type };
      const token = await locations.tokenOf(key);
      return KEY_MECHANISMS[type].output((await token.submit({ name: 'sign', key, data })) as Uint8Array);
    },
    generate: async (label, type, name) => {
      const token = name === undefined ? tokens[0] : tokens.find((candidate) => candidate.name === name);
      if (token === undefined) throw new OriginSignError('input.invalid', `There is no token named "${name ?? ''}".`);
      const key = { label, id: new Uint8Array(randomBytes(16)), type };
      const made = (await token.submit({ name: 'generate', key })) as FoundKey;
      return { ...made, label, token: token.name };
    },
    find: (label) => locations.find(label),
    health: async () => {
      const down = tokens.filter((token) => !token.ready).map((token) => token.name);
      // At once: a probe that waits for a token to come back is of no use to who asks.
      if (down.length > 0)
        throw new OriginSignError('hsm.unavailable', `These tokens do not answer: ${down.join(', ')}.`);
      await Promise.all(tokens.map((token) => token.submit({ name: 'check' })));
      if (canary !== undefined) await checkCanary(hsm, canary);
    },
    close: async () => {
      await Promise.all(tokens.map((token) => token.close()));
    },
    get pids() {
      return tokens.flatMap((token) => token.pids);
    },
  };
  return hsm;
}

async function checkCanary(hsm: HsmSigner, canary: HsmKey & { readonly spki: Uint8Array }): Promise<void> {
  // Fresh bytes each time: an answer kept by something in between must not pass.
  const toBeSigned: ToBeSigned = { kind: 'message', bytes: new Uint8Array(randomBytes(32)) };
  if (!verifySignature(canary.spki, toBeSigned, await hsm.sign(canary, toBeSigned))) {
    throw new OriginSignError('hsm.bad_signature', 'The canary signature of the HSM does not verify.');
  }
}
