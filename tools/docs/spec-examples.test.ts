import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../docs/spec/${path}`, import.meta.url), 'utf8');
const vectors = (name: string): Record<string, unknown> =>
  JSON.parse(read(`vectors/${name}`)) as Record<string, unknown>;

describe('specifications', () => {
  it('quote the receipt of the vectors', () => {
    expect(read('receipt.md')).toContain(`\`\`\`text\n${String(vectors('receipt.json')['receipt'])}\`\`\``);
  });

  it('quote the trust file of the vectors with its fingerprint', () => {
    const { trustFile, fingerprint } = vectors('trust-file.json');
    expect(read('trust-file.md')).toContain(`\`\`\`json\n${String(trustFile)}\`\`\``);
    expect(read('trust-file.md')).toContain(`\`${String(fingerprint)}\``);
  });

  it('quote an entry of the vectors with its leaf hash', () => {
    const entries = vectors('log-entries.json')['entries'] as { name: string; entry: string; leafHash: string }[];
    const result = entries.find(({ name }) => name === 'RESULT');
    expect(read('log-entries.md')).toContain(`\`\`\`json\n${String(result?.entry)}\n\`\`\``);
    expect(read('log-entries.md')).toContain(`\`${String(result?.leafHash)}\``);
  });

  it('name every file of vectors', () => {
    const specifications = readdirSync(new URL('../../docs/spec/', import.meta.url)).filter((name) =>
      name.endsWith('.md'),
    );
    const text = specifications.map(read).join('\n');
    const names = readdirSync(new URL('../../docs/spec/vectors/', import.meta.url));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !text.includes(`vectors/${name}`))).toEqual([]);
  });
});
