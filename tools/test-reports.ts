const COUNTS = ['numPassedTests', 'numFailedTests', 'numPendingTests', 'numTodoTests'] as const;

/** The part of a report of vitest's `json` reporter that counts. */
type TestReport = Readonly<Record<(typeof COUNTS)[number], number>> & { readonly success: boolean };

/** Sum over the reports of several test runs. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why the sum cannot stand for a passed run even where no test failed. */
  readonly problem?: string;
}

/** Adds up reports of vitest's `json` reporter. A missing report and one without a single test that ran are problems. */
export function sumTestReports(reports: readonly unknown[]): TestSummary {
  const complete = reports.filter(isTestReport);
  const sum = (count: (report: TestReport) => number): number =>
    complete.reduce((total, report) => total + count(report), 0);
  const problem = problemOf(complete, reports.length - complete.length);
  return {
    passed: sum((report) => report.numPassedTests),
    failed: sum((report) => report.numFailedTests),
    skipped: sum((report) => report.numPendingTests + report.numTodoTests),
    ...(problem === undefined ? {} : { problem }),
  };
}

function isTestReport(value: unknown): value is TestReport {
  if (typeof value !== 'object' || value === null || typeof Reflect.get(value, 'success') !== 'boolean') return false;
  return COUNTS.every((count) => Number.isSafeInteger(Reflect.get(value, count)));
}

function problemOf(reports: readonly TestReport[], missing: number): string | undefined {
  if (missing > 0 || reports.length === 0) return 'A test report is missing.';
  if (reports.some((report) => report.numPassedTests + report.numFailedTests === 0)) return 'A test run ran no test.';
  if (reports.some((report) => !report.success && report.numFailedTests === 0)) return 'A test run broke off.';
  return undefined;
}
