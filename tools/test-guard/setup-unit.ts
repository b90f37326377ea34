import fc from 'fast-check';
import { afterEach } from 'vitest';
import { guardConsole } from './console.ts';
import { guardNetwork } from './network.ts';
import { guardProcesses } from './processes.ts';
import { takeViolations } from './violations.ts';

/** Milliseconds of one property in a quick run; the whole number of its runs is for `npm test`. */
const QUICK_PROPERTY = 100;

if (process.env['ORIGINSIGN_THOROUGH'] !== '1') fc.configureGlobal({ interruptAfterTimeLimit: QUICK_PROPERTY });

guardConsole();
guardNetwork();
guardProcesses();

afterEach(() => {
  const violations = takeViolations();
  if (violations.length > 0) throw new Error(`Unit tests may not do this: ${violations.join('; ')}.`);
});
