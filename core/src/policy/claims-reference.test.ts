import { expect, it } from 'vitest';
import { PLATFORMS } from '../platforms/platforms.ts';
import { claimTable } from './claims.ts';
import { renderClaimsReference } from './claims-reference.ts';
import { OPERATORS } from './operators.ts';

const EVERY = Object.values(PLATFORMS);
const page = renderClaimsReference(EVERY);
const rows = page.split('\n').filter((line) => line.startsWith('| '));

it('the reference has every claim and every operator once', () => {
  const first = rows.map((row) => /^\| `([^`]+)` \|/.exec(row)?.[1]);
  for (const name of [...claimTable(EVERY).keys(), ...Object.keys(OPERATORS)]) {
    expect(first.filter((cell) => cell === name || cell === name.replace('artifacts.', ''))).toHaveLength(
      name === 'count' ? 2 : 1,
    );
  }
});

it('the reference says where a claim comes from and who chooses it', () => {
  expect(rows).toContain(
    "| `github.workflow_path` | string | always |  | Path of the workflow that was started. Derived from the token's `workflow_ref`. |",
  );
  expect(rows).toContain(
    '| `github.workflow` | string |  | by the user | Display name of the workflow: text in its file. |',
  );
});

it('the reference says which claims are in another token, or asked for', () => {
  expect(rows).toContain(
    "| `azure.service_connection_id` | string |  |  | Id of the service connection, where its issuer is Microsoft Entra. Derived from the token's `sub`. In the token of the service connection. |",
  );
  expect(rows.find((row) => row.includes('`jenkins.build_started`'))).toContain(
    ' From the API of the platform: needs `connector: true`. |',
  );
});

it('every table is regular Markdown', () => {
  for (const table of page
    .trimEnd()
    .split('\n\n')
    .filter((block) => block.startsWith('| '))) {
    const columns = table.split('\n').map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(columns).size).toBe(1);
  }
});
