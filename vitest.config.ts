import { defineConfig } from 'vitest/config';

/** Workspace packages resolve to their sources, so that nothing has to be built before a test. */
const source = { conditions: ['source', 'module', 'node', 'development|production'] };
const shared = {
  resolve: source,
  ssr: { resolve: { conditions: source.conditions, externalConditions: ['source', 'node'] } },
};
const exclude = ['**/node_modules/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        ...shared,
        test: {
          name: 'unit',
          include: ['*/**/*.test.ts'],
          exclude: [...exclude, '**/*.e2e.test.ts'],
          setupFiles: ['tools/test-guard/setup-unit.ts'],
          // Unit tests have no effects to keep apart, and a process per file costs more than most files.
          isolate: false,
          maxWorkers: 2,
          testTimeout: 20_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'e2e',
          include: ['*/**/*.e2e.test.ts'],
          exclude,
          globalSetup: ['tools/test-guard/build-programs.ts'],
          setupFiles: ['tools/test-guard/setup-e2e.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // They wait for processes more than they compute, so one worker per core does not fill two cores.
          maxWorkers: 2,
        },
      },
    ],
  },
});
