import { expect, test } from 'vitest';
import { terminalOf } from './terminal.ts';

const tty = { isTTY: true, columns: 120 };

test('a terminal is one where a person watches', () => {
  expect(terminalOf(tty, { TERM: 'xterm' }).terminal?.columns()).toBe(120);
  expect(terminalOf({ isTTY: true }, {}).terminal?.columns()).toBe(80);
  expect(terminalOf({ isTTY: true, columns: 0 }, {}).terminal?.columns()).toBe(80);
  expect(terminalOf(tty, { CI: 'false', NO_COLOR: '' }).terminal).toBeDefined();
});

test.each([
  ['a pipe', {}, {}],
  ['continuous integration', tty, { CI: 'true' }],
  ['a person who wants no decoration', tty, { NO_COLOR: '1' }],
  ['a terminal that cannot', tty, { TERM: 'dumb' }],
])('%s gets plain lines', (_what, stream, environment) => {
  expect(terminalOf(stream, environment as Record<string, string>)).toEqual({});
});
