import type { CommanderError } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';

const MISSING: ReadonlySet<string> = new Set(['commander.missingArgument', 'commander.optionMissingArgument']);

/** A misspelt or incomplete command line as our error: the parser's sentence, its suggestion as the hint. */
export function commandLineError(error: CommanderError): OriginSignError {
  if (error.code === 'commander.help') {
    return new OriginSignError('input.missing', 'No command was given.', {
      hint: 'originsign --help lists the commands',
    });
  }
  const [sentence = '', suggestion] = error.message.replace(/^error: /, '').split('\n');
  const similar = /\(Did you mean (?:one of )?(.*)\?\)/.exec(suggestion ?? '')?.[1];
  const hint = similar === undefined ? undefined : `did you mean ${similar}?`;
  return new OriginSignError(
    MISSING.has(error.code) ? 'input.missing' : 'input.invalid',
    sentence,
    hint === undefined ? {} : { hint },
  );
}
