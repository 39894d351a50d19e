import { defineConfig } from 'vitest/config';

// One file after the other: two workbenches at once on a small machine only wait for each other.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    root: '.',
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 20_000 } },
    fileParallelism: false,
    // Only in CI, as Playwright advises; the output says which tests needed a second try.
    retry: process.env.CI ? 1 : 0,
  },
});
