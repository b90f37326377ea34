import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { policyHash } from '@originsign/core/policy/parse';
import type { JsonObject } from '@originsign/core/encoding/canonical-json';
import { parseStrictJson } from '@originsign/core/encoding/strict-json';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../store/open-database.ts';
import { testFolder } from '../store/store.test.fixture.ts';
import { LivePolicies } from './live-policies.ts';

const GITHUB =
  '{version: 1, id: github, type: github-actions, issuer: "https://token.actions.githubusercontent.com"}\n';
const ACME = `version: 1
project: acme-app
owners: [group:team-acme]
trustedBuildSystems: [github]
repositories: [{id: "771245825", ownerId: "145685596"}]
policies:
  release:
    keys: {raw: acme-raw}
    allow:
      - id: tag-build
        when: {github.ref: {glob: "refs/tags/v*"}, github.event_name: {is: push}, github.workflow_path: {is: .github/workflows/a.yml}}
        limits: {perHour: 20}
`;
const PROJECT = 'projects/acme-app.yml';
const SYSTEM = 'trusted-build-systems/github.yml';
const newer = (perHour: number) => ACME.replace('perHour: 20', `perHour: ${perHour}`);
const KEY = { label: 'acme-raw', purpose: 'raw', type: 'p-256' };

/** Live policies of a folder, with what they log and say. */
async function live(files: Readonly<Record<string, string>> = { [SYSTEM]: GITHUB, [PROJECT]: ACME }) {
  const folder = await testFolder();
  const db = await openDatabase('sqlite::memory:');
  onTestFinished(() => db.destroy());
  const said: string[] = [];
  const say = (fields: object, message: string) => void said.push(`${message} ${JSON.stringify(fields)}`);
  const journal = { info: () => undefined, warn: say, error: say };
  const keys = new Map([[KEY.label, KEY]]) as never;
  const policies = new LivePolicies(folder, { db, trial: false, keys, journal });
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  for (const [path, text] of Object.entries(files)) await write(path, text);
  await policies.open();
  const logged = async (): Promise<readonly JsonObject[]> => {
    const rows = await db.selectFrom('log_entries').select('entry').orderBy('idx').execute();
    return rows.map(({ entry }) => {
      const { v: _v, time: _time, salt: _salt, type: _type, ...body } = parseStrictJson(entry) as JsonObject;
      return body;
    });
  };
  const perHour = () => policies.active.projects.get('acme-app')?.policies.get('release')?.allow[0]?.limits.perHour;
  return { folder, db, policies, said, write, logged, perHour };
}

describe('live policies', () => {
  it('are what the directory has at the start, each file logged', async () => {
    const { policies, logged, perHour } = await live();
    expect(perHour()).toBe(20);
    expect(await logged()).toEqual([
      { file: PROJECT, hash: policyHash(ACME), ok: true },
      { file: SYSTEM, hash: policyHash(GITHUB), ok: true },
    ]);
    expect(policies.counts).toEqual({ in_force: 2, last_good: 0, refused: 0 });
  });

  it('take over a change that was found twice, and log it alone', async () => {
    const { policies, write, logged, perHour } = await live();
    await write(PROJECT, newer(30));
    await policies.look();
    expect(perHour()).toBe(20);
    await policies.look();
    expect(perHour()).toBe(30);
    await policies.look();
    expect((await logged()).slice(2)).toEqual([{ file: PROJECT, hash: policyHash(newer(30)), ok: true }]);
  });

  it('do not take over a file that is still written to', async () => {
    const { policies, write, perHour } = await live();
    for (const limit of [21, 22, 23]) {
      await write(PROJECT, newer(limit));
      await policies.look();
      expect(perHour()).toBe(20);
    }
    await policies.look();
    expect(perHour()).toBe(23);
  });

  it('take over at once where somebody says that all is written', async () => {
    const { policies, write, perHour } = await live();
    await write(PROJECT, newer(30));
    await policies.reload();
    expect(perHour()).toBe(30);
  });

  it('keep the last good version of a bad file, which the log names, and take the next good one', async () => {
    const { policies, write, logged, said, perHour } = await live();
    const bad = ACME.replace('owners: [', 'owners: [group:a]\nowner: [');
    await write(PROJECT, bad);
    await policies.reload();
    await policies.reload();
    expect(perHour()).toBe(20);
    expect(policies.counts).toEqual({ in_force: 1, last_good: 1, refused: 0 });
    expect(said[0]).toMatch(/^policy file keeps its last good version .*acme-app\.yml:4:1: .*owner.*did you mean/);
    await write(PROJECT, newer(30));
    await policies.reload();
    expect((await logged()).slice(2)).toEqual([
      { file: PROJECT, hash: policyHash(bad), ok: false, kept: policyHash(ACME) },
      { file: PROJECT, hash: policyHash(newer(30)), ok: true },
    ]);
    expect(policies.counts).toEqual({ in_force: 2, last_good: 0, refused: 0 });
  });

  it('forget a file that is gone, and what relied on it', async () => {
    const { folder, policies, logged } = await live();
    await rm(join(folder, SYSTEM));
    await policies.reload();
    expect([policies.active.projects.size, policies.counts]).toEqual([0, { in_force: 0, last_good: 0, refused: 1 }]);
    expect((await logged()).slice(2)).toEqual([
      { file: PROJECT, hash: policyHash(ACME), ok: false },
      { file: SYSTEM, hash: policyHash(GITHUB), ok: false, removed: true },
    ]);
  });

  it('stay as they were where the directory cannot be read, and say so once', async () => {
    const { folder, policies, said, perHour } = await live();
    await rename(join(folder, 'projects'), join(folder, 'elsewhere'));
    await cp(join(folder, 'elsewhere'), join(folder, 'projects'), { recursive: true });
    await rm(folder, { recursive: true });
    await policies.look();
    await policies.look();
    await policies.reload();
    expect(perHour()).toBe(20);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^policies stay as they were/);
    await mkdir(folder);
  });

  it('stay as they were where the change cannot be logged', async () => {
    const { db, policies, write, said, perHour } = await live();
    const before = policies.active;
    await write(PROJECT, newer(30));
    await db.schema.alterTable('log_entries').renameTo('elsewhere').execute();
    await policies.reload();
    expect([perHour(), said.length]).toEqual([20, 1]);
    await db.schema.alterTable('elsewhere').renameTo('log_entries').execute();
    await policies.reload();
    expect(perHour()).toBe(30);
    expect(policies.active).not.toBe(before);
  });

  it('read nothing any more once they are closed', async () => {
    const { policies, write, perHour } = await live();
    await write(PROJECT, newer(30));
    await policies.close();
    await policies.reload();
    expect(perHour()).toBe(20);
  });
});

describe('a trusted build system', () => {
  it('is taken over while the server runs', async () => {
    const { policies, write } = await live();
    const issuer = 'https://token.actions.githubusercontent.com/acme';
    await write(SYSTEM, GITHUB.replace('githubusercontent.com', 'githubusercontent.com/acme'));
    await policies.reload();
    expect(policies.active.systemByIssuer(issuer)?.config.id).toBe('github');
    expect(policies.active.systemByIssuer('https://token.actions.githubusercontent.com')).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['gets a connector', GITHUB, GITHUB.replace('id: github,', 'id: github, connector: true,')],
    ['loses its connector', GITHUB.replace('id: github,', 'id: github, connector: true,'), GITHUB],
  ])('that %s stays as it was until a restart', async (_name, before, after) => {
    const { policies, write, said, perHour } = await live({ [SYSTEM]: before, [PROJECT]: ACME });
    const { connectedSystems } = policies.active;
    await write(SYSTEM, after);
    await write(PROJECT, newer(30));
    await policies.reload();
    expect(policies.active.connectedSystems).toEqual(connectedSystems);
    expect([perHour(), policies.counts.last_good]).toEqual([30, 1]);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/keeps its last good version .*github\.yml:1:1: .*restart the server/);
  });
});
