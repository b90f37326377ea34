import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runChild } from './child.ts';

const LIBRARY = resolve(import.meta.dirname, '../../jenkins-shim');
const HARNESS = join(LIBRARY, 'test/harness');

/** Debian's Groovy is the 2.4 that Jenkins embeds, and does not run on a Java of today. */
const GROOVY_JARS = '/usr/share/groovy/lib/*';
const JAVA_FOLDER = '/usr/lib/jvm';
const JAVA_NAMES = /^(?:default-java$|java-(?:8|11|17)-|java-1\.(?:8|11|17)\.)/;

/**
 * Class path of groovy-cps (with groovy-sandbox and guava), the interpreter of Jenkins, which no registry has that this project
 * uses. Where it is given, it runs the pipelines and restarts them at every step; with `ORIGINSIGN_JENKINS_WHITELIST`, the
 * `generic-whitelist` of the script security plugin, in the sandbox.
 */
const GROOVY_CPS = process.env['ORIGINSIGN_GROOVY_CPS'];

/** A credential that a build can bind; a URL is asked anew at every binding. */
export type PipelineCredential = {
  readonly kind: 'string' | 'file';
} & ({ readonly value: string } | { readonly url: string });

/** One run of a pipeline. */
export interface PipelineRun {
  /** The Jenkinsfile. Its last value is the result. */
  readonly script: string;
  /** Files of the workspace by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly credentials?: Readonly<Record<string, PipelineCredential>>;
  /** Resources of the library in place of its own. */
  readonly resources?: Readonly<Record<string, string>>;
  /** False: the agent says that it runs Windows. */
  readonly unix?: boolean;
  /** The build is stopped when this is printed. */
  readonly abortAt?: string;
}

/** One step that was called. */
export interface StepCall {
  readonly name: string;
  readonly arguments: readonly unknown[];
}

/** What came of a run. */
export interface PipelineOutcome {
  readonly result?: unknown;
  readonly failure?: { readonly kind: string; readonly message: string };
  readonly log: string;
  readonly calls: readonly StepCall[];
  readonly workspace: string;
}

/** Runs of pipelines and what they left behind. */
export interface Pipelines {
  readonly outcomes: readonly PipelineOutcome[];
  remove(): Promise<void>;
}

/**
 * Runs pipelines with the shared library, one after another in one JVM, each in a workspace of its own: the scripts by the
 * Groovy that Jenkins embeds, the steps by stand-ins that start real processes. Neither the transformation that lets Jenkins
 * continue a pipeline after a restart nor its sandbox takes part, unless they are at hand (`ORIGINSIGN_GROOVY_CPS`). Throws an
 * `Error` with what the JVM printed where it fails.
 */
export async function runPipelines(runs: readonly PipelineRun[]): Promise<Pipelines> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'originsign-jenkins-')));
  const workspaces = runs.map((_, index) => join(folder, String(index), 'workspace'));
  const given = [];
  for (const [index, run] of runs.entries()) {
    const workspace = workspaces[index] ?? '';
    await mkdir(workspace, { recursive: true });
    for (const [path, content] of Object.entries(run.files ?? {})) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), content);
    }
    const { files: _, environment, ...rest } = run;
    const path = { PATH: process.env['PATH'] ?? '' };
    given.push({ credentials: {}, unix: true, ...rest, workspace, environment: { ...path, ...environment } });
  }
  const [input, output] = [join(folder, 'runs.json'), join(folder, 'outcomes.json')];
  await writeFile(input, JSON.stringify(given));
  const engine = GROOVY_CPS === undefined ? [join(HARNESS, 'plain')] : [join(HARNESS, 'cps'), GROOVY_CPS];
  // A JVM that ends in seconds: optimising it further costs more than it saves.
  const words = [
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-cp',
    [GROOVY_JARS, HARNESS, ...engine].join(':'),
    'groovy.ui.GroovyMain',
    join(HARNESS, 'main.groovy'),
  ];
  const { status, stdout, stderr } = await runChild(java(), [...words, LIBRARY, input, output], { env: process.env });
  if (status !== 0) throw new Error(`Groovy failed:\n${stdout}${stderr}`);
  const outcomes = JSON.parse(await readFile(output, 'utf8')) as Omit<PipelineOutcome, 'workspace'>[];
  return {
    outcomes: outcomes.map((outcome, index) => ({ ...outcome, workspace: workspaces[index] ?? '' })),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function java(): string {
  const names = existsSync(JAVA_FOLDER) ? readdirSync(JAVA_FOLDER).toSorted() : [];
  const programs = names.filter((name) => JAVA_NAMES.test(name)).map((name) => join(JAVA_FOLDER, name, 'bin/java'));
  return programs.find((path) => existsSync(path)) ?? 'java';
}
