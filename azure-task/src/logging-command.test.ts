import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logLines, loggingCommand } from './logging-command.ts';

/** As the agent reads a line: the first `##vso[` anywhere in it, properties up to `]`, the rest is data. */
function readByAgent(line: string) {
  const at = line.indexOf('##vso[');
  if (at < 0) return undefined;
  const end = line.indexOf(']', at);
  const [name = '', ...rest] = line.slice(at + '##vso['.length, end).split(' ');
  const unescape = (text: string): string =>
    text
      .replace(/%3B/g, ';')
      .replace(/%5D/g, ']')
      .replace(/%0D/g, '\r')
      .replace(/%0A/g, '\n')
      .replace(/%AZP25/g, '%');
  const fields = rest
    .join(' ')
    .split(';')
    .filter((field) => field !== '');
  const properties = fields.map((field) => [
    field.slice(0, field.indexOf('=')),
    unescape(field.slice(field.indexOf('=') + 1)),
  ]);
  return {
    name,
    properties: Object.fromEntries(properties) as Record<string, string>,
    data: unescape(line.slice(end + 1)),
  };
}

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '##vso[',
        'task.complete',
        ' result=Failed',
        ';',
        ']',
        '%',
        '%0A',
        '%AZP25',
        '\r',
        '\n',
        '#',
        'x',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('loggingCommand', () => {
  it('writes what the agent documents', () => {
    expect(loggingCommand('task.setvariable', { variable: 'requestId', isOutput: 'true' }, 'a%b')).toBe(
      '##vso[task.setvariable variable=requestId;isOutput=true;]a%AZP25b',
    );
    expect(loggingCommand('task.debug', {}, 'x')).toBe('##vso[task.debug]x');
  });

  it('keeps any text inside the property or data that it is for, in one line', () => {
    fc.assert(
      fc.property(hostile, hostile, (property, data) => {
        const line = loggingCommand('task.logissue', { type: property }, data);
        expect(line).not.toMatch(/[\r\n]/);
        expect(readByAgent(line)).toEqual({ name: 'task.logissue', properties: { type: property }, data });
      }),
    );
  });
});

describe('logLines', () => {
  it('hold no command, whatever they are made of', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const line of logLines(text)) {
          expect(line).not.toMatch(/##|[\r\n\u0085\u2028\u2029]/);
          expect(readByAgent(line)).toBeUndefined();
        }
      }),
    );
  });

  it('leave everything else as it is', () => {
    expect(logLines('signed  a#b.exe # 1\nproof [x]')).toEqual(['signed  a#b.exe # 1', 'proof [x]']);
  });
});
