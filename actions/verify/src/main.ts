import { runVerifyStep } from '@originsign/core/client/step/verify-step';
import { githubHost } from '../../shared/github-host.ts';

process.exitCode = await runVerifyStep(githubHost());
