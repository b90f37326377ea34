import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInTimeWindow, parseTimeWindow } from './time.ts';

const within = (window: string, now: string): boolean => {
  const parsed = parseTimeWindow(window);
  if (typeof parsed === 'string') throw new Error(parsed);
  return isInTimeWindow(parsed, new Date(now));
};

describe('a range of dates', () => {
  const FREEZE = '2026-12-20..2027-01-04 Europe/Berlin';
  it.each([
    ['2026-12-19T22:59:59.999Z', false],
    ['2026-12-19T23:00:00Z', true],
    ['2027-01-01T00:00:00Z', true],
    ['2027-01-04T22:59:59.999Z', true],
    ['2027-01-04T23:00:00Z', false],
  ])('holds on its days as the zone counts them: %s %s', (now, expected) => {
    expect(within(FREEZE, now)).toBe(expected);
  });

  it.each([
    ['2026-12-20T16:59:00Z', false],
    ['2026-12-20T17:00:00Z', true],
    ['2027-01-04T04:59:00Z', true],
    ['2027-01-04T05:00:00Z', false],
  ])('holds between its times, the end excluded: %s %s', (now, expected) => {
    expect(within('2026-12-20T18:00..2027-01-04T06:00 Europe/Berlin', now)).toBe(expected);
  });

  it('of one day holds for that day', () => {
    expect(within('2026-12-24..2026-12-24 UTC', '2026-12-24T23:59:59Z')).toBe(true);
    expect(within('2026-12-24..2026-12-24 UTC', '2026-12-25T00:00:00Z')).toBe(false);
  });
});

describe('a weekly window', () => {
  it.each([
    ['Mon-Thu 08:00-17:00 Europe/Berlin', '2026-11-16T06:59:59Z', false],
    ['Mon-Thu 08:00-17:00 Europe/Berlin', '2026-11-16T07:00:00Z', true],
    ['Mon-Thu 08:00-17:00 Europe/Berlin', '2026-11-19T15:59:59Z', true],
    ['Mon-Thu 08:00-17:00 Europe/Berlin', '2026-11-19T16:00:00Z', false],
    ['Mon-Thu 08:00-17:00 Europe/Berlin', '2026-11-20T10:00:00Z', false],
    ['Fri-Mon 00:00-24:00 UTC', '2026-11-16T23:59:59Z', true],
    ['Fri-Mon 00:00-24:00 UTC', '2026-11-17T00:00:00Z', false],
    ['Mon,Wed,Fri 00:00-24:00 UTC', '2026-11-18T12:00:00Z', true],
    ['Mon,Wed,Fri 00:00-24:00 UTC', '2026-11-19T12:00:00Z', false],
    ['Fri 22:00-06:00 UTC', '2026-11-20T21:59:00Z', false],
    ['Fri 22:00-06:00 UTC', '2026-11-20T22:00:00Z', true],
    ['Fri 22:00-06:00 UTC', '2026-11-21T05:59:00Z', true],
    ['Fri 22:00-06:00 UTC', '2026-11-21T06:00:00Z', false],
    ['Fri 22:00-06:00 UTC', '2026-11-20T05:00:00Z', false],
  ])('%s at %s: %s', (window, now, expected) => {
    expect(within(window, now)).toBe(expected);
  });

  it.each([
    // Clocks go forward on 28 March 2027 at 02:00, and back on 25 October 2026 at 03:00.
    ['2027-03-26T07:00:00Z', true],
    ['2027-03-26T06:59:00Z', false],
    ['2027-03-29T06:00:00Z', true],
    ['2027-03-29T05:59:00Z', false],
    ['2026-10-23T06:00:00Z', true],
    ['2026-10-26T06:00:00Z', false],
    ['2026-10-26T07:00:00Z', true],
  ])('follows the clocks of the zone over summer time: %s %s', (now, expected) => {
    expect(within('Mon-Fri 08:00-17:00 Europe/Berlin', now)).toBe(expected);
  });

  it('holds in both hours that the clocks show twice, and in none that they skip', () => {
    const window = 'Sun 02:00-03:00 Europe/Berlin';
    expect(within(window, '2026-10-25T00:30:00Z')).toBe(true);
    expect(within(window, '2026-10-25T01:30:00Z')).toBe(true);
    expect(within(window, '2026-10-25T02:00:00Z')).toBe(false);
    expect(within(window, '2027-03-28T00:59:59Z')).toBe(false);
    expect(within(window, '2027-03-28T01:00:00Z')).toBe(false);
  });

  it('knows zones on the other side of midnight', () => {
    expect(within('Mon 08:00-09:00 Pacific/Auckland', '2026-11-15T19:30:00Z')).toBe(true);
    expect(within('Sun 23:00-24:00 America/Los_Angeles', '2026-11-16T07:30:00Z')).toBe(true);
  });

  it('and the rest of the week fill all of time', () => {
    const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(instants, (now) => {
        const inside = [
          'Mon-Fri 08:00-17:00',
          'Mon-Fri 17:00-08:00',
          'Sat 08:00-24:00',
          'Sun 00:00-24:00',
          'Mon 00:00-08:00',
        ];
        const holding = inside.filter((window) => within(`${window} Europe/Berlin`, now.toISOString()));
        expect(holding).toHaveLength(1);
      }),
    );
  });
});

describe('a time window is refused', () => {
  it.each([
    '',
    'Europe/Berlin',
    'Mon-Thu 08:00-17:00',
    'Mon-Thu 08:00-17:00 +01:00',
    'Mon-Thu 08:00-17:00 Z',
    'Mon-Thu 08:00-17:00 CET',
    'Mon-Thu 08:00-17:00 Europe/Berln',
    'Mon-Thu 08:00-17:00 europe/berlin',
    'Mon-Thu  08:00-17:00 UTC',
    'Mo-Do 08:00-17:00 UTC',
    'Monday 08:00-17:00 UTC',
    'Mon-Wed-Fri 08:00-17:00 UTC',
    'Mon, Tue 08:00-17:00 UTC',
    'Mon 8:00-17:00 UTC',
    'Mon 08:00-25:00 UTC',
    'Mon 24:00-08:00 UTC',
    'Mon 08:60-09:00 UTC',
    'Mon 08:00-08:00 UTC',
    '2026-12-20 UTC',
    '2026-12-20..2026-12-19 UTC',
    '2026-02-30..2026-03-01 UTC',
    '2026-13-01..2026-13-02 UTC',
    '2026-12-20T18:00..2026-12-21 UTC',
    '2026-12-20T18:00..2026-12-20T18:00 UTC',
    '2026-12-20T24:00..2026-12-21T18:00 UTC',
    '26-12-20..27-01-04 UTC',
  ])('%j', (text) => {
    expect(typeof parseTimeWindow(text)).toBe('string');
  });
});
