/** Commands that a task prints for the agent. */
export type CommandName =
  'task.complete' | 'task.debug' | 'task.logissue' | 'task.setsecret' | 'task.setvariable' | 'task.uploadsummary';

/**
 * One line that the agent carries out: `##vso[name property=value;]data`. Whatever could end a property, the command or the line
 * is escaped, so that no text from elsewhere becomes a command. Source: the agent's docs/preview/loggingcommands and percentEncoding.
 */
export function loggingCommand(name: CommandName, properties: Readonly<Record<string, string>>, data: string): string {
  const fields = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)};`);
  return `##vso[${name}${fields.length === 0 ? '' : ` ${fields.join('')}`}]${escapeData(data)}`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%AZP25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/\]/g, '%5D').replace(/;/g, '%3B');
}

/** Lines for the log that the agent takes for nothing else. It looks for commands anywhere in a line. */
export function logLines(text: string): readonly string[] {
  return text.split(/\r\n|[\r\n\u0085\u2028\u2029]/).map((line) => line.replace(/#(?=#)/g, '# '));
}
