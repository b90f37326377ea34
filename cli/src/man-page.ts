import { everyCommand, type CommandShape } from './completion/command-tree.ts';
import { ENVIRONMENT_VARIABLES, EXIT_STATUSES } from './environment-variables.ts';

/** What the manual is about. */
export interface Manual {
  readonly name: string;
  readonly version: string;
  readonly shape: CommandShape;
  /** Usage of a command by the words that lead to it, without the name of the program. */
  readonly usage: (path: readonly string[]) => string;
}

/** The manual page, section 1, in the macros of man(7). It carries no date, so that it is the same whenever it is made. */
export function manPage({ name, version, shape, usage }: Manual): string {
  const commands = everyCommand(shape).filter((command) => command.path.length > 0 && command.commands.length === 0);
  const { path: _path, options } = shape;
  const lines = [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${version}" "User Commands"`,
    ...section('NAME', [`${text(name)} \\- ${text(lowerFirst(shape.description))}`]),
    ...section('SYNOPSIS', [`.B ${text(name)}`, text('command [options] [files]')]),
    ...section('DESCRIPTION', [
      text(
        'Results go to standard output, everything else to standard error. With --json, standard output carries one JSON document.',
      ),
      text(
        'In a CI log and in a pipe every line stays; on a terminal one line moves while files are read and requests wait.',
      ),
    ]),
    ...section(
      'OPTIONS',
      options.flatMap((option) => item(option.flags, option.description)),
    ),
    ...section(
      'COMMANDS',
      commands.flatMap((command) => commandLines(command, usage(command.path))),
    ),
    ...section(
      'ENVIRONMENT',
      Object.entries(ENVIRONMENT_VARIABLES).flatMap(([variable, what]) => item(variable, what)),
    ),
    ...section(
      'EXIT STATUS',
      Object.entries(EXIT_STATUSES).flatMap(([status, what]) => item(status, what)),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return [`.SH ${title}`, ...lines];
}

function commandLines({ description, options }: CommandShape, usage: string): readonly string[] {
  return [
    `.SS ${text(usage)}`,
    `${text(description)}.`,
    ...options.filter(({ long }) => long !== '--help').flatMap((option) => item(option.flags, option.description)),
  ];
}

function item(term: string, what: string): readonly string[] {
  return ['.TP', `.B ${text(term)}`, text(what)];
}

/** Text that man(7) does not read: hyphens are minus signs that people can copy, and no line begins with a control character. */
function text(value: string): string {
  const escaped = value.replaceAll('\\', '\\e').replaceAll('-', '\\-');
  return /^['.]/.test(escaped) ? `\\&${escaped}` : escaped;
}

function lowerFirst(value: string): string {
  return value.slice(0, 1).toLowerCase() + value.slice(1);
}
