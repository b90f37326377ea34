import type { JsonObject } from '../encoding/canonical-json.ts';
import { OriginSignError } from '../errors/error.ts';
import type { Format, Source } from '../formats/format.ts';
import { formatById, recogniseFormat } from '../formats/registry.ts';

/** Formats in the order in which they are tried; `auto` stands for every format that signs inside the file. */
export type FormatChoice = readonly ('auto' | Format)[];

/** Options by id of the format. */
export type FormatOptions = Readonly<Record<string, JsonObject>>;

/** Formats that sign any file, so that asking them whether they recognise it is no question. */
const FOR_ANY_FILE: ReadonlySet<string> = new Set(['cms-detached', 'raw', 'minisign']);

/** Parses `auto,cms-detached`. Throws `input.invalid`, `format.unknown`. */
export function parseFormatChoice(text: string): FormatChoice {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '') || new Set(names).size !== names.length) {
    throw new OriginSignError('input.invalid', 'The input format has an empty or a repeated item.', {
      hint: 'write it like auto or auto,cms-detached',
    });
  }
  return names.map((name) => (name === 'auto' ? name : formatById(name)));
}

/**
 * The first format of the choice that takes the file; where a single format is asked for, that one, which then says what is
 * wrong. Throws `format.unknown`. `name` is for the message.
 */
export async function chooseFormat(choice: FormatChoice, source: Source, name: string): Promise<Format> {
  const [only] = choice;
  if (choice.length === 1 && only !== undefined && only !== 'auto') return only;
  for (const candidate of choice) {
    const format = candidate === 'auto' ? await recogniseFormat(source) : await taking(candidate, source);
    if (format !== undefined) return format;
  }
  throw new OriginSignError('format.unknown', `The content of "${name}" is of no format that can be signed.`, {
    hint: 'set the format: auto,cms-detached signs the others beside the file, raw makes bare signatures',
    details: { name },
  });
}

async function taking(format: Format, source: Source): Promise<Format | undefined> {
  return FOR_ANY_FILE.has(format.id) || (await format.recognise(source)) ? format : undefined;
}

/** Parses lines `<format>.<option>=<value>`; `true` and `false` are booleans. Throws `input.invalid`, `format.unknown`. */
export function parseFormatOptions(lines: readonly string[]): FormatOptions {
  const options: Record<string, Record<string, string | boolean>> = {};
  for (const line of lines.map((text) => text.trim()).filter((text) => text !== '')) {
    const [, format, name, value] = /^([a-z0-9-]+)\.([A-Za-z][A-Za-z0-9]*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (format === undefined || name === undefined || value === undefined) {
      throw new OriginSignError('input.invalid', 'A line of the input options cannot be read.', {
        hint: 'write one option a line, like raw.output=sigstore-bundle',
      });
    }
    const known = (options[formatById(format).id] ??= {});
    if (Object.hasOwn(known, name)) {
      throw new OriginSignError('input.invalid', `The option ${format}.${name} is given twice.`);
    }
    known[name] = value === 'true' || value === 'false' ? value === 'true' : value;
  }
  return options;
}
