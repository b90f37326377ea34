/** Parts of the policy language that only work where the server enforces them. A key for another part refuses the load. */
export interface EnforcedFeatures {
  readonly approvals: boolean;
}

/** What this version enforces. */
export const ENFORCED_FEATURES: EnforcedFeatures = { approvals: true };
