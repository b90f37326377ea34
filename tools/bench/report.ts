/** One measured figure with what it is compared to in the same run. */
export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: 'signatures/s';
  /** Two processes that do nothing but call PKCS#11. */
  readonly raw: number;
  /** Raw PKCS#11 plus every signature that the protocol makes or checks. */
  readonly floor: number;
  readonly ratioToRaw: number;
  readonly ratioToFloor: number;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Prints one figure on one line. */
export function printResult({ name, value, raw, floor, ratioToRaw, ratioToFloor }: BenchResult): void {
  const figure = (number: number): string => number.toFixed(number < 100 ? 1 : 0);
  console.log(
    `${name.padEnd(34)} ${figure(value).padStart(7)}/s  raw ${figure(raw).padStart(7)}/s  floor ${figure(floor).padStart(7)}/s` +
      `  ÷ raw ${ratioToRaw.toFixed(2)}  ÷ floor ${ratioToFloor.toFixed(2)}`,
  );
}
