import { everyCommand, type CommandShape, type OptionShape, type ValueKind } from './command-tree.ts';

/**
 * Completion for bash 4 and later, without the bash-completion package. `-o default` lets the shell complete file names where
 * the function has nothing to say. Source: GNU Bash Reference Manual, Programmable Completion.
 */
export function bashCompletion(name: string, shape: CommandShape): string {
  const commands = everyCommand(shape);
  const known = commands.filter(({ path }) => path.length > 0).map(({ path }) => `"${path.join(' ')}"`);
  return `# bash completion for ${name}: source <(${name} completion bash)
_${name}() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command="" next word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
    next="\${command:+$command }$word"
    case "$next" in
      ${known.join(' | ')}) command="$next" ;;
    esac
  done
  case "$command|$previous" in
${valueCases(commands).join('\n')}
  esac
  case "$command" in
${commands.map(wordCase).join('\n')}
  esac
}
complete -o default -F _${name} ${name}
`;
}

/** What follows an option that takes a value: files by the shell itself, words, or nothing at all for free text. */
function valueCases(commands: readonly CommandShape[]): readonly string[] {
  const options = commands.flatMap(({ path, options: all }) => all.map((option) => ({ path, option })));
  const labels = (kinds: readonly ValueKind[]): string =>
    options
      .filter(({ option }) => kinds.includes(option.value))
      .flatMap(({ path, option }) => optionLabels(path, option))
      .join(' | ');
  const choices = options.flatMap(({ path, option }) => {
    const { value } = option;
    return typeof value === 'object'
      ? [`    ${optionLabels(path, option).join(' | ')}) ${offer(value.words)}; return ;;`]
      : [];
  });
  return [
    `    ${labels(['file', 'folder'])}) return ;;`,
    `    ${labels(['text'])}) compopt +o default; return ;;`,
    ...choices,
  ];
}

function optionLabels(path: readonly string[], { long, short }: OptionShape): readonly string[] {
  const flags = short === undefined ? [long] : [long, short];
  return flags.map((flag) => `"${path.join(' ')}|${flag}"`);
}

function wordCase(shape: CommandShape): string {
  const flags = shape.options.flatMap(({ long, short }) => (short === undefined ? [long] : [long, short]));
  const words = shape.commands.length > 0 ? shape.commands.map(({ path }) => path.at(-1) ?? '') : argumentWords(shape);
  const plain = words.length === 0 ? ':' : offer(words);
  return `    "${shape.path.join(' ')}") if [[ "$current" == -* ]]; then ${offer(flags)}; else ${plain}; fi ;;`;
}

function argumentWords({ arguments: kind }: CommandShape): readonly string[] {
  return typeof kind === 'object' ? kind.words : [];
}

function offer(words: readonly string[]): string {
  return `mapfile -t COMPREPLY < <(compgen -W '${words.join(' ')}' -- "$current")`;
}
