import { relative, sep } from 'node:path';
import { digestMap } from '@originsign/core/attestation/covered-digest';
import type { SignResult } from '@originsign/core/client/sign';
import type { SignedFile } from '@originsign/core/client/signed-file';
import type { OriginSignError } from '@originsign/core/errors/error';

/** Names of the outputs, as `action.yml` declares them. */
export const OUTPUTS = ['request-id', 'request-url', 'status', 'files', 'provenance-path', 'receipt-path'] as const;

/** Outputs by name; those that have no value are left out. */
export type Outputs = Readonly<Partial<Record<(typeof OUTPUTS)[number], string>>>;

/** Outputs of a signing. Paths are relative to the workspace, with forward slashes. */
export function outputsOf(result: SignResult, workingDirectory: string): Outputs {
  const path = (file: string) => relative(workingDirectory, file).split(sep).join('/');
  const { receiptPath, provenancePath } = result;
  return {
    status: result.status,
    files: JSON.stringify(result.files.map((file) => fileOutput(file, path))),
    ...(receiptPath === undefined ? {} : { 'receipt-path': path(receiptPath) }),
    ...(provenancePath === undefined ? {} : { 'provenance-path': path(provenancePath) }),
  };
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
