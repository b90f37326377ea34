import { relative, sep } from 'node:path';
import { digestMap } from '../../attestation/covered-digest.ts';
import type { OriginSignError } from '../../errors/error.ts';
import type { SignResult } from '../sign.ts';
import type { SignedFile } from '../signed-file.ts';

/** Names of the outputs of a sign step. */
export const SIGN_OUTPUTS = [
  'request-id',
  'request-url',
  'status',
  'files',
  'provenance-path',
  'receipt-path',
] as const;

/** Outputs by name; those that have no value are left out. */
export type SignOutputs = Readonly<Partial<Record<(typeof SIGN_OUTPUTS)[number], string>>>;

/** Outputs of a signing. */
export function signOutputs(result: SignResult, workingDirectory: string): SignOutputs {
  const path = (file: string) => outputPath(file, workingDirectory);
  const { receiptPath, provenancePath } = result;
  return {
    status: result.status,
    files: JSON.stringify(result.files.map((file) => fileOutput(file, path))),
    ...(receiptPath === undefined ? {} : { 'receipt-path': path(receiptPath) }),
    ...(provenancePath === undefined ? {} : { 'provenance-path': path(provenancePath) }),
  };
}

/** A path with forward slashes, which every shell takes, relative to the working directory where it lies below it. */
export function outputPath(file: string, workingDirectory: string): string {
  const below = relative(workingDirectory, file);
  const isOutside = below === '..' || below.startsWith(`..${sep}`);
  return (isOutside ? file : below).split(sep).join('/');
}

function fileOutput(file: SignedFile, path: (file: string) => string): Readonly<Record<string, unknown>> {
  const { name, format, coveredDigest, key, timestamp, signaturePath } = file;
  return {
    name,
    path: path(file.output),
    ...(signaturePath === undefined ? {} : { signature: path(signaturePath) }),
    format,
    coveredDigest: digestMap(coveredDigest),
    key: key.label,
    ...(timestamp === undefined ? {} : { timestamp }),
  };
}

/** The status of a step that failed: the state of the request where it is known. */
export function statusOf(error: OriginSignError): string {
  const state = error.details?.['state'];
  if (typeof state === 'string') return state;
  if (error.code === 'request.cancelled') return 'cancelled';
  if (error.code === 'request.expired') return 'expired';
  return error.exitCode === 3 ? 'denied' : 'failed';
}
