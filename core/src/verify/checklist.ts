import { CODE_TABLE, type ErrorCode } from '../errors/codes.ts';
import { isOriginSignError, type OriginSignError } from '../errors/error.ts';
import type { Check, CheckName } from './report.ts';

/** Results of earlier steps that a step needs; `undefined` where those failed. */
type Needs<D> = { readonly [K in keyof D]: D[K] | undefined };

/** The code of a check that failed over bytes that could not even be read. */
const FALLBACK: Readonly<Record<CheckName, ErrorCode>> = {
  trust: 'verify.trial',
  signature: 'verify.signature',
  timestamp: 'verify.timestamp',
  receipt: 'verify.receipt',
  signer: 'verify.certificate',
  record: 'verify.not_in_receipt',
  provenance: 'verify.provenance',
  binding: 'verify.provenance',
  repository: 'verify.expectation',
  project: 'verify.expectation',
  ref: 'verify.expectation',
  workflow: 'verify.expectation',
  policy: 'verify.expectation',
  builder: 'verify.expectation',
};

/** Runs steps one after another and keeps the outcome of each, so that all failures are seen and not only the first. */
export class Checklist {
  readonly #checks: Check[] = [];

  /** The outcomes so far, in order. */
  get checks(): readonly Check[] {
    return [...this.#checks];
  }

  /**
   * Runs one step with what it needs, and gives back its result, or `undefined` where it failed or could not be made. Errors
   * of verification become the outcome under their own code, errors about unreadable bytes under that of the check. Where a
   * person or a disk is at fault (`input.*`), or the error is not ours, nothing is known about the file: it is thrown on.
   */
  async run<D extends object, T>(
    name: CheckName,
    needs: Needs<D>,
    step: (needs: D) => T | Promise<T>,
  ): Promise<T | undefined> {
    if (Object.values(needs).includes(undefined)) {
      this.#checks.push({ name, ok: false, detail: 'not checked, because a check before it failed' });
      return undefined;
    }
    try {
      const result = await step(needs as D);
      this.#checks.push({ name, ok: true });
      return result;
    } catch (error) {
      if (!isOriginSignError(error) || error.code.startsWith('input.')) throw error;
      this.#checks.push(failedCheck(name, error));
      return undefined;
    }
  }
}

function failedCheck(name: CheckName, error: OriginSignError): Check {
  const code = CODE_TABLE[error.code].exit === 1 ? error.code : FALLBACK[name];
  return { name, ok: false, detail: error.message, code, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}
