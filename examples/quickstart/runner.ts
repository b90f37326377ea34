import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild, type Outcome } from '@originsign/testkit/child';

const ACTION = fileURLToPath(new URL('../../actions/sign/dist/index.mjs', import.meta.url));

/** One step of a job, as the workflow file has it and the runner knows it. */
export interface Step {
  /** Folder of the runner's files. */
  readonly directory: string;
  readonly workspace: string;
  /** `with:` of the step. */
  readonly inputs: Readonly<Record<string, string>>;
  /** What the runner gives to a job with `id-token: write`. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the step left behind. */
export interface StepOutcome extends Outcome {
  /** Text of the job summary. */
  readonly summary: string;
  /** Text of the step's outputs file. */
  readonly outputs: string;
}

/** Runs the bundled action exactly as a runner does: a process, its inputs and files in the environment. */
export async function runAction(step: Step): Promise<StepOutcome> {
  await mkdir(step.directory, { recursive: true });
  const file = async (name: string): Promise<string> => {
    const path = join(step.directory, name);
    await writeFile(path, '');
    return path;
  };
  const [output, summary, state] = [await file('output'), await file('summary.md'), await file('state')];
  const inputs = Object.entries(step.inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value] as const);
  const outcome = await runChild(process.execPath, [ACTION], {
    cwd: step.workspace,
    env: {
      PATH: process.env['PATH'],
      ...Object.fromEntries(inputs),
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: step.workspace,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_STATE: state,
      RUNNER_TEMP: step.directory,
      ...step.environment,
    },
  });
  const stdout = shownLog(outcome.stdout);
  return { ...outcome, stdout, summary: await readFile(summary, 'utf8'), outputs: await readFile(output, 'utf8') };
}

/** The log as its page shows it: masks are obeyed and not shown, annotations are decoded. */
function shownLog(stdout: string): string {
  return stdout
    .replace(/^::add-mask::.*\n/gm, '')
    .replace(/^::error [^:]*::(.*)$/gm, (_line, message: string) => decodeURIComponent(message));
}
