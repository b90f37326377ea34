import type { Command, Option } from 'commander';

/** A reference of all commands as Markdown, from the same definitions that parse the command line. */
export function describeCommands(program: Command): string {
  const sections = leaves(program).map(describeCommand);
  return `# ${program.name()}\n\n${program.description()}.\n\n${sections.join('\n')}`;
}

/** Usage of a command by the words that lead to it; of the program where there is none. */
export function usageOf(program: Command): (path: readonly string[]) => string {
  return (path) => {
    const found = path.reduce<Command | undefined>(
      (command, word) => command?.commands.find((child) => child.name() === word),
      program,
    );
    return usage(found ?? program);
  };
}

function usage(command: Command): string {
  return command.createHelp().commandUsage(command).replace(' [options]', '');
}

function leaves(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
}

function describeCommand(command: Command): string {
  const rows = [
    ...command.registeredArguments.map((argument) => [`\`${argument.name()}\``, argument.description]),
    ...command.options.map((option) => [`\`${option.flags}\``, describeOption(option)]),
  ];
  const lines = rows.map(([term = '', text = '']) => `| ${cell(term)} | ${cell(text)} |`);
  return `## ${usage(command)}\n\n${command.description()}\n\n| | |\n| --- | --- |\n${lines.join('\n')}\n`;
}

function describeOption({ description, defaultValue, argChoices, negate }: Option): string {
  const notes = [
    ...(argChoices === undefined ? [] : [argChoices.join(' or ')]),
    ...(typeof defaultValue === 'string' && !negate ? [`default: ${defaultValue}`] : []),
  ];
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
