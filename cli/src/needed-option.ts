import { Option, type Command } from 'commander';
import { OriginSignError } from '@originsign/core/errors/error';

/**
 * An option without which a command does not run. Commander's own mandatory options are looked at before unknown ones, so that
 * somebody who misspells `--project` would read that it is missing instead of how it is spelt.
 */
export class NeededOption extends Option {
  constructor(flags: string, description: string) {
    super(flags, `${description} (required)`);
  }
}

/** Throws `input.missing` for the first needed option that was not given to the command. */
export function refuseMissingOptions(command: Command): void {
  const missing = command.options.find((option) => {
    return option instanceof NeededOption && command.getOptionValue(option.attributeName()) === undefined;
  });
  if (missing === undefined) return;
  throw new OriginSignError('input.missing', `The option ${missing.flags} is missing.`, {
    hint: `${missing.description.replace(' (required)', '')}`,
  });
}
