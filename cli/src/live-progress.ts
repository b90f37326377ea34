import type { SignEvent } from '@originsign/core/client/events';
import { waitingText } from '@originsign/core/client/report-lines';
import { sizeText } from '@originsign/core/client/size-text';
import type { StatusLine } from './status-line.ts';
import { row } from './ui.ts';

const BAR_WIDTH = 24;
const SPINNER = ['|', '/', '-', '\\'] as const;
/** Milliseconds for which hashing is not worth a bar. */
const SOON = 300;

type Hashing = Extract<SignEvent, { kind: 'hashing' }>;

/**
 * What goes on, for somebody who sits before a terminal: how far the files are read, and for how long the request waits. It
 * moves when `tick` is called.
 */
export class LiveProgress {
  readonly #line: StatusLine;
  readonly #now: () => Date;
  readonly #began: number;
  readonly #files = new Map<string, Hashing>();
  #waiting: Extract<SignEvent, { kind: 'waiting' }> | undefined;
  #ticks = 0;

  constructor(line: StatusLine, now: () => Date) {
    this.#line = line;
    this.#now = now;
    this.#began = now().getTime();
  }

  /** Takes an event that has a moving line of its own; false for all others, which are printed. */
  take(event: SignEvent): boolean {
    if (event.kind === 'hashing') this.#files.set(event.name, event);
    else if (event.kind === 'waiting') this.#waiting = event;
    else {
      if (event.kind === 'hashed') this.#files.clear();
      if (event.kind === 'signed') this.#waiting = undefined;
      return false;
    }
    this.tick();
    return true;
  }

  /** Draws again. */
  tick(): void {
    this.#ticks += 1;
    const text = this.#text();
    if (text === undefined) this.#line.clear();
    else this.#line.show(text);
  }

  #text(): string | undefined {
    if (this.#waiting !== undefined) {
      const { since } = this.#waiting;
      const spinner = SPINNER[this.#ticks % SPINNER.length];
      return row(
        'waiting',
        waitingText({ ...this.#waiting, elapsed: this.#now().getTime() - since.getTime() }),
        spinner,
      );
    }
    if (this.#files.size === 0 || this.#now().getTime() - this.#began < SOON) return undefined;
    return hashingText([...this.#files.values()]);
  }
}

/** `hashing   disk.iso  [######------------------]  25 %  1.0 GiB of 4.2 GiB`. */
function hashingText(files: readonly Hashing[]): string {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const done = sum(files.map((file) => file.done));
  const size = sum(files.map((file) => file.size));
  const share = size === 0 ? 1 : Math.min(1, done / size);
  const filled = Math.floor(share * BAR_WIDTH);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
  const name = files.length === 1 ? (files[0]?.name ?? '') : `${files.length} files`;
  const percent = `${Math.floor(share * 100)}`.padStart(3);
  return row('hashing', name, bar, `${percent} %`, `${sizeText(done)} of ${sizeText(size)}`);
}
