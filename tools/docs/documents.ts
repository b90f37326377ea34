import { readFileSync } from 'node:fs';
import type { Json } from '@originsign/core/encoding/canonical-json';
import { PLATFORMS } from '@originsign/core/platforms/platforms';
import { renderClaimsReference } from '@originsign/core/policy/claims-reference';
import { projectFileSchema, systemFileSchema } from '@originsign/core/policy/schema';
import { commandShape } from '../../cli/src/completion/command-tree.ts';
import { describeCommands, usageOf } from '../../cli/src/describe-commands.ts';
import { manPage } from '../../cli/src/man-page.ts';
import { Output } from '../../cli/src/output.ts';
import { buildProgram } from '../../cli/src/program.ts';
import { VERSION } from '../../cli/src/version.ts';
import { renderActionReference } from './action-reference.ts';
import { renderErrorReference } from './error-reference.ts';

/** Every document that is made from sources, by its name in `docs/generated`. */
export const DOCUMENTS: Readonly<Record<string, () => string>> = {
  'errors.md': () => renderErrorReference(),
  'claims.md': () => renderClaimsReference(Object.values(PLATFORMS)),
  'policy.schema.json': () => json(projectFileSchema()),
  'trusted-build-system.schema.json': () => json(systemFileSchema()),
  'cli.md': () => `${describeCommands(commandLine()).trimEnd()}\n`,
  'originsign.1': manual,
  'action-sign.md': () => renderActionReference('actions/sign', read('actions/sign/action.yml')),
  'action-verify.md': () => renderActionReference('actions/verify', read('actions/verify/action.yml')),
};

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function json(schema: Json): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function commandLine(): ReturnType<typeof buildProgram> {
  const host = {
    environment: {},
    directory: '/',
    now: () => new Date(0),
    out: () => undefined,
    err: () => undefined,
    interruption: () => new AbortController().signal,
  };
  return buildProgram(host, new Output(host, false));
}

function manual(): string {
  const program = commandLine();
  return manPage({ name: program.name(), version: VERSION, shape: commandShape(program), usage: usageOf(program) });
}
