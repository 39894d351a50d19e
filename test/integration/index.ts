import Mocha from 'mocha';
import { say } from './say';

/**
 * Runs test files with mocha in the extension host. Rejects if a test fails; VS Code turns that into its exit code.
 */
export function runSuite(files: Readonly<Record<string, () => void>>): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: Lines });
  for (const [file, load] of Object.entries(files)) {
    mocha.suite.emit('pre-require', globalThis, file, mocha);
    load();
    mocha.suite.emit('require', {}, file, mocha);
    mocha.suite.emit('post-require', globalThis, file, mocha);
  }
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} integration tests failed`)) : resolve()));
  });
}

/** Prints one line per test and the counts on the last line, which test/run.mjs reads. */
class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pass', (test) => say(`  ✓ ${test.fullTitle()} (${test.duration ?? 0} ms)`));
    runner.on('pending', (test) => say(`  - ${test.fullTitle()}`));
    runner.on('fail', (test, error: Error) => say(`  ✗ ${test.fullTitle()}\n${error.stack ?? String(error)}`));
    runner.once('end', () =>
      say(`${this.stats.passes} passed, ${this.stats.failures} failed, ${this.stats.pending} skipped`),
    );
  }
}
