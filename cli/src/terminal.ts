import type { Terminal } from './status-line.ts';

const USUAL_WIDTH = 80;

/**
 * The terminal behind a stream, where there is one that a line may be redrawn on. Logs of continuous integration keep every
 * byte, and who sets `NO_COLOR` or `TERM=dumb` wants none of it: they get plain lines. Sources: no-color.org, terminfo(5).
 */
export function terminalOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  environment: Readonly<Record<string, string | undefined>>,
): { readonly terminal?: Terminal } {
  const isSet = (name: string) => (environment[name] ?? '') !== '';
  const isCi = isSet('CI') && environment['CI'] !== 'false';
  if (stream.isTTY !== true || isCi || isSet('NO_COLOR') || environment['TERM'] === 'dumb') return {};
  // A terminal that nobody sized says zero.
  return { terminal: { columns: () => stream.columns || USUAL_WIDTH } };
}
