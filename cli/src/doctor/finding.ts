import type { ErrorCode } from '@originsign/core/errors/codes';
import type { OriginSignError } from '@originsign/core/errors/error';

/** What the doctor found out about one thing. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly name: string;
  /** One phrase, without a full stop. */
  readonly text: string;
  /** Names and values that belong to it, in the order in which people read them. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  readonly hint?: string;
  /** What the command fails with; every `fail` has one. */
  readonly code?: ErrorCode;
}

/** Variables of the process by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A finding for what an error says. */
export function failed(name: string, { code, message, hint }: OriginSignError): Finding {
  return { state: 'fail', name, text: message.replace(/\.$/, ''), code, ...(hint === undefined ? {} : { hint }) };
}
