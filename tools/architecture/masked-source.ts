/** A string literal without substitutions: where its opening quote stands and what stands between the quotes. */
export interface Literal {
  readonly start: number;
  readonly value: string;
}

/** Source text in which comments, regular expressions and the contents of strings are blank. */
export interface MaskedSource {
  /** As long as the source, with the same line breaks; quotes and the code inside `${}` stay. */
  readonly code: string;
  readonly literals: readonly Literal[];
}

// After one of these a slash opens a regular expression; after anything else it divides.
const BEFORE_EXPRESSION =
  /(?:^|[=(,;:!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|delete|throw|await|yield))\s*$/;
const REGULAR_EXPRESSION = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
const COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/y;
const TEMPLATE_TEXT = /(?:\\[^]|\$(?!\{)|[^`\\$])*/y;

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');

/** Every rule reads every file again. */
const masked = new Map<string, MaskedSource>();

/** Hides everything that is not code, so that rules never trip over words in comments and strings. */
export function maskSource(source: string): MaskedSource {
  const known = masked.get(source) ?? mask(source);
  masked.set(source, known);
  return known;
}

function mask(source: string): MaskedSource {
  const literals: Literal[] = [];
  /** Open braces per open `${`. */
  const substitutions: number[] = [];
  let code = '';

  const match = (pattern: RegExp): string => {
    pattern.lastIndex = code.length;
    return pattern.exec(source)?.[0] ?? '';
  };
  const template = (): void => {
    code += source.charAt(code.length);
    const text = match(TEMPLATE_TEXT);
    if (source[code.length + text.length] === '`') literals.push({ start: code.length - 1, value: text });
    code += blank(text);
    if (source[code.length] === '`') code += '`';
    else if (code.length < source.length) {
      code += '${';
      substitutions.push(0);
    }
  };
  const brace = (character: string): void => {
    const open = substitutions.at(-1);
    if (character === '}' && open === 0) {
      substitutions.pop();
      template();
      return;
    }
    if (open !== undefined) substitutions[substitutions.length - 1] = open + (character === '{' ? 1 : -1);
    code += character;
  };
  const hidden = (): string =>
    match(COMMENT) || (BEFORE_EXPRESSION.test(code.slice(-40)) ? match(REGULAR_EXPRESSION) : '');

  while (code.length < source.length) {
    const character = source.charAt(code.length);
    const string = match(STRING);
    if (string !== '') {
      literals.push({ start: code.length, value: string.slice(1, -1) });
      code += `${character}${blank(string.slice(1, -1))}${character}`;
    } else if (character === '`') template();
    else if (character === '{' || character === '}') brace(character);
    else code += character === '/' ? blank(hidden()) || '/' : character;
  }
  return { code, literals };
}
