#!/usr/bin/env node
import { runCommandLine } from './cli/program.ts';
import { listen } from './http/listen.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), { listen });
