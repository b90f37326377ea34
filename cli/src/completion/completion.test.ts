import { Command, Option } from 'commander';
import { describe, expect, test } from 'vitest';
import type { Host } from '../host.ts';
import { manPage } from '../man-page.ts';
import { Output } from '../output.ts';
import { buildProgram } from '../program.ts';
import { bashCompletion } from './bash.ts';
import { commandShape, everyCommand } from './command-tree.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const host: Host = {
  ...{ environment: {}, directory: '/', now: () => new Date(0), out: () => undefined, err: () => undefined },
  interruption: () => new AbortController().signal,
};
const shape = commandShape(buildProgram(host, new Output(host, false)));
const commands = everyCommand(shape);

describe('the shape of a command line', () => {
  test('has every command and option, and what may follow', () => {
    const program = new Command('tool').description('does it');
    program
      .command('make')
      .argument('[files...]')
      .option('-o, --output <folder>', 'where')
      .option('--ca-file <file>', 'whom')
      .option('--fast', 'how')
      .option('--name <text>', 'what')
      .addOption(new Option('--when <time>', 'when').choices(['now', 'never']));
    const [, make] = everyCommand(commandShape(program));
    expect(make?.path).toEqual(['make']);
    expect(make?.arguments).toBe('file');
    expect(make?.options.map(({ long, short, value }) => [long, short, value])).toEqual([
      ['--output', '-o', 'folder'],
      ['--ca-file', undefined, 'file'],
      ['--fast', undefined, 'none'],
      ['--name', undefined, 'text'],
      ['--when', undefined, { words: ['now', 'never'] }],
      ['--help', '-h', 'none'],
    ]);
  });

  test('of this program has its commands', () => {
    const names = commands.map(({ path }) => path.join(' '));
    expect(names).toEqual(expect.arrayContaining(['', 'sign', 'verify', 'policy', 'policy test', 'completion']));
  });
});

describe.each([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
])('completion for %s', (shell, render) => {
  const script = render('originsign', shape);

  test('knows every option of every command', () => {
    for (const { options } of commands) {
      for (const { long } of options) expect(script).toContain(shell === 'fish' ? `-l ${long.slice(2)} ` : long);
    }
  });

  test('says nothing that the shell would run', () => {
    const program = new Command('tool').description(`it's "$(touch /tmp/x)" [a]: \`b\``);
    program.command('make').description(`it's $(touch /tmp/x)`).option('--a', `it's "$(b)" [c]: d`);
    const hostile = render('tool', commandShape(program));
    // What stands in single quotes is not expanded; nothing else may come from a description.
    const outside = hostile.replace(/'(?:[^'\\]|\\.)*'|\\'/g, '');
    expect(outside).not.toMatch(/touch|\$\(b\)/);
  });
});

describe('the manual', () => {
  const page = manPage({
    name: 'originsign',
    version: '1.2.3',
    shape,
    usage: (path) => ['originsign', ...path].join(' '),
  });

  test('has every command that does something, with every option', () => {
    for (const { path, options } of commands.filter((command) => command.commands.length === 0)) {
      expect(page).toContain(`.SS originsign ${path.join(' ')}`);
      for (const { flags } of options.filter(({ long }) => long !== '--help')) {
        expect(page).toContain(`.B ${flags.replaceAll('-', '\\-')}`);
      }
    }
  });

  test('has the parts that manuals have, and no date', () => {
    const titles = [...page.matchAll(/^\.SH (.*)$/gm)].map(([, title]) => title);
    expect(titles).toEqual(['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPTIONS', 'COMMANDS', 'ENVIRONMENT', 'EXIT STATUS']);
    expect(page).toMatch(/^\.TH ORIGINSIGN 1 "" "originsign 1\.2\.3" "User Commands"\n/);
  });

  test('shows text as it is, whatever it begins with', () => {
    const odd = new Command('tool').description("'quoted' \\ -x");
    const text = manPage({ name: 'tool', version: '1', shape: commandShape(odd), usage: () => '.usage' });
    expect(text).toContain("tool \\- \\&'quoted' \\e \\-x");
  });
});
