import { ChildProcess } from 'node:child_process';
import { recordViolation } from './violations.ts';

/** From here on a test that starts a process fails: that is what end-to-end tests are for. */
export function guardProcesses(): void {
  Object.defineProperty(ChildProcess.prototype, 'spawn', {
    value: () => {
      recordViolation('a process was started');
      throw new Error('Unit tests may not start processes.');
    },
  });
}
