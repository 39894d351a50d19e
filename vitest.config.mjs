import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Vitest leaves one core free by default, which is half of a machine with two.
  test: { include: ['test/unit/**/*.test.ts'], testTimeout: 120_000, maxWorkers: '100%' },
});
