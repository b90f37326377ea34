/** When something applies: an absolute span, or days and hours of every week, as the clocks of a zone show them. */
export type TimeWindow = DateWindow | WeekWindow;

/** From one local time to another. `until` is exclusive. */
export interface DateWindow {
  readonly kind: 'dates';
  readonly text: string;
  readonly zone: string;
  /** Local time `YYYY-MM-DDTHH:MM`. */
  readonly from: string;
  readonly until: string;
}

/** Some days of the week between two local times. Where `until` is not after `from`, it belongs to the next day. */
export interface WeekWindow {
  readonly kind: 'week';
  readonly text: string;
  readonly zone: string;
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes since local midnight. `until` is exclusive, 1440 is the end of the day. */
  readonly from: number;
  readonly until: number;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const DAY_MINUTES = 24 * 60;

/**
 * Reads `2026-12-20..2027-01-04 Europe/Berlin` (both days included), the same with times
 * (`2026-12-20T18:00..2027-01-04T06:00`, the end excluded), or `Mon-Thu,Sat 08:00-17:00 Europe/Berlin`.
 * Returns the reason where the text is none of them.
 */
export function parseTimeWindow(text: string): TimeWindow | string {
  const space = text.lastIndexOf(' ');
  const zone = text.slice(space + 1);
  const rest = text.slice(0, Math.max(space, 0));
  if (rest === '' || !/^[A-Z]/.test(zone))
    return 'a time window ends in a time zone, as in "Mon-Thu 08:00-17:00 Europe/Berlin"';
  if (!isZone(zone)) return `"${zone}" is no IANA time zone, such as Europe/Berlin or UTC`;
  return rest.includes('..') ? parseDates(text, rest, zone) : parseWeek(text, rest, zone);
}

/** True where the local clock at `now` is inside the window. */
export function isInTimeWindow(window: TimeWindow, now: Date): boolean {
  const local = localTime(window.zone, now);
  if (window.kind === 'dates') return window.from <= local.text && local.text < window.until;
  const today = window.days.includes(local.day);
  if (window.from < window.until) return today && window.from <= local.minutes && local.minutes < window.until;
  const yesterday = window.days.includes((local.day + 6) % 7);
  return (today && local.minutes >= window.from) || (yesterday && local.minutes < window.until);
}

/** True where the window has ended for good. */
export function isOver(window: TimeWindow, now: Date): boolean {
  return window.kind === 'dates' && window.until <= localTime(window.zone, now).text;
}

function parseDates(text: string, rest: string, zone: string): DateWindow | string {
  const match = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d)?\.\.(\d{4}-\d\d-\d\d)(T\d\d:\d\d)?$/.exec(rest);
  const [, fromDay = '', fromTime, untilDay = '', untilTime] = match ?? [];
  if (match === null || (fromTime === undefined) !== (untilTime === undefined)) {
    return 'dates are written 2026-12-20..2027-01-04, with times 2026-12-20T18:00..2027-01-04T06:00';
  }
  for (const day of [fromDay, untilDay]) if (!isDate(day)) return `${day} is no date`;
  for (const time of [fromTime, untilTime]) {
    if (time !== undefined && !isClockTime(time.slice(1))) return `${time.slice(1)} is no time of day`;
  }
  const from = `${fromDay}${fromTime ?? 'T00:00'}`;
  const until = untilTime === undefined ? `${dayAfter(untilDay)}T00:00` : `${untilDay}${untilTime}`;
  if (from >= until) return 'the window ends before it begins';
  return { kind: 'dates', text, zone, from, until };
}

function parseWeek(text: string, rest: string, zone: string): WeekWindow | string {
  const [, dayText = '', fromText = '', untilText = ''] = /^(\S+) (\d\d:\d\d)-(\d\d:\d\d)$/.exec(rest) ?? [];
  if (dayText === '') return 'weekly windows are written "Mon-Thu 08:00-17:00 Europe/Berlin"';
  const days = parseDays(dayText);
  if (days === undefined) return `"${dayText}" are no days: write Mon-Thu or Mon,Wed,Fri`;
  if (!isClockTime(fromText)) return `${fromText} is no time of day`;
  if (!isClockTime(untilText) && untilText !== '24:00') return `${untilText} is no time of day`;
  if (fromText === untilText) return 'the window is empty: for whole days write 00:00-24:00';
  return { kind: 'week', text, zone, days, from: minutesOf(fromText), until: minutesOf(untilText) };
}

function parseDays(text: string): readonly number[] | undefined {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first, last = first, ...more] = part.split('-').map((name) => DAYS.indexOf(name));
    if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].sort((left, right) => left - right);
}

function isClockTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function isDate(day: string): boolean {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MINUTES * 60_000).toISOString().slice(0, 10);
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Formatters are slow to make; there are as many as policies name zones. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone: zone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formatters.set(zone, made);
  return made;
}

function isZone(zone: string): boolean {
  // Names alone: an offset such as +01:00 would silently ignore summer time.
  if (zone !== 'UTC' && !/^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)+$/.test(zone)) return false;
  try {
    formatterOf(zone);
    return true;
  } catch {
    return false;
  }
}

interface LocalTime {
  /** `YYYY-MM-DDTHH:MM` */
  readonly text: string;
  readonly day: number;
  readonly minutes: number;
}

function localTime(zone: string, now: Date): LocalTime {
  const parts = new Map(
    formatterOf(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const clock = `${part('hour')}:${part('minute')}`;
  return {
    text: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${clock}`,
    day: DAYS.indexOf(part('weekday')),
    minutes: minutesOf(clock),
  };
}
