import { defineConfig } from 'vitest/config';

// Two files at a time: most of the Python programs use one core. A cold start of PyTorch on a busy machine takes half a
// minute.
export default defineConfig({
  test: {
    include: ['test/peer/**/*.test.ts'],
    root: '.',
    globalSetup: ['test/peer/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
