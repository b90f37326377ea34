/** Differences between what is generated and what lies in the folder, one sentence each. */
export function compareDocuments(
  generated: ReadonlyMap<string, string>,
  found: ReadonlyMap<string, string>,
): readonly string[] {
  const missing = [...generated.keys()].filter((name) => !found.has(name)).map((name) => `${name} is missing.`);
  const stale = [...generated]
    .filter(([name, text]) => found.has(name) && found.get(name) !== text)
    .map(([name]) => `${name} is not what its source says today.`);
  const stray = [...found.keys()].filter((name) => !generated.has(name)).map((name) => `${name} has no source.`);
  return [...missing, ...stale, ...stray];
}
