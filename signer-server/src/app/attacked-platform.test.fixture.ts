import { utf8 } from '@originsign/core/encoding/bytes';
import { createAttackClient, type Answer, type AttackClient } from '@originsign/testkit/attack-client';
import type { ForgedRequest } from '@originsign/testkit/forged-request';
import { startSigner, type Signer, type SignerOptions } from '@originsign/testkit/signer';
import { member } from './attacked-signer.test.fixture.ts';
import { signingTraces, type SigningTraces } from './stored-facts.test.fixture.ts';

/** Tokens of one request. */
export interface RequestTokens {
  readonly ci: string;
  readonly serviceConnection?: string;
}

/** A real signer with an attacker in front of it, for tokens of any platform. */
export interface AttackedPlatform {
  readonly signer: Signer;
  readonly attacker: AttackClient;
  /** Every token that was sent. */
  readonly tokens: readonly string[];
  /** Submits and waits for the final answer. */
  submit(request: ForgedRequest, tokens: RequestTokens): Promise<Answer>;
  /** Submits what is expected to leave nothing behind: throws where it does. Gives back `status code`. */
  refused(request: ForgedRequest, tokens: RequestTokens): Promise<string>;
  evaluate(request: ForgedRequest, tokens: RequestTokens): Promise<Answer>;
  traces(): SigningTraces;
  stop(): Promise<void>;
}

/** Starts a signer and an attacker. */
export async function attackPlatform(options: SignerOptions): Promise<AttackedPlatform> {
  const signer = await startSigner(options);
  const attacker = await createAttackClient(signer);
  const sent: string[] = [];
  const bodyOf = (request: ForgedRequest, tokens: RequestTokens) => {
    sent.push(...Object.values<string>({ ...tokens }).filter((token) => token.length > 40));
    return { body: utf8(JSON.stringify({ envelope: request.envelope, tokens })) };
  };
  const submit: AttackedPlatform['submit'] = async (request, tokens) =>
    attacker.settle(request, await attacker.submit(request, '', bodyOf(request, tokens)));
  const traces = (): SigningTraces => signingTraces(signer.directory);
  return {
    signer,
    attacker,
    tokens: sent,
    submit,
    refused: async (request, tokens) => {
      const before = JSON.stringify(traces());
      const { outcome } = await submit(request, tokens);
      const after = JSON.stringify(traces());
      if (after !== before) throw new Error(`${outcome} left something behind: ${before} became ${after}`);
      return outcome;
    },
    evaluate: (request, tokens) =>
      attacker.send({ method: 'POST', path: '/v1/evaluations', key: request.key, ...bodyOf(request, tokens) }),
    traces,
    stop: async () => {
      attacker.close();
      await signer.stop();
    },
  };
}

/** Claims whose conditions failed in the rule that a denial names. */
export function failedClaims({ json }: Answer): readonly string[] {
  const trace = member(json, 'details', 'trace') as unknown as {
    readonly rule: string;
    readonly rules: readonly {
      readonly rule: string;
      readonly conditions: readonly { readonly claim: string; readonly passed: boolean }[];
    }[];
  };
  const conditions = trace.rules.find(({ rule }) => rule === trace.rule)?.conditions ?? [];
  return conditions.filter(({ passed }) => !passed).map(({ claim }) => claim);
}
