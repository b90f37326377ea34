import { isMap, isScalar, type Node } from 'yaml';
import type { ConfigProblem } from './config-problem.ts';

/** Where values come from that do not stand in the file itself. */
export interface ScalarSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Text of the file at an absolute path, or a path relative to the configuration; throws where it cannot be read. */
  readText(path: string): string;
}

interface Scalar {
  readonly value: string | number | boolean;
  readonly outside: boolean;
}

/** The value of a plain scalar, of `{env: NAME}` or of `{file: PATH}` (one newline at the end is not part of it). */
export function resolveScalar(
  node: Node | null | undefined,
  sources: ScalarSources,
  refuse: (sentence: string) => ConfigProblem,
): Scalar {
  if (isScalar(node) && isValue(node.value)) return { value: node.value, outside: false };
  if (!isMap(node)) throw refuse(node === null || isScalar(node) ? 'has no value' : 'expected one value');
  const [pair, ...others] = node.items;
  const source = isScalar(pair?.key) ? pair.key.value : undefined;
  const name = isScalar(pair?.value) ? pair.value.value : undefined;
  if (others.length > 0 || typeof name !== 'string' || name === '' || (source !== 'env' && source !== 'file')) {
    throw refuse('expected one value, {env: NAME} or {file: PATH}');
  }
  return {
    value: source === 'env' ? fromEnvironment(name, sources, refuse) : fromFile(name, sources, refuse),
    outside: true,
  };
}

function isValue(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function fromEnvironment(name: string, sources: ScalarSources, refuse: (sentence: string) => ConfigProblem): string {
  const value = Object.hasOwn(sources.environment, name) ? sources.environment[name] : undefined;
  if (value === undefined || value === '') throw refuse(`the environment variable ${name} is not set`);
  return value;
}

function fromFile(path: string, sources: ScalarSources, refuse: (sentence: string) => ConfigProblem): string {
  let text: string;
  try {
    text = sources.readText(path);
  } catch (error) {
    throw refuse(`the file ${path} cannot be read (${errorName(error)})`);
  }
  const value = text.replace(/\r?\n$/, '');
  if (value === '') throw refuse(`the file ${path} is empty`);
  return value;
}

function errorName(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'not text';
}
