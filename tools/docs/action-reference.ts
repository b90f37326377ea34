import { parse } from 'yaml';

interface Parameter {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** The part of an `action.yml` that its users type and read. */
interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly inputs?: Readonly<Record<string, Parameter>>;
  readonly outputs?: Readonly<Record<string, Parameter>>;
}

/** The reference of a GitHub action, Markdown, from its `action.yml`. `path` is what follows the repository in `uses`. */
export function renderActionReference(path: string, text: string): string {
  const action = parse(text) as ActionFile;
  const inputs = Object.entries(action.inputs ?? {}).map(([name, { description, required, default: value }]) => [
    `\`${name}\``,
    required === true ? 'yes' : '',
    value === undefined || value === '' ? '' : `\`${value}\``,
    description,
  ]);
  const outputs = Object.entries(action.outputs ?? {}).map(([name, { description }]) => [`\`${name}\``, description]);
  return `${[
    `# ${path}`,
    action.description.trim(),
    '## Inputs',
    table(['input', 'required', 'default', 'meaning'], inputs),
    '## Outputs',
    table(['output', 'meaning'], outputs),
  ].join('\n\n')}\n`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
