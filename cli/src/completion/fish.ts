import { everyCommand, type CommandShape, type OptionShape } from './command-tree.ts';

/** Completion for fish. Source: fish documentation, `complete`. */
export function fishCompletion(name: string, shape: CommandShape): string {
  const lines = everyCommand(shape).flatMap((command) => linesOf(name, command));
  return `# fish completion for ${name}: ${name} completion fish | source
complete -c ${name} -f
${lines.join('\n')}
`;
}

function linesOf(name: string, shape: CommandShape): readonly string[] {
  const { commands, options, arguments: kind } = shape;
  const here = `complete -c ${name} -n ${quoted(condition(shape))}`;
  return [
    ...commands.map(({ path, description }) => `${here} -a ${path.at(-1) ?? ''} -d ${quoted(description)}`),
    ...options.map((option) => `${here} ${optionFlags(option)}`),
    ...(kind === 'file' ? [`${here} -F`] : []),
    ...(typeof kind === 'object' ? [`${here} -a ${quoted(kind.words.join(' '))}`] : []),
  ];
}

/** True where these words were typed, and none of the words below them. */
function condition({ path, commands }: CommandShape): string {
  const seen = path.map((word) => `__fish_seen_subcommand_from ${word}`);
  const next = commands.map((child) => child.path.at(-1) ?? '');
  const unseen = next.length === 0 ? [] : [`not __fish_seen_subcommand_from ${next.join(' ')}`];
  return [...seen, ...unseen].join('; and ');
}

function optionFlags({ long, short, value, description }: OptionShape): string {
  const names = [`-l ${long.replace(/^--/, '')}`, ...(short === undefined ? [] : [`-s ${short.slice(1)}`])];
  const values: Readonly<Record<string, string>> = {
    none: '',
    text: '-x',
    file: '-r -F',
    folder: '-x -a "(__fish_complete_directories)"',
  };
  const choice = typeof value === 'object' ? `-x -a ${quoted(value.words.join(' '))}` : (values[value] ?? '');
  return [...names, ...(choice === '' ? [] : [choice]), `-d ${quoted(description)}`].join(' ');
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, (character) => `\\${character}`)}'`;
}
