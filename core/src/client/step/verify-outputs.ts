import { relative, sep } from 'node:path';
import { fileFailure, type FilesReport, type FileVerification } from '../verification/files-report.ts';

/** Names of the outputs of a verify step. */
export const VERIFY_OUTPUTS = ['verified', 'report', 'files'] as const;

/** One output for a list of all files, with what later steps decide by; `report` has everything. */
export function filesOutput({ files }: FilesReport, workingDirectory: string): string {
  return JSON.stringify(files.map((file) => fileOutput(file, workingDirectory)));
}

function fileOutput(file: FileVerification, workingDirectory: string): Readonly<Record<string, unknown>> {
  const { verified, format, requestId, origin } = file.report;
  const code = fileFailure(file)?.code;
  return {
    path: relative(workingDirectory, file.path).split(sep).join('/'),
    verified,
    ...(code === undefined ? { format, requestId, commit: origin?.commit, ref: origin?.ref } : { code }),
  };
}
