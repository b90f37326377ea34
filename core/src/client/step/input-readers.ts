import { parseDuration } from '../duration.ts';
import { OriginSignError } from '../../errors/error.ts';

/** Reads the text of one input; throws `input.missing` or `input.invalid`, which name the input and what is allowed. */
export type InputReader<T> = (text: string, name: string) => T;

/** Text that has to be there. */
export const requiredText: InputReader<string> = (text, name) => {
  if (text !== '') return text;
  throw new OriginSignError('input.missing', `The input ${name} is missing.`, {
    hint: `give the step an input ${name}`,
  });
};

/** Text, or `undefined` where it is not given. */
export const optionalText: InputReader<string | undefined> = (text) => (text === '' ? undefined : text);

/** Lines that are not empty; at least one. */
export const requiredLines: InputReader<readonly string[]> = (text, name) => lines(requiredText(text, name), name);

/** Lines that are not empty. */
export const lines: InputReader<readonly string[]> = (text) =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** YAML's own words for yes and no, as GitHub's toolkit reads them. */
export function flag(preset: boolean): InputReader<boolean> {
  return (text, name) => {
    if (text === '') return preset;
    if (/^(?:true|True|TRUE)$/.test(text)) return true;
    if (/^(?:false|False|FALSE)$/.test(text)) return false;
    throw notAllowed(name, 'true or false');
  };
}

/** One of some words; the first where nothing is given. */
export function oneOf<T extends string>(first: T, ...others: readonly T[]): InputReader<T> {
  return (text, name) => {
    const word = [first, ...others].find((allowed) => allowed === (text === '' ? first : text));
    if (word !== undefined) return word;
    throw notAllowed(name, [first, ...others].join(' or '));
  };
}

/** Milliseconds of a duration. */
export function duration(preset: string): InputReader<number> {
  return (text, name) => parseDuration(text === '' ? preset : text, name);
}

/** Lines `name=value`, each name once. */
export const assignments: InputReader<Readonly<Record<string, string>>> = (text, name) => {
  const values = new Map<string, string>();
  for (const line of lines(text, name)) {
    const at = line.indexOf('=');
    const key = line.slice(0, Math.max(at, 0)).trim();
    if (key === '' || values.has(key)) throw notAllowed(name, 'lines name=value, each name once');
    values.set(key, line.slice(at + 1).trim());
  }
  return Object.fromEntries(values);
};

function notAllowed(name: string, allowed: string): OriginSignError {
  return new OriginSignError('input.invalid', `The input ${name} has a value that is not allowed.`, {
    hint: `${name} takes ${allowed}`,
  });
}
