import type { Json } from '../encoding/canonical-json.ts';
import type { Glob } from './glob.ts';
import type { Position } from './load-problem.ts';
import type { TimeWindow } from './time.ts';

/** A value that one claim can be compared with. */
export type Scalar = string | number | boolean;

interface ConditionBase {
  /** Policy name of what is looked at: `github.ref`, `origin.binding`, `artifacts.name`, `artifacts`, `time`. */
  readonly claim: string;
  /** The operand as messages and traces show it. */
  readonly expected: Json;
  readonly at: Position;
}

/** One condition of a rule, its operand checked against the type of the claim. */
export type Condition = ConditionBase &
  (
    | { readonly operator: 'is'; readonly value: Scalar }
    | { readonly operator: 'in'; readonly values: readonly Scalar[] }
    | { readonly operator: 'glob'; readonly glob: Glob }
    | { readonly operator: 'absent'; readonly absent: boolean }
    | { readonly operator: 'gte' | 'lte'; readonly bound: number }
    | { readonly operator: 'within'; readonly windows: readonly TimeWindow[] }
    | { readonly operator: 'count'; readonly bounds: readonly Condition[] }
  );

/** The operators, as policy files spell them. */
export type Operator = Condition['operator'];

/** What a rule says about the artifacts of a request. */
export interface ArtifactRules {
  /** Conditions on `artifacts.format`, `artifacts.name` and `artifacts.size`. */
  readonly each: readonly Condition[];
  /** Conditions on `artifacts` as a whole. */
  readonly all: readonly Condition[];
}

/** How often a rule may be used; left out means no limit. */
export interface Limits {
  /** Requests of one CI run, its re-runs included. */
  readonly perRun?: number;
  /** Requests in any 60 minutes. */
  readonly perHour?: number;
}

/** People who must agree before the HSM is used. */
export interface Approvals {
  readonly count: number;
  /** `group:name` or `user:name`. */
  readonly from: readonly string[];
  /** Seconds for which a request waits; 24 hours where left out. */
  readonly expiresAfter?: number;
  /** `allow`: whoever started the run may be somebody whom the roster does not know. Left out: then nobody can approve. */
  readonly unknownRequester?: 'allow';
}

/** What a rule asks for beyond its conditions. */
export interface RuleDemands {
  readonly limits: Limits;
  readonly approvals?: Approvals;
  readonly timestamp: 'required' | 'best-effort';
  readonly reRuns: 'deny' | 'allow';
}

/** One alternative of a rule: all of its conditions must hold, together with those of the rule. */
export interface Alternative {
  readonly conditions: readonly Condition[];
  readonly at: Position;
}

/** A rule that allows what meets all of its conditions. */
export interface AllowRule extends RuleDemands {
  readonly id: string;
  readonly description?: string;
  /** The one trusted build system whose tokens it accepts. */
  readonly system: string;
  readonly conditions: readonly Condition[];
  /** One of them must hold besides; none where left out. */
  readonly anyOf?: readonly Alternative[];
  readonly artifacts: ArtifactRules;
  readonly at: Position;
}

/** A rule that denies what meets all of its conditions, whatever is allowed. */
export interface DenyRule {
  readonly id: string;
  readonly description?: string;
  /** Left out: requests of every system. */
  readonly system?: string;
  readonly conditions: readonly Condition[];
  /** One of them must hold besides; none where left out. */
  readonly anyOf?: readonly Alternative[];
  readonly artifacts: ArtifactRules;
  readonly at: Position;
}

/** What may be signed with which keys. */
export interface SigningPolicy {
  readonly name: string;
  readonly description?: string;
  /** Format id -> label of the key. */
  readonly keys: ReadonlyMap<string, string>;
  /** Name and address that signatures show, where their format has a place for them. */
  readonly programName?: string;
  readonly programUrl?: string;
  readonly allow: readonly AllowRule[];
  readonly deny: readonly DenyRule[];
  readonly at: Position;
}

/** A repository that belongs to a project, by its immutable ids. */
export interface LinkedRepository {
  readonly system: string;
  readonly id: string;
  /** Left out on platforms whose repositories have no owner with an id. */
  readonly ownerId?: string;
}

/** One loaded project file. */
export interface Project {
  readonly name: string;
  readonly description?: string;
  /** `group:name` or `user:name`. */
  readonly owners: readonly string[];
  readonly systems: readonly string[];
  readonly repositories: readonly LinkedRepository[];
  readonly policies: ReadonlyMap<string, SigningPolicy>;
  readonly tests: readonly PolicyTest[];
  readonly file: string;
  /** SHA-256 of the bytes of the file, lower-case hexadecimal: what `sha256sum` prints for it. */
  readonly hash: string;
}

/** A test that stands in the project file. */
export interface PolicyTest {
  readonly name: string;
  readonly fixture: string;
  readonly system: string;
  /** Claims that differ from the fixture. */
  readonly set: ReadonlyMap<string, Scalar>;
  readonly unset: readonly string[];
  readonly artifacts?: readonly ArtifactFacts[];
  /** Left out: noon UTC of Wednesday 18 November 2026. */
  readonly time?: Date;
  readonly expect: {
    readonly policy: string;
    readonly decision: 'allow' | 'deny';
    readonly rule?: string;
    /** Claims whose conditions fail in that rule, in any order; all of them. */
    readonly failed?: readonly string[];
  };
  readonly at: Position;
}

/** What a policy knows about one artifact. Name and size are the client's word. */
export interface ArtifactFacts {
  readonly name: string;
  readonly format: string;
  /** Bytes. */
  readonly size: number;
}
