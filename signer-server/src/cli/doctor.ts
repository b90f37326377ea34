import type { Command } from 'commander';
import { configOption } from './config-option.ts';
import { print } from './print.ts';

/** `doctor`: everything that serving needs, one line each. */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what is wrong with configuration, store, log, HSM, policies and timestamps')
    .addOption(configOption())
    .action(async (options: { config: string }) => {
      const { diagnose } = await import('../app/diagnose.ts');
      const findings = await diagnose(options.config);
      for (const { name, status, detail, hint } of findings) {
        print(`${status.padEnd(4)}  ${name.padEnd(14)}  ${detail}`);
        if (hint !== undefined) print(`      ${''.padEnd(14)}  hint: ${hint}`);
      }
      if (findings.some(({ status }) => status === 'fail')) process.exitCode = 1;
    });
}
