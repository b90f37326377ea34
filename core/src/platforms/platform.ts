import type { Json } from '../encoding/canonical-json.ts';
import type { Claims, ClaimSchema } from './claim-schema.ts';
import type { Origin } from './origin.ts';

/**
 * How a CI token is tied to the attestation. `audience`: the platform signed the id of the request. `proof`: the first key
 * that presents the token owns it, which detects theft and does not prevent it. `bearer`: whoever holds the secret may use it.
 */
export type Binding = 'audience' | 'proof' | 'bearer';

/** What a platform needs to know about the installation that a token came from. */
export interface SystemIdentity {
  readonly id: string;
  readonly issuer: string;
  /** Web address of the installation where the issuer does not tell it. */
  readonly serverUrl?: string;
  /** Issuer of the second token, where it is another one. */
  readonly serviceConnectionIssuer?: string;
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
  /** True where the server asks this system's API about every run. */
  readonly hasConnector: boolean;
  /** True where the system takes calls from listed addresses only. */
  readonly isAddressBound: boolean;
}

/** Why a rule must not load. */
export interface RuleProblem {
  /** The condition that is wrong; left out where one is missing. */
  readonly claim?: string;
  readonly message: string;
  readonly hint?: string;
}

/** How tokens of one kind are made. */
export interface TokenRules {
  readonly binding: Binding;
  /** JWS algorithms that its issuers use. */
  readonly algorithms: readonly string[];
  /** Longest `exp - iat`, seconds. */
  readonly maxTokenLifetime: number;
  /** Oldest `iat` where the system does not set it, seconds. */
  readonly maxTokenAge: number;
  /** Where false, the bytes that the issuer signed name the token. */
  readonly hasJti: boolean;
  /** Requests that the key which owns a token may make with it, where a job has no other; one where left out. */
  readonly requestsPerToken?: number;
  /** The audience that the platform always writes; otherwise it is the URL of the request, or of the server. */
  readonly fixedAudience?: string;
  /** Typed claims of a verified token payload; throws `token.claim_missing` and `token.claim_type`. */
  parseClaims(payload: unknown): Claims;
}

/** The token of an approved connection, which stands beside the job's own token. */
export interface ServiceConnectionRules extends TokenRules {
  /** Throws `token.pair` where both tokens, each genuine, are not of one job. */
  checkPair(job: PairedToken, connection: PairedToken): void;
}

/** One token of a pair, verified. */
export interface PairedToken {
  readonly issuer: string;
  readonly issuedAt: Date;
  readonly claims: Claims;
}

/** One CI platform: how its tokens look, what its claims mean and which rules on them would be traps. */
export interface Platform extends TokenRules {
  readonly type: string;
  /** First part of the claim names in policies. */
  readonly prefix: string;
  readonly serviceConnection?: ServiceConnectionRules;
  readonly claims: readonly ClaimSchema[];
  /** Claims of its tokens that policies must not use, by the platform's name, and why. */
  readonly unusableClaims: Readonly<Record<string, string>>;
  /** What an entry of `repositories` of a project stands for. */
  readonly repositoryClaims: RepositoryClaims;
  /** Policy name of the claim that counts attempts of one run, from 1; left out where tokens do not tell. */
  readonly attemptClaim?: string;
  /**
   * A rule that names `path` and not `repository` means a file of the repository that runs, whose name is the claim `own`: the
   * same path in somebody else's repository is somebody else's file.
   */
  readonly workflowClaims?: { readonly path: string; readonly repository: string; readonly own: string };

  /**
   * The origin that the claims describe, those of a connector included. Throws `token.claim_missing` where they are not
   * complete, `token.origin` where they contradict their issuer, `token.pull_request` for builds that must never be signed.
   */
  origin(claims: Claims, system: SystemIdentity): Origin;
  /** Claims that a sample must take over from the system, to be one of its tokens. */
  sampleClaims?(system: SystemIdentity): Claims;
  /** Why this issuer cannot be an installation of the platform; `undefined` where it can. */
  checkIssuer(system: SystemIdentity): string | undefined;
  /** Everything that keeps an allow rule from loading. */
  checkRule(rule: RuleView): readonly RuleProblem[];
}

/** Policy names of the claims that say which repository, or job, a request comes from. */
export interface RepositoryClaims {
  readonly id: string;
  /** Left out where repositories have no owner with an id of its own. */
  readonly ownerId?: string;
  /** `below`: the entry is a URL that ends in a slash, and everything below it belongs to it. */
  readonly match: 'exact' | 'below';
}
