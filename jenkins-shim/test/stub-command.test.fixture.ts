import type { PipelineRun } from '@originsign/testkit/jenkins-pipelines';

/** In place of the command: writes down what reached it in `seen.json`, and leaves the document and status of `STUB`. */
const STUB = `
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
const read = (path) => (path ? readFileSync(path, 'utf8') : undefined);
const { env, argv } = process;
const { arguments: words } = JSON.parse(read(argv[2].slice(1)));
const result = words[0].slice('--json-file='.length);
writeFileSync('seen.json', JSON.stringify({
  given: argv.length,
  words: words.slice(1),
  folder: dirname(result),
  beside: readdirSync(dirname(result)).sort(),
  token: env.ORIGINSIGN_TOKEN,
  tokenFile: read(env.ORIGINSIGN_TOKEN_FILE),
  certificate: read(env.ORIGINSIGN_CLIENT_CERTIFICATE),
  key: read(env.ORIGINSIGN_CLIENT_KEY),
  passphrase: env.ORIGINSIGN_CLIENT_PASSPHRASE,
}));
const { status, document, hangs } = JSON.parse(env.STUB);
if (hangs) {
  console.log('it hangs');
  setInterval(() => undefined, 1000);
}
if (document !== undefined) writeFileSync(result, JSON.stringify(document).replaceAll('WORKSPACE', process.cwd()));
process.exitCode = status;
`;

/** What the stub leaves behind. */
export interface StubOutcome {
  readonly status?: number;
  /** WORKSPACE stands for the folder of the build; none is written where it is `null`. */
  readonly document?: unknown;
  /** True: says so and does not end. */
  readonly hangs?: boolean;
}

/** A run whose library carries the stub. */
export function stubRun(script: string, stub: StubOutcome = {}, more: Partial<PipelineRun> = {}): PipelineRun {
  const { status = 0, document = { files: [] }, hangs = false } = stub;
  const left = JSON.stringify({ status, document: document ?? undefined, hangs });
  return {
    script,
    resources: { 'originsign/dist/originsign.mjs': STUB },
    credentials: { 'originsign-oidc': { kind: 'string', value: 'a.b.c' } },
    ...more,
    environment: { STUB: left, ...more.environment },
  };
}
