import type { EventSink } from '@originsign/core/client/events';
import { eventLines } from '@originsign/core/client/report-lines';
import type { Host } from './host.ts';
import { LiveProgress } from './live-progress.ts';
import { StatusLine } from './status-line.ts';

/** Milliseconds between two drawings. */
const INTERVAL = 120;

/** What people see of a signing while it goes on. */
export interface SignProgress {
  readonly events: EventSink;
  /** Lines about what was signed, which are the result. */
  readonly results: readonly string[];
  /** Leaves nothing behind that moves. */
  close(): void;
}

/** Lines on stderr; with a moving line below them where a person watches and no JSON document is asked for. */
export function watchSigning(host: Host, json: boolean): SignProgress {
  const results: string[] = [];
  const show = (print: (line: string) => void): EventSink => {
    return (event) => {
      const lines = eventLines(event, host.directory);
      if (event.kind === 'signed' || event.kind === 'proof') results.push(...lines);
      else for (const line of lines) print(line);
    };
  };
  if (host.terminal === undefined || json) {
    return { results, events: show((line) => host.err(`${line}\n`)), close: () => undefined };
  }
  const line = new StatusLine((text) => host.err(text), host.terminal);
  const live = new LiveProgress(line, () => host.now());
  const print = show((text) => line.print(text));
  const timer = setInterval(() => live.tick(), INTERVAL);
  return {
    results,
    events: (event) => {
      if (!live.take(event)) print(event);
    },
    close: () => {
      clearInterval(timer);
      line.clear();
    },
  };
}
