import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, visit, type Node } from 'yaml';
import { ConfigProblem, type Position } from './config-problem.ts';

const MAX_LENGTH = 256 * 1024;

/** A YAML document whose nodes know where they stand. */
export interface YamlDocument {
  readonly root: Node | null;
  positionOf(node: Node | null | undefined): Position;
}

/** Parses YAML 1.2 (core schema, unique keys) without aliases and tags, which nobody needs here. Throws `ConfigProblem`. */
export function parseYamlDocument(text: string): YamlDocument {
  if (text.length > MAX_LENGTH) throw new ConfigProblem({ line: 1, column: 1 }, '', 'The file is larger than 256 KiB.');
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    merge: false,
    prettyErrors: false,
  });
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const error = document.errors[0] ?? document.warnings[0];
  if (error !== undefined) throw new ConfigProblem(at(error.pos[0]), '', `This is not YAML: ${error.message}.`);
  const positionOf = (node: Node | null | undefined): Position => at(node?.range?.[0] ?? 0);
  visit(document, (_key, node) => {
    if (isAlias(node)) throw new ConfigProblem(positionOf(node), '', 'Aliases are not allowed here.');
    const tagged =
      (isMap(node) || isSeq(node) || isScalar(node)) && (node.anchor !== undefined || node.tag !== undefined);
    if (tagged) throw new ConfigProblem(positionOf(node), '', 'Anchors and tags are not allowed here.');
  });
  return { root: document.contents, positionOf };
}
