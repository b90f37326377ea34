import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { utf8Text } from '@originsign/core/encoding/bytes';
import { OriginSignError } from '@originsign/core/errors/error';
import { ConfigProblem } from './config-problem.ts';
import { readServerConfig, type ConfigFiles } from './parse-server-config.ts';
import { Section } from './section.ts';
import type { ServerConfig } from './server-config.ts';
import { parseYamlDocument } from './yaml-document.ts';

/** Outside of the text that a configuration refers to. */
export interface ConfigOutside extends ConfigFiles {
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Parses `server.yml`. Throws `config.invalid` with every problem on its own line as `<name>:<line>:<column> <setting>: …`,
 * and as `details.problems`; no message holds a value that came from {env} or {file}.
 */
export function parseServerConfig(text: string, fileName: string, outside: ConfigOutside): ServerConfig {
  const problems: ConfigProblem[] = [];
  const config = collect(text, outside, problems);
  if (config !== undefined && problems.length === 0) return config;
  const lines = [...problems]
    .sort((left, right) => left.position.line - right.position.line || left.position.column - right.position.column)
    .map((problem) => `${fileName}:${problem.describe()}`);
  throw new OriginSignError('config.invalid', lines.join('\n'), { details: { problems: lines } });
}

function collect(text: string, outside: ConfigOutside, problems: ConfigProblem[]): ServerConfig | undefined {
  try {
    const document = parseYamlDocument(text);
    const sources = { environment: outside.environment, readText: (path: string) => outside.readText(path) };
    const root = new Section({ document, sources, problems }, document.root, '', { line: 1, column: 1 });
    const config = readServerConfig(root, outside);
    // A required setting under a misspelt name is reported as such already.
    const reported = problems.map(({ path }) => path);
    root.end(reported);
    return config;
  } catch (error) {
    if (!(error instanceof ConfigProblem)) throw error;
    problems.push(error);
    return undefined;
  }
}

/** Reads and parses the file at `path`; see `parseServerConfig`. */
export function loadServerConfig(
  path: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ServerConfig {
  const folder = dirname(resolve(path));
  const absolute = (file: string): string => resolve(folder, file);
  const readText = (file: string): string => utf8Text(readFileSync(absolute(file)));
  return parseServerConfig(readConfigFile(path), basename(path), { environment, absolute, readText });
}

function readConfigFile(path: string): string {
  try {
    return utf8Text(readFileSync(path));
  } catch (cause) {
    throw new OriginSignError('config.invalid', `The configuration ${path} cannot be read.`, {
      hint: 'name the file with --config or ORIGINSIGN_CONFIG',
      cause,
    });
  }
}
