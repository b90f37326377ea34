import { parse } from 'yaml';

type Table = Readonly<Record<string, unknown>>;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Table;
}

interface Job {
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly steps?: readonly Step[];
  readonly with?: Table;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, Job>>;
}

/** What a job that may ask for identity tokens may do besides signing: fetch what another job built, and hand it on. */
const HARMLESS = ['actions/download-artifact', 'actions/upload-artifact'];
const OURS = 'originsign/originsign/';

/** Inputs that an action declares, and whether one has to be given. */
export type ActionInputs = Readonly<Record<string, { readonly required?: boolean }>>;

/**
 * What is wrong with an example of a workflow, one sentence each. `inputsOf` gives the inputs of one of our actions by the
 * path that follows the repository in `uses`.
 */
export function exampleProblems(text: string, inputsOf: (path: string) => ActionInputs): readonly string[] {
  const { jobs } = parse(text, { strict: true }) as Workflow;
  return Object.entries(jobs).flatMap(([name, job]) => [
    ...tokenProblems(job).map((problem) => `${name}: ${problem}`),
    ...(job.steps ?? []).flatMap((step) => inputProblems(step, inputsOf).map((problem) => `${name}: ${problem}`)),
  ]);
}

/** Whoever runs code in such a job can sign with it, and every further right is one that this code has too. */
function tokenProblems({ permissions = {}, steps = [] }: Job): readonly string[] {
  if (permissions['id-token'] !== 'write') {
    const signs = steps.some(({ uses = '' }) => uses.startsWith(`${OURS}actions/sign@`));
    return signs ? ['it signs without the permission'] : [];
  }
  const more = Object.keys(permissions).filter((permission) => permission !== 'id-token');
  return [
    ...more.map((permission) => `it may sign, and has the permission ${permission} too`),
    ...steps
      .filter(({ run, uses = '' }) => run !== undefined || !(isHarmless(uses) || uses.startsWith(OURS)))
      .map(({ run, uses }) => `it may sign, and runs ${uses ?? run ?? 'something'}`),
  ];
}

function isHarmless(uses: string): boolean {
  return HARMLESS.includes(uses.replace(/@.*$/, ''));
}

function inputProblems({ uses = '', with: given = {} }: Step, inputsOf: (path: string) => ActionInputs): string[] {
  if (!uses.startsWith(OURS)) return [];
  const path = uses.slice(OURS.length).replace(/@.*$/, '');
  const inputs = inputsOf(path);
  const unknown = Object.keys(given).filter((input) => !Object.hasOwn(inputs, input));
  const missing = Object.entries(inputs).filter(([input, { required }]) => required === true && !(input in given));
  return [
    ...unknown.map((input) => `${path} has no input ${input}`),
    ...missing.map(([input]) => `${path} is not given ${input}`),
  ];
}

/** Project and policy that a workflow signs for, as far as its own text says. */
export function signedFor(text: string): readonly { readonly project: string; readonly policy: string }[] {
  const { jobs } = parse(text) as Workflow;
  return Object.values(jobs).flatMap(({ steps = [] }) =>
    steps
      .filter(({ uses = '' }) => uses.startsWith(`${OURS}actions/sign@`))
      .map(({ with: given = {} }) => ({ project: String(given['project']), policy: String(given['policy']) }))
      .filter(({ project }) => !project.includes('${{')),
  );
}
