import { defineConfig } from 'vitest/config';

// Two files at a time: one compares tokenizers with one core, while the others wait for the one Python process. A cold
// start of PyTorch on a busy machine takes half a minute.
export default defineConfig({
  test: {
    include: ['test/peer/**/*.test.ts'],
    root: '.',
    globalSetup: ['test/unit/cli/bundle.ts', 'test/peer/setup.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
  },
});
