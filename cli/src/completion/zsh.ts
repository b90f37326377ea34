import { everyCommand, type CommandShape, type OptionShape, type ValueKind } from './command-tree.ts';

/** Completion for zsh, for a file `_originsign` in `fpath` or to be sourced. Source: zshcompsys(1), `_arguments`. */
export function zshCompletion(name: string, shape: CommandShape): string {
  const functions = everyCommand(shape).map((command) => functionOf(name, command));
  return `#compdef ${name}
# zsh completion for ${name}: source <(${name} completion zsh), after compinit
${functions.join('\n')}
if [[ "\${funcstack[1]}" == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function functionOf(name: string, shape: CommandShape): string {
  const options = shape.options.flatMap(optionSpecs);
  const { commands } = shape;
  if (commands.length === 0) {
    return `${functionName(name, shape)}() {
  _arguments -s -S ${[...options, ...argumentSpecs(shape.arguments)].join(' \\\n    ')}
}`;
  }
  const described = commands.map(({ path, description }) => quoted(`${path.at(-1) ?? ''}:${escapeColon(description)}`));
  const cases = commands.map((child) => `      ${child.path.at(-1) ?? ''}) ${functionName(name, child)} ;;`);
  return `${functionName(name, shape)}() {
  local curcontext="$curcontext" context state line
  typeset -A opt_args
  _arguments -C -S ${[...options, "'1:command:->command'", "'*::argument:->argument'"].join(' \\\n    ')}
  case "$state" in
    command)
      local -a commands=(${described.join(' ')})
      _describe command commands
      ;;
    argument)
      case "$line[1]" in
${cases.join('\n')}
      esac
      ;;
  esac
}`;
}

function functionName(name: string, { path }: CommandShape): string {
  return ['', name, ...path].join('_').replaceAll('-', '_');
}

function optionSpecs({ long, short, value, description }: OptionShape): readonly string[] {
  const flags = short === undefined ? [long] : [short, long];
  const text = `[${description.replace(/[\][\\]/g, (character) => `\\${character}`)}]`;
  const repeated = description.includes('several times') ? '*' : '';
  const others = repeated === '' && short !== undefined ? `(${flags.join(' ')})` : '';
  return flags.map((flag) => quoted(`${others}${repeated}${flag}${text}${valueSpec(value)}`));
}

function valueSpec(value: ValueKind): string {
  if (value === 'none') return '';
  if (value === 'text') return ':text: ';
  if (value === 'file') return ':file:_files';
  return value === 'folder' ? ':folder:_files -/' : `:choice:(${value.words.join(' ')})`;
}

function argumentSpecs(kind: ValueKind): readonly string[] {
  return kind === 'none' ? [] : [quoted(`*${valueSpec(kind)}`)];
}

function escapeColon(text: string): string {
  return text.replaceAll(':', '\\:');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
