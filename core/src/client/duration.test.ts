import { describe, expect, it } from 'vitest';
import { formatElapsed, parseDuration } from './duration.ts';

describe('durations', () => {
  it.each([
    ['90s', 90_000],
    ['60m', 3_600_000],
    ['1h30m', 5_400_000],
    [' 168h ', 604_800_000],
  ])('%j is %i milliseconds', (text, expected) => {
    expect(parseDuration(text, 'timeout')).toBe(expected);
  });

  it.each(['', '60', '0s', '1.5h', '-1m', '30m1h', '169h', '1d', '60 m', '9999999s'])('refuses %j by name', (text) => {
    expect(() => parseDuration(text, 'timeout')).toThrow(
      expect.objectContaining({ code: 'input.invalid', message: expect.stringContaining('timeout') as unknown }),
    );
  });

  it.each([
    [0, '00:00'],
    [-5, '00:00'],
    [7_999, '00:07'],
    [750_000, '12:30'],
    [3_900_000, '1:05:00'],
  ])('%i milliseconds read %s', (milliseconds, expected) => {
    expect(formatElapsed(milliseconds)).toBe(expected);
  });
});
