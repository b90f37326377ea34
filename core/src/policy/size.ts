const UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** Bytes of `500MiB`, `64KiB`, `2GiB` or `1024B`; `undefined` for anything else. */
export function parseSize(text: string): number | undefined {
  const [, digits = '', unit = ''] = /^(0|[1-9][0-9]{0,11})(B|KiB|MiB|GiB)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  return factor === undefined ? undefined : Number(digits) * factor;
}
