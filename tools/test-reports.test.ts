import { describe, expect, it } from 'vitest';
import { sumTestReports } from './test-reports.ts';

const report = (passed: number, failed: number, more: object = {}): object => ({
  success: failed === 0,
  numTotalTests: passed + failed,
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: 0,
  numTodoTests: 0,
  ...more,
});

describe('the sum of test reports', () => {
  it('adds what each run counted', () => {
    expect(sumTestReports([report(3, 0), report(2, 1, { numPendingTests: 4 })])).toEqual({
      passed: 5,
      failed: 1,
      skipped: 4,
    });
  });

  it.each([
    ['there is no report', [], 'report is missing'],
    ['one of two reports is missing', [report(3, 0), undefined], 'report is missing'],
    ['a file is no report', [{ passed: 3 }], 'report is missing'],
    ['a run ran nothing', [report(3, 0), report(0, 0)], 'ran no test'],
    ['a run skipped everything', [report(0, 0, { numPendingTests: 9 })], 'ran no test'],
    ['a run broke off without a failed test', [report(3, 0, { success: false })], 'broke off'],
  ])('has a problem where %s', (_, reports, problem) => {
    expect(sumTestReports(reports).problem).toContain(problem);
  });
});
