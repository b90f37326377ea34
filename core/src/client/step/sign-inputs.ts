import type { SignOptions } from '../sign.ts';
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
} from './input-readers.ts';
import type { StepHost } from './step-host.ts';

/** Every input of a sign step and how it is read. */
export const SIGN_INPUTS = {
  server: requiredText,
  project: requiredText,
  policy: requiredText,
  files: requiredLines,
  format: formats,
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

type Inputs = { readonly [K in keyof typeof SIGN_INPUTS]: ReturnType<(typeof SIGN_INPUTS)[K]> };

/** What the step asks for. */
export interface SignStep {
  readonly options: SignOptions;
  readonly dryRun: boolean;
  readonly caFile: string | undefined;
}

/** Reads all inputs. Throws `input.missing` and `input.invalid`, which name the input and what it takes. */
export function readSignInputs(host: Pick<StepHost, 'input' | 'inputName' | 'workingDirectory'>): SignStep {
  const { workingDirectory } = host;
  const entries = Object.entries(SIGN_INPUTS).map(([name, read]) => [
    name,
    read(host.input(name), host.inputName(name)),
  ]);
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
function formats(text: string): string {
  return text === '' ? 'auto' : text;
}
