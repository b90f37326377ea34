import { readFileSync } from 'node:fs';
import { parseRoster } from '@originsign/core/policy/parse-roster';
import { expect, it } from 'vitest';

const guide = readFileSync(new URL('../../docs/approvals.md', import.meta.url), 'utf8');
const examples = [...guide.matchAll(/^```yaml\n([^]*?)^```/gm)].map(([, text = '']) => text);

it('the roster of the guide to approvals loads', () => {
  const rosters = examples.filter((text) => text.includes('people:'));
  expect(rosters).toHaveLength(1);
  const { roster, problems } = parseRoster('admins.yml', rosters[0] ?? '');
  expect(problems).toEqual([]);
  expect(roster?.people.map(({ id }) => id)).toEqual(['ada', 'grace']);
});
