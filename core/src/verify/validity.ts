/** When a key of the trust file counts: ISO 8601 times, both included, without an end where there is none. */
export interface Validity {
  readonly validFrom: string;
  readonly validUntil?: string | undefined;
}

/** True where the key counts at that time. */
export function isValidAt(validity: Validity, time: Date): boolean {
  const { validFrom, validUntil } = validity;
  return (
    Date.parse(validFrom) <= time.getTime() && (validUntil === undefined || time.getTime() <= Date.parse(validUntil))
  );
}
