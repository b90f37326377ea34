import { runChild } from '@originsign/testkit/child';

/** By hand: foreign tools that are on no registry which the tests rely on. What is not at hand is skipped, and says so. */
const SCRIPTS = ['tools/interop-cosign.ts', 'tools/interop-act.ts', 'tools/interop-node.ts'] as const;

const totals = { passed: 0, failed: 0, skipped: 0 };
for (const script of SCRIPTS) {
  console.log(`== ${script}`);
  const { status, stdout, stderr } = await runChild(process.execPath, [
    '--import',
    'tsx',
    '--conditions=source',
    script,
  ]);
  process.stdout.write(stdout);
  const [, passed, failed, skipped] = /(\d+) passed, (\d+) failed, (\d+) skipped\s*$/.exec(stdout.trimEnd()) ?? [];
  if (passed === undefined || status !== 0) process.stderr.write(stderr);
  totals.passed += Number(passed ?? 0);
  totals.failed += passed === undefined ? 1 : Number(failed);
  totals.skipped += Number(skipped ?? 0);
}
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed === 0 ? 0 : 1;
