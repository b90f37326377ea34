import { afterEach } from 'vitest';
import { guardConsole } from './console.ts';
import { guardNetwork } from './network.ts';
import { guardProcesses } from './processes.ts';
import { takeViolations } from './violations.ts';

guardConsole();
guardNetwork();
guardProcesses();

afterEach(() => {
  const violations = takeViolations();
  if (violations.length > 0) throw new Error(`Unit tests may not do this: ${violations.join('; ')}.`);
});
