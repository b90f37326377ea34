import { isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import { didYouMean } from '@originsign/core/policy/did-you-mean';
import { ConfigProblem, type Position } from './config-problem.ts';
import { resolveScalar, type ScalarSources } from './scalar.ts';
import type { YamlDocument } from './yaml-document.ts';

/** What reading needs besides the text: the outside values, and a list for the problems of settings that are skipped over. */
export interface ReadContext {
  readonly document: YamlDocument;
  readonly sources: ScalarSources;
  readonly problems: ConfigProblem[];
}

/** One setting: its text or number as written, or as {env} or {file} supply it, and a way to refuse it at its place. */
export interface Setting {
  readonly value: string | number | boolean;
  /** True where the value came out of {env} or {file}. */
  readonly outside: boolean;
  readonly path: string;
  refuse(sentence: string): ConfigProblem;
}

/** Turns one setting into a value or throws what `refuse` returns. */
export type Parser<T> = (setting: Setting) => T;

/**
 * A map of the configuration. Every read names its key; `end` refuses the keys that nobody asked for, so that the reader is
 * the schema and a misspelt setting can never be passed over.
 */
export class Section {
  readonly #context: ReadContext;
  readonly #map: YAMLMap | undefined;
  readonly #path: string;
  readonly #position: Position;
  readonly #known: string[] = [];

  constructor(context: ReadContext, node: Node | null | undefined, path: string, position: Position) {
    this.#context = context;
    this.#path = path;
    this.#position = position;
    if (node !== undefined && !isMap(node)) throw new ConfigProblem(position, path, 'expected a map of settings');
    this.#map = node;
  }

  /** The setting, which must be there. */
  required<T>(key: string, parser: Parser<T>): T {
    const setting = this.#setting(key);
    if (setting === undefined) throw this.#missing(key);
    return parser(setting);
  }

  /** The setting, or what stands in for it. */
  optional<T, D>(key: string, parser: Parser<T>, otherwise: D): T | D {
    const setting = this.#setting(key);
    return setting === undefined ? otherwise : parser(setting);
  }

  /** The map under the key, read by `read` and closed afterwards; an absent one is read as empty unless it is required. */
  section<T>(key: string, read: (section: Section) => T, required = true): T {
    const node = this.#node(key);
    if (node === undefined && required) throw this.#missing(key);
    return this.#readSection(node, this.#join(key), this.#positionOf(key), read);
  }

  /** The problem of one key, at its value or, where it is absent, at the map. */
  refuse(key: string, sentence: string): ConfigProblem {
    return new ConfigProblem(this.#positionOf(key), this.#join(key), sentence);
  }

  /** True where the key is written. */
  has(key: string): boolean {
    return this.#node(key) !== undefined;
  }

  /** Maps in a list. */
  sections<T>(key: string, read: (section: Section) => T): readonly T[] {
    return this.#items(key).map(({ node, path, position }) => this.#readSection(node, path, position, read));
  }

  /** Settings in a list. */
  list<T>(key: string, parser: Parser<T>): readonly T[] {
    return this.#items(key).map(({ node, path, position }) => parser(this.#asSetting(node, path, position)));
  }

  /** Settings under keys that the writer chooses. */
  entries<T>(key: string, name: RegExp, parser: Parser<T>): Readonly<Record<string, T>> {
    const node = this.#node(key);
    if (node === undefined) return {};
    const path = this.#join(key);
    if (!isMap(node)) throw this.refuse(key, 'expected a map of settings');
    return Object.fromEntries(
      pairs(node).map(({ key: nameNode, name: text, value }) => {
        const position = this.#context.document.positionOf(nameNode);
        if (!name.test(text))
          throw new ConfigProblem(position, path, `${JSON.stringify(text)} is not a name that is allowed here`);
        return [text, parser(this.#asSetting(value, `${path}.${text}`, position))];
      }),
    );
  }

  /** Refuses a key that this version knows and does not enforce yet: to accept it would promise what is not kept. */
  unsupported(key: string, sentence: string): void {
    if (this.#node(key) !== undefined) throw new ConfigProblem(this.#keyPosition(key), this.#join(key), sentence);
  }

  /** Records what `read` throws as a problem and goes on, so that one run shows the problems of all sections. */
  attempt<T>(read: (section: Section) => T): T | undefined {
    try {
      return read(this);
    } catch (error) {
      if (!(error instanceof ConfigProblem)) throw error;
      this.#context.problems.push(error);
      return undefined;
    }
  }

  /** Records every key that was not asked for and not `reported` before. */
  end(reported: readonly string[] = []): void {
    for (const { key, name } of this.#map === undefined ? [] : pairs(this.#map)) {
      if (this.#known.includes(name) || reported.includes(this.#join(name))) continue;
      const hint = didYouMean(name, this.#known) ?? `known here: ${this.#known.join(', ')}`;
      const position = this.#context.document.positionOf(key);
      this.#context.problems.push(new ConfigProblem(position, this.#join(name), `unknown setting, ${hint}`));
    }
  }

  #readSection<T>(node: Node | null | undefined, path: string, position: Position, read: (section: Section) => T): T {
    const section = new Section(this.#context, node, path, position);
    const value = read(section);
    section.end();
    return value;
  }

  /** A required key that is absent was most often misspelt: then the problem is shown where it was written. */
  #missing(key: string): ConfigProblem {
    const written = this.#map === undefined ? [] : pairs(this.#map).filter(({ name }) => !this.#known.includes(name));
    const misspelt = written.find(({ name }) => didYouMean(name, [key]) !== undefined);
    if (misspelt === undefined) return this.refuse(key, 'is required');
    const position = this.#context.document.positionOf(misspelt.key);
    return new ConfigProblem(position, this.#join(misspelt.name), `unknown setting, did you mean "${key}"?`);
  }

  #setting(key: string): Setting | undefined {
    const node = this.#node(key);
    return node === undefined ? undefined : this.#asSetting(node, this.#join(key), this.#positionOf(key));
  }

  #asSetting(node: Node | null | undefined, path: string, position: Position): Setting {
    const refuse = (sentence: string): ConfigProblem => new ConfigProblem(position, path, sentence);
    return { ...resolveScalar(node, this.#context.sources, refuse), path, refuse };
  }

  #items(key: string): readonly { node: Node | null; path: string; position: Position }[] {
    const node = this.#node(key);
    if (node === undefined) return [];
    if (!isSeq(node)) throw this.refuse(key, 'expected a list');
    return node.items.map((item, index) => ({
      node: item as Node | null,
      path: `${this.#join(key)}[${index}]`,
      position: this.#context.document.positionOf(item as Node | null),
    }));
  }

  #node(key: string): Node | null | undefined {
    if (!this.#known.includes(key)) this.#known.push(key);
    return this.#pair(key)?.value;
  }

  #pair(key: string): Pair | undefined {
    return this.#map === undefined ? undefined : pairs(this.#map).find(({ name }) => name === key);
  }

  #positionOf(key: string): Position {
    const pair = this.#pair(key);
    return pair === undefined ? this.#position : this.#context.document.positionOf(pair.value ?? pair.key);
  }

  #keyPosition(key: string): Position {
    return this.#context.document.positionOf(this.#pair(key)?.key);
  }

  #join(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

interface Pair {
  readonly key: Node;
  readonly name: string;
  readonly value: Node | null;
}

function pairs(map: YAMLMap): readonly Pair[] {
  return map.items.map((pair) => {
    const key = pair.key as Node;
    return { key, name: isScalar(key) ? String(key.value) : '?', value: pair.value as Node | null };
  });
}
