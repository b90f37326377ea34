import { afterEach } from 'vitest';
import { guardNetwork } from './network.ts';
import { takeViolations } from './violations.ts';

guardNetwork();

afterEach(() => {
  const violations = takeViolations();
  if (violations.length > 0) throw new Error(`Tests may not do this: ${violations.join('; ')}.`);
});
