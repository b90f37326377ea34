import { runSignStep } from '@originsign/core/client/step/sign-step';
import { githubHost } from '../../shared/github-host.ts';
import { VERSION } from '../../shared/version.ts';

process.exitCode = await runSignStep(githubHost(), `originsign-action/${VERSION}`);
