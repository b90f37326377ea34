import type { Outcome } from '@originsign/testkit/child';

/** Writes a line. */
export function say(line = ''): void {
  console.log(line);
}

/** Starts a new part of the story. */
export function heading(text: string): void {
  say(`\n== ${text}`);
}

/** Ends the example with all that was printed where a step did not do what it is there to show. */
export function expectStatus(outcome: Outcome, status: number): void {
  if (outcome.status === status) return;
  throw new Error(`Expected exit status ${status}, not ${outcome.status}:\n${outcome.stdout}${outcome.stderr}`);
}
