import { recordViolation } from './violations.ts';

const METHODS = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const;

/** From here on a test that prints through the console fails. */
export function guardConsole(): void {
  for (const method of METHODS) {
    console[method] = (...values: readonly unknown[]) => {
      recordViolation(`console.${method}: ${values.map(String).join(' ').slice(0, 200)}`);
    };
  }
}
