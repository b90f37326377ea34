import type { Files, Violation } from './violation.ts';

// Put together here, so that this file does not contain what it looks for.
const MACHINE_FOLDERS = ['work', 'farm', 'root'];
const MACHINE_PATH = new RegExp(`(?:^|[^A-Za-z0-9_.])/(?:${MACHINE_FOLDERS.join('|')})/`, 'm');
const REGISTRIES = [
  ['registry', 'npmjs', 'org'],
  ['registry', 'npmjs', 'com'],
  ['registry', 'yarnpkg', 'com'],
  ['proxy', 'golang', 'org'],
].map((labels) => labels.join('.'));
const LEFT_FOR_LATER = new RegExp(
  `\\b(?:${['TO', 'FIX'].map((half, index) => half + ['DO', 'ME'][index]).join('|')})\\b`,
);
const RESOLVED = /"resolved": "(?:https?:)?\/\/[^"]*"/;

/** Nothing in the repository speaks of one machine, of a package registry, or of work left for later. */
export function checkTexts(files: Files): readonly Violation[] {
  return [...files].flatMap(([file, text]) =>
    file === 'package-lock.json' ? lockfileProblems(file, text) : textProblems(file, text),
  );
}

function textProblems(file: string, text: string): Violation[] {
  const registry = REGISTRIES.find((host) => text.includes(host));
  return [
    ...(MACHINE_PATH.test(text) ? ['It names a folder of one machine.'] : []),
    ...(registry === undefined ? [] : ['It names a package registry.']),
    ...(LEFT_FOR_LATER.test(text) ? ['It leaves something for later.'] : []),
  ].map((message) => ({ rule: 'texts', file, message }));
}

function lockfileProblems(file: string, text: string): Violation[] {
  const pinned = RESOLVED.exec(text);
  if (pinned === null) return [];
  return [
    { rule: 'texts', file, message: `It ties everybody to one registry: ${pinned[0]}. Integrity hashes are enough.` },
  ];
}
