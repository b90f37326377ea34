import { OriginSignError } from '../errors/error.ts';
import { authenticodeCab } from './authenticode-cab/authenticode-cab.ts';
import { authenticodePe } from './authenticode-pe/authenticode-pe.ts';
import { cmsDetached } from './cms-detached/cms-detached.ts';
import type { Format, Source } from './format.ts';
import { linuxModule } from './linux-module/linux-module.ts';
import { minisign } from './minisign/minisign.ts';
import { raw } from './raw/raw.ts';

/** Every format there is, by id, in the order in which files are recognised. */
export const FORMATS: Readonly<Record<string, Format>> = Object.fromEntries(
  [authenticodePe, authenticodeCab, linuxModule, cmsDetached, raw, minisign].map((format) => [format.id, format]),
);

/** The format of this id; throws `format.unknown`. */
export function formatById(id: string): Format {
  const format = Object.hasOwn(FORMATS, id) ? FORMATS[id] : undefined;
  if (format !== undefined) return format;
  throw new OriginSignError('format.unknown', 'There is no such format.', {
    hint: `the formats are ${Object.keys(FORMATS).join(', ')}`,
  });
}

/** The format that the content of a file has, `undefined` where none knows it. */
export async function recogniseFormat(source: Source): Promise<Format | undefined> {
  for (const format of Object.values(FORMATS)) if (await format.recognise(source)) return format;
  return undefined;
}
