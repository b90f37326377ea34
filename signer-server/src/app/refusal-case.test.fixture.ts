import { utf8 } from '@originsign/core/encoding/bytes';
import type { Json, JsonObject } from '@originsign/core/encoding/canonical-json';
import { fileArtifact, type ForgedArtifact, type Forgery } from '@originsign/testkit/forged-request';
import type { ForgedCall } from '@originsign/testkit/attack-client';
import type { ClaimChanges } from '@originsign/testkit/github-issuer';

/** One input that must be refused: what differs from an honest submission, and `status code` of the answer. */
export interface RefusalCase {
  readonly name: string;
  readonly outcome: string;
  readonly forgery?: Forgery;
  readonly claims?: ClaimChanges;
  /** Changes the token text. */
  readonly token?: (token: string) => Json;
  /** Changes the body before it is signed. */
  readonly body?: (body: string) => string | Uint8Array;
  readonly call?: Partial<ForgedCall>;
  /** Changes fields of the finished request signature. */
  readonly field?: (fields: Readonly<Record<string, string>>) => Readonly<Record<string, string | readonly string[]>>;
}

/** A small file. */
export const FILE = fileArtifact('app.bin', utf8('a file'));

/** Changes a member of the statement by its path. */
export function set(value: Json | undefined, ...path: readonly (string | number)[]): Forgery {
  return { statement: (statement) => changed(statement, path, value) };
}

/** A copy with another member. */
export function changed(document: Json, [name, ...rest]: readonly (string | number)[], value: Json | undefined): Json {
  if (name === undefined) throw new TypeError('An empty path.');
  const copy = (Array.isArray(document) ? [...(document as Json[])] : { ...(document as JsonObject) }) as Record<
    string,
    Json | undefined
  >;
  copy[name] = rest.length === 0 ? value : changed(copy[name] ?? {}, rest, value);
  return copy;
}

/** Changes the text of the payload. */
export function text(edit: (payload: string) => string): Forgery {
  return { payload: (payload) => utf8(edit(new TextDecoder().decode(payload))) };
}

/** Other artifacts. */
export function artifacts(...list: readonly ForgedArtifact[]): Forgery {
  return { artifacts: list };
}

/** Changes a member of the envelope by its path. */
export function inEnvelope(value: Json | undefined, ...path: readonly (string | number)[]): Forgery {
  return { envelope: (envelope) => changed(envelope, path, value) };
}

/** JSON that nests so deep. */
export const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
