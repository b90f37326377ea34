import { expect, test } from 'vitest';
import { Screen } from './screen.test.fixture.ts';
import { StatusLine } from './status-line.ts';

test('a text takes the place of the one before, and whole lines scroll by above it', () => {
  const screen = new Screen(40);
  const line = new StatusLine((text) => screen.write(text), screen);
  line.show('reading a long name');
  line.show('short');
  expect(screen.lines()).toEqual(['short']);
  line.print('origin    github.com/acme/app');
  line.show('waiting');
  expect(screen.lines()).toEqual(['origin    github.com/acme/app', 'waiting']);
  line.clear();
  expect(screen.lines()).toEqual(['origin    github.com/acme/app']);
});

test('a text that would wrap is cut, because a second line could not be taken back', () => {
  const screen = new Screen(10);
  const line = new StatusLine((text) => screen.write(text), screen);
  line.show('0123456789abcdef');
  line.show('x');
  expect(screen.lines()).toEqual(['x']);
});

test('text from elsewhere draws nothing', () => {
  const written: string[] = [];
  const line = new StatusLine((text) => written.push(text), { columns: () => 80 });
  line.show('a\u001b[2Jb\nc');
  expect(written).toEqual(['\r\u001b[Ka [2Jb c']);
});

test('nothing is written where nothing changes', () => {
  const written: string[] = [];
  const line = new StatusLine((text) => written.push(text), { columns: () => 80 });
  line.clear();
  line.show('a');
  line.show('a');
  line.clear();
  line.clear();
  expect(written).toHaveLength(2);
});
