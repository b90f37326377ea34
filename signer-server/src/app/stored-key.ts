import type { GeneratedKey } from '../hsm/key-generation.ts';

/** A key of the HSM as the store remembers it. Its private half never leaves the token. */
export type StoredKey = GeneratedKey;
