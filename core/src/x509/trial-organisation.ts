/** Organisation in every certificate of a trial store, where people and verifiers see it. */
export const TRIAL_ORGANISATION = 'OriginSign Trial - not for release';
