const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Seconds of `90s`, `10m` or `1h`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^([1-9][0-9]{0,5})([smh])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}
