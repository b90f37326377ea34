import { runVerifyStep } from '@originsign/core/client/step/verify-step';
import { agentHost } from './agent-host.ts';

const host = agentHost(process);
host.complete(await runVerifyStep(host));
