import * as z from 'zod/mini';

/** Text that people wrote or may read: bounded, well-formed, without control and direction characters. */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;

/** A short text such as a name, a ref or a URI. */
export const text = z.string().check(
  z.minLength(1),
  z.maxLength(1024),
  z.refine((value) => value.isWellFormed() && !UNSAFE.test(value), 'control or direction characters'),
);

/** A name that configuration files give: project, policy, rule, key label, replica. */
export const label = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}$/));

/** 32 bytes in lower-case hexadecimal. */
export const sha256Hex = z.string().check(z.regex(/^[0-9a-f]{64}$/));

/** The request id: SHA-256 in base64url. */
export const requestId = z.string().check(z.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));

/** 128 bits in base64url. */
export const salt = z.string().check(z.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/));

/** A time in UTC with milliseconds, as `Date.toISOString` writes it. */
export const time = z.string().check(
  z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  z.refine((value) => {
    const date = new Date(value);
    return !Number.isNaN(date.getTime()) && date.toISOString() === value;
  }, 'no such time'),
);

/** A log index or a count. */
export const count = z
  .number()
  .check(z.refine((value) => Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0), 'not a count'));

/** An error code of the code table. Old entries keep codes that a newer table may lack, so only the form is checked. */
export const code = z.string().check(z.regex(/^[a-z]+\.[a-z_]+$/));

/** How many records, and the RFC 6962 root over their canonical JSON. */
export const recordList = z.strictObject({ count, root: sha256Hex });

/** An earlier entry by index and leaf hash. */
export const entryReference = z.strictObject({ index: count, leaf: sha256Hex });

/** Where a request came from, without the person behind it: that one stands in the entry as a commitment. */
export const origin = z.strictObject({
  platform: label,
  system: label,
  repository: z.strictObject({ uri: text, id: text, ownerId: z.optional(text) }),
  commit: z.optional(text),
  ref: z.optional(text),
  workflow: z.strictObject({ uri: text, path: text, ref: z.optional(text), commit: z.optional(text) }),
  callee: z.optional(z.strictObject({ uri: text, repository: text, path: text, ref: text, commit: z.optional(text) })),
  run: z.strictObject({ id: text, attempt: z.optional(count), uri: text }),
  trigger: z.optional(text),
  runner: z.optional(text),
  environment: z.optional(text),
});
