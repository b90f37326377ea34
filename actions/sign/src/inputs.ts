import type { SignOptions } from '@originsign/core/client/sign';
import {
  assignments,
  duration,
  flag,
  lines,
  oneOf,
  optionalText,
  requiredLines,
  requiredText,
  type InputReader,
} from '../../shared/input-readers.ts';

/** Every input of the action, as `action.yml` declares it, and how it is read. */
export const INPUTS = {
  server: requiredText,
  project: requiredText,
  policy: requiredText,
  files: requiredLines,
  format: oneOfFormats,
  options: lines,
  'output-directory': optionalText,
  description: optionalText,
  parameters: assignments,
  wait: flag(true),
  timeout: duration('60m'),
  'on-timeout': oneOf('cancel', 'leave'),
  'dry-run': flag(false),
  'ca-file': optionalText,
} as const satisfies Readonly<Record<string, InputReader<unknown>>>;

type Inputs = { readonly [K in keyof typeof INPUTS]: ReturnType<(typeof INPUTS)[K]> };

/** What the step asks for. */
export interface SignStep {
  readonly options: SignOptions;
  readonly dryRun: boolean;
  readonly caFile: string | undefined;
}

/** Reads all inputs. Throws `input.missing` and `input.invalid`, which name the input and what it takes. */
export function readInputs(input: (name: string) => string, workingDirectory: string): SignStep {
  const entries = Object.entries(INPUTS).map(([name, read]) => [name, read(input(name), name)]);
  const inputs = Object.fromEntries(entries) as Inputs;
  const outputDirectory = inputs['output-directory'];
  return {
    dryRun: inputs['dry-run'],
    caFile: inputs['ca-file'],
    options: {
      workingDirectory,
      server: inputs.server,
      project: inputs.project,
      policy: inputs.policy,
      files: inputs.files,
      format: inputs.format,
      formatOptions: inputs.options,
      wait: inputs.wait,
      timeout: inputs.timeout,
      onTimeout: inputs['on-timeout'],
      ...(outputDirectory === undefined ? {} : { outputDirectory }),
      ...(inputs.description === undefined ? {} : { description: inputs.description }),
      ...(Object.keys(inputs.parameters).length === 0 ? {} : { parameters: inputs.parameters }),
    },
  };
}

/** The client checks the names; here only the preset is known. */
function oneOfFormats(text: string): string {
  return text === '' ? 'auto' : text;
}
