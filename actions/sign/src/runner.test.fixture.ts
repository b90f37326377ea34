import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from '@originsign/testkit/child';

/** A bundled action, as a runner starts it. */
const bundled = (action: string): string => fileURLToPath(new URL(`../../${action}/dist/index.mjs`, import.meta.url));

/** What a finished step left behind. */
export interface StepOutcome {
  readonly status: number | null;
  /** All that the step printed. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** A step that runs. */
export interface RunningStep {
  readonly child: Child;
  readonly outcome: Promise<StepOutcome>;
}

/** A runner with one workspace. */
export interface Runner {
  readonly workspace: string;
  /** Writes a file below the workspace. */
  write(name: string, contents: string | Uint8Array): Promise<string>;
  start(inputs: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv): Promise<RunningStep>;
  run(inputs: Readonly<Record<string, string>>, environment: NodeJS.ProcessEnv): Promise<StepOutcome>;
  remove(): Promise<void>;
}

/** Makes an empty workspace and the files through which steps talk to a runner. */
export async function createRunner(action: 'sign' | 'verify' = 'sign'): Promise<Runner> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'originsign-runner-')));
  const workspace = join(folder, 'workspace');
  await mkdir(workspace);
  let steps = 0;

  const start = async (
    inputs: Readonly<Record<string, string>>,
    environment: NodeJS.ProcessEnv,
  ): Promise<RunningStep> => {
    const files = join(folder, String((steps += 1)));
    await mkdir(join(files, 'temp'), { recursive: true });
    for (const name of ['output', 'summary']) await writeFile(join(files, name), '');
    const child = startChild(process.execPath, [bundled(action)], {
      cwd: workspace,
      // Nothing of this process's own environment: what the action needs, the runner gives it.
      env: {
        PATH: process.env['PATH'],
        GITHUB_ACTIONS: 'true',
        GITHUB_WORKSPACE: workspace,
        GITHUB_OUTPUT: join(files, 'output'),
        GITHUB_STEP_SUMMARY: join(files, 'summary'),
        RUNNER_TEMP: join(files, 'temp'),
        ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
        ...environment,
      },
    });
    const outcome = child.ended.then(async ({ status }) => ({
      status,
      log: child.output(),
      outputs: parseOutputs(await readFile(join(files, 'output'), 'utf8')),
      summary: await readFile(join(files, 'summary'), 'utf8'),
    }));
    return { child, outcome };
  };

  return {
    workspace,
    start,
    run: async (inputs, environment) => (await start(inputs, environment)).outcome,
    write: async (name, contents) => {
      const path = join(workspace, name);
      await mkdir(join(path, '..'), { recursive: true });
      await writeFile(path, contents);
      return path;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Reads `name<<delimiter`, value, delimiter. */
function parseOutputs(text: string): Readonly<Record<string, string>> {
  const found = text.matchAll(/^([\w-]+)<<(ghadelimiter_[\w-]+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...found].map(([, name = '', , value = '']) => [name, value]));
}
