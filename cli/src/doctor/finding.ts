import type { ErrorCode } from '@originsign/core/errors/codes';

/** What the doctor found out about one thing. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly name: string;
  /** One phrase, without a full stop. */
  readonly text: string;
  readonly hint?: string;
  /** What the command fails with; every `fail` has one. */
  readonly code?: ErrorCode;
}
