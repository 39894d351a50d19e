import { defineConfig } from 'vitest/config';

// One file after the other: PyTorch takes all cores. Its cold start on a busy machine takes half a minute.
export default defineConfig({
  test: {
    include: ['test/peer/**/*.test.ts'],
    root: '.',
    globalSetup: ['test/unit/cli/bundle.ts', 'test/peer/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    fileParallelism: false,
  },
});
