import { plainText } from '@originsign/core/client/plain-text';

/** The terminal that a status line is drawn on. */
export interface Terminal {
  /** Characters in a line, now: people resize windows. */
  columns(): number;
}

/** Back to the first column, and forget what stands in the line. ECMA-48 EL. */
const CLEAR = '\r\u001b[K';

/** One line at the bottom of a terminal that changes in place; whole lines scroll by above it. */
export class StatusLine {
  readonly #write: (text: string) => void;
  readonly #terminal: Terminal;
  #shown = '';

  constructor(write: (text: string) => void, terminal: Terminal) {
    this.#write = write;
    this.#terminal = terminal;
  }

  /** Shows a text in place of the one before. A line that wraps could not be taken back, so it is cut. */
  show(text: string): void {
    const line = plainText(text).slice(0, Math.max(0, this.#terminal.columns() - 1));
    if (line === this.#shown) return;
    this.#shown = line;
    this.#write(`${CLEAR}${line}`);
  }

  /** Takes the text away. */
  clear(): void {
    if (this.#shown === '') return;
    this.#shown = '';
    this.#write(CLEAR);
  }

  /** A whole line that stays. */
  print(line: string): void {
    this.clear();
    this.#write(`${line}\n`);
  }
}
