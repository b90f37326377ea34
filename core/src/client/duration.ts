import { OriginSignError } from '../errors/error.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LONGEST = 7 * 24 * HOUR;

/** Milliseconds of `90s`, `60m`, `2h` or `1h30m`, from one second to seven days. Throws `input.invalid`. `name` is the input's. */
export function parseDuration(text: string, name: string): number {
  const parts = /^(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?$/.exec(text.trim());
  const [hours = '0', minutes = '0', seconds = '0'] = parts?.slice(1) ?? [];
  const total = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
  if (parts !== null && total >= SECOND && total <= LONGEST) return total;
  throw new OriginSignError('input.invalid', `The input ${name} is not a duration that is allowed.`, {
    hint: 'write it like 90s, 60m or 1h30m, from 1s to 168h',
  });
}

/** A duration for people: `00:07`, `12:30`, `1:05:00`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${tail}` : tail;
}
