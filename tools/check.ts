import { spawn } from 'node:child_process';

/**
 * What has to be in order before a change lands. Two lanes side by side, because each of their commands keeps one core busy
 * for the most part; what a command prints comes in one piece when it ends.
 */
const LANES: readonly (readonly string[])[] = [
  ['npx tsc -b', 'npm run --silent unit'],
  ['npm run --silent lint', 'npx knip', 'npm run --silent docs -- --check'],
];

// Properties are tried for a moment each, and with all of their runs where somebody waits for all tests anyway.
if (process.argv.includes('--thorough')) process.env['ORIGINSIGN_THOROUGH'] = '1';

/** Runs a command in a shell. Resolves to true where it ended with 0. */
function run(command: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => output.push(part));
    child.stderr.on('data', (part: Buffer) => output.push(part));
    child.once('error', reject);
    child.once('close', (status) => {
      process.stdout.write(Buffer.concat(output));
      if (status !== 0) console.error(`failed: ${command}`);
      resolve(status === 0);
    });
  });
}

async function runLane(commands: readonly string[]): Promise<boolean> {
  let good = true;
  for (const command of commands) good = (await run(command)) && good;
  return good;
}

const results = await Promise.all(LANES.map(runLane));
process.exitCode = results.every(Boolean) ? 0 : 1;
