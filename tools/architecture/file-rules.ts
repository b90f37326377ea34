import { posix } from 'node:path';
import { maskSource } from './masked-source.ts';
import { layersOf, levelOf, OTHER_FOLDERS, placeOf } from './rooms.ts';
import { isSource, isTest, type Files, type Violation } from './violation.ts';

const LONGEST_FILE = 400;
const LONGEST_MAIN = 40;
const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.e2e)?(?:\.test(?:\.fixture)?)?\.ts$/;
const NAMES_NOTHING = /^(?:utils?|helpers?|common|misc|index)$/;

/** Files are named after what they hold, in kebab-case, and stay small. */
export function checkNamesAndSizes(files: Files): readonly Violation[] {
  return [...files]
    .filter(([file]) => isSource(file) && placeOf(file) !== undefined)
    .flatMap(([file, text]) => {
      const problems = [
        ...nameProblems(file),
        ...sizeProblems(file, text.split('\n').length - (text.endsWith('\n') ? 1 : 0)),
      ];
      return problems.map((message) => ({ rule: 'files', file, message }));
    });
}

function nameProblems(file: string): string[] {
  const name = posix.basename(file);
  const parts = file.replace(/(?:\.e2e)?(?:\.test(?:\.fixture)?)?\.ts$/, '').split('/');
  return [
    ...(KEBAB_CASE.test(name) ? [] : [`${name} is not kebab-case.`]),
    ...parts.filter((part) => NAMES_NOTHING.test(part)).map((part) => `"${part}" does not say what it holds.`),
  ];
}

function sizeProblems(file: string, lines: number): string[] {
  if (lines > LONGEST_FILE) return [`It has ${lines} lines; ${LONGEST_FILE} are allowed.`];
  const limited = posix.basename(file) === 'main.ts' && !/^(?:examples|tools)\//.test(file);
  return limited && lines > LONGEST_MAIN ? [`It has ${lines} lines; a main file may have ${LONGEST_MAIN}.`] : [];
}

/** Every file is in a room that the tables know. */
export function checkPlaces(files: Files): readonly Violation[] {
  return [...files.keys()].flatMap((file) => {
    const message = placeProblem(file);
    return message === undefined ? [] : [{ rule: 'places', file, message }];
  });
}

function placeProblem(file: string): string | undefined {
  const [folder = '', second] = file.split('/');
  if (second === undefined)
    return isSource(file) && file !== 'vitest.config.ts' ? 'The root holds no sources.' : undefined;
  if (OTHER_FOLDERS.includes(folder)) return isSource(file) ? `${folder} holds no sources.` : undefined;
  const place = placeOf(file);
  if (place === undefined) return `${folder} is no part of the repository.`;
  if (layersOf(folder) === undefined || (second !== 'src' && !isSource(file))) return undefined;
  return levelOf(place) < 0 ? `${file} is in no room of ${folder}.` : undefined;
}

/** No test is switched off or runs alone. */
export function checkTestsRun(files: Files): readonly Violation[] {
  return [...files]
    .filter(
      ([file, text]) => isTest(file) && /\b(?:it|test|describe)\.(?:only|skip|todo)\b/.test(maskSource(text).code),
    )
    .map(([file]) => ({ rule: 'tests', file, message: 'A test is switched off or runs alone.' }));
}
