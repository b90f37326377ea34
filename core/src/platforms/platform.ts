import type { Json } from '../encoding/canonical-json.ts';
import type { Claims, ClaimSchema } from './claim-schema.ts';
import type { Origin } from './origin.ts';

/**
 * How a CI token is tied to the attestation. `audience`: the platform signed the id of the request. `proof`: the first key
 * that presents the token owns it, which detects theft and does not prevent it.
 */
export type Binding = 'audience' | 'proof';

/** What a platform needs to know about the installation that a token came from. */
export interface SystemIdentity {
  readonly id: string;
  readonly issuer: string;
  /** Web address of the installation where the issuer does not tell it. */
  readonly serverUrl?: string;
}

/** A condition as the policy file has it. */
export interface ConditionView {
  readonly claim: string;
  readonly operator: string;
  readonly expected: Json;
}

/** An allow rule as far as a platform judges it. */
export interface RuleView {
  readonly conditions: readonly ConditionView[];
}

/** Why a rule must not load. */
export interface RuleProblem {
  /** The condition that is wrong; left out where one is missing. */
  readonly claim?: string;
  readonly message: string;
  readonly hint?: string;
}

/** One CI platform: how its tokens look, what its claims mean and which rules on them would be traps. */
export interface Platform {
  readonly type: string;
  /** First part of the claim names in policies. */
  readonly prefix: string;
  readonly binding: Binding;
  /** JWS algorithms that its issuers use. */
  readonly algorithms: readonly string[];
  /** Longest `exp - iat`, seconds. */
  readonly maxTokenLifetime: number;
  /** Oldest `iat` where the system does not set it, seconds. */
  readonly maxTokenAge: number;
  readonly hasJti: boolean;
  readonly claims: readonly ClaimSchema[];
  /** Claims of its tokens that policies must not use, by the platform's name, and why. */
  readonly unusableClaims: Readonly<Record<string, string>>;
  /** Policy names of the claims with the immutable ids that `repositories` of a project stand for. */
  readonly repositoryClaims: { readonly id: string; readonly ownerId: string };
  /** Policy name of the claim that counts attempts of one run, from 1. */
  readonly attemptClaim: string;
  /**
   * A rule that names `path` and not `repository` means a file of the repository that runs, whose name is the claim `own`: the
   * same path in somebody else's repository is somebody else's file.
   */
  readonly workflowClaims: { readonly path: string; readonly repository: string; readonly own: string };

  /** Typed claims of a verified token payload; throws `token.claim_missing` and `token.claim_type`. */
  parseClaims(payload: unknown): Claims;
  /** The origin that parsed claims describe; throws `token.claim_missing` where they are not complete. */
  origin(claims: Claims, system: SystemIdentity): Origin;
  /** Why this issuer cannot be an installation of the platform; `undefined` where it can. */
  checkIssuer(system: SystemIdentity): string | undefined;
  /** Everything that keeps an allow rule from loading. */
  checkRule(rule: RuleView): readonly RuleProblem[];
}
