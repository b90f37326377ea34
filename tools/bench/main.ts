import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { startGithubIssuer } from '@originsign/testkit/github-issuer';
import type { Signer } from '@originsign/testkit/signer';
import { BENCH_KEYS, rawKeyOf, startBenchSigner } from './bench-signer.ts';
import { timeCryptoSteps } from './crypto-costs.ts';
import { runLoad, type Load } from './load.ts';
import { compileRawRate, type RawRate } from './raw-rate.ts';
import { median, printResult, type BenchResult } from './report.ts';

const CORES = 2;
const { values } = parseArgs({ options: { json: { type: 'string' }, repeats: { type: 'string', default: '5' } } });
const repeats = Number(values.repeats);

const issuer = await startGithubIssuer();
const raw = await compileRawRate();
const signer = await startBenchSigner(issuer);
const results: BenchResult[] = [];
try {
  for (const { label, type } of BENCH_KEYS) {
    results.push(await measure(type, label, 1), await measure(type, label, 64));
  }
} finally {
  await signer.stop();
  await raw.remove();
  await issuer.close();
}
if (values.json !== undefined) {
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version, platform: process.platform };
  await writeFile(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
}

/** Measures raw rate, floor and the whole way in turns, so that noise of the machine falls on all of them. */
async function measure(type: 'rsa-3072' | 'p-256', label: string, artifacts: number): Promise<BenchResult> {
  const rates: { raw: number; floor: number; end: number }[] = [];
  const load: Load = { signer, issuer, policy: type, artifacts, concurrency: 32, requests: artifacts === 1 ? 400 : 32 };
  await runLoad({ ...load, requests: 64 });
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const twoRaw = await raw.measure(await rawKeyOf(signer, label), CORES, 1);
    const floor = await floorRate(raw, signer, { type, label, artifacts });
    const { signaturesPerSecond } = await runLoad(load);
    rates.push({ raw: twoRaw, floor, end: signaturesPerSecond });
  }
  const result = {
    name: `${type}, ${artifacts} artifact${artifacts === 1 ? '' : 's'} per request`,
    value: median(rates.map(({ end }) => end)),
    unit: 'signatures/s' as const,
    raw: median(rates.map(({ raw: rate }) => rate)),
    floor: median(rates.map(({ floor }) => floor)),
    ratioToRaw: median(rates.map(({ raw: rate, end }) => end / rate)),
    ratioToFloor: median(rates.map(({ floor, end }) => end / floor)),
  };
  printResult(result);
  return result;
}

/** Signatures per second if nothing but cryptography took time: the HSM's own, and each signature made or checked around it. */
async function floorRate(
  rate: RawRate,
  bench: Signer,
  { type, label, artifacts }: { type: 'rsa-3072' | 'p-256'; label: string; artifacts: number },
): Promise<number> {
  const artifactSeconds = CORES / (await rate.measure(await rawKeyOf(bench, label), CORES, 0.5));
  const provenanceSeconds =
    type === 'p-256' ? artifactSeconds : CORES / (await rate.measure(await rawKeyOf(bench, 'bench-p-256'), CORES, 0.5));
  const steps = timeCryptoSteps(type);
  const once = steps.reduce((sum, { count, seconds }) => sum + count * seconds, 0);
  const check = steps.find(({ name }) => name.startsWith('artifact'))?.seconds ?? 0;
  const perRequest = artifacts * artifactSeconds + provenanceSeconds + once + (artifacts - 1) * check;
  return (CORES * artifacts) / perRequest;
}
