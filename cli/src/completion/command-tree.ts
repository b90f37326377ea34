import type { Command, Option } from 'commander';

/** What may follow an option or stand as an argument. */
export type ValueKind = 'none' | 'text' | 'file' | 'folder' | { readonly words: readonly string[] };

/** One option of a command. */
export interface OptionShape {
  /** With its dashes: `--output-directory`. */
  readonly long: string;
  /** `-o`, where there is one. */
  readonly short?: string;
  readonly value: ValueKind;
  readonly description: string;
  /** As the user's manual writes it: `-o, --output-directory <folder>`. */
  readonly flags: string;
}

/** One command, or a group of them. */
export interface CommandShape {
  /** Words that lead to it, without the name of the program; none for the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly options: readonly OptionShape[];
  readonly arguments: ValueKind;
  readonly commands: readonly CommandShape[];
}

/** The shape of a command line, from the definitions that parse it. */
export function commandShape(command: Command, path: readonly string[] = []): CommandShape {
  const [first] = command.registeredArguments;
  return {
    path,
    description: command.description(),
    options: [...command.options.map(optionShape), HELP],
    arguments: first === undefined ? 'none' : (first.argChoices && { words: first.argChoices }) || 'file',
    commands: command.commands.map((child) => commandShape(child, [...path, child.name()])),
  };
}

/** The command itself and all below it, in the order in which people read them. */
export function everyCommand(shape: CommandShape): readonly CommandShape[] {
  return [shape, ...shape.commands.flatMap(everyCommand)];
}

const HELP: OptionShape = {
  ...{ long: '--help', short: '-h', value: 'none', flags: '-h, --help' },
  description: 'print what this command takes',
};

function optionShape(option: Option): OptionShape {
  const { long, short, flags, description } = option;
  return {
    long: long ?? short ?? flags,
    ...(short === undefined ? {} : { short }),
    value: valueOf(option),
    description,
    flags,
  };
}

function valueOf({ flags, argChoices, required, optional }: Option): ValueKind {
  if (!required && !optional) return 'none';
  if (argChoices !== undefined) return { words: argChoices };
  if (/<(?:file|path|receipt|provenance)>$/.test(flags)) return 'file';
  return /<(?:folder|directory)>$/.test(flags) ? 'folder' : 'text';
}
