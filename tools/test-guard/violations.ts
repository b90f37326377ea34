/** What tests did that unit tests may not do, in the order in which it happened. */
const violations: string[] = [];

/** Notes one. The setup file fails the running test for it, even where the code under test swallows the error. */
export function recordViolation(what: string): void {
  violations.push(what);
}

/** Empties the list and returns what was in it. */
export function takeViolations(): readonly string[] {
  return violations.splice(0);
}
