import type { Command } from 'commander';
import { newStaticToken } from '../app/new-static-token.ts';
import { print } from './print.ts';

interface GenerateOptions {
  readonly project: string;
  readonly expires: string;
}

/** `tokens generate`. */
export function addTokens(program: Command): void {
  const tokens = program.command('tokens').description('static tokens, for build systems without identity tokens');
  tokens
    .command('generate')
    .description('make a static token and print it this once, with the entry for the file of its trusted build system')
    .argument('<name>', 'what log and policies call it')
    .requiredOption('--project <project>', 'the one project that it may ask for')
    .requiredOption('--expires <date>', 'day from which on it is refused, as in 2027-01-31')
    .addHelpText(
      'after',
      '\nTo replace a token without a gap, add the entry of the next one, and remove the old one later.',
    )
    .action((name: string, options: GenerateOptions) => {
      const { token, entry } = newStaticToken({ name, ...options }, new Date());
      print(token);
      print();
      print('# under "tokens" of trusted-build-systems/<id>.yml, whose type is static-token:');
      print(`  - ${entry}`);
    });
}
