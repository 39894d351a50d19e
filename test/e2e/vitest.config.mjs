import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** The longest files. They start first, so that both workers end at about the same time. */
const longest = ['resilience', 'train', 'firstSteps', 'editor', 'start', 'hotExit'];

class LongestFirst extends BaseSequencer {
  async sort(files) {
    const place = ({ moduleId }) => {
      const found = longest.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return found < 0 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

// Two files at a time: a workbench waits for its pages about half of the time.
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    root: '.',
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 20_000 } },
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
  },
});
