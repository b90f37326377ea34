import { githubHost } from '../../shared/github-host.ts';
import { runSign } from './run.ts';

process.exitCode = await runSign(githubHost());
