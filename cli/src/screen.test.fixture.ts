import type { Terminal } from './status-line.ts';

/** A terminal as a person sees it, as far as the command uses one: carriage return, line feed, erase to the end, wrapping. */
export class Screen implements Terminal {
  readonly #width: number;
  #rows: string[] = [''];
  #column = 0;

  constructor(width: number) {
    this.#width = width;
  }

  columns(): number {
    return this.#width;
  }

  write(text: string): void {
    for (const part of text.match(/\u001b\[K|[^]/g) ?? []) this.#put(part);
  }

  /** Lines with something in them. */
  lines(): readonly string[] {
    return this.#rows.filter((row) => row !== '');
  }

  #put(part: string): void {
    const row = this.#rows.at(-1) ?? '';
    if (part === '\r') this.#column = 0;
    else if (part === '\n') this.#feed();
    else if (part === '\u001b[K') this.#rows[this.#rows.length - 1] = row.slice(0, this.#column);
    else {
      if (this.#column === this.#width) this.#feed();
      const current = this.#rows.at(-1) ?? '';
      this.#rows[this.#rows.length - 1] = current.slice(0, this.#column) + part + current.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  #feed(): void {
    this.#rows.push('');
    this.#column = 0;
  }
}
