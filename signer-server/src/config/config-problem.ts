/** Where something stands in a file; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong in the configuration, found while it is read. Never leaves this room: the loader makes one error of all. */
export class ConfigProblem extends Error {
  readonly position: Position;
  /** Dotted path of the setting, empty for the document itself. */
  readonly path: string;

  constructor(position: Position, path: string, sentence: string) {
    super(sentence);
    this.position = position;
    this.path = path;
  }

  /** `12:5 hsm.tokens[0].serial: sentence`. */
  describe(): string {
    const { line, column } = this.position;
    return `${line}:${column} ${this.path === '' ? '' : `${this.path}: `}${this.message}`;
  }
}
