import { isOriginSignError } from '@originsign/core/errors/error';
import { formatProblem } from '@originsign/core/policy/load-problem';
import { loadServerConfig } from '../config/load-server-config.ts';
import type { ServerConfig } from '../config/server-config.ts';
import { openHsm } from '../hsm/hsm.ts';
import { fileHighWaterMark } from '../log/high-water-mark.ts';
import { readHead } from '../log/head.ts';
import { certificateEnd } from './signing-key.ts';
import { requireKey } from './load-keys.ts';
import { checkLoaded, readPolicyDirectory } from './load-policies.ts';
import { withStore, type OpenedStore } from './open-store.ts';
import { openEgress, openTimestamper } from './open-outside.ts';
import { CANARY_LABEL } from './reserved-labels.ts';

/** One line of a diagnosis. */
export interface Finding {
  readonly name: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  readonly hint?: string;
}

const EXPIRY_WARNING_MS = 14 * 24 * 3_600_000;

/** Tries everything that serving needs, and goes on after what fails. Never throws. */
export async function diagnose(configPath: string): Promise<readonly Finding[]> {
  let config: ServerConfig | undefined;
  const findings = [
    await probe('configuration', () => {
      config = loadServerConfig(configPath);
      return Promise.resolve(config.url);
    }),
  ];
  if (config === undefined) return findings;
  const loaded = config;
  const inStore: Finding[] = [];
  const store = await probe('store', () =>
    withStore(loaded, async (found) => {
      inStore.push(...(await storeFindings(loaded, found)));
      return `${loaded.store.path}, ${found.trial ? 'trial' : 'production'}`;
    }),
  );
  return [...findings, store, ...inStore, await probe('timestamps', () => probeTimestamps(loaded))];
}

async function storeFindings(config: ServerConfig, store: OpenedStore): Promise<readonly Finding[]> {
  return [
    await probe('log', () => probeLog(config, store)),
    await probe('hsm', () => probeHsm(config, store)),
    ...certificateFindings(store),
    ...(await policyFindings(config, store)),
  ];
}

async function probe(name: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { name, status: 'ok', detail: await work() };
  } catch (error) {
    if (!isOriginSignError(error)) return { name, status: 'fail', detail: 'failed in an unexpected way' };
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    return { name, status: 'fail', detail: `${error.message} [${error.code}]`, ...hint };
  }
}

async function probeLog(config: ServerConfig, { db, logOrigin }: OpenedStore): Promise<string> {
  const { size } = await readHead(db);
  const mark = await fileHighWaterMark(config.log.highWaterMark).read();
  return `${logOrigin}, ${size} entries, high-water mark ${mark === undefined ? 'missing' : mark.size}`;
}

async function probeHsm(config: ServerConfig, { keys }: OpenedStore): Promise<string> {
  const hsm = await openHsm({ tokens: config.hsm.tokens, canary: requireKey(keys, CANARY_LABEL, 'canary') });
  try {
    await hsm.health();
    return `${config.hsm.tokens.map(({ name }) => name).join(', ')}: a canary signature verifies`;
  } finally {
    await hsm.close();
  }
}

async function probeTimestamps(config: ServerConfig): Promise<string> {
  const egress = openEgress(config);
  const now = (): Date => new Date();
  const timestamper = openTimestamper(config, egress.fetch, now);
  try {
    if (timestamper === undefined) return 'none configured: rules that require timestamps cannot sign';
    const { time } = await timestamper.timestamp(new Uint8Array(64));
    return `a token of ${time.toISOString()} verifies`;
  } finally {
    await egress.close();
  }
}

function certificateFindings({ keys }: OpenedStore): readonly Finding[] {
  return [...keys.values()].flatMap((key) => {
    const end = certificateEnd(key);
    if (end === undefined) return [];
    const left = end.getTime() - Date.now();
    const detail = `certificate of ${key.label} ends ${end.toISOString()}`;
    const status = left <= 0 ? 'fail' : left < EXPIRY_WARNING_MS ? 'warn' : 'ok';
    return [{ name: 'certificate', status, detail } as const];
  });
}

async function policyFindings(config: ServerConfig, { trial, keys }: OpenedStore): Promise<readonly Finding[]> {
  const problems: string[] = [];
  const found = await probe('policies', async () => {
    const checked = checkLoaded(await readPolicyDirectory(config.policies.directory), { trial, keys });
    problems.push(...checked.problems.map(formatProblem));
    return `${checked.projects.size} projects, ${checked.systems.size + checked.authorities.size} trusted build systems`;
  });
  return [found, ...problems.map((detail) => ({ name: 'policies', status: 'fail', detail }) as const)];
}
