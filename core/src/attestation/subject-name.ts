const MAX_NAME_BYTES = 512;

/**
 * Control characters, format characters (bidirectional controls, zero-width joiners, soft hyphens), line and paragraph
 * separators, private use: a name with one of them can look like another name to the person who approves it.
 */
const DECEPTIVE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u;

/** What is wrong with the name of a subject, or `undefined`: a relative path with '/', in NFC, at most 512 bytes of UTF-8. */
export function subjectNameProblem(name: string): string | undefined {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `the name is longer than ${MAX_NAME_BYTES} bytes`;
  if (hasDeceptiveCharacters(name)) return 'the name has a control, direction or format character';
  if (name.normalize('NFC') !== name) return 'the name is not in Unicode normalization form C';
  if (name.includes('\\')) return 'the name has a backslash';
  if (/^[A-Za-z]:/.test(name)) return 'the name starts with a drive';
  const segments = name.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'the name is not a plain relative path';
  }
  return undefined;
}

/** True where the text has a character that hides itself or changes how its neighbours look. */
export function hasDeceptiveCharacters(text: string): boolean {
  return DECEPTIVE.test(text);
}
