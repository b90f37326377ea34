import * as z from 'zod/mini';
import { canonicalJson, type Json } from '../encoding/canonical-json.ts';
import { isOriginSignError, OriginSignError } from '../errors/error.ts';
import { parseStrictJson } from '../encoding/strict-json.ts';
import type { Claims } from '../platforms/claim-schema.ts';
import type { Origin } from '../platforms/origin.ts';
import { STATES } from './signing-request.ts';

/** Most values in one line: 1,024 artifacts have five each. */
const MOST_VALUES = 10_000;

const claimsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));
const text = z.string();

const headerSchema = z.strictObject({
  type: z.literal('originsign-requests'),
  version: z.literal(1),
  server: text,
  exportedAt: text,
});

const requestSchema = z.strictObject({
  id: text,
  createdAt: z.string().check(z.refine((time) => !Number.isNaN(Date.parse(time)), 'no time')),
  state: z.enum(STATES),
  project: text,
  policy: text,
  system: text,
  binding: z.enum(['audience', 'proof', 'bearer']),
  claims: claimsSchema,
  origin: z.looseObject({
    platform: text,
    system: text,
    repository: z.looseObject({ uri: text, id: text, ownerId: z.optional(text) }),
    workflow: z.looseObject({ uri: text, path: text }),
    run: z.looseObject({ id: text, attempt: z.optional(z.number()), uri: text }),
  }),
  artifacts: z.array(z.strictObject({ name: text, format: text, size: z.number() })).check(z.minLength(1)),
  decision: z.strictObject({ policyHash: text, rule: text, keys: z.record(z.string(), text) }),
});

/** First line of an export. */
export type RequestExportHeader = z.infer<typeof headerSchema>;

type Read = z.infer<typeof requestSchema>;

/** A request that a server accepted, with everything that its decision rested on. It holds no token; claims can name people. */
export interface ExportedRequest extends Readonly<Omit<Read, 'claims' | 'origin'>> {
  readonly claims: Claims;
  readonly origin: Origin;
}

/** One line of an export, without its end: canonical JSON. */
export function formatExportLine(line: RequestExportHeader | ExportedRequest): string {
  return canonicalJson(line as unknown as Json);
}

/** Reads the first line of an export. Throws `input.invalid`. */
export function parseExportHeader(line: string): RequestExportHeader {
  return parseLine(headerSchema, line, 1);
}

/** Reads another line, `number` counted from 1. Throws `input.invalid`. */
export function parseExportedRequest(line: string, number: number): ExportedRequest {
  return parseLine(requestSchema, line, number) as unknown as ExportedRequest;
}

function parseLine<T>(schema: z.ZodMiniType<T>, line: string, number: number): T {
  const what = number === 1 ? 'the first line of an export of requests' : 'a request of an export';
  const refuse = (cause?: unknown): OriginSignError =>
    new OriginSignError('input.invalid', `Line ${number} is not ${what}.`, {
      hint: 'originsign-server requests export writes such files',
      ...(cause === undefined ? {} : { cause }),
    });
  try {
    const parsed = schema.safeParse(parseStrictJson(line, { maxValues: MOST_VALUES }));
    if (parsed.success) return parsed.data;
  } catch (cause) {
    throw isOriginSignError(cause) ? refuse(cause) : cause;
  }
  throw refuse();
}
