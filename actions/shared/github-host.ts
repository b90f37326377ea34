import * as core from '@actions/core';
import type { StepHost } from '@originsign/core/client/step/step-host';

/** The runner of GitHub Actions. */
export function githubHost(): StepHost {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());
  return {
    environment: process.env,
    workingDirectory: process.cwd(),
    signal: controller.signal,
    input: (name) => core.getInput(name),
    inputName: (name) => name,
    output: (name, value) => core.setOutput(name, value),
    mask: (secret) => core.setSecret(secret),
    print: (line) => core.info(line),
    annotate: (level, title, message) => (level === 'error' ? core.error : core.warning)(message, { title }),
    debug: (line) => core.debug(line),
    summary: async (markdown) => {
      // Runners of other makers and old ones have no such page.
      if (process.env['GITHUB_STEP_SUMMARY'] !== undefined) await core.summary.addRaw(markdown, true).write();
    },
  };
}
