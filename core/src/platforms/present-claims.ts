import { isJsonObject } from '../encoding/strict-json.ts';

/** The payload without its members that are null, which is how some platforms say that a token does not have a claim. */
export function presentClaims(payload: unknown): unknown {
  if (!isJsonObject(payload)) return payload;
  return Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null));
}
