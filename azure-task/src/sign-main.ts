import { failStep, runSignStep } from '@originsign/core/client/step/sign-step';
import { agentHost, connectedHost } from './agent-host.ts';
import { VERSION } from './version.ts';

const host = agentHost(process);
const run = async (): Promise<number> => runSignStep(connectedHost(host), `originsign-azure-task/${VERSION}`);
host.complete(await run().catch((error: unknown) => failStep(error, host)));
