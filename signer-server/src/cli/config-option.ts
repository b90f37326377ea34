import { Option } from 'commander';

/** `--config`, which every command that works on a store takes. */
export function configOption(): Option {
  return new Option('--config <file>', 'server.yml').env('ORIGINSIGN_CONFIG').makeOptionMandatory();
}
