import type { VerifyFilesOptions } from '../verification/verify-files.ts';
import { flag, lines, optionalText, requiredLines, requiredText, type InputReader } from './input-readers.ts';
import type { StepHost } from './step-host.ts';

/** Every input of a verify step and how it is read. */
export const VERIFY_INPUTS = {
  files: requiredLines,
  trust: requiredText,
  repository: requiredText,
  project: requiredText,
  ref: optionalText,
  workflow: optionalText,
  policy: optionalText,
  builder: optionalText,
  format: optionalText,
  recursive: flag(false),
  'require-signed': flag(false),
  receipt: lines,
  provenance: lines,
  trial: flag(false),
} as const satisfies Readonly<Record<string, InputReader<unknown>>>;

type Inputs = { readonly [K in keyof typeof VERIFY_INPUTS]: ReturnType<(typeof VERIFY_INPUTS)[K]> };

/** What the step asks for. */
export interface VerifyStep {
  /** Path of the trust file as it was given. */
  readonly trust: string;
  readonly options: Omit<VerifyFilesOptions, 'trust'>;
}

/** Reads all inputs. Throws `input.missing` and `input.invalid`, which name the input and what it takes. */
export function readVerifyInputs(host: Pick<StepHost, 'input' | 'inputName' | 'workingDirectory'>): VerifyStep {
  const entries = Object.entries(VERIFY_INPUTS).map(([name, read]) => [
    name,
    read(host.input(name), host.inputName(name)),
  ]);
  const inputs = Object.fromEntries(entries) as Inputs;
  const { files, trust, repository, project, ref, workflow, policy, builder, format } = inputs;
  return {
    trust,
    options: {
      files,
      workingDirectory: host.workingDirectory,
      expected: {
        repository,
        project,
        ...(ref === undefined ? {} : { ref }),
        ...(workflow === undefined ? {} : { workflow }),
        ...(policy === undefined ? {} : { policy }),
        ...(builder === undefined ? {} : { builder }),
      },
      ...(format === undefined ? {} : { format }),
      ...(inputs.receipt.length === 0 ? {} : { receipts: inputs.receipt }),
      ...(inputs.provenance.length === 0 ? {} : { provenances: inputs.provenance }),
      recursive: inputs.recursive,
      requireSigned: inputs['require-signed'],
      trial: inputs.trial,
    },
  };
}
