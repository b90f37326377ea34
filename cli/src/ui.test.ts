import { describe, expect, test } from 'vitest';
import { counted, row, table, timeText } from './ui.ts';

describe('row', () => {
  test('begins with a word in a column and leaves out fields that are not there', () => {
    expect(row('signed', 'app.exe', undefined, '', 'key acme')).toBe('signed    app.exe  key acme');
  });

  test('has no blanks at its end', () => {
    expect(row('waiting')).toBe('waiting');
  });

  test('does not let a field move the cursor or begin a line', () => {
    const hostile = row('signed', 'app\u001b[2K.exe\nsigned    evil.exe', 'a\u202eexe.gpj', '::add-mask::\r');
    expect(hostile).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('table', () => {
  test('aligns its columns', () => {
    const rows = [
      ['ok', 'github.ref', 'x'],
      ['failed', 'a', 'y'],
    ];
    expect(table(rows, 2)).toEqual(['  ok       github.ref   x', '  failed   a            y']);
  });

  test('of nothing is nothing', () => {
    expect(table([])).toEqual([]);
  });
});

describe('timeText', () => {
  test.each([
    ['2026-11-22T09:14:03.000Z', '2026-11-22 09:14:03Z'],
    ['2026-11-22T10:14:03+01:00', '2026-11-22 09:14:03Z'],
    ['never', 'never'],
  ])('shows %s in UTC to the second', (time, shown) => {
    expect(timeText(time)).toBe(shown);
  });
});

test('counted knows one from many', () => {
  expect([counted(0, 'file'), counted(1, 'file'), counted(2, 'entry', 'entries')]).toEqual([
    '0 files',
    '1 file',
    '2 entries',
  ]);
});
