import { defineConfig } from 'vitest/config';

/** Files that rebuild `dist`, or that say how long something may take. */
const alone = ['start', 'anySize'].map((name) => `test/e2e/${name}.test.ts`);

const common = {
  testTimeout: 180_000,
  hookTimeout: 240_000,
  expect: { poll: { timeout: 20_000 } },
};

export default defineConfig({
  test: {
    root: '.',
    globalSetup: ['test/e2e/servers.ts'],
    // A workbench waits for its server and its extension host half of the time.
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'together', include: ['test/e2e/**/*.test.ts'], exclude: alone, maxWorkers: 2 } },
      { test: { ...common, name: 'alone', include: alone, fileParallelism: false } },
    ],
  },
});
