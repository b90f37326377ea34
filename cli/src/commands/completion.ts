import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { commandShape, type CommandShape } from '../completion/command-tree.ts';
import { fishCompletion } from '../completion/fish.ts';
import { zshCompletion } from '../completion/zsh.ts';
import { jsonOption } from '../options.ts';
import type { Output } from '../output.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Readonly<
  Record<string, (name: string, shape: CommandShape) => string>
>;

/** `originsign completion`. */
export function addCompletion(program: Command, output: Output): void {
  program
    .command('completion')
    .description('print a script that completes this command in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(SHELLS)))
    .addOption(jsonOption())
    .action((shell: keyof typeof SHELLS) => {
      const script = SHELLS[shell](program.name(), commandShape(program));
      output.result({ lines: script.trimEnd().split('\n'), json: { shell, script } });
    });
}
