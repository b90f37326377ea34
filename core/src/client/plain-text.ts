/**
 * One line of text that is safe to print: line breaks, control characters and everything that changes the direction or the
 * look of what surrounds it become spaces. Text from a server or a file name could otherwise draw on the terminal, or
 * hold what a CI runner takes for a command.
 */
export function plainText(text: string, longest = 2000): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    // GitHub takes `::name …::` at the start of a line and `##[name]` anywhere in it for commands, Azure `##vso[…]`.
    .replace(/^(\s*):(?=:[a-z-]+(?: .*)?::)/iu, '$1: ')
    .replace(/#(?=#\w*\[)/gu, '# ');
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}…` : line;
}
