/** What happened since the process started, by names that outsiders cannot make more of. */
export class Counters {
  readonly #outcomes = new Map<string, number>();
  readonly #signatures = new Map<string, number>();

  /** A submission ended with this outcome: a state, or the code of an error. */
  outcome(name: string): void {
    this.#outcomes.set(name, (this.#outcomes.get(name) ?? 0) + 1);
  }

  /** A signature of this format was recorded. */
  signed(format: string): void {
    this.#signatures.set(format, (this.#signatures.get(format) ?? 0) + 1);
  }

  /** Submissions by outcome, and signatures by format. */
  read(): { readonly outcomes: ReadonlyMap<string, number>; readonly signatures: ReadonlyMap<string, number> } {
    return { outcomes: this.#outcomes, signatures: this.#signatures };
  }
}
