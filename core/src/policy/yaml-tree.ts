import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { utf8 } from '../encoding/bytes.ts';
import type { Position, Report } from './load-problem.ts';

/** A YAML document reduced to what policy files may contain, every part with its place. */
export type Tree = ScalarTree | ListTree | MapTree;

/** A single value. `source` is its spelling in the file. */
export interface ScalarTree {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly source: string;
  readonly at: Position;
}

/** A sequence. */
export interface ListTree {
  readonly kind: 'list';
  readonly items: readonly Tree[];
  readonly at: Position;
}

/** A mapping with unique text keys, in the order of the file. */
export interface MapTree {
  readonly kind: 'map';
  readonly entries: readonly MapEntry[];
  readonly at: Position;
}

/** One key of a mapping and its value. */
export interface MapEntry {
  readonly key: string;
  readonly at: Position;
  readonly value: Tree;
}

/** Largest policy file, bytes of UTF-8. */
export const MAX_POLICY_FILE_SIZE = 256 * 1024;

const START: Position = { line: 1, column: 1 };

/**
 * Characters that make a reviewer see another text than the parser: controls, those that reorder or hide text, and what stands
 * for bytes that are not UTF-8, with which the hash of the text is not that of the file.
 */
const DECEIVING =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]/;

/**
 * Reads one YAML 1.2 document (core schema) without the features that let a file mean something else than it seems to:
 * anchors, aliases, tags, directives, several documents, keys given twice, keys that are not text, invisible characters.
 * Returns `undefined` after reporting why.
 */
export function parseYamlTree(text: string, report: Report): Tree | undefined {
  if (!text.isWellFormed()) return void report(START, 'the file is not well-formed Unicode');
  const size = utf8(text).length;
  if (size > MAX_POLICY_FILE_SIZE) {
    return void report(START, `the file has ${size} bytes; a policy file has at most ${MAX_POLICY_FILE_SIZE}`);
  }
  const deceiving = DECEIVING.exec(text);
  if (deceiving !== null)
    return void report(positionIn(text, deceiving.index), `the file has ${characterName(deceiving[0])}`);
  const directive = /^%/m.exec(text);
  if (directive !== null) return void report(positionIn(text, directive.index), 'YAML directives are not allowed');

  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    // Duplicates are found below: the library compares every pair of keys.
    uniqueKeys: false,
    merge: false,
    strict: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const reader = new TreeReader(lines, report);
  // What follows the first error is mostly its echo.
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) reader.refuse(broken.pos[0], plainYamlMessage(broken.code, broken.message));
  if (document.contents === null) reader.refuse(0, 'the file is empty');
  const tree = reader.failed ? undefined : reader.read(document.contents);
  return reader.failed ? undefined : tree;
}

/** Walks the library's nodes; `failed` says that something was reported. */
class TreeReader {
  readonly #lines: LineCounter;
  readonly #report: Report;
  failed = false;

  constructor(lines: LineCounter, report: Report) {
    this.#lines = lines;
    this.#report = report;
  }

  refuse(offset: number, message: string, hint?: string): undefined {
    this.failed = true;
    this.#report(this.#position(offset), message, { hint });
  }

  read(node: unknown): Tree | undefined {
    if (isAlias(node)) return this.refuse(node.range?.[0] ?? 0, 'aliases are not allowed', 'write the value again');
    if (!isScalar(node) && !isSeq(node) && !isMap(node)) return this.refuse(0, 'the file is empty');
    this.#checkPlain(node);
    const at = this.#position(node.range?.[0] ?? 0);
    if (isSeq(node)) {
      return {
        kind: 'list',
        at,
        items: node.items.map((item) => this.read(item)).filter((item) => item !== undefined),
      };
    }
    if (isMap(node)) return { kind: 'map', at, entries: this.#entries(node.items) };
    return this.#scalar(node.value, node.source ?? '', node.range?.[0] ?? 0);
  }

  #scalar(value: unknown, source: string, offset: number): Tree | undefined {
    const at = this.#position(offset);
    if (typeof value === 'string') {
      const deceiving = DECEIVING.exec(value);
      if (deceiving !== null) return this.refuse(offset, `the text has ${characterName(deceiving[0])}`);
      return { kind: 'scalar', value, source, at };
    }
    if (value === null || typeof value === 'number' || typeof value === 'boolean')
      return { kind: 'scalar', value, source, at };
    return this.refuse(offset, 'the value is of a kind that policy files do not have');
  }

  #entries(pairs: readonly { readonly key: unknown; readonly value: unknown }[]): readonly MapEntry[] {
    const seen = new Map<string, Position>();
    const entries: MapEntry[] = [];
    for (const { key, value } of pairs) {
      const keyTree = this.read(key);
      if (keyTree === undefined) continue;
      if (keyTree.kind !== 'scalar' || typeof keyTree.value !== 'string') {
        this.#refuseAt(keyTree.at, 'a key is not text', keyTree.kind === 'scalar' ? 'put it in quotes' : undefined);
        continue;
      }
      const first = seen.get(keyTree.value);
      if (first !== undefined) {
        this.#refuseAt(keyTree.at, `the key "${keyTree.value}" is here twice`, `the first is on line ${first.line}`);
        continue;
      }
      seen.set(keyTree.value, keyTree.at);
      // A key without a value at the end of a file has no node at all.
      const tree: Tree | undefined =
        value === null ? { kind: 'scalar', value: null, source: '', at: keyTree.at } : this.read(value);
      if (tree !== undefined) entries.push({ key: keyTree.value, at: keyTree.at, value: tree });
    }
    return entries;
  }

  #checkPlain(node: Node & { readonly anchor?: string }): void {
    const offset = node.range?.[0] ?? 0;
    if (node.anchor !== undefined) this.refuse(offset, 'anchors are not allowed', 'write the value again');
    if (node.tag !== undefined) this.refuse(offset, 'tags are not allowed');
  }

  #refuseAt(at: Position, message: string, hint?: string): void {
    this.failed = true;
    this.#report(at, message, { hint });
  }

  #position(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function plainYamlMessage(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'the file has more than one document';
  if (code === 'RESOURCE_EXHAUSTION') return 'the file nests too deeply';
  return `the YAML cannot be read: ${message}`;
}

function characterName(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `the invisible or control character U+${code}`;
}

function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
