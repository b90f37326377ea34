#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  listen: async (served) => (await import('./http/listen.ts')).listen(served),
});
