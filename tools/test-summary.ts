import { existsSync, readFileSync, rmSync } from 'node:fs';
import { sumTestReports } from './test-reports.ts';

const paths = process.argv.slice(2);
const reports = paths.map((path) =>
  existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : undefined,
);
// Read once and removed, so that a run which writes no report is not covered by the one before it.
for (const path of paths) rmSync(path, { force: true });

const { passed, failed, skipped, problem } = sumTestReports(reports);
if (problem !== undefined) console.error(`error: ${problem}`);
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = problem === undefined && failed === 0 ? 0 : 1;
