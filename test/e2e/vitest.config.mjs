import { defineConfig } from 'vitest/config';

// Two files at a time: a workbench waits for its pages about half of the time.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    root: '.',
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
  },
});
