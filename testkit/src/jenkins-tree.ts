interface Tree {
  readonly [name: string]: Tree;
}

/**
 * What Jenkins leaves of a document for the query parameter `tree`, such as `number,actions[causes[_class]]`: the named fields
 * alone, at every level, and `_class` beside them whether it is named or not.
 */
export function pruneToTree(document: unknown, tree: string): unknown {
  const [parsed, end] = parse(tree, 0);
  if (end !== tree.length) throw new Error(`The tree ends at ${end}.`);
  return prune(document, parsed);
}

function parse(text: string, start: number): readonly [Tree, number] {
  const names: Record<string, Tree> = {};
  let offset = start;
  for (;;) {
    const name = /^\w+/.exec(text.slice(offset))?.[0];
    if (name === undefined) throw new Error(`The tree has no name at ${offset}.`);
    offset += name.length;
    let below: Tree = {};
    if (text[offset] === '[') {
      [below, offset] = parse(text, offset + 1);
      if (text[offset] !== ']') throw new Error(`The tree is not closed at ${offset}.`);
      offset += 1;
    }
    names[name] = below;
    if (text[offset] !== ',') return [names, offset];
    offset += 1;
  }
}

function prune(document: unknown, tree: Tree): unknown {
  if (Array.isArray(document)) return document.map((item: unknown) => prune(item, tree));
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document)
      .filter(([name]) => name === '_class' || Object.hasOwn(tree, name))
      .map(([name, value]: [string, unknown]) => [name, prune(value, tree[name] ?? {})]),
  );
}
