import { defineConfig } from 'vitest/config';

/** A worker of its own for each file, for tests that measure memory or load a native library. */
const isolated = ['engine', 'hostile', 'model', 'reward', 'soak', 'train'];
const files = (folders) => folders.map((folder) => `test/unit/${folder}/**/*.test.ts`);

const common = { testTimeout: 120_000, maxWorkers: '100%' };

export default defineConfig({
  test: {
    globalSetup: ['test/unit/cli/bundle.ts'],
    // Vitest leaves one core free by default, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      // A new worker takes a quarter of a second, which most files do not take themselves.
      {
        test: {
          ...common,
          name: 'shared',
          isolate: false,
          include: ['test/unit/**/*.test.ts'],
          exclude: files(isolated),
        },
      },
      {
        test: { ...common, name: 'isolated', include: files(isolated), setupFiles: ['test/unit/oneThread.ts'] },
      },
    ],
  },
});
