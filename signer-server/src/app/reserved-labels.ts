/** Label of the key that health checks sign with. */
export const CANARY_LABEL = 'canary';
